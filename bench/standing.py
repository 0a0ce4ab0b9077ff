"""A company whose accounts stand already: nothing to change, 1 % to change, and looking only (check mode)."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from . import domains, feeds, floor, front, measure, ours
from .figures import row

CHANGED = 100  # every so-manieth person


def asked_of(domain, folder: Path) -> dict:
    """The search for accounts as sync sends it, taken from the wire: {"base", "filter", "attributes"}."""
    between = front.Front(10, domain.address, domain.address, domain.root / "private/tls")
    try:
        ours.module(
            "sync",
            ours.sync_options(feeds.record(folder, 10), ours.directory(domain, between.address)),
            folder,
            check=True,
        )
    finally:
        between.close()
    if not between.asked:
        raise measure.BenchError(
            "sync did not search for accounts in a way that bench/front.py knows"
        )
    return between.asked


def no_change(
    domain, size: int, folder: Path, times: int, address: str | None = None
) -> tuple[list[dict], dict]:
    """(rows, {"floor", "module", "playbook"} as measured) of a run that has nothing to do. address: of a front instead of the domain."""
    feed, where = feeds.record(folder, size), ours.directory(domain, address)
    asked, url = asked_of(domain, folder), f"ldaps://{address or domain.address}"
    unchanged = {"changed": False}
    floor.search(domain, asked, url)  # the first one fills caches of the server
    found = measure.interleaved(
        {
            "floor": lambda: floor.search(domain, asked, url),
            "module": lambda: ours.module(
                "sync", ours.sync_options(feed, where), folder, expect=unchanged
            ),
            "playbook": lambda: ours.playbook(
                "sync", ours.sync_options(feed, where), folder, expect=unchanged
            ),
        },
        times,
    )
    served = "" if address is None else "accounts from bench/front.py"
    times_floor = f"{measure.ratio(found['module'], found['floor']):.2f} × ldapsearch"
    feed.unlink()
    return [
        row(size, "no change", "ldapsearch", found["floor"], served),
        row(size, "no change", "sync: module's process", found["module"], times_floor),
        row(size, "no change", "sync: whole ansible-playbook", found["playbook"]),
    ], found


def one_percent(domain, size: int, folder: Path, times: int) -> list[dict]:
    """1 % of the people move to another floor, and back with the next run: each of the two is such a run."""
    before, after, where = (
        feeds.record(folder, size),
        feeds.record(folder, size, CHANGED),
        ours.directory(domain),
    )
    changes = {"changed": True}
    found = measure.interleaved(
        {
            "check": lambda: ours.module(
                "sync", ours.sync_options(after, where), folder, check=True, expect=changes
            ),
            "check playbook": lambda: ours.playbook(
                "sync", ours.sync_options(after, where), folder, check=True, expect=changes
            ),
            "module": lambda: ours.module(
                "sync",
                ours.sync_options(after, where),
                folder,
                expect={**changes, "applied": size // CHANGED},
            ),
            "playbook": lambda: ours.playbook(
                "sync", ours.sync_options(before, where), folder, expect=changes
            ),
        },
        times,
    )
    before.unlink()
    after.unlink()
    return [
        row(size, "1 % change, check mode", "sync: module's process", found["check"]),
        row(
            size, "1 % change, check mode", "sync: whole ansible-playbook", found["check playbook"]
        ),
        row(size, "1 % change", "sync: module's process", found["module"]),
        row(size, "1 % change", "sync: whole ansible-playbook", found["playbook"]),
    ]


def at_size(
    size: int, address: str, folder: Path, times: int, free: Callable[[], object]
) -> tuple[list[dict], dict]:
    """All of it on a domain that holds `size` people: (rows, what no_change measured). free: ends whatever has the address."""
    free()
    domain = domains.filled(size, address)
    domain.start()
    try:
        rows, found = no_change(domain, size, folder, times + 2)
        return rows + one_percent(domain, size, folder, times), found
    finally:
        domain.stop()


def behind_front(domain, size: int, folder: Path, times: int) -> tuple[list[dict], dict]:
    """No change at a size that no domain here holds: (rows, what no_change measured)."""
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "bench.front",
            "--size",
            str(size),
            "--address",
            domain.address,
            "--behind",
            domain.address,
            "--tls",
            str(domain.root / "private/tls"),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        return no_change(domain, size, folder, times, server.stdout.readline().strip())
    finally:
        server.terminate()
        server.wait()
        server.stdout.close()
