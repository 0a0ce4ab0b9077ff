# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which webhooks came before: a replayed one is valid, since nothing in its signature says when."""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict

MOST = 100_000  # webhooks that are remembered; each of them was signed by ELMO


class SeenBefore:
    """The webhooks of the last seconds, in memory: a restart forgets them."""

    def __init__(self, seconds: float):
        self._seconds = seconds
        self._seen: OrderedDict[bytes, float] = OrderedDict()  # {digest: moment}, oldest first

    def is_new(self, identity: bytes) -> bool:
        """Whether it did not come before; from now on it did."""
        now = time.monotonic()
        while self._seen and next(iter(self._seen.values())) < now - self._seconds:
            self._seen.popitem(last=False)
        digest = hashlib.sha256(identity).digest()
        if digest in self._seen:
            return False
        if len(self._seen) >= MOST:
            self._seen.popitem(last=False)
        self._seen[digest] = now
        return True
