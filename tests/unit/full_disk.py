"""Runs Python code in a process of its own that may write no file beyond a size, which is as good as a full disk.

A limit of this kind is never set in the process of pytest: its own output may be a file too.
"""
from __future__ import annotations

import os
import subprocess
import sys

_LIMIT = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))\n"


def run_on_full_disk(size: int, code: str, *arguments: str) -> str:
    """What the code prints. size: bytes that a file may have; arguments: sys.argv[1:] of the code.

    Without -B, Python would leave compiled modules that are cut off.
    """
    done = subprocess.run([sys.executable, "-B", "-c", _LIMIT.format(size=size) + code, *arguments], capture_output=True, text=True, check=False,
                          env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
    assert done.returncode == 0, done.stderr
    return done.stdout
