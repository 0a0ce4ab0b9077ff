"""The collection as users run it: a module as a process of its own, and ansible-playbook with a play of one task."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from lab.paths import CHECKOUT

from . import measure, rules

MODULES = "ansible_collections.hris.ad.plugins.modules"


def directory(domain, address: str | None = None) -> dict:
    """The option `directory` for a lab's domain; address: host:port instead of the domain's own."""
    return {
        "servers": [address or domain.address],
        "ca_cert": domain.ca_file,
        "username": domain.admin_name,
        "password": domain.admin_password,
    }


def sync_options(feed: Path, where: dict, **more) -> dict:
    """The options of hris.ad.sync with the rules of the bench."""
    return {**rules.OPTIONS, "src": str(feed), "directory": where, **more}


def module(
    name: str, options: dict, folder: Path, check: bool = False, expect: dict | None = None
) -> dict:
    """Run a module's main() in its own process, as measure.run; "result" is what it answered.

    expect: {key: value} of the result, or BenchError: a figure of something else than what was meant is worse than none.
    """
    path = folder / f"{name}.json"
    path.write_text(
        json.dumps({"ANSIBLE_MODULE_ARGS": {**options, "_ansible_check_mode": check}}),
        encoding="utf-8",
    )
    path.chmod(0o600)
    found = measure.run(
        [sys.executable, "-m", f"{MODULES}.{name}", str(path)],
        {"PYTHONPATH": str(CHECKOUT / ".cache/dev")},
    )
    result = json.loads(found.pop("output"))
    _check(f"the module {name}", result, expect)
    return {**found, "result": result}


def playbook(
    name: str, options: dict, folder: Path, check: bool = False, expect: dict | None = None
) -> dict:
    """Run ansible-playbook with this one task, as measure.run; expect as of module, for what the recap tells: changed."""
    path = folder / f"{name}.yml"
    path.write_text(
        json.dumps(
            [
                {
                    "name": "Bench",
                    "hosts": "localhost",
                    "gather_facts": False,
                    "tasks": [{"name": "Measure", f"hris.ad.{name}": options}],
                }
            ]
        ),
        encoding="utf-8",
    )
    path.chmod(0o600)
    found = measure.run(
        [program("ansible-playbook"), *(["--check"] if check else []), str(path)],
        ansible(folder),
        cwd=folder,
    )
    output = found.pop("output")
    if expect is not None:
        _check(
            "ansible-playbook",
            {"changed": "changed=1" in output},
            {key: expect[key] for key in expect if key == "changed"},
        )
    return found


def program(name: str) -> str:
    """A program beside the interpreter that runs the bench."""
    return str(Path(sys.executable).with_name(name))


def ansible(folder: Path) -> dict[str, str]:
    """The environment of an ansible-playbook that shows one line a task and reads no configuration of this machine."""
    config = folder / "ansible.cfg"
    config.write_text("[defaults]\n", encoding="utf-8")
    return {
        "ANSIBLE_COLLECTIONS_PATH": os.environ.get(
            "ANSIBLE_COLLECTIONS_PATH", str(CHECKOUT / ".cache/dev")
        ),
        "ANSIBLE_CONFIG": str(config),
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_LOCAL_TEMP": str(folder / "tmp"),
        "ANSIBLE_REMOTE_TEMP": str(folder / "tmp"),
    }


def _check(what: str, result: dict, expect: dict | None) -> None:
    for key, value in (expect or {}).items():
        if result.get(key) != value:
            said = str(result.get("msg", result))[:600]
            raise measure.BenchError(
                f"{what} gave {key}={result.get(key)!r} instead of {value!r}: {said}"
            )
