"""Runs a command as a process of its own and measures what it took; repeats several in turn, so
that a noisy machine affects all alike.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lab.paths import CHECKOUT

LAUNCH = Path(__file__).with_name("launch.py")

# One run, or the medians of several: "wall" and "cpu" in seconds, "gib" of peak memory, and
# whatever else the run gave; "runs" has the single runs
Measured = dict[str, Any]


class BenchError(Exception):
    """What was to be measured did not happen; the message says why."""


def run(
    command: list[str],
    environment: dict[str, str] | None = None,
    keep: bool = True,
    cwd: Path | None = None,
) -> Measured:
    """Run a command to its end: {"wall", "cpu", "gib", "output"}.

    cpu: user and system time of the process and its children. gib: of the largest single process.
    keep: whether its output is wanted; otherwise it goes to /dev/null, which costs the command
    less. Raises BenchError, with the end of the command's output, when it fails.
    """
    with tempfile.TemporaryDirectory() as folder, open(os.devnull, "wb") as nowhere:
        result, errors = Path(folder, "result"), Path(folder, "errors")
        with errors.open("wb") as stderr:
            done = subprocess.run(
                [sys.executable, "-I", "-S", str(LAUNCH), str(result), *command],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE if keep else nowhere,
                stderr=stderr,
                env=_environment() | (environment or {}),
                cwd=cwd,
                check=False,
            )
        took = {"code": done.returncode}
        if result.exists():
            took = json.loads(result.read_text("utf-8"))
        output = (done.stdout or b"").decode("utf-8", "replace")
        if took.pop("code"):
            text = errors.read_text("utf-8", errors="replace") + output
            raise BenchError(f"{Path(command[0]).name} failed: {text.strip()[-1500:]}")
    return {**took, "output": output}


def _environment() -> dict[str, str]:
    """The environment of this process, but with compiled Python kept, as it is where Python
    packages are installed.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(CHECKOUT / ".cache/bench/pycache")}


def interleaved(jobs: dict[str, Callable[[], Measured]], times: int) -> dict[str, Measured]:
    """Run each job `times` times, in turns: {name: the medians of its runs}."""
    runs: dict[str, list[Measured]] = {name: [] for name in jobs}
    for _round in range(times):
        for name, job in jobs.items():
            runs[name].append(job())
    return {name: medians(each) for name, each in runs.items()}


def medians(runs: list[Measured]) -> Measured:
    """The median of each number in a list of runs, and "runs" themselves."""
    middle = {
        key: statistics.median(run[key] for run in runs)
        for key, value in runs[0].items()
        if isinstance(value, (int, float))
    }
    return {**middle, "runs": runs}


def ratio(one: Measured, other: Measured, key: str = "wall") -> float:
    """How many times as much as `other` one took: the median of the rounds' ratios, whose two runs
    followed each other.
    """
    return statistics.median(
        left[key] / right[key] for left, right in zip(one["runs"], other["runs"], strict=False)
    )
