"""A stored plan that changes every account of a company: made, and applied with a journal and an
undo plan, as the role does it.
"""

from __future__ import annotations

from pathlib import Path

from lab.domain import Domain

from . import feeds, ours
from .figures import Row, row


def applied(domain: Domain, size: int, folder: Path) -> tuple[list[Row], float]:
    """(rows, peak memory of apply_plan's process over the size of the plan file).

    The company moves: each account gets eleven other values. The domain stays so.
    """
    feed, plan = feeds.relocated(folder, size), folder / f"stored-{size}.json"
    directory = ours.directory(domain)
    options = {**ours.sync_options(feed, directory), "plan_dest": str(plan)}
    made = ours.module("sync", options, folder, check=True, expect={"changed": True})
    options = {
        "src": str(plan),
        "directory": directory,
        "journal": str(folder / f"stored-{size}-journal.jsonl"),
        "undo_dest": str(folder / f"stored-{size}-undo.json"),
    }
    checked = ours.module("apply_plan", options, folder, check=True, expect={"left_out_total": 0})
    done = ours.module("apply_plan", options, folder, expect={"applied": size})
    mib = plan.stat().st_size / 2**20
    ratio = done["gib"] * 1024 / mib
    feed.unlink()
    work, note = "all accounts change", f"{mib:.1f} MiB of plan"
    who = "apply_plan: module's process"
    return [
        row(size, f"{work}, plan file", "sync, check mode: module's process", made, note),
        row(size, f"{work}, check mode", who, checked, _times(checked["gib"] * 1024 / mib)),
        row(size, work, who, done, _times(ratio)),
    ], ratio


def _times(ratio: float) -> str:
    return f"{ratio:.2f} × the file in memory"
