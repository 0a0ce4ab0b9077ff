"""The ways in which a run dies, each at a moment that a random generator chooses.

A run that is not killed must report in one clear error what happened: silence and a traceback are
troubles.
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab import paths
from lab.delay import Delay

LDAPS = 636

Options = dict[str, Any]  # of a module
Result = dict[str, Any]  # of a module


@dataclass(slots=True)
class Death:
    """How a run died."""

    where: str | None  # for people; None for a run that had ended before
    took: float  # as in USUAL
    troubles: list[str]  # what is wrong with its output


def run(folder: Path, module: str, options: Options) -> tuple[Result, list[str]]:
    """(the module's result, what is wrong with its output)."""
    return _result(_start(folder, module, options))


def killed(folder: Path, options: Options, rng: random.Random, usual: float) -> Death:
    """SIGKILL in the middle of a run."""
    return _kill(folder, "sync", options, rng, usual)


def undo_killed(folder: Path, options: Options, rng: random.Random, usual: float) -> Death:
    """A run that succeeds, and SIGKILL in the middle of undoing it."""
    result, troubles = run(folder, "sync", options)
    if result.get("failed"):
        troubles.append(f"the run that was to be undone failed: {result['msg']}")
    if not Path(options["journal"]).exists():
        return Death(None, usual, troubles)
    undo = {
        "undo_journal": options["journal"],
        "directory": options["directory"],
        "journal": str(Path(options["journal"]).with_suffix(".undo")),
    }
    death = _kill(folder, "apply_plan", undo, rng, usual)
    return Death(death.where, death.took, troubles)


def cut_off(folder: Path, options: Options, rng: random.Random, usual: float) -> Death:
    """The server disappears in the middle of a run, and is back for the next."""
    directory = options["directory"]
    address = directory["servers"][0]
    with Delay(address, (address, LDAPS), 0) as between:
        there = options | {"directory": directory | {"servers": [between.address]}}
        process = _start(folder, "sync", there)
        where, took = _wait(process, Path(options["journal"]), rng, usual)
        between.close()
        result, troubles = _result(process)
    if not result.get("failed"):
        where = None  # its last response had come
    return Death(where, took, troubles)


def disk_full(folder: Path, options: Options, rng: random.Random, usual: float) -> Death:
    """A run that may write no file beyond a size, which is as good as a full disk."""
    # Without a journal, the first file that grows is the one with the initial passwords
    by_journal = rng.random() < 0.7
    if by_journal:
        room = int(usual * rng.uniform(0.4, 1))
    else:
        room = int(rng.uniform(0, 8_000))
        options = {name: value for name, value in options.items() if name != "journal"}

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    result, troubles = _result(_start(folder, "sync", options, limit))
    where = f"after {room} bytes" if result.get("failed") else None
    return Death(where, room if by_journal else usual, troubles)


DYING = {"killed": killed, "cut off": cut_off, "disk full": disk_full, "undo killed": undo_killed}
WAYS = ("killed", "killed", "killed", "cut off", "disk full", "undo killed")
# Seconds that a run takes, bytes that it writes; corrected as the rounds go on
USUAL = dict.fromkeys(WAYS, 1.5) | {"disk full": 30_000.0}


def _start(
    folder: Path, module: str, options: Options, prepare: Callable[[], None] | None = None
) -> subprocess.Popen[str]:
    path = folder / "arguments.json"
    path.write_text(json.dumps({"ANSIBLE_MODULE_ARGS": options}), encoding="utf-8")
    return subprocess.Popen(
        [sys.executable, "-m", f"ansible_collections.hris.ad.plugins.modules.{module}", str(path)],
        text=True,
        env={**os.environ, "PYTHONPATH": str(paths.CHECKOUT / ".cache/dev"), "LC_ALL": "C.UTF-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=prepare,
    )


def _result(process: subprocess.Popen[str]) -> tuple[Result, list[str]]:
    """(the result of a run, what is wrong with its output)."""
    out, err = process.communicate(timeout=300)
    try:
        result = json.loads(out)
    except ValueError:
        trouble = f"its output was {out[-300:]!r}, and its errors {err[-500:]!r}"
        return {"failed": True, "msg": "there was no result"}, [trouble]
    troubles = [f"it wrote besides: {err[-500:]}"] if err.strip() else []
    message = result.get("msg")
    clear = message and "\n" not in message
    clear = clear and "Traceback" not in out and not result.get("exception")
    if result.get("failed") and not clear:
        troubles.append(f"its error is not one clear text: {out[-500:]}")
    return result, troubles


def _kill(folder: Path, module: str, options: Options, rng: random.Random, usual: float) -> Death:
    process = _start(folder, module, options)
    where, took = _wait(process, Path(options["journal"]), rng, usual)
    process.kill()
    process.communicate()
    return Death(where, took, [])


def _wait(
    process: subprocess.Popen[str], journal: Path, rng: random.Random, usual: float
) -> tuple[str | None, float]:
    """(where the run is, or None: it has ended; how long it has lived) at a moment between its
    start and its usual end.

    Half of the moments are by the clock, the other half by the number of lines in the journal.
    """
    start = time.monotonic()
    lines, moment = rng.randrange(1, 60), rng.uniform(0, usual)
    by_journal = rng.random() < 0.5
    lived = 0.0
    while process.poll() is None:
        lived = time.monotonic() - start
        if by_journal:
            if journal.exists() and journal.read_bytes().count(b"\n") >= lines:
                return f"at line {lines} of the journal", lived
        elif lived >= moment:
            return f"after {lived:.3f} s", lived
        time.sleep(0.001)
    return None, lived
