"""Runs a command, then writes what it took as JSON to a file: `launch.py RESULT COMMAND…`.

A process of its own, small on purpose: Linux counts towards a process's peak memory what its parent
held when it was started, so the bench, which may hold a whole company, cannot start what it
measures. Standard library only; started without site-packages.
"""

import json
import os
import sys
import time

start = time.perf_counter()
child = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ)
_pid, status, usage = os.wait4(child, 0)
wall = time.perf_counter() - start
cpu = usage.ru_utime + usage.ru_stime
took = {
    "code": os.waitstatus_to_exitcode(status),
    "wall": wall,
    "cpu": cpu,
    "gib": usage.ru_maxrss / 2**20,
}
with open(sys.argv[1], "w", encoding="utf-8") as result:
    json.dump(took, result)
