"""What Galaxy and Automation Hub say to an upload: galaxy-importer with the settings of both, and the addresses of the README."""
from __future__ import annotations

import os
import re
import subprocess
import tarfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = ROOT / ".cache/venv-importer/bin"
# ansible-lint, as the importer calls it, looks for the collection in a folder above the right one, and then does not find our own playbooks by
# name. They are there: test_artefact.py runs each by name.
NOT_FOUND = re.compile(r"WARNING: ERROR +Failed to find hris\.ad\.(\w+) playbook\.")
OURS = {path.stem for path in (ROOT / "playbooks").glob("*.yml")}
DONE = "Importer processing completed successfully"


def complaints(configuration: str, folder: Path) -> list[str]:
    """The lines of the importer that are warnings or errors. A lint that takes longer than three minutes is one, too."""
    (artefact,) = (ROOT / ".cache/dist").glob("hris-ad-*.tar.gz")
    environment = {"PATH": f"{BIN}:{os.environ['PATH']}", "HOME": str(folder), "LC_ALL": "C.UTF-8",
                   "GALAXY_IMPORTER_CONFIG": str(Path(__file__).with_name("galaxy-importer") / f"{configuration}.cfg")}
    done = subprocess.run([BIN / "python", "-m", "galaxy_importer.main", artefact], cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert DONE in done.stdout, done.stdout[-3000:] + done.stderr[-3000:]
    lines = [line for line in done.stdout.splitlines() if line.startswith(("WARNING", "ERROR", "CRITICAL"))]
    return [line for line in lines if not ((found := NOT_FOUND.fullmatch(line.strip())) and found[1] in OURS)]


@pytest.mark.parametrize("configuration", ["community", pytest.param("certification", marks=pytest.mark.long)])
def test_the_importer_has_no_complaint(configuration, tmp_path):
    assert complaints(configuration, tmp_path) == []


def test_the_readme_has_full_addresses():
    (artefact,) = (ROOT / ".cache/dist").glob("hris-ad-*.tar.gz")
    with tarfile.open(artefact) as archive:
        text = archive.extractfile("README.md").read().decode()
        packed = {name for member in archive for name in (member.name, *map(str, Path(member.name).parents))}
    links = re.findall(r"\]\(([^)\s]+)\)", text)
    assert len(links) > 20 and [link for link in links if not re.match(r"https://|#", link)] == []
    ours = [link.partition("#")[0].split("/blob/0.1.0/")[1] for link in links if "/blob/" in link]
    assert [name for name in ours if name not in packed | {"CHANGELOG.md"}] == [], "CHANGELOG.md is made by a release"
