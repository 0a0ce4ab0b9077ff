"""The stand-in for AWX's API refuses what AWX refuses, with its words, and what AWX would ignore."""
from __future__ import annotations

import pytest
from awx_api.checks import RefusedError
from awx_api.launch import start
from awx_api.store import Store
from hr_playbook import ROOT

URL = "https://git.example.com/x.git"
SURVEY = {"name": "", "description": "", "spec": [{"type": "text", "question_name": "Key", "variable": "employee", "required": True}]}
FIELDS = [{"id": "user", "label": "User"}, {"id": "key", "label": "Key", "secret": True}, {"id": "on", "label": "On", "type": "boolean"}]


@pytest.fixture
def store():
    """With an organization (1), a project, an inventory, a template and its survey."""
    made = Store({URL: ROOT / "examples/awx/project"})
    project = made.create("projects", {"name": "P", "organization": 1, "scm_type": "git", "scm_url": URL})
    inventory = made.create("inventories", {"name": "I", "organization": 1})
    template = made.create("job_templates", {"name": "T", "project": project["id"], "inventory": inventory["id"], "playbook": "sync.yml", "survey_enabled": True})
    made.set_survey("job_templates", template["id"], SURVEY)
    return made


def kind(**changes):
    return {"name": "K", "kind": "cloud", "inputs": {"fields": FIELDS, "required": ["user"]}, "injectors": {"env": {"HRIS_USER": "{{ user }}"}}} | changes


def template(store, **changes):
    item = store.find("job_templates", {"name": "T"})[0]
    return {"name": "T2", "project": item["project"], "inventory": item["inventory"], "playbook": "sync.yml"} | changes


@pytest.mark.parametrize(("changes", "words"), [
    ({"kind": "ssh"}, "Must be 'cloud' or 'net'"),
    ({"inputs": {"fields": [{"id": "a"}]}}, "required properties"),
    ({"inputs": {"fields": [{"id": "1a", "label": "A"}]}}, "invalid variable name"),
    ({"inputs": {"fields": [{"id": "tower", "label": "A"}]}}, "invalid variable name"),
    ({"inputs": {"fields": [{"id": "a", "label": "A", "type": "integer"}]}}, "is not one of"),
    ({"inputs": {"fields": [{"id": "a", "label": "A", "type": "boolean", "secret": True}]}}, "not allowed for type boolean"),
    ({"inputs": {"fields": [{"id": "a", "label": "A", "minimum": 1}]}}, "Additional properties"),
    ({"inputs": {"fields": [FIELDS[0], FIELDS[0]]}}, "not unique"),
    ({"inputs": {"fields": FIELDS, "required": ["other"]}}, "names no field"),
    ({"injectors": {"env": {"ANSIBLE_X": "{{ user }}"}}}, "may affect Ansible configuration"),
    ({"injectors": {"env": {"PATH": "{{ user }}"}}}, "not allowed to be used"),
    ({"injectors": {"env": {"X": "{{ other }}"}}}, "undefined field"),
    ({"injectors": {"env": {"X": "{{ tower.filename.a }}"}, "file": {"template.b": "x"}}}, "undefined field"),
    ({"injectors": {"extra_vars": {"x": 1}}}, "is not of type 'string'"),
    ({"injectors": {"file": {"template": "x", "template.a": "y"}}}, "multi-file syntax"),
    ({"injectors": {"facts": {}}}, "Additional properties"),
    ({"colour": "red"}, "no such field"),
])
def test_credential_types(store, changes, words):
    with pytest.raises(RefusedError, match=words):
        store.create("credential_types", kind(**changes))
    made = store.create("credential_types", kind())
    with pytest.raises(RefusedError, match="already exists"):
        store.create("credential_types", kind())
    with pytest.raises(RefusedError, match="unexpected"):
        store.create("credentials", {"name": "C", "credential_type": made["id"], "organization": 1, "inputs": {"other": ""}})


def test_credentials_of_a_template(store, tmp_path):
    made = store.create("credential_types", kind())
    first, second = (store.create("credentials", {"name": name, "credential_type": made["id"], "organization": 1, "inputs": {}}) for name in "AB")
    number = store.find("job_templates", {"name": "T"})[0]["id"]
    store.join("job_templates", number, "credentials", {"id": first["id"]})
    with pytest.raises(RefusedError, match="Cannot assign multiple K credentials"):
        store.join("job_templates", number, "credentials", {"id": second["id"]})
    with pytest.raises(RefusedError, match="does not provide one or more required fields .user"):
        start(store, "T", {"employee": "1"}, tmp_path)


@pytest.mark.parametrize(("changes", "words"), [
    ({"name": None}, "required"), ({"playbook": "nowhere.yml"}, "Playbook not found"), ({"project": 99}, "does not exist"), ({"timeout": "60"}, "valid int"),
    ({"job_type": "scan"}, "valid choice"), ({"name": "T"}, "already exists"), ({"ask_everything_on_launch": True}, "no such field"),
])
def test_job_templates(store, changes, words):
    with pytest.raises(RefusedError, match=words):
        store.create("job_templates", template(store, **changes))


@pytest.mark.parametrize(("question", "words"), [
    ({"type": "boolean"}, "allowed question types"), ({"variable": None}, "expected to be str"), ({"required": "yes"}, "expected to be bool"),
    ({"type": "integer", "default": "5"}, "expected to be int"), ({"type": "multiplechoice"}, "must specify choices"),
    ({"type": "multiplechoice", "choices": ["a"], "default": "b"}, "from the choices"), ({"min": "1"}, "expected to be integer"),
])
def test_surveys(store, question, words):
    with pytest.raises(RefusedError, match=words):
        store.set_survey("job_templates", 1, {**SURVEY, "spec": [SURVEY["spec"][0] | question]})
    with pytest.raises(RefusedError, match="duplicated"):
        store.set_survey("job_templates", 1, {**SURVEY, "spec": SURVEY["spec"] * 2})


@pytest.mark.parametrize(("text", "words"), [
    ("RRULE:FREQ=DAILY;INTERVAL=1", "Valid DTSTART"), ("DTSTART:20270101T020000 RRULE:FREQ=DAILY;INTERVAL=1", "naive"),
    ("DTSTART:20270101T020000Z", "RRULE required"), ("DTSTART:20270101T020000Z RRULE:FREQ=DAILY", "INTERVAL required"),
    ("DTSTART:20270101T020000Z RRULE:FREQ=SECONDLY;INTERVAL=1", "SECONDLY"), ("DTSTART:20270101T020000Z RRULE:FREQ=MONTHLY;INTERVAL=1;BYDAY=1MO", "numeric prefix"),
])
def test_schedules(store, text, words):
    number = store.find("job_templates", {"name": "T"})[0]["id"]
    with pytest.raises(RefusedError, match=words):
        store.create("schedules", {"name": "S", "unified_job_template": number, "rrule": text})
    good = "DTSTART;TZID=Europe/Berlin:20270101T020000 RRULE:FREQ=DAILY;INTERVAL=1"
    with pytest.raises(RefusedError, match="'employee' value missing"):
        store.create("schedules", {"name": "S", "unified_job_template": number, "rrule": good})
    assert store.create("schedules", {"name": "S", "unified_job_template": number, "rrule": good, "extra_data": {"employee": "1"}})


def test_nodes(store):
    number = store.find("job_templates", {"name": "T"})[0]["id"]
    flow = store.create("workflow_job_templates", {"name": "W", "organization": 1})["id"]

    def node(name, **more):
        return store.create("workflow_job_template_nodes", {"identifier": name, "workflow_job_template": flow, "unified_job_template": number,
                                                            "extra_data": {"employee": "1"}, **more})["id"]
    for more in ({"job_type": "check"}, {"limit": "x"}):
        with pytest.raises(RefusedError, match="not configured to prompt"):
            node("a", **more)
    with pytest.raises(RefusedError, match="not allowed on launch"):
        node("a", extra_data={"employee": "1", "other": 1})
    first, second = node("a"), node("b")
    store.join("workflow_job_template_nodes", first, "success_nodes", {"id": second})
    with pytest.raises(RefusedError, match="Cycle detected"):
        store.join("workflow_job_template_nodes", second, "always_nodes", {"id": first})
    with pytest.raises(RefusedError, match="Relationship not allowed"):
        store.join("workflow_job_template_nodes", first, "always_nodes", {"id": second})


def test_launches(store, tmp_path):
    for answers, words in (({}, "'employee' value missing"), ({"employee": 5}, "expected to be a string")):
        with pytest.raises(RefusedError, match=words):
            start(store, "T", answers, tmp_path)
    assert start(store, "T", {"employee": "1", "limit": "x"}, tmp_path).ignored == ["limit"]


def test_lookups(store):
    with pytest.raises(RefusedError, match="no field named 'colour'"):
        store.find("projects", {"colour": "red"})
    assert [item["name"] for item in store.find("unified_job_templates", {"name": "T", "type": "job_template"})] == ["T"]
