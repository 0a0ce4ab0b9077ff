"""The built and installed collection: `make artefact` builds and installs it first and points ansible at it."""
from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
INSTALLED = ROOT / ".cache/collections"


@pytest.fixture(scope="session")
def packed() -> list[str]:
    """The names of the files in the artefact."""
    (artefact,) = (ROOT / ".cache/dist").glob("hris-ad-*.tar.gz")
    with tarfile.open(artefact) as archive:
        return sorted(member.name for member in archive if member.isfile())


@pytest.fixture
def run(tmp_path):
    """Runs an ansible program that sees the installed collection only: run("ansible-doc", …) -> CompletedProcess."""
    def call(program: str, *arguments: str) -> subprocess.CompletedProcess:
        environment = {
            **os.environ, "ANSIBLE_COLLECTIONS_PATH": str(INSTALLED), "ANSIBLE_LOCALHOST_WARNING": "false", "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false", "ANSIBLE_HOME": str(tmp_path), "ANSIBLE_STDOUT_CALLBACK": "default",
        }
        for name in [name for name in environment if name.startswith(("PYTHONPATH", "HRIS_AD_"))]:
            del environment[name]
        return subprocess.run([str(Path(sys.executable).with_name(program)), *arguments],
                              env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    return call
