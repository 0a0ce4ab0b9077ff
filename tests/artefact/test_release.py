"""A release by one command, on a copy of the repository: version, addresses, changelog, tag, and an artefact that says all that."""
from __future__ import annotations

import json
import os
import re
import subprocess
import tarfile
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
VERSION, ADDRESS = "9.8.7", "https://git.example.org/us/hris.ad"


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-c", "safe.directory=*", *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.fixture
def copy(tmp_path):
    """What git keeps of this checkout, as a repository of its own, with the environment of this one."""
    folder = tmp_path / "repository"
    names = git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes((ROOT / name).read_bytes())
            (folder / name).chmod((ROOT / name).stat().st_mode)
    git(folder, "init", "--quiet", "--initial-branch", "main")
    for name, value in {"user.name": "Release", "user.email": "release@example.org"}.items():
        git(folder, "config", name, value)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "As it is")
    (folder / ".cache").mkdir()
    (folder / ".cache/venv").symlink_to(ROOT / ".cache/venv")
    return folder


def release(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([folder / "scripts/release", *arguments], cwd=folder, env={**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null"},
                          capture_output=True, text=True, check=False)


@pytest.mark.long
def test_a_release(copy):
    refused = release(copy, VERSION)
    assert refused.returncode and "galaxy.yml has no address yet" in refused.stderr
    assert "usage" in release(copy, "1.2").stderr
    done = release(copy, VERSION, ADDRESS)
    assert done.returncode == 0, done.stdout + done.stderr
    assert git(copy, "tag", "--list").split() == [VERSION] and git(copy, "status", "--porcelain") == ""
    changelog = yaml.safe_load((copy / "changelogs/changelog.yaml").read_text(encoding="utf-8"))
    assert changelog["releases"][VERSION]["changes"]["minor_changes"] and not list((copy / "changelogs/fragments").glob("*.yml"))
    with tarfile.open(copy / f".cache/dist/hris-ad-{VERSION}.tar.gz") as archive:
        info = json.load(archive.extractfile("MANIFEST.json"))["collection_info"]
        readme, notes, galaxy = (archive.extractfile(name).read().decode() for name in ("README.md", "CHANGELOG.md", "changelogs/changelog.yaml"))
    assert info["version"] == VERSION and info["repository"] == ADDRESS and all(info[name].startswith(ADDRESS) for name in ("documentation", "homepage", "issues"))
    assert f"]({ADDRESS}/blob/{VERSION}/docs/lifecycle.md)" in readme and f"hris.ad:=={VERSION}" in readme and "example.com/hris/ad" not in readme
    assert f"#v{VERSION.replace('.', '-')}" in notes and VERSION in galaxy
    shown = "\n".join(path.read_text(encoding="utf-8") for pattern in ("docs/*.md", "examples/awx/*.yml") for path in copy.glob(pattern))
    assert all(text in shown for text in (f"hris-ad-{VERSION}.tar.gz", f"hris-ad:{VERSION}", f"- name: hris.ad\n    version: {VERSION}\n"))
    assert not re.search(r"hris[.-]ad(:==|:|-)0\.1\.0", shown)

    (copy / "README.md").write_text("changed", encoding="utf-8")
    assert "not committed" in release(copy, "9.9.0").stderr
    git(copy, "checkout", "--quiet", "README.md")
    assert f"there is a tag {VERSION} already" in release(copy, VERSION).stderr
    assert "changelogs/fragments is empty" in release(copy, "9.9.0").stderr
