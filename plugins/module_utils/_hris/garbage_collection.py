# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Python's collector of cycles, at rest while populations are planned."""

from __future__ import annotations

import gc
from contextlib import contextmanager


@contextmanager
def nothing_to_collect():
    """Python's cycle collector at rest: a population is plain data without cycles, and it would be walked again and again."""
    resting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if resting:
            gc.freeze()  # what there is now is left alone by the collection at the end of the process, too
            gc.enable()
