"""python -m bench: measure the collection beside other tools and write the table
(bench/README.md).
"""

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
    report_page,
    standing,
    starting,
)

SIZES = (1_000, 10_000, 100_000, 1_000_000)
# Filling a larger Samba takes too long: the accounts come from bench/front.py then
LARGEST_DOMAIN = 10_000
LARGEST = 100_000  # of a usual run; its figures are those of results/
FIRST_LOAD = 2_000
LOOP = 15
CHANGES = 10_000  # of the plan whose page is made
RESULTS = CHECKOUT / "bench/results"


class Bench:
    """One run: what it is to measure, and its results so far."""

    def __init__(self, size: int, address: str, folder: Path):
        self.size, self.address, self.folder = size, address, folder
        self.sizes = [each for each in SIZES if each <= size] or [size]
        # A smaller company only shows that the bench works
        self.times = 3 if size >= SIZES[0] else 1
        self.rows: list[figures.Row] = []
        self.figures: dict[str, float] = {}
        self.domain = domains.clean(address)
        self.again: float | None = None  # seconds a person without changes, at LARGEST_DOMAIN
        self.load: float | None = None  # seconds a person of the first load, at FIRST_LOAD

    def start(self) -> None:
        """Module start."""
        self.domain.start()
        rows, milliseconds = starting.imports(self.domain, self.folder, 15)
        self.rows += rows
        self.figures["import_ms_over_bare_module"] = milliseconds

    def plan(self) -> None:
        """Planning, decoding and memory without a directory."""
        rows, results = growth.at_sizes(self.sizes, self.folder)
        self.rows += rows
        if LARGEST in results:
            largest = results[LARGEST]
            seconds = largest["rules"] + largest["plan"]
            self.figures["planning_people_per_second"] = LARGEST / seconds
            self.figures["ldap3_vs_decode"] = largest["ldap3"] / largest["wide"]
        slope = growth.slope(results)
        if slope is not None:
            self.figures["growth_exponent_1k_100k"] = slope

    def stand(self) -> None:
        """No change, 1 % change and check mode on a domain that holds the people."""
        for size in self.sizes:
            if size > LARGEST_DOMAIN:
                continue
            rows, results = standing.at_size(
                size, self.address, self.folder, self.times, self.domain.stop
            )
            self.rows += rows
            if size == LARGEST_DOMAIN:
                module = results["module"]
                self.figures["no_change_vs_floor"] = measure.ratio(module, results["floor"])
                self.figures["no_change_cpu_ms_per_person"] = 1000 * module["cpu"] / size
                self.again = module["wall"] / size
                self.figures["one_person_vs_no_change"] = results["one"]
                self.figures["apply_plan_memory_vs_file"] = results["stored"]

    def front(self) -> None:
        """No change at sizes that only bench/front.py can show."""
        for size in self.sizes:
            if size <= LARGEST_DOMAIN:
                continue
            self.domain.reset()
            times = 3 if size == LARGEST else 1
            rows, results = standing.behind_front(self.domain, size, self.folder, times)
            self.rows += rows
            if size == LARGEST:
                module = results["module"]
                self.figures["no_change_100k_vs_floor"] = measure.ratio(module, results["floor"])
                self.figures["peak_memory_gib_100k"] = module["gib"]

    def fetch(self) -> None:
        """Reading HR."""
        self.domain.start()
        tls = self.domain.root / "private/tls"
        for size in self.sizes:
            times = self.times if size <= LARGEST else 1
            rows, ratio = fetching.at_size(size, self.folder, tls, self.address, times)
            self.rows += rows
            if size == LARGEST:
                self.figures["fetch_100k_vs_curl"] = ratio

    def load_first(self) -> None:
        """The first load."""
        size = min(FIRST_LOAD, self.size)
        rows, results = first_load.at_size(self.domain, size, self.folder, self.times)
        self.rows += rows
        if size == FIRST_LOAD:
            module = results["module"]
            self.figures["first_load_cpu_ms_per_person"] = 1000 * module["cpu"] / size
            self.figures["first_load_vs_ldapadd"] = measure.ratio(module, results["tools"])
            self.figures["latency_rate_kept"] = measure.ratio(module, results["slow"])
            self.load = module["wall"] / size

    def play(self) -> None:
        """The playbook hris.ad.sync for a small company."""
        self.domain.start()
        times = 7 if self.size >= SIZES[0] else 3
        rows, ratio = playbook.at_noop(self.domain, self.folder, times)
        self.rows += rows
        self.figures["playbook_vs_noop"] = ratio

    def page(self) -> None:
        """The page of a plan of many changes."""
        rows, results = report_page.of_changes(min(CHANGES, self.size), self.folder, self.times)
        self.rows += rows
        if self.size >= CHANGES:
            self.figures |= {f"report_page_10k_{name}": value for name, value in results.items()}

    def ansible_loop(self) -> None:
        """The Ansible loop, compared in what every run does: it looks at everybody.

        In a first load the server's own work hides the difference.
        """
        size = min(LOOP, self.size // 50)
        rows, results = loop.at_size(self.domain, size, self.folder)
        if self.load:
            rows[0]["note"] += f"; {results['load'] / self.load:.0f} × ours"
        self.rows += rows
        if self.again:
            self.figures["per_person_vs_ansible_loop"] = results["again"] / self.again


PARTS = {
    "start": Bench.start,
    "plan": Bench.plan,
    "stand": Bench.stand,
    "front": Bench.front,
    "fetch": Bench.fetch,
    "load": Bench.load_first,
    "loop": Bench.ansible_loop,
    "playbook": Bench.play,
    "page": Bench.page,
}


def run(bench: Bench, parts: list[str]) -> list[str]:
    """Measure the parts, one after another: a line about each that failed. The others are measured
    all the same.
    """
    failed = []
    for name in parts:
        start = time.monotonic()
        try:
            PARTS[name](bench)
        except (LabError, measure.BenchError, OSError) as error:
            failed.append(f"{name}: {error}")
            print(f"== {name} failed: {error}", file=sys.stderr, flush=True)
        except KeyboardInterrupt:  # what has been measured is shown
            return [*failed, f"{name}: interrupted"]
        print(f"== {name}: {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)
    return failed


def about(size: int, seconds: float) -> dict[str, str]:
    """What the figures depend on, for the reader of the table."""
    today = f"{datetime.now(timezone.utc):%Y-%m-%d}"
    python = f"Python {platform.python_version()}"
    return {
        "made": f"{today}, up to {size:,} people, in {seconds / 60:.0f} minutes",
        "machine": f"{os.cpu_count()} cores ({platform.machine()}), {python}",
        "figures": "medians of runs that took turns; "
        "compare them with each other, not with those of another machine",
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--size",
        type=int,
        default=LARGEST,
        help="the largest company (default: %(default)s; at most 1,000,000)",
    )
    parser.add_argument(
        "--address", default="127.0.0.30", help="loopback address of the domain controller"
    )
    parser.add_argument(
        "--only",
        help=f"some parts, with commas ({','.join(PARTS)}); the results are shown and not kept",
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
        fcntl.flock(lock, fcntl.LOCK_EX)  # two at once would disturb each other's figures
        return measure_parts(given.size, given.address, parts, bool(given.only))


def measure_parts(size: int, address: str, parts: list[str], partly: bool) -> int:
    """Measure, print the table, keep the results. 0, or 1 when a part failed."""
    # Feeds, plans and playbooks of this run, with the passwords of a lab
    folder = domains.CACHE / "work"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    start = time.monotonic()
    bench = Bench(size, address, folder)
    try:
        failed = run(bench, parts)
    finally:
        bench.domain.stop()
        shutil.rmtree(folder)
    flat = figures.complete(bench.figures)
    text = figures.markdown(bench.rows, flat, about(size, time.monotonic() - start))
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
