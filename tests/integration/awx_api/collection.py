"""The real collection awx.awx, out of the PyPI package `ansible`: 10.7 has awx.awx 24.6.1."""
from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

PACKAGE, NEEDED = "ansible==10.7.*", "ansible_collections/awx/awx/"


class NotThereError(Exception):
    """The package cannot be had."""


def awx_collection(cache: Path) -> Path:
    """A folder for ANSIBLE_COLLECTIONS_PATH with awx.awx in it. cache: where the package is kept. Raises NotThereError."""
    wanted = cache / "collections"
    if not (wanted / NEEDED / "plugins").is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        if not list(cache.glob("ansible-10.7.*.whl")):
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", "--dest", str(cache), PACKAGE]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                raise NotThereError(f"pip cannot download {PACKAGE}: {done.stderr.strip().splitlines()[-1:]}")
        (wheel,) = cache.glob("ansible-10.7.*.whl")
        with zipfile.ZipFile(wheel) as archive:
            names = [name for name in archive.namelist() if name.startswith(NEEDED) and "/tests/" not in name]
            archive.extractall(wanted, names)
    return wanted
