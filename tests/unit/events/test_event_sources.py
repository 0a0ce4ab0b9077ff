"""What the event sources promise: documentation, schema and arguments agree, examples and rulebooks are accepted, and files are where ansible-rulebook looks."""
from __future__ import annotations

import ast
import importlib.util
import json
import re
import runpy
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from sources_under_test import SOURCES

ROOT = Path(__file__).resolve().parents[3]
EDA = ROOT / "extensions/eda"
FOLDER = EDA / "plugins/event_source"
RULEBOOKS = sorted((EDA / "rulebooks").glob("*.yml"))
_found = importlib.util.spec_from_file_location("event_schemas", ROOT / "scripts/event_schemas.py")
event_schemas = importlib.util.module_from_spec(_found)
_found.loader.exec_module(event_schemas)

# What a user gives the rulebooks, as docs/events.md shows it
VARIABLES = {"elmo_webhook_certificate": "/etc/hris/elmo.pem", "hris_state_dir": "/var/lib/hris", "icehrm": {"base_url": "https://hr.example.com/app/api"}}


def documentation(name):
    return event_schemas.documentation(FOLDER / f"{name}.py")


def test_all_sources_are_known():
    assert sorted(SOURCES) == sorted(path.stem for path in FOLDER.glob("*.py"))


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_documentation_is_the_spec(name):
    told, spec = documentation(name)["options"], SOURCES[name].ARGUMENT_SPEC
    assert sorted(told) == sorted(spec)
    for option, one in spec.items():
        seen = {"type": told[option].get("type"), "required": bool(told[option].get("required")), "default": told[option].get("default")}
        assert seen == {"type": one["type"], "required": bool(one.get("required")), "default": one.get("default")}, option
        assert told[option]["description"]
    assert (f"hris.ad.{name}", name) == (SOURCES[name].NAME, documentation(name)["module"])


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_the_schema_is_the_documentation(name):
    written = (FOLDER / f"schemas/{name}.json").read_text(encoding="utf-8")
    assert written == event_schemas.text(FOLDER / f"{name}.py"), "run: python scripts/event_schemas.py"
    jsonschema.Draft202012Validator.check_schema(json.loads(written))


def examples(name):
    for node in ast.parse((FOLDER / f"{name}.py").read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and node.targets[0].id == "EXAMPLES":
            return yaml.safe_load(node.value.value)
    raise AssertionError("no examples")


def accepted(name, args):
    jsonschema.validate(args, json.loads((FOLDER / f"schemas/{name}.json").read_text(encoding="utf-8")))
    errors = ArgumentSpecValidator(SOURCES[name].ARGUMENT_SPEC).validate(args).error_messages
    assert not errors, errors


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_examples_are_accepted(name):
    found = examples(name)
    assert found
    for example in found:
        accepted(name, example[f"hris.ad.{name}"])


@pytest.mark.parametrize("path", RULEBOOKS, ids=lambda path: path.stem)
def test_rulebooks_give_arguments_that_are_accepted(path):
    jinja = pytest.importorskip("jinja2.nativetypes")
    (ruleset,) = yaml.safe_load(path.read_text(encoding="utf-8"))
    environment = jinja.NativeEnvironment(undefined=importlib.import_module("jinja2").StrictUndefined)
    for source in ruleset["sources"]:
        for name, args in source.items():
            if name.startswith("hris.ad."):
                accepted(name.removeprefix("hris.ad."), {option: environment.from_string(value).render(VARIABLES) for option, value in args.items()})
    assert any("hris.ad.daily" in source for source in ruleset["sources"]), "a run at night finds what no event told"
    assert ruleset["execution_strategy"] == "sequential"


def test_the_guide_has_the_variables_of_the_rulebooks():
    guide = (ROOT / "docs/events.md").read_text(encoding="utf-8")
    used = {name for path in RULEBOOKS for name in re.findall(r"{{ (\w+)", path.read_text(encoding="utf-8"))} - {"event"}
    assert len(used) > 10 and [name for name in sorted(used) if not re.search(rf"\b{name}\b", guide)] == []


@pytest.mark.parametrize("path", [path for path in RULEBOOKS if path.stem.endswith("_awx")], ids=lambda path: path.stem)
def test_rulebooks_start_the_job_templates_of_examples_awx(path):
    """AWX answers a launch that gives what a template does not ask for as any other, and drops it."""
    text = path.read_text(encoding="utf-8")
    defaults = dict(re.findall(r"{{ (awx_\w+) \| default\('([^']*)'\) }}", text))
    settings, templates = ((ROOT / "examples/awx" / name).read_text(encoding="utf-8") for name in ("settings.yml", "vars/job_templates.yml"))
    assert defaults["awx_organization"] == yaml.safe_load(settings)["awx_organization"]
    described = {one["name"]: one for one in yaml.safe_load(templates.replace("!unsafe ", ""))["awx_job_templates"]}
    assert [question["variable"] for question in described[defaults["awx_people_template"]]["questions"]] == ["lifecycle_only"]
    assert "questions" not in described[defaults["awx_everybody_template"]]
    (ruleset,) = yaml.safe_load(text)
    actions = [rule["action"]["run_job_template"] for rule in ruleset["rules"]]
    assert [list(one["job_args"].get("extra_vars", {})) for one in actions] == [["lifecycle_only"], []]
    assert not any(one["include_events"] for one in actions)


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_a_source_is_found_by_its_path(name, tmp_path):
    """As ansible-rulebook runs it: with runpy, in a process without Ansible's loader, beside another package named ansible_collections."""
    other = tmp_path / "ansible_collections"
    other.mkdir()
    (other / "__init__.py").write_text("")
    path = ROOT / ".cache/dev/ansible_collections/hris/ad/extensions/eda/plugins/event_source" / f"{name}.py"
    code = f"import runpy, sys; sys.path.insert(0, {str(tmp_path)!r}); found = runpy.run_path({str(path)!r}); print(found['main'].__name__, found['NAME'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.stdout.split() == ["main", f"hris.ad.{name}"], done.stderr


def test_sources_stay_small():
    """The work is in the packages: a source is its documentation, its arguments and a call."""
    for path in FOLDER.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in tree.body:
            if isinstance(node, ast.AsyncFunctionDef | ast.FunctionDef):
                assert node.end_lineno - node.lineno <= 40, f"{path.name}: {node.name}"


def test_the_runtime_file():
    found = yaml.safe_load((EDA / "eda_runtime.yml").read_text(encoding="utf-8"))
    assert isinstance(found["plugin_routing"], dict), "ansible-rulebook refuses anything else"


def test_a_missing_library_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "aiohttp", None)
    event_source = runpy.run_path(str(ROOT / ".cache/dev/ansible_collections/hris/ad/extensions/eda/plugins/event_source/daily.py"))["event_source"]
    with pytest.raises(Exception, match="hris.ad.x: the Python library aiohttp cannot be loaded here.*pip install 'aiohttp>=3.9'"):
        event_source.checked("hris.ad.x", {}, {}, ("aiohttp",))
