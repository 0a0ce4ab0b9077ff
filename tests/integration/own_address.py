"""The loopback address of this process's domain: each worker of pytest-xdist has its own, and so may two runs on one machine."""
from __future__ import annotations

import os

_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_HEAD, _, _last = os.environ.get("HRIS_TEST_ADDRESS", "127.0.0.11").rpartition(".")
OWN = int(_last) + 60 * _WORKER  # the last number, for whoever starts further servers
ADDRESS = f"{_HEAD}.{OWN}"
