"""Ansible does not apply a role spec's defaults: defaults/main.yml does. So the two must say the same."""
from __future__ import annotations

import importlib
import re

import collection_parts as parts
import pytest

ROLES = sorted(path for path in (parts.ROOT / "roles").glob("*") if path.is_dir())


def entry_points(role) -> dict[str, dict]:
    """Entry point → its documented options."""
    document = parts.load_yaml((role / "meta/argument_specs.yml").read_text(encoding="utf-8"))
    return {name: entry.get("options") or {} for name, entry in document["argument_specs"].items()}


def defaults(role) -> dict:
    path = role / "defaults/main.yml"
    return parts.load_yaml(path.read_text(encoding="utf-8")) or {} if path.exists() else {}


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_defaults_are_as_documented(role):
    real, documented = defaults(role), {}
    wrong = []
    for entry, options in entry_points(role).items():
        for name, option in options.items():
            documented[name] = option
            if "default" in option and option.get("required"):
                wrong.append(f"{entry}: {name} is required and has a default")
            if "default" in option and (name not in real or real[name] != option["default"]):
                wrong.append(f"{entry}: {name} is documented to default to {option['default']!r}; defaults/main.yml has {real.get(name, 'nothing')!r}")
            if "default" not in option and name in real:
                wrong.append(f"{entry}: {name} has a default in defaults/main.yml that is not documented")
    wrong += [f"defaults/main.yml sets {name}, which is not documented" for name in sorted(set(real) - set(documented)) if not name.startswith("__")]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_every_entry_point_exists(role):
    missing = [entry for entry in entry_points(role) if not (role / f"tasks/{entry}.yml").exists()]
    assert not missing


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_every_documented_variable_is_used(role):
    used = "".join(path.read_text(encoding="utf-8") for path in role.rglob("*") if path.is_file() and path.parts[-2] not in ("meta", "defaults"))
    options = {name for entry in entry_points(role).values() for name in entry}
    unused = sorted(name for name in options if name not in used)
    assert not unused, f"documented, but ignored: {', '.join(unused)}"


def shared_choices() -> list[tuple[str, str, str]]:
    """(variable, module, option) of each role variable with choices that a task gives to an option with choices."""
    variables = {name for role in ROLES for options in entry_points(role).values() for name, option in options.items() if "choices" in option}
    found = set()
    for where, _number, module, arguments in parts.written_tasks():
        described = parts.documents()[module]["doc"]["options"]
        for option, value in arguments.items():
            given = re.match(r"\{\{ (\w+)", str(value))
            if where.startswith("roles/") and given and given[1] in variables and "choices" in described.get(option, {}):
                found.add((given[1], module, option))
    return sorted(found)


@pytest.mark.parametrize(("variable", "module", "option"), shared_choices())
def test_a_variable_has_the_choices_of_its_option(variable, module, option):
    choices = parts.documents()[module]["doc"]["options"][option]["choices"]
    assert all(options[variable]["choices"] == choices for role in ROLES for options in entry_points(role).values() if variable in options)


HR_ROLES = parts.hr_roles()
FLAT = {"validate_certs", "ca_cert", "proxy"}  # variables of their own: Ansible merges no dictionaries, and a credential sets them alone


def connection() -> dict[str, dict]:
    """The documented options of the connection over HTTP."""
    fragment = importlib.import_module("ansible_collections.hris.ad.plugins.doc_fragments.http_connection")
    return parts.load_yaml(fragment.ModuleDocFragment.DOCUMENTATION)["options"]


@pytest.mark.parametrize("name", HR_ROLES)
def test_the_dictionary_for_tuning_has_the_options_of_the_connection(name):
    options = entry_points(parts.ROOT / "roles" / name)["main"]
    tuning, known = options[f"{name}_http"]["options"], connection()
    assert {option: text["type"] for option, text in tuning.items()} == {option: text["type"] for option, text in known.items() if option not in FLAT}
    assert all(f"{known[option]['default']} if unset." in text["description"] for option, text in tuning.items())
    assert {f"{name}_{option}" for option in FLAT} <= set(options)


def test_every_option_of_sync_is_reachable():
    rules = parts.load_yaml((parts.ROOT / "roles/lifecycle/vars/main.yml").read_text(encoding="utf-8"))["__lifecycle_rules"]
    given = next(arguments for where, _number, called, arguments in parts.written_tasks() if (where, called) == ("roles/lifecycle/tasks/main.yml", "sync"))
    missing = set(parts.spec("sync")["argument_spec"]) - set(rules) - set(given)
    assert missing == {"progress_file"}, "the role lifecycle gives these options neither in tasks/main.yml nor in vars/main.yml"


@pytest.mark.parametrize(("name", "module"), [("elmo", "elmo_employee_info"), ("icehrm", "icehrm_employee_info"), ("rest", "endpoint_info")])
def test_every_option_of_the_module_is_reachable(name, module):
    given = next(arguments for where, _number, called, arguments in parts.written_tasks() if (where, called) == (f"roles/{name}/tasks/read.yml", module))
    described = {"describe", "describe_pages", "redact_samples"}  # the entry point test describes the feed by feed_info
    assert set(parts.spec(module)["argument_spec"]) - set(connection()) - set(given) - described == {"progress_file"}


@pytest.mark.parametrize("name", HR_ROLES)
def test_what_the_role_lifecycle_takes_for_granted(name):
    points = entry_points(parts.ROOT / "roles" / name)
    assert {"main", "fetch", "test"} <= set(points)
    assert all(points[point][f"{name}_employees_file"]["default"] == "" for point in ("main", "fetch", "test"))


def test_the_hr_systems_are_the_roles_that_read_one():
    shared = parts.load_yaml((parts.ROOT / "playbooks/vars/hr.yml").read_text(encoding="utf-8"))
    assert sorted(shared["__hris_systems"]) == sorted([*HR_ROLES, "lifecycle"])


def included_roles(node) -> list[dict]:
    """The options of each include_role and import_role in tasks or plays."""
    if isinstance(node, list):
        return [one for entry in node for one in included_roles(entry)]
    if not isinstance(node, dict):
        return []
    own = [node[name] for name in ("ansible.builtin.include_role", "ansible.builtin.import_role") if name in node]
    return own + [one for entry in node.values() for one in included_roles(entry)]


def test_entry_points_without_a_specification_do_not_read_all_of_them():
    """Ansible reads the specifications of a role at each include, unless it is told not to: a quarter of the work of a short run."""
    known = {f"hris.ad.{role.name}": set(entry_points(role)) for role in ROLES}
    slow = []
    for path in [*parts.ROOT.glob("roles/*/tasks/*.yml"), *parts.ROOT.glob("playbooks/**/*.yml")]:
        for one in included_roles(parts.load_yaml(path.read_text(encoding="utf-8"))):
            entry = one.get("tasks_from", "main")
            if entry not in known.get(one["name"], {entry}) and one.get("rolespec_validate") is not False:
                slow.append(f"{path.relative_to(parts.ROOT)}: {one['name']}, {entry}")
    assert not slow
