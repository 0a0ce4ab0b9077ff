"""Modules that need no directory, each through its real main() in a process of its own."""
from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run_module(folder: Path, name: str, check: bool = False, **options) -> dict:
    """The module's result; a failed module's has "failed"."""
    path = folder / "arguments.json"
    path.write_text(json.dumps({"ANSIBLE_MODULE_ARGS": {**options, "_ansible_check_mode": check}}), encoding="utf-8")
    done = subprocess.run([sys.executable, "-m", f"ansible_collections.hris.ad.plugins.modules.{name}", str(path)],
                          env={**os.environ, "PYTHONPATH": str(ROOT / ".cache/dev")}, capture_output=True, text=True, check=False)
    assert done.stdout.strip(), f"{name} said nothing: {done.stderr}"
    return json.loads(done.stdout)
