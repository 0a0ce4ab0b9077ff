"""The page of a plan of many changes: how large it is, what making it takes, and how soon a browser
shows it.
"""

from __future__ import annotations

import sys
from datetime import datetime, timezone
from pathlib import Path
from statistics import median

from ansible_collections.hris.ad.plugins.module_utils._hris.planning import plan_file
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.plan import make_plan
from ansible_collections.hris.ad.plugins.module_utils._hris.private_file import write_private
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.people import people_of

from lab.paths import CHECKOUT

from . import feeds, inside, measure, ours
from .figures import Row, row

sys.path.insert(0, str(CHECKOUT / "tests/integration"))
import browser

# Run before any script of the page: notes when all its lists are there to be used
WATCH = """new MutationObserver((_changes, watcher) => {
  if (document.documentElement?.dataset.shown !== 'all') return;
  watcher.disconnect();
  requestAnimationFrame(() => setTimeout(() => { window.usable = performance.now(); }));
}).observe(document, {subtree: true, attributes: true, attributeFilter: ['data-shown']});"""


def of_changes(count: int, folder: Path, times: int) -> tuple[list[Row], dict[str, float]]:
    """(rows, {"mb", "memory_mb", "seconds_to_use"}) of the page of a plan of `count` changes.

    Without Chromium, "seconds_to_use" is not there.
    """
    plan, page = folder / "page-plan.json", folder / "page.html"
    _make_plan(count, plan)
    options = {"src": str(plan), "dest": str(page), "format": ["html"]}
    expected = {"changes": count}
    made = measure.medians(
        [ours.module("plan_report", options, folder, expect=expected) for _round in range(times)]
    )
    results = {"mb": page.stat().st_size / 1e6, "memory_mb": made["gib"] * 2**30 / 1e6}
    note = f"{results['mb']:.2f} MB of {plan.stat().st_size / 1e6:.0f} MB; {count:,} changes"
    rows = [row(count, "report page", "plan_report: module's process", made, note)]
    if lacking := browser.missing():
        note = f"not installed: {', '.join(lacking)}"
        return [*rows, row(count, "report page", "Chromium, until it is usable", {}, note)], results
    opened = [_opened(folder, page, number) for number in range(times)]
    results["seconds_to_use"] = median(opened)
    shown = {"wall": results["seconds_to_use"], "runs": opened}
    return [*rows, row(count, "report page", "Chromium, until it is usable", shown)], results


def _make_plan(count: int, path: Path) -> None:
    """The plan file of a company in which every account changes."""
    compiled = inside.ruleset()
    snapshot = inside.empty_snapshot(compiled)
    decode = inside.decoder(snapshot)
    snapshot.accounts += [decode(body) for body in inside.search_entries(count, snapshot, 0)]
    source = people_of([feeds.moved(number) for number in range(count)], compiled, inside.AS_OF)
    plan = make_plan([source], snapshot, inside.AS_OF).plan
    plan_file.complete(plan, [compiled], datetime.now(timezone.utc), 24, {})
    write_private(str(path), plan_file.sealed_text(plan, None))


def _opened(folder: Path, page: Path, number: int) -> float:
    """Seconds from the request for the page to the moment at which its lists can be used, in a
    browser that has just started.
    """
    place = folder / f"browser-{number}"
    place.mkdir()
    chromium = browser.Browser(place)
    try:
        chromium.command("Page.addScriptToEvaluateOnNewDocument", source=WATCH)
        chromium.open(page)
        chromium.run_and_wait("setTimeout(arguments[arguments.length - 1], 500)")
        usable = chromium.run("return window.usable || 0")
    finally:
        chromium.close()
    if not usable:
        raise measure.BenchError("the page did not become usable in Chromium")
    return usable / 1000
