"""Planning alone, and how it grows: feed, decoding, rules and plan in a process of its own for each size, without a directory.

`python -m bench.growth FEED` plans the people of a recorded feed against accounts of which 1 % differ, and prints what it took as JSON.
"""

from __future__ import annotations

import gc
import itertools
import json
import resource
import sys
import time
from pathlib import Path

from ansible_collections.hris.ad.plugins.module_utils._hris.planning.plan import make_plan
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.people import people_of
from ansible_collections.hris.ad.plugins.module_utils._hris.sources.files import read_feed

from lab.paths import CHECKOUT

from . import feeds, inside, measure
from .figures import exponent, row

CHUNK = 10_000  # answers made at a time: made before the clock runs, dropped before the memory is looked at


def alone(path: str) -> dict:
    """CPU seconds of each step in this process, {"feed", "decode", "rules", "plan"}, its peak "gib", and what the plan counts.

    "wide": decoding CHUNK accounts, or as many as there are, in Windows' encoding, for one account.
    """
    compiled = inside.ruleset()
    began = time.process_time()
    employees = read_feed(path)
    took = {"feed": time.process_time() - began, "decode": 0.0}
    gc.disable()  # as sync does while it works
    snapshot = inside.surroundings(compiled)
    bodies, decode = inside.answers(len(employees), snapshot), inside.decoder(snapshot)
    while chunk := list(itertools.islice(bodies, CHUNK)):
        began = time.process_time()
        snapshot["accounts"] += [decode(body) for body in chunk]
        took["decode"] += time.process_time() - began
    began = time.process_time()
    people, findings = people_of(employees, compiled, inside.AS_OF)
    took["rules"] = time.process_time() - began
    began = time.process_time()
    plan, _decided = make_plan(people, findings, snapshot, compiled, inside.AS_OF)
    took["plan"] = time.process_time() - began
    gib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    chunk = list(inside.answers(min(CHUNK, len(employees)), snapshot, wide=True))
    began = time.process_time()
    for body in chunk:
        decode(body)
    took["wide"] = (time.process_time() - began) / len(chunk)
    return {
        **took,
        "gib": gib,
        "people": len(people),
        "counts": plan["counts"],
        "findings": len(plan["findings"]),
    }


def at_sizes(sizes: list[int], folder: Path) -> tuple[list[dict], dict[int, dict]]:
    """(rows, {size: medians of alone}): three runs each up to 100,000 people, beyond one."""
    found: dict[int, dict] = {}
    rows = []
    for size in sizes:
        feed = feeds.record(folder, size)
        found[size] = measure.medians(
            [_child(feed, size) for _round in range(3 if size <= 100_000 else 1)]
        )
        feed.unlink()
        alone_cpu = found[size]["rules"] + found[size]["plan"]
        rows += [
            row(
                size,
                "planning alone",
                "rules and plan, in process",
                {**found[size], "cpu": alone_cpu},
                f"{size / alone_cpu:,.0f} people a second",
            ),
            row(
                size,
                "decoding alone",
                "what a server sends → accounts",
                {"cpu": found[size]["decode"], "runs": found[size]["runs"]},
            ),
            row(
                size,
                "decoding alone, as Windows encodes",
                "what a server sends → accounts",
                {"cpu": found[size]["wide"] * size, "runs": found[size]["runs"]},
            ),
            row(
                size,
                "reading the feed",
                "a file of JSON lines",
                {"cpu": found[size]["feed"], "runs": found[size]["runs"]},
            ),
        ]
    return rows, found


def slope(found: dict[int, dict]) -> float | None:
    """The exponent of the CPU time of decoding, rules and plan from 1,000 to 100,000 people; None without these two."""
    points = {
        size: took["decode"] + took["rules"] + took["plan"]
        for size, took in found.items()
        if 1_000 <= size <= 100_000
    }
    return exponent(points) if {1_000, 100_000} <= set(points) else None


def _child(feed: Path, size: int) -> dict:
    done = measure.run(
        [sys.executable, "-m", "bench.growth", str(feed)],
        {"PYTHONPATH": f"{CHECKOUT / '.cache/dev'}:{CHECKOUT}"},
    )
    took = json.loads(done["output"])
    expected = {"update": sum(number % 100 == 50 for number in range(size))}
    if took["people"] != size or took["counts"] != expected or took["findings"]:
        raise measure.BenchError(f"the plan for {size} people is not what the rules say: {took}")
    return took


if __name__ == "__main__":
    print(json.dumps(alone(sys.argv[1])))
