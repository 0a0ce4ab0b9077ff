"""Runs a module's real main() in a process of its own, as Ansible does, without Ansible around it."""
from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from ansible_collections.hris.ad.plugins.module_utils._hris.run import source_options

ROOT = Path(__file__).resolve().parents[2]


OF_A_SOURCE = set(source_options.ARGUMENTS["options"])  # with limits: those of the only source


def one_source(options: dict) -> dict:
    """The options of sync for one source, from its rules, its employees and the options of the domain in one mapping."""
    return {**{name: value for name, value in options.items() if name not in OF_A_SOURCE},
            "sources": [{name: value for name, value in options.items() if name in OF_A_SOURCE}]}


def run_module(folder: Path, name: str, options: dict, check: bool = False, diff: bool = False) -> dict:
    """The module's result; a failed module's has "failed". folder: where its arguments go."""
    path = folder / "arguments.json"
    path.write_text(json.dumps({"ANSIBLE_MODULE_ARGS": {**options, "_ansible_check_mode": check, "_ansible_diff": diff}}), encoding="utf-8")
    done = subprocess.run([sys.executable, "-m", f"ansible_collections.hris.ad.plugins.modules.{name}", str(path)],
                          env={**os.environ, "PYTHONPATH": str(ROOT / ".cache/dev")}, capture_output=True, text=True, check=False)
    assert done.stdout.strip(), f"{name} said nothing: {done.stderr}"
    return json.loads(done.stdout)
