"""Promises of the repository: links that lead somewhere, commands that exist, metadata that names what is there."""
from __future__ import annotations

import re
from pathlib import Path

import collection_parts as parts
import pytest

TEXTS = [path for path in parts.committed() if path.suffix == ".md" and path.name != "CHANGELOG.md"]
GALAXY = parts.load_yaml((parts.ROOT / "galaxy.yml").read_text(encoding="utf-8"))


def anchors(path: Path) -> set[str]:
    """The anchors that a Markdown page's headings get."""
    headings = re.findall(r"^#+ +(.+?) *$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", TEXTS, ids=parts.relative)
def test_links_lead_somewhere(path):
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", target) or target == "CHANGELOG.md":  # which a release makes
            continue
        file, _hash, anchor = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        if not there.exists() or (anchor and there.suffix == ".md" and anchor not in anchors(there)):
            broken.append(target)
    assert not broken


@pytest.mark.parametrize("path", TEXTS, ids=parts.relative)
def test_make_targets_exist(path):
    targets = set(re.findall(r"^([a-z-]+):", (parts.ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z-]+)", path.read_text(encoding="utf-8"), re.MULTILINE))
    assert not named - targets


@pytest.mark.parametrize("path", TEXTS, ids=parts.relative)
def test_named_modules_roles_and_playbooks_exist(path):
    known = {*parts.module_names(), *parts.action_groups()}
    for folder, pattern in (("roles", "*"), ("playbooks", "*.yml"), ("extensions/eda/rulebooks", "*.yml"), ("extensions/eda/plugins/event_source", "*.py")):
        known |= {found.stem for found in (parts.ROOT / folder).glob(pattern)}
    known |= {found.stem for kind in ("action", "filter", "lookup", "callback", "inventory") for found in (parts.PLUGINS / kind).glob("*.py")}
    named = set(re.findall(r"\bhris\.ad\.([a-z][a-z_0-9]*)", path.read_text(encoding="utf-8"))) - {"plugins"}
    assert not named - known


def test_nothing_names_the_machine_it_was_made_on():
    """An absolute path into this checkout or this home is of no use to anybody else."""
    private = {str(parts.ROOT)} | ({str(Path.home())} - {"/", "/root"})
    wrong = []
    for path in parts.committed():
        text = path.read_text(encoding="utf-8", errors="ignore")
        wrong += [f"{parts.relative(path)}: {name}" for name in private if re.search(re.escape(name) + r"\b", text)]
    assert not wrong, "\n".join(wrong)


def test_changelog_fragments_use_known_sections():
    config = parts.load_yaml((parts.ROOT / "changelogs/config.yaml").read_text(encoding="utf-8"))
    known = {section for section, _title in config["sections"]} | {config["prelude_section_name"], config["trivial_section_name"]}
    for path in (parts.ROOT / "changelogs/fragments").glob("*.y*ml"):
        fragment = parts.load_yaml(path.read_text(encoding="utf-8"))
        assert set(fragment) <= known, path.name
        for section, entries in fragment.items():
            assert isinstance(entries, str if section == config["prelude_section_name"] else list), f"{path.name}: {section}"


def test_what_people_type_names_this_version():
    """`scripts/release` writes it there, so a guide never leads to an old one."""
    shown = r"hris[.-]ad(?::==|:|-)(\d+\.\d+\.\d+)|- name: hris\.ad\n +version: (\d+\.\d+\.\d+)"
    found = {(parts.relative(path), version) for path in parts.committed() if path.suffix in (".md", ".yml") and path.name != "CHANGELOG.md"
             and path.parts[-2] not in ("changelogs", "fragments") for version in map("".join, re.findall(shown, path.read_text(encoding="utf-8")))}
    assert {version for _path, version in found} == {GALAXY["version"]}
    assert {"README.md", "docs/install.md", "docs/first-run.md", "docs/awx.md", "examples/awx/settings.yml"} <= {path for path, _version in found}


def test_this_version_has_release_notes():
    released = parts.load_yaml((parts.ROOT / "changelogs/changelog.yaml").read_text(encoding="utf-8"))["releases"]
    assert GALAXY["version"] in released or (parts.ROOT / f"changelogs/fragments/{GALAXY['version']}.yml").exists()


@pytest.mark.parametrize("name", parts.module_names())
def test_modules_say_since_when(name):
    added = parts.documents()[name]["doc"]["version_added"]
    assert [int(part) for part in added.split(".")] <= [int(part) for part in GALAXY["version"].split(".")]


def test_execution_environment_files_are_there():
    needed = parts.load_yaml((parts.ROOT / "meta/execution-environment.yml").read_text(encoding="utf-8"))["dependencies"]
    assert all((parts.ROOT / name).is_file() for name in needed.values())
