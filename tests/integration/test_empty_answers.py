"""A survey of AWX gives an empty text for a question without an answer. For a variable that is no text, that is "not given"."""
from __future__ import annotations

import pytest
import yaml
from hr_playbook import ROOT, run

from lab import hr, population

NO_TEXTS = {"dict", "list", "int", "float", "bool"}
BOTH = ROOT / "examples/both"


def variables(*entry_points: tuple[str, str]) -> dict[str, dict]:
    """The variables of entry points that are no texts and not required, with their specifications."""
    found = {}
    for role, entry in entry_points:
        path = ROOT / f"roles/{role}/meta/argument_specs.yml"
        found |= yaml.safe_load(path.read_text(encoding="utf-8"))["argument_specs"][entry]["options"]
    return {name: option for name, option in found.items() if option["type"] in NO_TEXTS and not option.get("required")}


def unsafe(folder, names):
    """The file with extra variables as AWX writes it."""
    (folder / "extravars").write_text("".join(f"{name}: !unsafe ''\n" for name in names), encoding="utf-8")
    return ["-e", "@extravars"]


@pytest.fixture(scope="module")
def environment(clean):
    tls = clean.root / "private/tls"
    with hr.serve("elmo", population.generate(30, company="elmo"), address=clean.address, tls=tls) as elmo, \
            hr.serve("icehrm", population.generate(30, company="icehrm"), address=clean.address, tls=tls) as icehrm:
        yield {"HRIS_AD_SERVERS": clean.address, "HRIS_AD_USERNAME": clean.service_name, "HRIS_AD_PASSWORD": clean.service_password,
               "HRIS_AD_CA_CERT": clean.ca_file, "HRIS_ELMO_BASE_URL": elmo.url, "HRIS_ELMO_CLIENT_ID": "lab-client",
               "HRIS_ELMO_CLIENT_SECRET": "lab-secret", "HRIS_ELMO_CA_CERT": clean.ca_file, "HRIS_ICEHRM_BASE_URL": icehrm.url,
               "HRIS_ICEHRM_TOKEN": icehrm.token(), "HRIS_ICEHRM_CA_CERT": clean.ca_file}


# Rules, which every inventory has, and which an empty answer would take away
RULES = {"lifecycle_directory", "lifecycle_ownership", "lifecycle_joiner", "lifecycle_leaver", "lifecycle_limits", "lifecycle_redact", "lifecycle_source_order",
         "lifecycle_domain_limits", "lifecycle_correlation", "lifecycle_identity", "lifecycle_groups", "lifecycle_dates"}


# What the playbooks set themselves
OWN = {"lifecycle_sources"}


def planned(found: dict) -> dict:
    """The result of the one plan."""
    (made,) = (result for (_host, task), result in found["results"].items() if task.startswith("Make the domain follow") and "digest" in result)
    return made


@pytest.mark.compat
def test_a_sync_with_every_variable_empty_is_one_without_them(environment, tmp_path):
    empty = variables(("lifecycle", "main"), ("elmo", "fetch"), ("icehrm", "fetch"))
    names = sorted(set(empty) - RULES - OWN)
    assert len(names) > 40 and {"lifecycle_guard", "lifecycle_enabled", "lifecycle_stats", "elmo_http", "lifecycle_canary"} <= set(names)
    plain = run(tmp_path, ["hris.ad.sync", "-i", str(BOTH), "--check"], environment)
    given = run(tmp_path, ["hris.ad.sync", "-i", str(BOTH), "--check", *unsafe(tmp_path, names)], environment)
    assert plain["stats"]["failures"] == 0, plain["output"]
    assert given["stats"]["failures"] == 0, given["output"]
    assert "No role" not in plain["output"] + given["output"], "every variable of the examples and of the roles is known"
    first, second = (planned(found) for found in (plain, given))
    assert first["digest"] == second["digest"] and first["summary"]["changes"]["create"] > 20
    assert plain["custom"].keys() == given["custom"].keys() != set(), "lifecycle_stats is not switched off"
    assert "These variables are empty, and so they are not given" in given["output"] and "lifecycle_guard" in given["output"]


@pytest.mark.long
@pytest.mark.parametrize("name", sorted(RULES))
def test_an_empty_rule_is_the_default_of_the_role(environment, tmp_path, name):
    """Never less than that: the limits of the role are there."""
    found = run(tmp_path, ["hris.ad.sync", "-i", str(BOTH), "--check", "--limit", "elmo", *unsafe(tmp_path, [name])], environment)
    message = str(found["results"].get(("elmo", "Make the domain follow elmo"), {}).get("msg"))
    assert "unable to convert" not in found["output"] and "Traceback" not in found["output"], message
    assert f"not given: {name}." in found["output"]
    if name == "lifecycle_limits":
        declared = found["results"]["elmo", "Declare the source elmo"]["ansible_facts"]["lifecycle_declared"]
        assert declared["limits"] == variables(("lifecycle", "main"))[name]["default"]


def test_what_is_required_stays_so_and_a_wrong_value_is_named_with_its_variable(environment, tmp_path):
    for arguments, words in ((unsafe(tmp_path, ["lifecycle_mapping"]), "lifecycle_mapping"), (["-e", "lifecycle_canary=many"], "lifecycle_canary"),
                             (["-e", '{"lifecycle_notify": {"wehn": "always"}}'], "wehn")):
        found = run(tmp_path, ["hris.ad.sync", "-i", str(BOTH), "--check", "--limit", "elmo", *arguments], environment)
        assert found["stats"]["failures"] == 1 and words in found["output"], arguments


@pytest.mark.parametrize(("playbook", "entries", "more"), [
    ("test_endpoint", [("elmo", "test")], []),
    ("forecast", [("lifecycle", "forecast"), ("elmo", "fetch")], ["-e", "hris_forecast_simulated=true", "-e", "hris_forecast_days=2"]),
    ("record", [("elmo", "fetch")], ["-e", "hris_record_dest=feed.jsonl", "--check"]),
])
def test_other_playbooks(environment, tmp_path, playbook, entries, more):
    names = set(variables(*entries)) - RULES - OWN - {"lifecycle_simulated", "lifecycle_forecast_days"}
    found = run(tmp_path, [f"hris.ad.{playbook}", "-i", str(BOTH), "--limit", "elmo", *more, *unsafe(tmp_path, names)], environment)
    assert found["stats"]["failures"] == 0, found["output"]

