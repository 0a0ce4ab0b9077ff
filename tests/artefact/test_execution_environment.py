"""Execution environments: what the built collection brings into one, and the definitions in examples/awx, read by ansible-builder."""
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
INSTALLED = ROOT / ".cache/collections"
BUILDER = Path(sys.executable).with_name("ansible-builder")
EXAMPLE = ROOT / "examples/awx"
DEFINITIONS = ("execution-environment.yml", "execution-environment-kerberos.yml")
PYTHON = "/usr/bin/python3.11"


def builder(*arguments: str) -> str:
    done = subprocess.run([str(BUILDER), *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def packages(path: Path) -> list[str]:
    """The lines of a requirements file, without its comments."""
    lines = [line.partition("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines()]
    return [line for line in lines if line]


def test_what_the_collection_brings():
    """Its Python packages, every one, and nothing to compile: that is for Kerberos only."""
    text = builder("introspect", "--sanitize", str(INSTALLED))
    for line in packages(ROOT / "requirements.txt"):
        assert line in text, line
    assert "gssapi" not in text and "krb5" not in text and "gcc" not in text and "pytest" not in text


@pytest.mark.parametrize("name", DEFINITIONS)
def test_a_definition_is_one_that_builder_takes(name, tmp_path):
    builder("create", "--file", str(EXAMPLE / name), "--context", str(tmp_path / "context"), "--output-filename", "Containerfile")
    text = (tmp_path / "context/Containerfile").read_text(encoding="utf-8")
    assert f'ARG PYCMD="{PYTHON}"' in text and 'ARG PYPKG="python3.11"' in text, "not the platform's Python, which is too old"
    assert "ansible-core>=2.17" in text and "ansible-runner>=2.4" in text
    asked = yaml.safe_load((tmp_path / "context/_build/requirements.yml").read_text(encoding="utf-8"))
    assert asked["collections"] == [{"name": "hris.ad", "version": ">=0.1.0"}]


def test_kerberos_is_all_that_differs(tmp_path):
    plain, kerberos = (yaml.safe_load((EXAMPLE / name).read_text(encoding="utf-8")) for name in DEFINITIONS)
    assert kerberos["dependencies"].pop("python") == packages(ROOT / "requirements-kerberos.txt")
    assert set(plain["dependencies"].pop("python")) < set(packages(ROOT / "requirements-kerberos.txt"))
    system = kerberos["dependencies"].pop("system")
    assert plain == kerberos
    builder("create", "--file", str(EXAMPLE / DEFINITIONS[1]), "--context", str(tmp_path / "context"))
    assert (tmp_path / "context/_build/bindep.txt").read_text(encoding="utf-8").split("\n") == system
    compiled = [line.partition(" ")[0] for line in system if "compile" in line]
    assert "python3.11-devel" in compiled and "python3-devel" not in compiled, "the headers of the Python that runs the modules"
