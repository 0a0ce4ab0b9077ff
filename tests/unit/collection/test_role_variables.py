"""What the check of variable names knows is what the collection has, and what its examples set passes without a word."""
from __future__ import annotations

import re

import collection_parts as parts
import pytest
import yaml
from ansible_collections.hris.ad.plugins.module_utils._hris.variable_spelling import PREFIXES
from ansible_collections.hris.ad.plugins.plugin_utils import _role_variables as role_variables

NAME = re.compile(rf"(?<![\w./])(?:{'|'.join(PREFIXES)})[a-z0-9_]+(?![\w/]|\.py)")
# Beginnings of names, hosts, and things that are no variables: modules, artifacts, event sources, templates of names
NO_VARIABLES = {"elmo_a", "elmo_b", "elmo_awx", "icehrm_awx", "elmo_webhook", "elmo_certificate", *parts.module_names()}
NO_VARIABLES |= {f"{path.name}_options" for path in (parts.ROOT / "roles").iterdir()}
SHOWN_AS_WRONG = {"lifecycle_limit", "rest_login", "hris_forecast_dst"}  # docs/overview.md


def roles():
    return sorted(path.name for path in (parts.ROOT / "roles").iterdir())


def documented() -> set[str]:
    found = set()
    for role in [*roles(), "playbooks"]:
        folder = parts.ROOT / (role if role == "playbooks" else f"roles/{role}")
        specs = yaml.safe_load((folder / "meta/argument_specs.yml").read_text(encoding="utf-8"))["argument_specs"]
        for entry, spec in specs.items():
            assert role_variables.options_of(role, entry) == (spec.get("options") or {})
            found.update(spec.get("options") or {})
    return found


def test_options_are_those_of_the_specifications():
    assert role_variables.options() == documented()


def test_every_prefix_is_one_of_a_role():
    assert {prefix.removesuffix("_") for prefix in PREFIXES} == {*roles(), "hris"}


def test_playbooks_have_their_variables():
    """Those that they read are specified, and their names and values are checked; what they keep for themselves begins with __hris_."""
    specs = yaml.safe_load((parts.ROOT / "playbooks/meta/argument_specs.yml").read_text(encoding="utf-8"))["argument_specs"]
    read, checked = {}, {}
    for path in (parts.ROOT / "playbooks").glob("*.yml"):
        text = path.read_text(encoding="utf-8")
        text += "".join(other.read_text(encoding="utf-8") for other in (parts.ROOT / "playbooks").glob("*/*.yml") if f"{other.parent.name}/{other.name}" in text)
        names = set(re.findall(r"\bhris_\w+[a-z]\b", text)) - {"hris_test", "hris_test_redact"}
        if names:
            read[path.stem] = names
            checked[path.stem] = bool(re.search(rf"\['?playbooks'?, '?{path.stem}'?\]|__hris_entry: {path.stem}$", text, re.MULTILINE))
    assert read == {name: set(spec["options"]) for name, spec in specs.items()}
    assert all(checked.values()), checked
    assert all(name.startswith("hris_") and name.count("_") > 1 for spec in specs.values() for name in spec["options"])


def variables_set(node):
    """The names of facts and results that tasks set."""
    if isinstance(node, list):
        for entry in node:
            yield from variables_set(entry)
    elif isinstance(node, dict):
        yield from (str(name) for name in node.get("ansible.builtin.set_fact") or {})
        yield from [str(node["register"])] if "register" in node else []
        yield from (str(name) for name in node.get("vars") or {})
        for entry in node.values():
            yield from variables_set(entry)


def test_results_are_those_that_tasks_set():
    found = set()
    for path in [*parts.ROOT.glob("roles/*/tasks/*.yml"), *parts.ROOT.glob("playbooks/**/*.yml")]:
        found.update(variables_set(parts.load_yaml(path.read_text(encoding="utf-8"))))
    assert {name for name in found if name.startswith(PREFIXES)} - documented() == role_variables.RESULTS


def shown():
    """(file, name) of each name that looks like a variable of ours, in what people read or copy, and in what tests and the lab set."""
    for path in parts.committed():
        relative = parts.relative(path)
        if relative.startswith(("examples/", "docs/", "extensions/", "lab/", "roles/", "README.md", "tests/integration/")) and path.suffix in (".yml", ".yaml", ".md", ".sh", ".json"):
            yield from ((relative, name) for name in NAME.findall(path.read_text(encoding="utf-8")) if not name.endswith("_"))


def test_what_we_show_gives_no_warning():
    names = {name for _file, name in shown()} - NO_VARIABLES - SHOWN_AS_WRONG
    assert len(names) > 150
    unknown = {one.name for one in role_variables.unknown(dict.fromkeys(names), [])}
    assert not unknown, [entry for entry in shown() if entry[1] in unknown]


def test_tasks_of_roles_look_at_names():
    """Each module that a role runs, but for what may not wait and what tells people of a run."""
    routed = {name for name, route in parts.runtime()["plugin_routing"]["modules"].items() if route["action_plugin"] in ("hris.ad.sync", "hris.ad.step_accounts")}
    with_prefix = {name for name in parts.module_names() if "variable_prefix" in parts.spec(name)["argument_spec"]}
    assert routed | {"sync", "step_accounts"} == with_prefix - {"lock_out", "lift_lock_out", "notify", "plan_report"}


FIRST = "{{{{ '{0}' if groups['{0}'] | default([]) else ansible_limit | default('localhost') }}}}"


@pytest.mark.parametrize("path", sorted((parts.ROOT / "playbooks").glob("*.yml")), ids=lambda path: path.stem)
def test_a_playbook_without_hosts_fails(path):
    """Its first play has a host then, and checks the group of it."""
    text = path.read_text(encoding="utf-8")
    first, *others = parts.load_yaml(text)
    group = first.get("vars", {}).get("__hris_group", "hr")
    assert first["hosts"] == FIRST.format(group) and {play["hosts"] for play in others} <= {group}
    included = text + "".join((parts.ROOT / f"playbooks/tasks/{name}.yml").read_text(encoding="utf-8") for name in ("read_source", "read_for") if f"tasks/{name}.yml" in text)
    assert "tasks_from: variables" in included


def test_an_empty_answer_is_no_wrong_boolean():
    """The filter bool of Ansible refuses an empty text from ansible-core 2.23 on, and warns of it before."""
    wrong = []
    for folder in ("roles", "playbooks"):
        for path in sorted((parts.ROOT / folder).rglob("*.yml")):
            text = path.read_text(encoding="utf-8")
            bare = set(re.findall(rf"(?<![\w.])((?:{'|'.join(PREFIXES)})[a-z0-9_]+) \| bool", text))
            wrong += [f"{parts.relative(path)}: {name}" for name in sorted(bare) if f"{name} in ['', none] or {name} | bool" not in text]
    assert not wrong, "write: | default(false, true) | bool"


def test_values_of_own_variables():
    assert role_variables.own_variables(None) == role_variables.own_variables(" ") == []
    assert role_variables.own_variables(["rest_login"]) == ["rest_login"]
    for wrong in ("rest_login", [1], {"rest_login": 1}):
        with pytest.raises(role_variables.AnsibleActionFail, match="lifecycle_own_variables is no list of names"):
            role_variables.own_variables(wrong)
