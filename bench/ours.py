"""The collection as users run it: a module as a process of its own, and ansible-playbook with a
play of one task.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from lab.domain import Domain
from lab.paths import CHECKOUT

from . import measure, rules
from .measure import Measured

MODULES = "ansible_collections.hris.ad.plugins.modules"

Options = dict[str, Any]  # of a module
Expected = dict[str, Any]  # {key of a module's result: value}


def directory(domain: Domain, address: str | None = None) -> Options:
    """The option `directory` for a lab's domain; address: host:port instead of the domain's own."""
    return {
        "servers": [address or domain.address],
        "ca_cert": domain.ca_file,
        "username": domain.admin_name,
        "password": domain.admin_password,
    }


def sync_options(feed: Path, connection: Options) -> Options:
    """The options of hris.ad.sync with the rules of the bench. connection: the option
    `directory`.
    """
    source = {**rules.OPTIONS, "src": str(feed)}
    return {"sources": [source], "as_of": rules.AS_OF, "directory": connection}


def module(
    name: str,
    options: Options,
    folder: Path,
    check: bool = False,
    expect: Expected | None = None,
) -> Measured:
    """Run a module's main() in its own process, as measure.run; "result" is the module's result.

    Raises BenchError for a result that is not as expected: a figure of something else is worse than
    none.
    """
    path = folder / f"{name}.json"
    arguments = {"ANSIBLE_MODULE_ARGS": {**options, "_ansible_check_mode": check}}
    path.write_text(json.dumps(arguments), encoding="utf-8")
    path.chmod(0o600)
    measured = measure.run(
        [sys.executable, "-m", f"{MODULES}.{name}", str(path)],
        {"PYTHONPATH": str(CHECKOUT / ".cache/dev")},
    )
    result = json.loads(measured.pop("output"))
    _check(f"the module {name}", result, expect or {})
    return {**measured, "result": result}


def playbook(
    name: str,
    options: Options,
    folder: Path,
    check: bool = False,
    expect: Expected | None = None,
) -> Measured:
    """Run ansible-playbook with this one task, as measure.run.

    expect: as of module; only "changed" is compared, because the recap says no more.
    """
    path = folder / f"{name}.yml"
    play = {
        "name": "Bench",
        "hosts": "localhost",
        "gather_facts": False,
        "tasks": [{"name": "Measure", f"hris.ad.{name}": options}],
    }
    path.write_text(json.dumps([play]), encoding="utf-8")
    path.chmod(0o600)
    command = [program("ansible-playbook"), *(["--check"] if check else []), str(path)]
    measured = measure.run(command, ansible(folder), cwd=folder)
    recap = {"changed": "changed=1" in measured.pop("output")}
    expected = {key: value for key, value in (expect or {}).items() if key in recap}
    _check("ansible-playbook", recap, expected)
    return measured


def program(name: str) -> str:
    """A program beside the interpreter that runs the bench."""
    return str(Path(sys.executable).with_name(name))


def ansible(folder: Path) -> dict[str, str]:
    """The environment of an ansible-playbook that shows one line a task and reads no configuration
    of this machine.
    """
    config = folder / "ansible.cfg"
    config.write_text("[defaults]\n", encoding="utf-8")
    collections = os.environ.get("ANSIBLE_COLLECTIONS_PATH", str(CHECKOUT / ".cache/dev"))
    return {
        "ANSIBLE_COLLECTIONS_PATH": collections,
        "ANSIBLE_CONFIG": str(config),
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_LOCAL_TEMP": str(folder / "tmp"),
        "ANSIBLE_REMOTE_TEMP": str(folder / "tmp"),
    }


def _check(what: str, result: dict[str, Any], expected: Expected) -> None:
    for key, value in expected.items():
        if result.get(key) != value:
            message = str(result.get("msg", result))[:600]
            given = f"{key}={result.get(key)!r} instead of {value!r}"
            raise measure.BenchError(f"{what} gave {given}: {message}")
