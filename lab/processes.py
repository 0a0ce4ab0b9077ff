"""Background processes with pid files: started in a session of their own, and stopped by their id
only.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

from .errors import LabError


def _birth(pid: int) -> str | None:
    """When the kernel started `pid` (clock ticks since boot), or None when no such process is
    alive.

    It is kept with the pid, so that a pid file from before a reboot never names another process.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] == "Z" else fields[19]


def living(pid_file: Path) -> int | None:
    """The pid in `pid_file`, if that same process is still alive."""
    try:
        pid, birth = pid_file.read_text().split()
    except (FileNotFoundError, ValueError):
        return None
    return int(pid) if _birth(int(pid)) == birth else None


def spawn(command: list[str], pid_file: Path, log: Path, **options) -> subprocess.Popen:
    """Start `command` in the background; its output goes to `log` (0600)."""
    log.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=descriptor,
            stderr=descriptor,
            start_new_session=True,
            **options,
        )
    finally:
        os.close(descriptor)
    pid_file.write_text(f"{process.pid} {_birth(process.pid)}\n")
    return process


def _wait_gone(pid: int, birth: str, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            os.waitpid(pid, os.WNOHANG)
        except ChildProcessError:
            pass
        if _birth(pid) != birth:
            return True
        time.sleep(0.01)
    return False


def stop(pid_file: Path, patience: float = 5.0) -> bool:
    """Stop the process of `pid_file`, and its session's group after `patience` seconds. False if
    none ran.

    With patience 0 it is killed at once: right when everything that the process holds will be
    deleted.
    """
    pid = living(pid_file)
    if pid is None:
        pid_file.unlink(missing_ok=True)
        return False
    birth = _birth(pid)
    try:
        if patience:
            os.kill(pid, signal.SIGTERM)
        if not patience or not _wait_gone(pid, birth, patience):
            os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    if not _wait_gone(pid, birth, 5.0):
        raise LabError(f"process {pid} of {pid_file} does not end")
    pid_file.unlink(missing_ok=True)
    return True
