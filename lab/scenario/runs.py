"""Runs of the collection, as users run it: ansible-playbook hris.ad.sync over the scenario's
inventory.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, TypedDict

from lab import hr, paths
from lab.domain import Domain

HERE = Path(__file__).resolve().parent
NAMES_LEDGER = "names.ledger"  # in the folder of temporary files
INVENTORY = HERE / "inventory/hosts.yml"


class Place(TypedDict):
    """Where a run takes place."""

    folder: Path  # of the output (sync.log) and temporary files
    domain: Domain
    servers: dict[str, hr.Server]  # {kind: server}
    inventory: Path


def sync(place: Place, as_of: str, twice: bool = True) -> tuple[list[str], list[dict[str, Any]]]:
    """One run over both sources and, if it went well, a second one: (errors, the writes of the
    second run).
    """
    folder, domain, servers = place["folder"], place["domain"], place["servers"]
    (folder / "tmp").mkdir(parents=True, exist_ok=True)
    log, mark = folder / "sync.log", folder / "mark"
    playbooks = ["hris.ad.sync", *((str(HERE / "mark.yml"), "hris.ad.sync") if twice else ())]
    variables = {
        "lifecycle_as_of": as_of,
        "elmo_ca_cert": servers["elmo"].ca_file,
        "icehrm_ca_cert": servers["icehrm"].ca_file,
        "scenario_log": domain.log,
        "scenario_mark": mark,
        "scenario_feeds": folder / "tmp",
    }
    command = [_program(), *playbooks, "-i", str(place["inventory"])]
    for name, value in variables.items():
        command += ["-e", f"{name}={value}"]
    with log.open("w", encoding="utf-8") as stdout:
        done = subprocess.run(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.STDOUT,
            env=_environment(folder, domain, servers),
        )
    output = log.read_text(encoding="utf-8")
    if done.returncode:
        return [f"the run failed: {text}" for text in _failures(output)], []
    return [], domain.writes_since(int(mark.read_text())) if twice else []


def _program() -> str:
    beside = Path(sys.executable).with_name("ansible-playbook")
    return str(beside) if beside.exists() else "ansible-playbook"


def _environment(folder: Path, domain: Domain, servers: dict[str, hr.Server]) -> dict[str, str]:
    settings = servers["elmo"].app.settings
    given = {
        "ANSIBLE_COLLECTIONS_PATH": str(paths.CHECKOUT / ".cache/dev"),
        **os.environ,
        "TMPDIR": str(folder / "tmp"),
    }
    return given | {
        "ANSIBLE_NOCOWS": "1",
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_FORKS": "1",
        "HRIS_AD_SERVERS": domain.address,
        "HRIS_AD_USERNAME": domain.service_name,
        "HRIS_AD_PASSWORD": domain.service_password,
        "HRIS_AD_CA_CERT": domain.ca_file,
        "HRIS_ELMO_BASE_URL": servers["elmo"].url,
        "HRIS_ELMO_CLIENT_ID": settings["client_id"],
        "HRIS_ELMO_CLIENT_SECRET": settings["client_secret"],
        "HRIS_ICEHRM_BASE_URL": servers["icehrm"].url,
        "HRIS_ICEHRM_TOKEN": servers["icehrm"].token(),
    }


def _failures(output: str) -> list[str]:
    """The messages of the tasks that failed."""
    failed = "\n".join(
        line for line in output.splitlines() if line.startswith(("fatal:", "failed:"))
    )
    found = re.findall(r'"msg": "((?:[^"\\]|\\.)*)"', failed)
    return list(dict.fromkeys(found)) or [output[-800:]]
