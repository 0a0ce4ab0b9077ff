"""python -m lab.scenario: a company through many days, checked every day."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

from lab import paths
from lab.errors import LabError

from . import runs
from .play import play


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m lab.scenario", description=__doc__)
    parser.add_argument("--days", type=int, default=120, help="so many runs, one a day (120)")
    parser.add_argument(
        "--seed", default="1", help="what the companies and IT's acts are made from (1)"
    )
    parser.add_argument(
        "--people", type=int, default=50, help="records a company on the first day (50)"
    )
    parser.add_argument(
        "--pause",
        type=int,
        help="days without a run on the second domain (30, or half of the days)",
    )
    parser.add_argument(
        "--inventory",
        default=str(runs.INVENTORY),
        help="other rules than those that the checker knows",
    )
    parser.add_argument(
        "--root",
        default=os.environ.get("LAB_ROOT"),
        help="folder of the domains and logs (LAB_ROOT; .cache/lab/scenario)",
    )
    parser.add_argument("--address", default="127.0.0.17")
    parser.add_argument("--other-address", default="127.0.0.18")
    parser.add_argument("--quiet", action="store_true", help="only differences and the last line")
    given = parser.parse_args()
    root = Path(given.root).resolve() if given.root else paths.cache() / "scenario"
    pause = given.pause if given.pause is not None else min(30, given.days // 2)
    wanted = {**vars(given), "pause": pause, "inventory": Path(given.inventory).resolve()}
    began = time.monotonic()

    def tell(text: str) -> None:
        if not given.quiet or text.startswith("DIFFERENCE"):
            print(text, flush=True)

    try:
        checks, differences = play(root, (given.address, given.other_address), wanted, tell)
    except LabError as error:
        print(f"scenario: {error}", file=sys.stderr)
        return 2
    tell(f"{time.monotonic() - began:.0f} s")
    print(f"{given.days} days, {checks} checks, {differences} differences")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
