"""Planning alone, and how it grows: feed, decoding, rules and plan in a process of its own for each
size, without a directory.

`python -m bench.growth FEED` plans the people of a recorded feed against accounts of which 1 %
differ, and prints what it took as JSON.
"""

from __future__ import annotations

import gc
import itertools
import json
import resource
import sys
import time
from functools import cache
from pathlib import Path
from typing import Any

from ansible_collections.hris.ad.plugins.module_utils._hris.planning.plan import make_plan
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.people import people_of
from ansible_collections.hris.ad.plugins.module_utils._hris.sources.files import read_feed
from ldap3.operation.search import search_result_entry_response_to_dict_fast
from ldap3.protocol.rfc4512 import SchemaInfo
from ldap3.protocol.schemas.ad2012R2 import ad_2012_r2_schema
from ldap3.utils.asn1 import decode_message_fast

from lab.paths import CHECKOUT

from . import feeds, inside, measure
from .figures import Row, exponent, row
from .measure import Measured

# Entries that are encoded at a time: before the clock runs, and dropped before memory is measured
CHUNK = 10_000
SENT = "what a server sends → accounts"


def alone(path: str) -> dict[str, Any]:
    """CPU seconds of each step in this process ("feed", "decode", "rules", "plan"), its peak memory
    "gib", and what the plan counts.

    "wide" is the time to decode one account in the encoding of Windows, over CHUNK accounts or as
    many as there are; "ldap3" that of ldap3 for the same bytes.
    """
    compiled = inside.ruleset()
    start = time.process_time()
    employees = read_feed(path)
    took = {"feed": time.process_time() - start, "decode": 0.0}
    gc.disable()  # as sync does while it works
    snapshot = inside.empty_snapshot(compiled)
    bodies = inside.search_entries(len(employees), snapshot)
    decode = inside.decoder(snapshot)
    while chunk := list(itertools.islice(bodies, CHUNK)):
        start = time.process_time()
        snapshot.accounts += [decode(body) for body in chunk]
        took["decode"] += time.process_time() - start
    start = time.process_time()
    source = people_of(employees, compiled, inside.AS_OF)
    took["rules"] = time.process_time() - start
    start = time.process_time()
    plan = make_plan([source], snapshot, inside.AS_OF).plan
    took["plan"] = time.process_time() - start
    gib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    chunk = list(inside.search_entries(min(CHUNK, len(employees)), snapshot, wide=True))
    start = time.process_time()
    for body in chunk:
        decode(body)
    took["wide"] = (time.process_time() - start) / len(chunk)
    by_ldap3(chunk[0])  # reads the schema
    start = time.process_time()
    for body in chunk:
        by_ldap3(body)
    took["ldap3"] = (time.process_time() - start) / len(chunk)
    return {
        **took,
        "gib": gib,
        "people": len(source.people),
        "counts": plan.counts,
        "findings": len(plan.findings),
    }


def by_ldap3(body: bytes) -> dict[str, Any]:
    """The entry as ldap3 gives it with its faster decoder and the schema, both of which it uses
    unless it is told otherwise.
    """
    message = decode_message_fast(inside.element(0x30, b"\x02\x01\x01" + body))
    return search_result_entry_response_to_dict_fast(message["payload"], _schema(), None, True)


@cache
def _schema() -> SchemaInfo:
    return SchemaInfo.from_json(ad_2012_r2_schema)


def at_sizes(sizes: list[int], folder: Path) -> tuple[list[Row], dict[int, Measured]]:
    """(rows, {size: medians of alone}): three runs each up to 100,000 people, one beyond."""
    results: dict[int, Measured] = {}
    rows = []
    for size in sizes:
        feed = feeds.record(folder, size)
        times = 3 if size <= 100_000 else 1
        results[size] = measure.medians([_child(feed, size) for _round in range(times)])
        feed.unlink()
        rows += _rows(size, results[size])
    return rows, results


def _rows(size: int, result: Measured) -> list[Row]:
    runs = result["runs"]
    planning = result["rules"] + result["plan"]
    rate = f"{size / planning:,.0f} people a second"
    wide = {"cpu": result["wide"] * size, "runs": runs}
    ldap3 = {"cpu": result["ldap3"] * size, "runs": runs}
    return [
        row(
            size, "planning alone", "rules and plan, in process", {**result, "cpu": planning}, rate
        ),
        row(size, "decoding alone", SENT, {"cpu": result["decode"], "runs": runs}),
        row(size, "decoding alone, as Windows encodes", SENT, wide),
        row(size, "decoding alone, as Windows encodes", "ldap3", ldap3),
        row(
            size,
            "reading the feed",
            "a file of JSON lines",
            {"cpu": result["feed"], "runs": runs},
        ),
    ]


def slope(results: dict[int, Measured]) -> float | None:
    """The exponent of the CPU time of decoding, rules and plan from 1,000 to 100,000 people; None
    without these two sizes.
    """
    points = {
        size: result["decode"] + result["rules"] + result["plan"]
        for size, result in results.items()
        if 1_000 <= size <= 100_000
    }
    return exponent(points) if {1_000, 100_000} <= set(points) else None


def _child(feed: Path, size: int) -> dict[str, Any]:
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
