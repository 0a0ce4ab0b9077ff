"""What Galaxy and Automation Hub ask of a collection and no other tool checks (docs/requirements-of-galaxy.md)."""
from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
INSTALLED = ROOT / ".cache/collections/ansible_collections/hris/ad"
NEEDED = ("meta", "plugins", "roles", "playbooks")
PLAYBOOKS = sorted(path.stem for path in (ROOT / "playbooks").glob("*.yml"))
KNOWN = {"action", "doc_fragments", "module_utils", "modules", "plugin_utils"}


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """The installed collection with everything gone that playbooks and roles must not need."""
    folder = tmp_path_factory.mktemp("bare")
    for name in (*NEEDED, "MANIFEST.json"):
        there = folder / "ansible_collections/hris/ad" / name
        if (INSTALLED / name).is_dir():
            shutil.copytree(INSTALLED / name, there)
        else:
            shutil.copy(INSTALLED / name, there)
    return folder


def test_four_folders_are_enough(bare):
    done = subprocess.run([str(Path(sys.executable).with_name("ansible-playbook")), "--syntax-check", "-i", "localhost,", *(f"hris.ad.{name}" for name in PLAYBOOKS)],
                          env={**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(bare), "ANSIBLE_HOME": str(bare)}, cwd=bare, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    texts = [path.read_text(encoding="utf-8") for folder in ("roles", "playbooks") for path in (bare / "ansible_collections/hris/ad" / folder).rglob("*.yml")]
    assert not [found for text in texts for found in re.findall(r"(?:\.\./)+(?:docs|examples|extensions|tests|changelogs)/\S*", text)]


def test_only_known_folders_of_plugins():
    assert {path.name for path in (INSTALLED / "plugins").iterdir() if path.is_dir()} <= KNOWN


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-kerberos.txt"])
def test_python_packages_have_no_upper_bound(name):
    lines = [line for line in (INSTALLED / name).read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    assert lines and all(re.fullmatch(r"[a-z0-9]+(>=[0-9.]+)?", line) for line in lines)
    assert not [line for line in lines if line.startswith("ansible")]


def test_nothing_of_the_development_is_packed():
    assert not [path.name for path in INSTALLED.iterdir() if path.name.startswith(".")]
    assert not list(INSTALLED.rglob("*.ansible-lint*")) and not (INSTALLED / "tests/sanity").exists()
