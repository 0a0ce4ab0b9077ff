"""Runs a command as a process of its own and tells what it took; repeats several in turn, so that a noisy machine troubles all alike."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from lab.paths import CHECKOUT

LAUNCH = Path(__file__).with_name("launch.py")


class BenchError(Exception):
    """What was to be measured did not happen; says what did."""


def run(
    command: list[str],
    environment: dict[str, str] | None = None,
    keep: bool = True,
    cwd: Path | None = None,
) -> dict:
    """Run to the end: {"wall", "cpu": seconds (cpu: of the process and its children, user and system), "gib": peak memory, "output"}.

    keep: whether its output is wanted; otherwise it goes to /dev/null, which costs the command less. Peak memory is that of the largest
    single process. Raises BenchError, with the end of what the command said, when it fails.
    """
    with tempfile.TemporaryDirectory() as folder, open(os.devnull, "wb") as nowhere:
        result, said = Path(folder, "result"), Path(folder, "said")
        with said.open("wb") as complaints:
            done = subprocess.run(
                [sys.executable, "-I", "-S", str(LAUNCH), str(result), *command],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE if keep else nowhere,
                stderr=complaints,
                env=_environment() | (environment or {}),
                cwd=cwd,
                check=False,
            )
        took = (
            json.loads(result.read_text("utf-8")) if result.exists() else {"code": done.returncode}
        )
        output = (done.stdout or b"").decode("utf-8", "replace")
        if took.pop("code"):
            words = said.read_text("utf-8", errors="replace") + output
            raise BenchError(f"{Path(command[0]).name} failed: {words.strip()[-1500:]}")
    return {**took, "output": output}


def _environment() -> dict[str, str]:
    """This process's, with compiled Python kept, as where Python packages are installed; the project's scripts keep none."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(CHECKOUT / ".cache/bench/pycache")}


def interleaved(jobs: dict[str, Callable[[], dict]], times: int) -> dict[str, dict]:
    """Run each job `times` times, taking turns: {name: the medians of the numbers that its runs gave, and "runs"}."""
    found: dict[str, list[dict]] = {name: [] for name in jobs}
    for _round in range(times):
        for name, job in jobs.items():
            found[name].append(job())
    return {name: medians(runs) for name, runs in found.items()}


def medians(runs: list[dict]) -> dict:
    """The median of each number in a list of runs, and "runs" themselves."""
    middle = {
        key: statistics.median(run[key] for run in runs)
        for key, value in runs[0].items()
        if isinstance(value, (int, float))
    }
    return {**middle, "runs": runs}


def ratio(one: dict, other: dict, key: str = "wall") -> float:
    """How many times `other` one took: the median of the rounds' ratios, whose two runs stood side by side."""
    return statistics.median(
        left[key] / right[key] for left, right in zip(one["runs"], other["runs"], strict=False)
    )
