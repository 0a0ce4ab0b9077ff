"""Runs of the collection, as people run it: ansible-playbook hris.ad.sync over the scenario's
inventory.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from lab import paths
from lab.domain import Domain

HERE = Path(__file__).resolve().parent


INVENTORY = HERE / "inventory/hosts.yml"


def sync(place: dict, as_of: str, twice: bool = True) -> tuple[list[str], list[dict]]:
    """One run over both sources and, if it went well, a second one: (what went wrong, the writes of
    the second run).

    place: {"folder": where the output (sync.log) and the temporary files go, "domain", "servers":
    {kind: server}, "inventory"}.
    """
    folder, domain, servers = place["folder"], place["domain"], place["servers"]
    (folder / "tmp").mkdir(parents=True, exist_ok=True)
    log, mark = folder / "sync.log", folder / "mark"
    playbooks = ["hris.ad.sync", *((str(HERE / "mark.yml"), "hris.ad.sync") if twice else ())]
    command = [
        _program(),
        *playbooks,
        "-i",
        str(place["inventory"]),
        "-e",
        f"lifecycle_as_of={as_of}",
        "-e",
        f"elmo_ca_cert={servers['elmo'].ca_file}",
        "-e",
        f"icehrm_ca_cert={servers['icehrm'].ca_file}",
        "-e",
        f"scenario_log={domain.log}",
        "-e",
        f"scenario_mark={mark}",
        "-e",
        f"scenario_feeds={folder / 'tmp'}",
    ]
    with log.open("w", encoding="utf-8") as output:
        done = subprocess.run(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=_environment(folder, domain, servers),
        )
    said = log.read_text(encoding="utf-8")
    if done.returncode:
        return [f"the run failed: {text}" for text in _failures(said)], []
    return [], domain.writes_since(int(mark.read_text())) if twice else []


def _program() -> str:
    beside = Path(sys.executable).with_name("ansible-playbook")
    return str(beside) if beside.exists() else "ansible-playbook"


def _environment(folder: Path, domain: Domain, servers: dict) -> dict[str, str]:
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


def _failures(said: str) -> list[str]:
    """The sentences of the tasks that failed."""
    failed = "\n".join(line for line in said.splitlines() if line.startswith(("fatal:", "failed:")))
    found = re.findall(r'"msg": "((?:[^"\\]|\\.)*)"', failed)
    return list(dict.fromkeys(found)) or [said[-800:]]
