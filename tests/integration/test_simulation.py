"""The playbooks test_rules, forecast and impact on real inventories; a forecast over the real directory, which it leaves as it is."""
from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hr_playbook import ROOT, run
from test_sync_module import RULES, employee

from lab import hr, population

EXAMPLES = ROOT / "examples"
AHEAD = {"source": "ahead", "leaver": {"groups": "remove_managed", "move_to": RULES["leaver"]["move_to"], "delete_after_days": 3}}


@pytest.mark.compat
@pytest.mark.parametrize("folder", ["elmo", "icehrm", "both"])
def test_cases_of_the_examples_hold(tmp_path, folder):
    for cases in EXAMPLES.glob("cases-*.yml"):
        shutil.copy(cases, tmp_path)
    name = "cases.yml" if folder == "both" else f"cases-{folder}.yml"
    found = run(tmp_path, ["-i", str(EXAMPLES / folder / "hosts.yml"), "-e", f"hris_rules_cases={name}", "-e", "hris_rules_junit=out.xml", "hris.ad.test_rules"], {})
    assert found["stats"]["failures"] == found["stats"]["changed"] == 0, found["output"]
    written = {path.name: ElementTree.parse(path).getroot()[0] for path in tmp_path.glob("out*.xml")}
    assert set(written) == ({"out-elmo.xml", "out-icehrm.xml"} if folder == "both" else {"out.xml"})
    assert all(int(suite.get("tests")) > 5 and suite.get("failures") == suite.get("errors") == "0" for suite in written.values())


def test_a_case_that_does_not_hold_fails_one_source_and_tells_why(tmp_path):
    for cases in EXAMPLES.glob("cases-*.yml"):
        text = cases.read_text(encoding="utf-8")
        (tmp_path / cases.name).write_text(text.replace("{given: [All Staff, Sales]}", "{given: [All Staff, Finance]}"), encoding="utf-8")
    found = run(tmp_path, ["-i", str(EXAMPLES / "both/hosts.yml"), "-e", "hris_rules_cases=cases.yml", "-e", "hris_rules_junit=out.xml", "--check", "hris.ad.test_rules"], {})
    assert found["stats"]["failures"] == 1 and "groups.given: expected All Staff, Finance" in found["output"]
    assert "lifecycle_groups[2] gives Finance when department.title == 'Finance', which does not hold" in found["output"]
    assert ElementTree.parse(tmp_path / "out-elmo.xml").getroot().get("failures") == "1"
    assert ElementTree.parse(tmp_path / "out-icehrm.xml").getroot().get("failures") == "0"
    missing = run(tmp_path, ["-i", str(EXAMPLES / "elmo/hosts.yml"), "hris.ad.test_rules"], {})
    assert missing["stats"]["failures"] == 1 and "hris_rules_cases=cases.yml" in missing["output"]


@pytest.mark.parametrize(("kind", "words"), [("pipe", "this is not a file"), ("folder", "this is not a file"), ("nothing", "there is no such file")])
def test_cases_are_read_from_a_file_only(tmp_path, kind, words):
    """Ansible's own lookup would wait for a named pipe for ever."""
    path = tmp_path / "cases.yml"
    if kind == "pipe":
        os.mkfifo(path)
    if kind == "folder":
        path.mkdir()
    found = run(tmp_path, ["-i", str(EXAMPLES / "elmo/hosts.yml"), "-e", "hris_rules_cases=cases.yml", "hris.ad.test_rules"], {})
    assert found["stats"]["failures"] == 1 and f"cases.yml: {words}" in found["output"], found["output"]


@pytest.fixture
def site(tmp_path, service):
    """site(employees, **variables) -> the folder with an inventory of one source and its feed."""
    def write(employees, **variables):
        (tmp_path / "feed.jsonl").write_text("".join(json.dumps(person) + "\n" for person in employees), encoding="utf-8")
        rules = {f"lifecycle_{name}": value for name, value in (RULES | AHEAD).items()}
        common = rules | {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}", "hr_system": "lifecycle",
                          "lifecycle_directory": service, "lifecycle_limits": {"disable": {"count": 0}}} | variables
        (tmp_path / "hosts.json").write_text(json.dumps({"hr": {"hosts": {"payroll": {}}, "vars": common}}), encoding="utf-8")
        return tmp_path
    return write


def ahead(folder: Path, *more):
    found = run(folder, ["-i", "hosts.json", "-e", "hris_recorded_feed=feed.jsonl", "-e", "hris_forecast_days=6", "-e", "hris_forecast_dest=ahead.jsonl", *more, "hris.ad.forecast"], {})
    lines = [json.loads(line) for line in (folder / "ahead.jsonl").read_text(encoding="utf-8").splitlines()] if (folder / "ahead.jsonl").exists() else []
    return found, [(line["day"], line["key"], line["action"]) for line in lines if line["type"] == "change"]


def test_forecast_over_the_real_directory(clean, module, service, site):
    staff = [employee("f1", "For", "Cast"), employee("f2", "Lea", "Ves", end="2026-03-03")]
    assert module("sync", directory=service, employees=staff, **(RULES | AHEAD))["changed"]
    folder = site([*staff, employee("f3", "New", "Comer", start="2026-03-05")])
    mark = clean.mark()
    found, done = ahead(folder)
    assert found["stats"]["failures"] == found["stats"]["changed"] == 0 and clean.writes_since(mark) == [], found["output"]
    assert done == [("2026-03-04", "f2", action) for action in ("disable", "move", "group_remove")] + \
        [("2026-03-05", "f3", "create"), ("2026-03-05", "f3", "group_add"), ("2026-03-07", "f2", "delete")]
    result = found["results"]["payroll", "Look ahead for ahead"]
    assert [(day["day"], bool(day["stopped"])) for day in result["days"]] == [("2026-03-04", True), ("2026-03-05", False), ("2026-03-07", False)]
    assert "  the run would stop: 1 of 2 accounts would get the action 'disable'" in found["output"]
    # Without the directory everybody but f3 is taken to be there already: here the same comes out
    simulated, same = ahead(folder, "-e", "hris_forecast_simulated=true", "-e", '{"lifecycle_directory": {}}')
    assert simulated["stats"]["failures"] == 0 and same == done and clean.writes_since(mark) == []


def test_forecast_comes_true(clean, module, service, site):
    """What each day of the forecast says is what a run of that day does."""
    staff = [employee("t1", "Tru", "Th", manager="t2"), employee("t2", "Bo", "Ss", title="Head", end="2026-03-03"), employee("t3", "La", "Ter", start="2026-03-06")]
    folder = site(staff)
    done = ahead(folder)[1]
    real = []
    for day in range(2, 9):
        run_of_day = module("sync", directory=service, employees=staff, **(RULES | AHEAD | {"as_of": f"2026-03-{day:02}"}), plan_dest=str(folder / "plan.json"))
        assert not run_of_day.get("failed"), run_of_day
        plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
        real += [(f"2026-03-{day:02}", change["key"], change["action"]) for change in plan["changes"]]
    assert done == real and len(real) > 8


@pytest.mark.compat
def test_impact_of_a_changed_mapping(tmp_path, site):
    staff = [employee("i1", "Im", "Pact"), employee("i2", "Bo", "Ss", title="Head")]
    folder = site(staff)
    inventory = (folder / "hosts.json").read_text(encoding="utf-8")
    kept = run(folder, ["-i", "hosts.json", "-e", "hris_rules_dest=before.json", "hris.ad.impact"], {})
    assert kept["stats"]["failures"] == 0 and (folder / "before.json").stat().st_mode & 0o777 == 0o600, kept["output"]
    arguments = ["-i", "hosts.json", "-e", "hris_rules_before=before.json", "-e", "hris_recorded_feed=feed.jsonl", "-e", "hris_impact_dest=impact.md"]
    same = run(folder, [*arguments, "hris.ad.impact"], {})
    assert "ahead: 0 of 2 people change (0 %): nothing changes" in same["output"] and same["stats"]["failures"] == 0, same["output"]
    (folder / "hosts.json").write_text(inventory.replace('"title": "title"', '"title": "upper(title)"'), encoding="utf-8")
    assert (folder / "hosts.json").read_text(encoding="utf-8") != inventory
    found = run(folder, [*arguments, "--check", "hris.ad.impact"], {})
    assert "title: Clerk → CLERK (differs from HR; lifecycle_mapping.title: upper(title) (was title))" in found["output"], found["output"]
    assert (folder / "impact.md").read_text(encoding="utf-8").count("| `title` |") == 2
    gate = run(folder, [*arguments, "-e", '{"hris_impact_at_most": {"count": 1}}', "hris.ad.impact"], {})
    assert gate["stats"]["failures"] == 1 and "At most 1 people may change" in gate["output"] and "CLERK" in gate["output"]
    nothing = run(folder, ["-i", "hosts.json", "hris.ad.impact"], {})
    assert nothing["stats"]["failures"] == 1 and "hris_rules_dest=before.json" in nothing["output"]


@pytest.fixture
def elmo(tmp_path_factory):
    with hr.serve("elmo", population.generate(60), tls=tmp_path_factory.mktemp("tls")) as running:
        yield running


def temporary(folder: Path) -> list[str]:
    return [path.name for path in (folder / "tmp").iterdir() if path.name.startswith("hris.ad-")]


@pytest.mark.long
def test_forecast_and_impact_of_the_example_with_its_hr(elmo, tmp_path):
    """The example's inventory as it is, on what the lab's ELMO gives: HR is read, no directory asked, nothing left behind."""
    environment = {"HRIS_ELMO_BASE_URL": elmo.url, "HRIS_ELMO_CLIENT_ID": "lab-client", "HRIS_ELMO_CLIENT_SECRET": "lab-secret"}
    arguments = ["-i", str(EXAMPLES / "elmo/hosts.yml"), "-e", f"elmo_ca_cert={elmo.ca_file}", "-e", "hris_forecast_simulated=true", "-e", "hris_forecast_days=120",
                 "-e", "lifecycle_as_of=2026-03-02"]
    found = run(tmp_path, [*arguments, "-e", "hris_forecast_dest=ahead.jsonl", "hris.ad.forecast"], environment)
    assert (found["stats"]["failures"], found["stats"]["changed"], temporary(tmp_path)) == (0, 0, []), found["output"]
    result = found["results"]["elmo", "Look ahead for elmo"]
    assert result["changes"] > 0 and len((tmp_path / "ahead.jsonl").read_text(encoding="utf-8").splitlines()) >= result["changes"]
    elmo.faults.append({"kind": "error", "status": 404, "times": 0, "path": "/positions"})
    broken = run(tmp_path, [*arguments, "hris.ad.forecast"], environment)
    assert broken["stats"]["failures"] == 1 and temporary(tmp_path) == []
    elmo.faults.clear()
    kept = run(tmp_path, [*arguments, "-e", f"elmo_employees_file={tmp_path}/kept.jsonl", "-e", "hris_forecast_days=1", "hris.ad.forecast"], environment)
    assert kept["stats"]["failures"] == 0 and (tmp_path / "kept.jsonl").exists(), "a feed that the site keeps stays"
    rules = ["-i", str(EXAMPLES / "elmo/hosts.yml"), "-e", "lifecycle_as_of=2026-03-02"]
    assert run(tmp_path, [*rules, "-e", "hris_rules_dest=before.json", "hris.ad.impact"], {})["stats"]["failures"] == 0
    same = run(tmp_path, [*rules, "-e", "hris_rules_before=before.json", "-e", "hris_recorded_feed=kept.jsonl", "hris.ad.impact"], {})
    assert same["stats"]["failures"] == 0 and "nothing changes" in same["output"], same["output"]
    other = json.dumps({"lifecycle_leaver": {"groups": "remove_managed", "move_to": "OU=Gone,DC=corp,DC=example"}})
    moved = run(tmp_path, [*rules, "-e", other, "-e", "hris_rules_before=before.json", "-e", "hris_recorded_feed=kept.jsonl", "-e", "hris_impact_dest=impact.md", "hris.ad.impact"], {})
    result = moved["results"]["elmo", "Compare the rules of elmo"]
    assert list(result["counts"]) == ["move"] and result["people_changed"] == result["counts"]["move"] > 0
    assert "OU=Gone,DC=corp,DC=example" in (tmp_path / "impact.md").read_text(encoding="utf-8")


BOTH = {"identity": {"same": {"tax_number": "tax"}}, "optional_fields": ["tax"]}


@pytest.mark.long
def test_two_sources_are_planned_together(clean, module, service, site):
    """Somebody leaves one source and begins in the other: what each day of the forecast says is what a run of that day does, a hand-over."""
    feeds = {"first": [employee("b1", "Han", "Dover", tax="T-9", end="2026-03-03"), employee("b2", "Bo", "Ss", title="Head")],
             "second": [employee("z1", "Han", "Dover", tax="T-9", start="2026-03-04"), employee("z2", "New", "Comer", start="2026-03-05")]}
    folder = site([], **{f"lifecycle_{name}": value for name, value in BOTH.items()}, lifecycle_limits={}, lifecycle_source="{{ inventory_hostname }}")
    inventory = json.loads((folder / "hosts.json").read_text(encoding="utf-8"))
    inventory["hr"]["hosts"] = {name: {} for name in feeds}
    (folder / "hosts.json").write_text(json.dumps(inventory), encoding="utf-8")
    for name, staff in feeds.items():
        (folder / f"feed-{name}.jsonl").write_text("".join(json.dumps(person) + "\n" for person in staff), encoding="utf-8")
    rules = {name: value for name, value in (RULES | AHEAD | BOTH).items() if name not in ("as_of", "source")}
    sources = [rules | {"source": name, "employees": staff} for name, staff in feeds.items()]

    def sync(day):
        plan = folder / "plan.json"
        done = module("sync", directory=service, sources=sources, as_of=day, plan_dest=str(plan))
        assert not done.get("failed"), done
        return [(day, change["source"], change["key"], change["action"]) for change in json.loads(plan.read_text(encoding="utf-8"))["changes"]]

    clean.reset()
    assert sync("2026-03-02")
    mark = clean.mark()
    found, _done = ahead(folder)
    assert found["stats"]["failures"] == found["stats"]["changed"] == 0 and clean.writes_since(mark) == [], found["output"]
    assert ("first", "Look ahead for first, second") in found["results"] and "take_over second: z1 " in found["output"]
    lines = [json.loads(line) for line in (folder / "ahead.jsonl").read_text(encoding="utf-8").splitlines()]
    foreseen = [(line["day"], line["source"], line["key"], line["action"]) for line in lines if line["type"] == "change"]
    assert foreseen == [change for number in range(2, 9) for change in sync(f"2026-03-{number:02}")]
    assert foreseen == [("2026-03-04", "second", "z1", "take_over"), ("2026-03-05", "second", "z2", "create"), ("2026-03-05", "second", "z2", "group_add")]

    kept = run(folder, ["-i", "hosts.json", "-e", "hris_rules_dest=before.json", "hris.ad.impact"], {})
    assert kept["stats"]["failures"] == 0 and [rules["source"] for rules in json.loads((folder / "before.json").read_text(encoding="utf-8"))["sources"]] == list(feeds)
    arguments = ["-i", "hosts.json", "-e", "hris_rules_before=before.json", "-e", "hris_recorded_feed=feed.jsonl", "-e", "lifecycle_as_of=2026-03-06", "hris.ad.impact"]
    same = run(folder, arguments, {})
    assert same["stats"]["failures"] == 0 and "first, second: 0 of 3 people change (0 %): nothing changes" in same["output"], same["output"]
    inventory["hr"]["hosts"]["second"] = {"lifecycle_mapping": RULES["mapping"] | {"title": "upper(title)"}}
    (folder / "hosts.json").write_text(json.dumps(inventory), encoding="utf-8")
    other = run(folder, arguments, {})
    assert "first, second: 2 of 3 people change" in other["output"] and "mapping.title: upper(title) (was title)" in other["output"], other["output"]
    (folder / "feed-second.jsonl").unlink()
    broken = run(folder, arguments, {})
    assert broken["stats"]["failures"] == 1 and "feed-second.jsonl" in broken["output"]


@pytest.mark.long
def test_rules_of_the_example_with_two_sources_are_kept_in_one_file(tmp_path):
    kept = run(tmp_path, ["-i", str(EXAMPLES / "both/hosts.yml"), "-e", "hris_rules_dest=before.json", "hris.ad.impact"], {})
    assert kept["stats"]["failures"] == 0, kept["output"]
    assert [rules["source"] for rules in json.loads((tmp_path / "before.json").read_text(encoding="utf-8"))["sources"]] == ["elmo", "icehrm"]
    alone = run(tmp_path, ["-i", str(EXAMPLES / "both/hosts.yml"), "--limit", "elmo", "-e", "hris_rules_before=before.json", "-e", "hris_recorded_feed=none.jsonl", "hris.ad.impact"], {})
    assert alone["stats"]["failures"] == 1 and "it has rules of icehrm, which is no source now" in alone["output"], alone["output"]
