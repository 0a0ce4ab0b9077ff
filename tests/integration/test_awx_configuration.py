"""examples/awx, run twice by the real awx.awx against a stand-in for AWX's API; then what the stand-in holds is read."""
from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
import yaml
from awx_api import launch
from awx_api.checks import RefusedError
from awx_api.collection import NotThereError, awx_collection
from awx_api.server import AwxApi
from awx_api.store import Store
from hr_playbook import ROOT, run

pytestmark = pytest.mark.long  # two whole configurations by awx.awx
EXAMPLE = ROOT / "examples/awx"
TOKEN = "token-of-the-tests"
URL = "https://git.example.com/it/hris.git"
# awx.awx PATCHes an approval node in each run, because AWX does not return one of its fields
KNOWN = ("Have the workflows",)
SECRETS = {"HRIS_AD_PASSWORD": "ad-secret-{{ 1 }}", "HRIS_ELMO_A_CLIENT_SECRET": "a-secret", "HRIS_ELMO_B_CLIENT_SECRET": "b-secret",
           "HRIS_ICEHRM_TOKEN": "ice-secret", "HRIS_PLAN_KEY": "k" * 40, "HRIS_NOTIFY_URL": "https://chat.example.com/room-secret"}
GIVEN = {"HRIS_AD_SERVERS": "dc1.corp.example,dc2.corp.example", "HRIS_AD_USERNAME": "svc-hris@corp.example",
         "HRIS_ELMO_A_BASE_URL": "https://a.elmo.example", "HRIS_ELMO_A_CLIENT_ID": "id-a", "HRIS_ELMO_B_BASE_URL": "https://b.elmo.example",
         "HRIS_ELMO_B_CLIENT_ID": "id-b", "HRIS_ICEHRM_BASE_URL": "https://icehrm.example.com/api"}
SETTINGS = {"awx_hr_systems": [{"name": "ELMO A", "system": "elmo", "environment": "HRIS_ELMO_A"},
                               {"name": "ELMO B", "system": "elmo", "environment": "HRIS_ELMO_B"},
                               {"name": "IceHrm", "system": "icehrm", "environment": "HRIS_ICEHRM"}],
            "awx_state_folder": "/var/lib/hris"}


@pytest.fixture(scope="session")
def awx_awx() -> Path:
    try:
        return awx_collection(ROOT / ".cache/awx")
    except NotThereError as error:
        pytest.skip(str(error))


class Configured:
    """An AWX that was configured. first, second: what the runs answered."""

    def __init__(self, folder: Path, collection: Path):
        self.folder = folder
        self.store = Store({URL: EXAMPLE / "project"})
        self.api = AwxApi(self.store, TOKEN)
        self.environment = {"ANSIBLE_COLLECTIONS_PATH": f"{collection}:{ROOT / '.cache/dev'}", "CONTROLLER_HOST": self.api.url,
                            "CONTROLLER_OAUTH_TOKEN": TOKEN, "ANSIBLE_PIPELINING": "true", **GIVEN, **SECRETS}
        for name in ("HRIS_AD_CA_CERT", "HRIS_ELMO_A_CA_CERT", "HRIS_PASSWORD_CERTIFICATE"):
            (folder / f"{name}.pem").write_text(f"-----BEGIN CERTIFICATE-----\n{name}\n-----END CERTIFICATE-----", encoding="utf-8")
            self.environment[name] = str(folder / f"{name}.pem")

    def play(self, playbook: str, **changes) -> dict:
        (self.folder / "given.json").write_text(json.dumps({**SETTINGS, **changes}), encoding="utf-8")
        return run(self.folder, [str(EXAMPLE / f"{playbook}.yml"), "-e", "@given.json", "-v"], {**os.environ, **self.environment}, seconds=1200)

    def one(self, endpoint: str, name: str) -> dict:
        (found,) = self.store.find(endpoint, {"name": name})
        return found

    def templates(self) -> dict[str, dict]:
        return {item["name"]: item for item in self.store.objects["job_templates"].values()}

    def questions(self, template: dict) -> list[dict]:
        return self.store.surveys.get(("job_templates", template["id"]), {"spec": []})["spec"]


@pytest.fixture(scope="module")
def awx(awx_awx, tmp_path_factory):
    made = Configured(tmp_path_factory.mktemp("awx"), awx_awx)
    with made.api:
        made.first = made.play("configure")
        made.writes = len(made.api.requests)
        made.second = made.play("configure")
        yield made


def changed(answer: dict) -> set[str]:
    return {task for (_host, task), result in answer["results"].items() if result.get("changed")}


def test_from_empty_to_configured(awx):
    assert not awx.first["stats"]["failures"], awx.first["output"]
    assert {"Have the credentials", "Have the job templates", "Have the workflows", "Have the schedules"} <= changed(awx.first)


@pytest.mark.awx
def test_the_second_run_changes_nothing_but_the_known_one(awx):
    assert not awx.second["stats"]["failures"], awx.second["output"]
    assert changed(awx.second) == set(KNOWN)
    again = {path for _method, path, _body in awx.api.requests[awx.writes:]}
    # awx.awx sends null for the kind of an inventory, where AWX has an empty text; AWX answers with what it had
    assert {re.sub(r"/\d+/", "/N/", path) for path in again} <= {"/api/v2/workflow_approval_templates/N/", "/api/v2/inventories/N/"}


def test_no_secret_is_in_the_output_or_shown_by_awx(awx):
    shown = json.dumps([awx.api.shown(item) for item in awx.store.objects["credentials"].values()])
    for text in SECRETS.values():
        assert text not in awx.first["output"] + awx.second["output"] and text not in shown


def variables_of(playbook: Path) -> set[str]:
    """What can be given to it: the variables of the roles, and those that the playbook itself reads."""
    found = set()
    for path in (ROOT / "roles").glob("*/meta/argument_specs.yml"):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["argument_specs"].values():
            found |= set(entry.get("options") or {})
    texts = playbook.read_text(encoding="utf-8") if playbook.exists() else ""
    texts += "".join((playbook.parent / name).read_text(encoding="utf-8") for name in re.findall(r"vars/\w+\.yml", texts))
    return found | set(re.findall(r"\b[a-z_]+\b", texts))


def test_every_job_template_runs_a_playbook_that_takes_what_it_is_given(awx):
    templates = awx.templates()
    assert len(templates) == 12
    for name, template in templates.items():
        (play,) = yaml.safe_load((EXAMPLE / "project" / template["playbook"]).read_text(encoding="utf-8"))
        playbook = ROOT / "playbooks" / (play["import_playbook"].removeprefix("hris.ad.") + ".yml")
        assert playbook.exists(), name
        given = {*json.loads(template["extra_vars"]), *(question["variable"] for question in awx.questions(template))}
        assert given <= variables_of(playbook), name
        assert template["timeout"] in (3600, 600), "AWX ends no job by itself"
        assert not [field for field, value in template.items() if field.startswith("ask_") and value and field != "ask_limit_on_launch"], name
    assert {name for name, template in templates.items() if template["job_type"] == "check"} == {
        "HR, dry run", "HR, explain one person", "HR, undo, dry run"}


def test_every_template_has_one_credential_of_a_type(awx):
    for template in awx.templates().values():
        held = awx.store.list_of("job_templates", template["id"], "credentials")
        assert len({item["credential_type"] for item in held}) == len(held) > 0
    names = {item["name"] for item in awx.store.list_of("job_templates", awx.one("job_templates", "HR, dry run")["id"], "credentials")}
    assert names == {"Active Directory", "ELMO A", "ELMO B", "IceHrm", "Plan key", "Notifications", "Recipient of initial passwords"}
    names = {item["name"] for item in awx.store.list_of("job_templates", awx.one("job_templates", "HR, test the HR systems")["id"], "credentials")}
    assert names == {"ELMO A", "ELMO B", "IceHrm"}, "who tests the HR systems needs nothing of the domain"


def read_names() -> tuple[set[str], set[str]]:
    """(environment variables that the collection reads, their endings for each tenant of an HR system)"""
    files = [path for folder in ("plugins", "roles", "playbooks") for path in (ROOT / folder).rglob("*") if path.suffix in (".py", ".yml")]
    texts = [path.read_text(encoding="utf-8") for path in files if "meta" not in path.parts and "doc_fragments" not in path.parts]
    endings = {(system, ending) for text in texts for system, ending in re.findall(r"lookup\('ansible.builtin.env', (\w+)_environment ~ '(_\w+)'\)", text)}
    return {name for text in texts for name in re.findall(r'"(HRIS_[A-Z_]+)"', text)}, {f"{system}{ending}" for system, ending in endings}


def test_every_credential_arrives_where_it_is_read(awx, tmp_path):
    job = launch.start(awx.store, "HR, dry run", {}, tmp_path)
    literal, endings = read_names()
    tenants = {"HRIS_ELMO_A": "elmo", "HRIS_ELMO_B": "elmo", "HRIS_ICEHRM": "icehrm"}
    for name in job.environment:
        tenant = next((prefix for prefix in tenants if name.startswith(prefix + "_")), None)
        in_the_inventory = name == "HRIS_PASSWORD_CERTIFICATE"  # lifecycle_passwords is a dictionary of the inventory: docs/awx.md
        assert name in literal or in_the_inventory or (tenant and tenants[tenant] + name.removeprefix(tenant) in endings), name
    for name, value in {**GIVEN, **SECRETS}.items():
        assert job.environment.get(name, job.extra_vars.get("lifecycle_plan_key")) == value, name
    for name in ("HRIS_AD_CA_CERT", "HRIS_ELMO_A_CA_CERT", "HRIS_PASSWORD_CERTIFICATE"):
        path = Path(job.environment[name])
        assert path.read_text(encoding="utf-8").strip().splitlines()[1] == name and path.stat().st_mode & 0o777 == 0o600
    assert job.environment["HRIS_ELMO_B_CA_CERT"] == "", "no authority is given: no file is named"


def test_only_success_leads_to_the_approval_and_only_approval_to_the_run(awx):
    for name, jobs in (("HR and Active Directory", ["HR, dry run", "HR, as approved"]), ("HR, undo the last run", ["HR, undo, dry run", "HR, undo, as approved"])):
        workflow = awx.one("workflow_job_templates", name)
        nodes = {node["identifier"]: node for node in awx.store.find("workflow_job_template_nodes", {"workflow_job_template": str(workflow["id"])})}
        links = {identifier: {kind: [item["identifier"] for item in awx.store.list_of("workflow_job_template_nodes", node["id"], kind)]
                              for kind in ("always_nodes", "success_nodes", "failure_nodes")} for identifier, node in nodes.items()}
        only = {"always_nodes": [], "failure_nodes": []}
        assert links == {"dry-run": {**only, "success_nodes": ["approval"]}, "approval": {**only, "success_nodes": ["as-approved"]},
                         "as-approved": {**only, "success_nodes": []}}
        ran = [awx.store.owner(nodes[identifier]["unified_job_template"])[1] for identifier in nodes]
        assert [item["type"] for item in ran] == ["job_template", "workflow_approval_template", "job_template"]
        assert [ran[0]["name"], ran[2]["name"]] == jobs and ran[1]["timeout"] == 86400
        approved, dry = json.loads(ran[2]["extra_vars"]), json.loads(ran[0]["extra_vars"])
        assert approved["lifecycle_stats_key"] == dry["lifecycle_stats_key"], "the second job reads what the first one hands on"
        assert "lifecycle_approved_digest" in approved and "lifecycle_approved_digest" not in dry


ARTIFACT = {"hris_run": '{"digest": "sha256:5f3a", "failed": false}'}
DIGESTS = [(ARTIFACT, "sha256:5f3a"), ({"hris_run": '{"failed": true, "msg": "HR could not be read"}'}, "none, the dry run made no plan"),
           ({}, "none, the dry run made no plan")]


@pytest.mark.parametrize(("artifacts", "digest"), DIGESTS)
def test_the_digest_of_the_dry_run_is_that_of_the_run(awx, tmp_path, artifacts, digest):
    """As AWX does it: the template's own variables are filled in, all others are unsafe."""
    job = launch.start(awx.store, "HR, as approved", {}, tmp_path, artifacts)
    assert "lifecycle_approved_digest" in job.own
    lines = [f"{name}: {'' if name in job.own else '!unsafe '}{json.dumps(value)}" for name, value in job.extra_vars.items()]
    (tmp_path / "extravars").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "show.yml").write_text(
        "- {hosts: localhost, gather_facts: false, tasks: [{name: Show, ansible.builtin.debug: {var: lifecycle_approved_digest}}]}", encoding="utf-8")
    shown = run(tmp_path, ["-e", "@extravars", "show.yml"], {})
    assert shown["results"]["localhost", "Show"]["lifecycle_approved_digest"] == digest


def test_what_a_launch_can_change(awx, tmp_path):
    def start(name, **answers):
        return launch.start(awx.store, name, answers, tmp_path)
    job = start("HR, one person now", lifecycle_only="E1001", lifecycle_limits={}, ansible_eda={"event": {}})
    assert job.extra_vars["lifecycle_only"] == "E1001" and sorted(job.ignored) == ["ansible_eda", "lifecycle_limits"]
    assert set(job.extra_vars) & {"lifecycle_limits", "ansible_eda"} == set()
    for name, answers in {"HR, one person now": [{}, {"lifecycle_only": ""}], "HR, a plan by its digest": [{}, {"lifecycle_approved_digest": "sha256:5f3a"}],
                          "HR, explain one person": [{}], "HR, lock out": [{}, {"hris_lock_out_who": "ann.lee"}]}.items():
        for given in answers:
            with pytest.raises(RefusedError, match="variables_needed_to_start"):
                start(name, **given)
    assert start("HR, explain one person", hris_explain_employee="E1", lifecycle_as_of="").extra_vars["lifecycle_as_of"] == ""
    assert start("HR, dry run", lifecycle_limits={}).extra_vars.get("lifecycle_limits") is None


def may(awx, team: str) -> set[tuple[str, str]]:
    """(role, object) of what a team may do."""
    number = awx.one("teams", team)["id"]
    return {(grant["name"], awx.store.get(grant["endpoint"], grant["object"])["name"]) for grant in awx.store.grants.values() if number in grant["teams"]}


def test_who_may_do_what(awx):
    assert ("approval", "HR and Active Directory") in may(awx, "HR plan approvers")
    assert may(awx, "Service desk") == {("execute", "HR, lock out"), ("execute", "HR, lift a lock-out")}
    operators = may(awx, "HR operators")
    assert ("execute", "HR, one person now") in operators
    assert not {("execute", "HR, a plan by its digest"), ("execute", "HR, as approved"), ("execute", "HR, undo, as approved")} & operators, "only with an approval"
    assert not [role for team in ("HR plan approvers", "HR operators") for role, _name in may(awx, team) if role in ("admin", "use")]


def test_what_runs_by_itself_and_who_is_told(awx):
    (schedule,) = awx.store.objects["schedules"].values()
    assert schedule["rrule"] == "DTSTART;TZID=Etc/UTC:20270101T020000 RRULE:FREQ=DAILY;INTERVAL=1"
    assert awx.store.owner(schedule["unified_job_template"])[1]["name"] == "HR, day by day"
    number = awx.one("organizations", "HR and Active Directory")["id"]
    for kind in ("notification_templates_error", "notification_templates_approvals"):
        assert [item["name"] for item in awx.store.list_of("organizations", number, kind)] == ["HR and Active Directory"]
    assert [item["name"] for item in awx.store.list_of("organizations", number, "galaxy_credentials")] == ["Ansible Galaxy"]


def test_the_inventory_comes_from_the_project(awx):
    source = awx.one("inventory_sources", "HR sources")
    assert source["update_on_launch"] and source["overwrite_vars"] and source["source_path"] == "inventory/hosts.yml"
    assert awx.one("projects", "HR and Active Directory")["status"] == "successful"


def test_a_missing_secret_is_named_before_anything_is_written(awx):
    kept, before = dict(awx.environment), len(awx.api.requests)
    try:
        awx.environment["HRIS_ELMO_B_CLIENT_SECRET"] = ""
        found = awx.play("resources")
        assert found["stats"]["failures"] == 1 and "HRIS_ELMO_B_CLIENT_SECRET" in found["output"] and len(awx.api.requests) == before
    finally:
        awx.environment = kept


def test_a_secret_is_written_again_only_on_demand(awx):
    kept = dict(awx.environment)
    try:
        awx.environment["HRIS_ELMO_A_CLIENT_SECRET"] = "another-secret"
        assert "Have the credentials" not in changed(awx.play("resources"))
        assert awx.one("credentials", "ELMO A")["inputs"]["client_secret"] == "a-secret"
        assert "Have the credentials" in changed(awx.play("resources", awx_update_secrets=True))
        assert awx.one("credentials", "ELMO A")["inputs"]["client_secret"] == "another-secret"
    finally:
        awx.environment = kept


def test_kerberos_and_vault(awx_awx, tmp_path):
    """A domain without a password, and secrets that are variables."""
    (tmp_path / "krb5.conf").write_text("[libdefaults]\ndefault_realm = CORP.EXAMPLE", encoding="utf-8")
    other = Configured(tmp_path, awx_awx)
    settings = {"awx_log_on": "kerberos", "awx_hr_systems": SETTINGS["awx_hr_systems"][:1], "awx_further_credentials": [],
                "awx_secrets": {"HRIS_ELMO_A_CLIENT_SECRET": "of the vault"}}
    other.environment |= {"HRIS_AD_CLIENT_KEYTAB": "/var/lib/hris/svc.keytab", "KRB5_CONFIG": str(tmp_path / "krb5.conf"), "HRIS_ELMO_A_CLIENT_SECRET": ""}
    with other.api:
        for part in ("credential_types", "resources"):
            found = other.play(part, **settings)
            assert not found["stats"]["failures"], found["output"]
    held = [item for item in other.store.objects["credentials"].values() if item["name"] != "Ansible Galaxy"]
    environment, _variables = launch.filled_in(other.store, held, tmp_path)
    assert environment["HRIS_ELMO_A_CLIENT_SECRET"] == "of the vault" and "HRIS_AD_PASSWORD" not in environment
    assert environment["HRIS_AD_AUTH_PROTOCOL"] == "kerberos" and environment["KRB5_CLIENT_KTNAME"] == "FILE:/var/lib/hris/svc.keytab"
    assert "CORP.EXAMPLE" in Path(environment["KRB5_CONFIG"]).read_text(encoding="utf-8")
