"""A company whose accounts exist already: nothing to change, 1 % to change, and check mode."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lab.domain import Domain

from . import domains, feeds, floor, front, measure, ours, people, stored_plan
from .figures import Row, row
from .measure import Measured

EVERY = 100  # one person in so many changes
MODULE, PLAYBOOK = "sync: module's process", "sync: whole ansible-playbook"


def account_search(domain: Domain, folder: Path) -> floor.AccountSearch:
    """The search for accounts as sync sends it, taken from the wire."""
    tls, numbers = domain.root / "private/tls", domains.group_numbers(domain)
    between = front.Front(10, domain.address, domain.address, tls, numbers)
    options = ours.sync_options(feeds.record(folder, 10), ours.directory(domain, between.address))
    try:
        ours.module("sync", options, folder, check=True)
    finally:
        between.close()
    if not between.asked:
        raise measure.BenchError(
            "sync did not search for accounts in a way that bench/front.py knows"
        )
    return between.asked


def no_change(
    domain: Domain, size: int, folder: Path, times: int, address: str | None = None
) -> tuple[list[Row], dict[str, Measured]]:
    """(rows, {"floor", "module", "playbook"} as measured) of a run that has nothing to do.

    address: of a front instead of the domain.
    """
    feed = feeds.record(folder, size)
    options = ours.sync_options(feed, ours.directory(domain, address))
    asked, url = account_search(domain, folder), f"ldaps://{address or domain.address}"
    unchanged = {"changed": False}
    floor.search(domain, asked, url)  # the first one fills caches of the server
    results = measure.interleaved(
        {
            "floor": lambda: floor.search(domain, asked, url),
            "module": lambda: ours.module("sync", options, folder, expect=unchanged),
            "playbook": lambda: ours.playbook("sync", options, folder, expect=unchanged),
        },
        times,
    )
    feed.unlink()
    note = "" if address is None else "accounts from bench/front.py"
    ratio = f"{measure.ratio(results['module'], results['floor']):.2f} × ldapsearch"
    return [
        row(size, "no change", "ldapsearch", results["floor"], note),
        row(size, "no change", MODULE, results["module"], ratio),
        row(size, "no change", PLAYBOOK, results["playbook"]),
    ], results


def one_percent(domain: Domain, size: int, folder: Path, times: int) -> list[Row]:
    """1 % of the people move to another floor, and back with the next run: each of the two is such
    a run.
    """
    before, after = feeds.record(folder, size), feeds.record(folder, size, EVERY)
    directory = ours.directory(domain)
    there, back = ours.sync_options(after, directory), ours.sync_options(before, directory)
    changed = {"changed": True}
    applied = {"changed": True, "applied": size // EVERY}
    results = measure.interleaved(
        {
            "check": lambda: ours.module("sync", there, folder, check=True, expect=changed),
            "check playbook": lambda: ours.playbook(
                "sync", there, folder, check=True, expect=changed
            ),
            "module": lambda: ours.module("sync", there, folder, expect=applied),
            "playbook": lambda: ours.playbook("sync", back, folder, expect=changed),
        },
        times,
    )
    before.unlink()
    after.unlink()
    return [
        row(size, "1 % change, check mode", MODULE, results["check"]),
        row(size, "1 % change, check mode", PLAYBOOK, results["check playbook"]),
        row(size, "1 % change", MODULE, results["module"]),
        row(size, "1 % change", PLAYBOOK, results["playbook"]),
    ]


def one_person(domain: Domain, size: int, folder: Path, times: int) -> tuple[list[Row], float]:
    """(rows, wall of a run for one person over that of a run that has nothing to do).

    One person moves to another floor, and back with the next run. Each of the two has the write
    answered before it ends.
    """
    before, after = feeds.record(folder, size), feeds.record(folder, size, size)
    directory = ours.directory(domain)
    nothing = ours.sync_options(before, directory)
    only = {"only": [people.key(size // 2)]}
    there = {**ours.sync_options(after, directory), **only}
    back = {**nothing, **only}
    unchanged, one = {"changed": False}, {"changed": True, "applied": 1}
    results = measure.interleaved(
        {
            "nothing": lambda: ours.module("sync", nothing, folder, expect=unchanged),
            "there": lambda: ours.module("sync", there, folder, expect=one),
            "back": lambda: ours.module("sync", back, folder, expect=one),
        },
        times,
    )
    before.unlink()
    after.unlink()
    both = measure.medians([*results["there"]["runs"], *results["back"]["runs"]])
    twice = {"runs": results["nothing"]["runs"] * 2}
    ratio = measure.ratio(both, twice)
    note = f"{ratio:.3f} × a run that has nothing to do"
    return [row(size, "one person now", MODULE, both, note)], ratio


def at_size(
    size: int, address: str, folder: Path, times: int, free_address: Callable[[], object]
) -> tuple[list[Row], dict[str, Any]]:
    """All of it on a domain that holds `size` people: (rows, what no_change measured, and the
    ratios "one" of one_person and "stored" of stored_plan.py).

    free_address: stops the server that has the address.
    """
    free_address()
    domain = domains.filled(size, address)
    domain.start()
    try:
        rows, results = no_change(domain, size, folder, times + 2)
        rows += one_percent(domain, size, folder, times)
        ones, ratio = one_person(domain, size, folder, times + 2)
        stored, times_file = stored_plan.applied(domain, size, folder)
        return rows + ones + stored, {**results, "one": ratio, "stored": times_file}
    finally:
        domain.stop()


def behind_front(
    domain: Domain, size: int, folder: Path, times: int
) -> tuple[list[Row], dict[str, Measured]]:
    """No change at a size that no domain here holds: (rows, what no_change measured)."""
    command = [sys.executable, "-m", "bench.front", "--size", str(size)]
    command += ["--address", domain.address, "--behind", domain.address]
    command += ["--tls", str(domain.root / "private/tls")]
    command += ["--groups", json.dumps(domains.group_numbers(domain))]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        return no_change(domain, size, folder, times, server.stdout.readline().strip())
    finally:
        server.terminate()
        server.wait()
        server.stdout.close()
