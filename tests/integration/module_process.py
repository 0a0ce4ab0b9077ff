"""Runs a module's real main() in a process of its own, as Ansible does, without Ansible around it.

The processes are forks of one that has imported the modules: a third of a second less for each of thousands.
"""
from __future__ import annotations

import json
import multiprocessing
import os
import runpy
import sys
import tempfile
from functools import cache
from multiprocessing import forkserver
from pathlib import Path

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.run import source_options

MODULES = "ansible_collections.hris.ad.plugins.modules."
STREAMS = ("stdout", "stderr")
ROOT = Path(__file__).resolve().parents[2]
DEV = ROOT / ".cache/dev"
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload([MODULES + name for name in ("sync", "elmo_employee_info")])
OF_A_SOURCE = set(source_options.ARGUMENTS["options"])  # with limits: those of the only source


def one_source(options: dict) -> dict:
    """The options of sync for one source, from its rules, its employees and the options of the domain in one mapping."""
    return {**{name: value for name, value in options.items() if name not in OF_A_SOURCE},
            "sources": [{name: value for name, value in options.items() if name in OF_A_SOURCE}]}


def run_module(folder: Path, name: str, options: dict, check: bool = False, diff: bool = False) -> dict:
    """The module's result; a failed module's has "failed". folder: where its arguments go."""
    _start_forks()
    given = {**options, "_ansible_check_mode": check, "_ansible_diff": diff}
    (folder / "arguments.json").write_text(json.dumps({"ANSIBLE_MODULE_ARGS": given}), encoding="utf-8")
    with tempfile.TemporaryDirectory(prefix="hris-module-") as output:
        process = FORKS.Process(target=_run, args=(name, str(folder / "arguments.json"), output, dict(os.environ), os.getcwd()))
        process.start()
        process.join()
        printed, errors = ((Path(output) / stream).read_text(encoding="utf-8") for stream in STREAMS)
    assert printed.strip(), f"{name} said nothing: {errors}"
    return json.loads(printed)


@cache
def _start_forks() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(DEV))
        forkserver.ensure_running()


def _run(name: str, path: str, output: str, environment: dict, folder: str) -> None:
    os.environ.clear()
    os.environ.update(environment | {"PYTHONPATH": str(DEV)})
    os.chdir(folder)
    for number, stream in enumerate(STREAMS, 1):
        with (Path(output) / stream).open("wb") as file:
            os.dup2(file.fileno(), number)
    sys.argv = [name, path]
    runpy.run_module(MODULES + name, run_name="__main__")
