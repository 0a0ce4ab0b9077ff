"""What users get: the right files in the artefact, documentation that ansible-doc shows, modules and playbooks that run by name."""
from __future__ import annotations

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(path.stem for path in (ROOT / "plugins/modules").glob("*.py"))
ROLES = sorted(path.name for path in (ROOT / "roles").glob("*") if path.is_dir())
PLAYBOOKS = sorted(path.stem for path in (ROOT / "playbooks").glob("*.yml"))
# Everything at the artefact's root; scripts/collection rebuilds it when one of these changes
WANTED = {"CHANGELOG.md", "CODE_OF_CONDUCT.md", "CONTRIBUTING.md", "FILES.json", "LICENSE", "MANIFEST.json", "README.md", "changelogs", "docs", "examples", "extensions", "meta",
          "playbooks", "plugins", "requirements-kerberos.txt", "requirements.txt", "roles", "tests"}


def test_nothing_else_is_packed(packed):
    assert {name.split("/")[0] for name in packed} <= WANTED
    odd = [name for name in packed if "/." in f"/{name}" or "__pycache__" in name or name.startswith("extensions/molecule")]
    assert not odd
    assert [name for name in packed if name.startswith("tests/")] == ["tests/config.yml"]


def test_what_is_needed_is_packed(packed):
    needed = {"LICENSE", "README.md", "requirements-kerberos.txt", "meta/execution-environment.yml", "meta/runtime.yml", "requirements.txt"}
    for folder in ("plugins", "roles", "playbooks", "examples", "docs", "extensions/audit", "extensions/eda"):
        needed |= {str(path.relative_to(ROOT)) for path in (ROOT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert needed <= set(packed), sorted(needed - set(packed))


@pytest.mark.parametrize("name", MODULES)
def test_module_is_documented_and_answers(run, name):
    """Run without its options: it must come as far as refusing that in its own words, with all its code imported."""
    shown = run("ansible-doc", "--json", f"hris.ad.{name}")
    assert shown.returncode == 0, shown.stderr
    required = [option for option, told in json.loads(shown.stdout)[f"hris.ad.{name}"]["doc"]["options"].items() if told.get("required")]
    ran = run("ansible", "localhost", "-m", f"hris.ad.{name}")
    assert ran.returncode == 2, ran.stdout + ran.stderr
    assert not required or "missing required arguments" in ran.stdout, ran.stdout
    assert "Traceback" not in ran.stdout


@pytest.mark.parametrize("name", ROLES)
def test_role_is_documented(run, name):
    shown = run("ansible-doc", "--type", "role", f"hris.ad.{name}")
    assert shown.returncode == 0 and name in shown.stdout, shown.stderr


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_playbook_is_found_by_name(run, name):
    checked = run("ansible-playbook", "--syntax-check", "-i", "localhost,", f"hris.ad.{name}")
    assert checked.returncode == 0, checked.stderr
