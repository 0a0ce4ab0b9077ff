"""python -m lab.chaos: runs that die, in several ways; no person may be lost and none doubled."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

from lab import paths
from lab.domain import Domain
from lab.errors import LabError

from .rounds import play


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m lab.chaos", description=__doc__)
    parser.add_argument("--kills", type=int, default=300, help="so many runs that die (300)")
    parser.add_argument(
        "--seed", default="1", help="what the people and the points of the kills are made from (1)"
    )
    parser.add_argument(
        "--root",
        default=os.environ.get("LAB_ROOT"),
        help="folder of the domain and files (LAB_ROOT; .cache/lab/chaos)",
    )
    parser.add_argument("--address", default="127.0.0.19")
    given = parser.parse_args()
    root = Path(given.root).resolve() if given.root else paths.cache() / "chaos"
    began, domain = time.monotonic(), Domain(root / "dc", given.address)
    try:
        domain.reset()
        lost, doubled = play(
            domain, root, given.kills, given.seed, lambda text: print(text, flush=True)
        )
    except LabError as error:
        print(f"chaos: {error}", file=sys.stderr)
        return 2
    finally:
        domain.stop()
    print(f"{time.monotonic() - began:.0f} s")
    print(f"{given.kills} kills, {lost} lost, {doubled} doubled")
    return 1 if lost or doubled else 0


if __name__ == "__main__":
    sys.exit(main())
