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
from pathlib import Path

from lab import paths
from lab.delay import Delay

LDAPS = 636


def run(folder: Path, module: str, options: dict) -> tuple[dict, list[str]]:
    """(the module's result, what is wrong with its output)."""
    return _said(_start(folder, module, options))


def killed(folder: Path, options: dict, rng: random.Random, usual: float) -> dict:
    """SIGKILL in the middle of a run."""
    return _kill(folder, "sync", options, rng, usual)


def undo_killed(folder: Path, options: dict, rng: random.Random, usual: float) -> dict:
    """A run that succeeds, and SIGKILL in the middle of undoing it."""
    answer, troubles = run(folder, "sync", options)
    if answer.get("failed"):
        troubles.append(f"the run that was to be undone failed: {answer['msg']}")
    if not Path(options["journal"]).exists():
        return {"where": None, "took": usual, "troubles": troubles}
    undo = {
        "undo_journal": options["journal"],
        "directory": options["directory"],
        "journal": str(Path(options["journal"]).with_suffix(".undo")),
    }
    death = _kill(folder, "apply_plan", undo, rng, usual)
    return death | {"troubles": troubles}


def cut_off(folder: Path, options: dict, rng: random.Random, usual: float) -> dict:
    """The server disappears in the middle of a run, and is back for the next."""
    address = options["directory"]["servers"][0]
    with Delay(address, (address, LDAPS), 0) as between:
        process = _start(
            folder,
            "sync",
            options | {"directory": options["directory"] | {"servers": [between.address]}},
        )
        where, took = _wait(process, Path(options["journal"]), rng, usual)
        between.close()
        answer, troubles = _said(process)
    if where and not answer.get("failed"):
        where = None  # its last answer had come
    return {"where": where, "took": took, "troubles": troubles}


def disk_full(folder: Path, options: dict, rng: random.Random, usual: float) -> dict:
    """A run that may write no file beyond a size, which is as good as a full disk."""
    by_journal = (
        rng.random() < 0.7
    )  # else the first file that grows is the one with the initial passwords
    room = int(usual * rng.uniform(0.4, 1) if by_journal else rng.uniform(0, 8_000))
    options = (
        options
        if by_journal
        else {name: value for name, value in options.items() if name != "journal"}
    )
    answer, troubles = _said(
        _start(
            folder, "sync", options, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
        )
    )
    return {
        "where": f"after {room} bytes" if answer.get("failed") else None,
        "took": room if by_journal else usual,
        "troubles": troubles,
    }


DYING = {"killed": killed, "cut off": cut_off, "disk full": disk_full, "undo killed": undo_killed}
WAYS = ("killed", "killed", "killed", "cut off", "disk full", "undo killed")
USUAL = dict.fromkeys(WAYS, 1.5) | {
    "disk full": 30_000.0
}  # seconds that a run takes, bytes that it writes; corrected as the rounds go on


def _start(folder: Path, module: str, options: dict, prepare=None) -> subprocess.Popen:
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


def _said(process: subprocess.Popen) -> tuple[dict, list[str]]:
    """(the result of a run, what is wrong with its output)."""
    out, err = process.communicate(timeout=300)
    try:
        answer = json.loads(out)
    except ValueError:
        return {"failed": True, "msg": "it said nothing"}, [
            f"it answered {out[-300:]!r}, and {err[-500:]!r}"
        ]
    troubles = [f"it said besides: {err[-500:]}"] if err.strip() else []
    if answer.get("failed") and (
        not answer.get("msg")
        or "\n" in answer["msg"]
        or "Traceback" in out
        or answer.get("exception")
    ):
        troubles.append(f"its error is not one clear text: {out[-500:]}")
    return answer, troubles


def _kill(folder: Path, module: str, options: dict, rng: random.Random, usual: float) -> dict:
    process = _start(folder, module, options)
    where, took = _wait(process, Path(options["journal"]), rng, usual)
    process.kill()
    process.communicate()
    return {"where": where, "took": took, "troubles": []}


def _wait(
    process: subprocess.Popen, journal: Path, rng: random.Random, usual: float
) -> tuple[str | None, float]:
    """(where the run is, or None: it has ended; how long it has lived) at a moment between its
    start and its usual end.

    Half of the moments are by the clock, the other half by the number of lines in the journal.
    """
    began = time.monotonic()
    lines, moment = rng.randrange(1, 60), rng.uniform(0, usual)
    by_journal = rng.random() < 0.5
    lived = 0.0
    while process.poll() is None:
        lived = time.monotonic() - began
        if (by_journal and journal.exists() and journal.read_bytes().count(b"\n") >= lines) or (
            not by_journal and lived >= moment
        ):
            return (
                f"at line {lines} of the journal" if by_journal else f"after {lived:.3f} s"
            ), lived
        time.sleep(0.001)
    return None, lived
