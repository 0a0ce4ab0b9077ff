"""Ansible does not apply a role spec's defaults: defaults/main.yml does. So the two must say the same."""
from __future__ import annotations

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
