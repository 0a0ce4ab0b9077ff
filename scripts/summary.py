"""Prints how each part of `make test` went and, as the last line, what pytest counted over all of
them. Fails when anything failed.

summary.py REPORTS: a folder with `parts` (lines of name, verdict, seconds) and the JUnit files that
the pytest runs left.
"""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path


def counted(reports: Path) -> Counter:
    """The sums over all JUnit files: tests, failures, errors, skipped and seconds."""
    total = Counter()
    for path in reports.glob("*.xml"):
        for suite in ElementTree.parse(path).getroot().iter("testsuite"):
            total.update(
                {
                    name: int(suite.get(name, 0))
                    for name in ("tests", "failures", "errors", "skipped")
                }
            )
            total.update({"seconds": float(suite.get("time", 0))})
    return total


def main() -> None:
    reports = Path(sys.argv[1])
    parts = [line.split() for line in (reports / "parts").read_text().splitlines()]
    print()
    for name, verdict, seconds in parts:
        print(f"{name:<12} {verdict:<7} {seconds:>5} s")
    total = counted(reports)
    failed = [name for name, verdict, _seconds in parts if verdict != "ok"]
    passed = total["tests"] - total["failures"] - total["errors"] - total["skipped"]
    words = [
        (total["failures"], "failed"),
        (passed, "passed"),
        (total["skipped"], "skipped"),
        (total["errors"], "errors"),
    ]
    tests = ", ".join(f"{number} {word}" for number, word in words if number or word == "passed")
    verdict = f"not ok: {', '.join(failed)}" if failed else "all parts ok"
    print(
        f"===== {tests} in {total['seconds']:.2f}s; {verdict}: {len(parts) - len(failed)} of {len(parts)} ====="
    )
    sys.exit(bool(failed or total["failures"] or total["errors"] or not passed))


if __name__ == "__main__":
    main()
