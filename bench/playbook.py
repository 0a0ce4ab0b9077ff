"""The playbook hris.ad.sync for a small company, beside a play of one task that does nothing."""

from __future__ import annotations

import json
import re
from pathlib import Path

from lab import hr, population
from lab.domain import Domain
from lab.paths import CHECKOUT

from . import measure, ours
from .figures import Row, row
from .measure import Measured

PEOPLE = 50
INVENTORY = CHECKOUT / "examples/elmo"


def at_noop(domain: Domain, folder: Path, times: int) -> tuple[list[Row], float]:
    """(rows, wall of the playbook over that of the no-op play): ELMO is read, nothing changes."""
    domain.reset()
    tls = domain.root / "private/tls"
    company = population.generate(PEOPLE, company="elmo")
    with hr.serve("elmo", company, address=domain.address, tls=tls) as server:
        where = _environment(domain, server, folder)
        command = _command(domain, company["date"])
        _run(command, where, folder, "changed=1 ")  # the first load
        results = measure.interleaved(
            {
                "noop": lambda: _run(_noop(folder), where, folder, "changed=0 "),
                "playbook": lambda: _run(command, where, folder, "changed=0 "),
            },
            times,
        )
    times_noop = measure.ratio(results["playbook"], results["noop"])
    headings = int(results["playbook"]["headings"])
    note = f"{times_noop:.2f} × the play of one task; {headings} task headings"
    return [
        row(None, "start of Ansible", "a play of one task, ping", results["noop"]),
        row(PEOPLE, "no change, ELMO read", "the playbook hris.ad.sync", results["playbook"], note),
    ], times_noop


def _environment(domain: Domain, server: hr.Server, folder: Path) -> dict[str, str]:
    return {
        **ours.ansible(folder),
        "TMPDIR": str(folder),
        "HRIS_AD_SERVERS": domain.address,
        "HRIS_AD_USERNAME": domain.admin_name,
        "HRIS_AD_PASSWORD": domain.admin_password,
        "HRIS_AD_CA_CERT": domain.ca_file,
        "HRIS_ELMO_BASE_URL": server.url,
        "HRIS_ELMO_CLIENT_ID": "lab-client",
        "HRIS_ELMO_CLIENT_SECRET": "lab-secret",
    }


def _command(domain: Domain, day: str) -> list[str]:
    given = {"lifecycle_as_of": day, "elmo_ca_cert": domain.ca_file}
    program = ours.program("ansible-playbook")
    return [program, "hris.ad.sync", "-i", str(INVENTORY), "-e", json.dumps(given)]


def _noop(folder: Path) -> list[str]:
    task = {"name": "Do nothing", "ansible.builtin.ping": {}}
    play = {"name": "Bench", "hosts": "localhost", "gather_facts": False, "tasks": [task]}
    path = folder / "noop.yml"
    path.write_text(json.dumps([play]), encoding="utf-8")
    return [ours.program("ansible-playbook"), str(path)]


def _run(command: list[str], environment: dict[str, str], folder: Path, recap: str) -> Measured:
    """As measure.run, and "headings", how many tasks the output names. recap: what it ends with."""
    results = measure.run(command, environment, cwd=folder)
    output = results.pop("output")
    if recap not in output or "failed=0 " not in output:
        raise measure.BenchError(f"the recap has no '{recap}': {output.strip()[-1500:]}")
    return {**results, "headings": len(re.findall(r"^TASK \[", output, re.MULTILINE))}
