"""python -m bench: measure the collection beside its peers and write the table; README.md says what each figure is."""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import platform
import shutil
import sys
import time
from datetime import datetime, timezone
from pathlib import Path

from lab.errors import LabError
from lab.paths import CHECKOUT
from lab.provision import check_packages

from . import (
    domains,
    fetching,
    figures,
    first_load,
    growth,
    loop,
    measure,
    people,
    playbook,
    standing,
    starting,
)

SIZES = (1_000, 10_000, 100_000, 1_000_000)
LARGEST_DOMAIN = 10_000  # beyond, filling a Samba takes too long: its accounts come from bench/front.py, and only up to
LARGEST_FRONT = 100_000
FIRST_LOAD = 2_000
LOOP = 15
RESULTS = CHECKOUT / "bench/results"


class Bench:
    """One run: what it is to measure, and what it has found so far."""

    def __init__(self, size: int, address: str, folder: Path):
        self.size, self.address, self.folder = size, address, folder
        self.sizes = [each for each in SIZES if each <= size] or [size]
        self.times = (
            3 if size >= SIZES[0] else 1
        )  # below, it is only to be seen that the bench works
        self.rows: list[dict] = []
        self.figures: dict[str, float] = {}
        self.domain = domains.clean(address)
        self.again: float | None = (
            None  # seconds that nothing to change takes us a person, at LARGEST_DOMAIN
        )
        self.load: float | None = (
            None  # seconds that the first load takes us a person, at FIRST_LOAD
        )

    def start(self) -> None:
        """Module start."""
        self.domain.start()
        self.rows_of(starting.imports(self.domain, self.folder, 15), "import_ms_over_bare_module")

    def plan(self) -> None:
        """Planning, decoding and memory without a directory."""
        rows, found = growth.at_sizes(self.sizes, self.folder)
        self.rows += rows
        if LARGEST_FRONT in found:
            self.figures["planning_people_per_second"] = LARGEST_FRONT / (
                found[LARGEST_FRONT]["rules"] + found[LARGEST_FRONT]["plan"]
            )
        if growth.slope(found) is not None:
            self.figures["growth_exponent_1k_100k"] = growth.slope(found)

    def stand(self) -> None:
        """No change, 1 % change and check mode on a domain that holds the people."""
        for size in self.sizes:
            if size <= LARGEST_DOMAIN:
                rows, found = standing.at_size(
                    size, self.address, self.folder, self.times, self.domain.stop
                )
                self.rows += rows
                if size == LARGEST_DOMAIN:
                    self.figures["no_change_vs_floor"] = measure.ratio(
                        found["module"], found["floor"]
                    )
                    self.figures["no_change_cpu_ms_per_person"] = (
                        1000 * found["module"]["cpu"] / size
                    )
                    self.again = found["module"]["wall"] / size

    def front(self) -> None:
        """No change at a size that only bench/front.py can show."""
        if LARGEST_FRONT in self.sizes:
            self.domain.reset()
            rows, found = standing.behind_front(self.domain, LARGEST_FRONT, self.folder, 3)
            self.rows += rows
            self.figures["peak_memory_gib_100k"] = found["module"]["gib"]

    def fetch(self) -> None:
        """Reading HR."""
        self.domain.start()
        for size in self.sizes:
            tls = self.domain.root / "private/tls"
            self.rows += fetching.at_size(
                size, self.folder, tls, self.address, self.times if size <= 10_000 else 1
            )

    def load_first(self) -> None:
        """The first load."""
        size = min(FIRST_LOAD, self.size)
        rows, found = first_load.at_size(self.domain, size, self.folder, self.times)
        self.rows += rows
        if size == FIRST_LOAD:
            self.figures["first_load_vs_ldapadd"] = measure.ratio(found["module"], found["tools"])
            self.figures["latency_rate_kept"] = measure.ratio(found["module"], found["slow"])
            self.load = found["module"]["wall"] / size

    def play(self) -> None:
        """The playbook hris.ad.sync for a small company."""
        self.domain.start()
        times = 7 if self.size >= SIZES[0] else 3
        self.rows_of(playbook.at_noop(self.domain, self.folder, times), "playbook_vs_noop")

    def go_round(self) -> None:
        """The Ansible loop, in what every run does: looking at everybody. In a first load the server's own work hides the rest."""
        rows, found = loop.at_size(self.domain, min(LOOP, self.size // 50), self.folder)
        if self.load:
            rows[0]["note"] += f"; {found['load'] / self.load:.0f} × ours"
        self.rows += rows
        if self.again:
            self.figures["per_person_vs_ansible_loop"] = found["again"] / self.again

    def rows_of(self, found: tuple[list[dict], float], figure: str) -> None:
        self.rows += found[0]
        self.figures[figure] = found[1]


PARTS = {
    "start": Bench.start,
    "plan": Bench.plan,
    "stand": Bench.stand,
    "front": Bench.front,
    "fetch": Bench.fetch,
    "load": Bench.load_first,
    "loop": Bench.go_round,
    "playbook": Bench.play,
}


def run(bench: Bench, parts: list[str]) -> list[str]:
    """Measure the parts, one after another; what failed is told at the end, and the others are measured all the same."""
    failed = []
    for name in parts:
        began = time.monotonic()
        try:
            PARTS[name](bench)
        except (LabError, measure.BenchError, OSError) as error:
            failed.append(f"{name}: {error}")
            print(f"== {name} failed: {error}", file=sys.stderr, flush=True)
        except KeyboardInterrupt:  # what has been measured is shown
            return [*failed, f"{name}: interrupted"]
        print(f"== {name}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    return failed


def about(size: int, seconds: float) -> dict[str, str]:
    """What the figures depend on, for the reader of the table."""
    return {
        "made": f"{datetime.now(timezone.utc):%Y-%m-%d}, up to {size:,} people, in {seconds / 60:.0f} minutes",
        "machine": f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}",
        "figures": "medians of runs that took turns; compare them with each other, not with those of another machine",
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--size",
        type=int,
        default=100_000,
        help="the largest company (default: %(default)s; at most 1,000,000)",
    )
    parser.add_argument(
        "--address", default="127.0.0.30", help="loopback address of the domain controller"
    )
    parser.add_argument(
        "--only",
        help=f"some parts, with commas ({','.join(PARTS)}); the results are then shown, not kept",
    )
    given = parser.parse_args()
    parts = given.only.split(",") if given.only else list(PARTS)
    if not 50 <= given.size <= people.LARGEST or set(parts) - set(PARTS):
        parser.error(
            f"--size is between 50 and {people.LARGEST:,}, --only names some of {', '.join(PARTS)}"
        )
    check_packages()
    domains.CACHE.mkdir(parents=True, exist_ok=True)
    with (domains.CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another bench would be measured along with this one
        return measured(given.size, given.address, parts, bool(given.only))


def measured(size: int, address: str, parts: list[str], partly: bool) -> int:
    """Measure, print the table, keep the results. 0, or 1 when a part failed."""
    folder = (
        domains.CACHE / "work"
    )  # feeds, plans and play books of this run; passwords of a lab are in them
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    began = time.monotonic()
    bench = Bench(size, address, folder)
    try:
        failed = run(bench, parts)
    finally:
        bench.domain.stop()
        shutil.rmtree(folder)
    flat = figures.complete(bench.figures)
    text = figures.markdown(bench.rows, flat, about(size, time.monotonic() - began))
    print(text)
    (domains.CACHE / "bench.md").write_text(text, encoding="utf-8")
    (domains.CACHE / "bench.json").write_text(
        json.dumps({"figures": flat, "rows": bench.rows}, indent=1) + "\n", encoding="utf-8"
    )
    if not partly and not failed:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "latest.json").write_text(json.dumps(flat, indent=2) + "\n", encoding="utf-8")
        (RESULTS / "latest.md").write_text(text, encoding="utf-8")
    for line in failed:
        print(f"failed: {line}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
