"""The example for AWX: credential types that AWX takes and that set what the collection reads, and a workflow whose parts fit together."""
from __future__ import annotations

import re

import collection_parts as parts
import pytest
from jinja2 import StrictUndefined
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import ImmutableSandboxedEnvironment

FOLDER = parts.ROOT / "examples/awx"
TASKS = parts.load_yaml((FOLDER / "workflow.yml").read_text(encoding="utf-8"))[0]["tasks"]
TYPES = [task["awx.awx.credential_type"] for task in TASKS if "awx.awx.credential_type" in task]
FIELD = {"id", "type", "label", "choices", "secret", "multiline", "format", "help_text", "ask_at_runtime", "default"}  # AWX refuses any other


def read_variables() -> set[str]:
    """The environment variables that the collection and its example inventories read."""
    files = [*parts.python_files(), *(parts.ROOT / "examples").glob("*/*/*.yml")]
    return {name for path in files for name in re.findall(r"\bHRIS_[A-Z_]+\b", path.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("given", TYPES, ids=lambda given: given["name"])
def test_awx_takes_the_credential_type(given):
    fields = {field["id"]: field for field in given["inputs"]["fields"]}
    assert given["kind"] in ("cloud", "net") and set(given["inputs"]) <= {"fields", "required"} and set(given["injectors"]) <= {"env", "extra_vars", "file"}
    for name, field in fields.items():
        assert re.fullmatch("[a-zA-Z_]+[a-zA-Z0-9_]*", name) and name != "tower" and set(field) <= FIELD and field["type"] in ("string", "boolean")
    assert set(given["inputs"].get("required", [])) <= set(fields)
    environment = ImmutableSandboxedEnvironment()
    for name, text in {**given["injectors"]["env"], **given["injectors"].get("file", {})}.items():
        assert not name.startswith("ANSIBLE_") and find_undeclared_variables(environment.parse(text)) <= {*fields, "tower"}


@pytest.mark.parametrize("given", TYPES, ids=lambda given: given["name"])
def test_every_field_arrives_where_it_is_read(given):
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined)
    values = {field["id"]: f"<{field['id']}>" for field in given["inputs"]["fields"]}
    files = [name.partition(".")[2] for name in given["injectors"].get("file", {})]
    values["tower"] = {"filename": {name: f"/runner/{name}" for name in files}}
    made = {name: environment.from_string(text).render(values) for name, text in given["injectors"]["env"].items()}
    assert set(made) <= read_variables()
    assert sorted(made.values()) == sorted(f"/runner/{name}" if name in files else f"<{name}>" for name in values if name != "tower")
    empty = ImmutableSandboxedEnvironment().from_string(given["injectors"]["env"].get("HRIS_AD_CA_CERT", "")).render(tower=values["tower"])
    assert empty == "", "no certificate given: no file named"


def test_the_workflow_fits_together():
    templates = {task["awx.awx.job_template"]["name"]: task["awx.awx.job_template"] for task in TASKS if "awx.awx.job_template" in task}
    nodes = next(task["awx.awx.workflow_job_template"]["workflow_nodes"] for task in TASKS if "awx.awx.workflow_job_template" in task)
    by_name = {node["identifier"]: node for node in nodes}
    order, at = [], "dry-run"
    while at:
        order.append(at)
        (at,) = [link["identifier"] for links in by_name[at].get("related", {}).values() for link in links] or [None]
    assert order == list(by_name) == ["dry-run", "look", "as-approved"] and list(by_name["look"]["related"]) == ["success_nodes"]
    assert [by_name[name]["unified_job_template"]["type"] for name in order] == ["job_template", "workflow_approval", "job_template"]
    jobs = [templates[by_name[name]["unified_job_template"]["name"]] for name in ("dry-run", "as-approved")]
    assert [job["job_type"] for job in jobs] == ["check", "run"] and all((FOLDER / "project" / job["playbook"]).exists() for job in jobs)
    assert "lifecycle_approved_digest" in jobs[1]["extra_vars"] and "lifecycle_approved_digest" not in jobs[0]["extra_vars"]
    assert len({job["extra_vars"]["lifecycle_stats_key"] for job in jobs}) == 1, "the second job reads what the first one hands on"
