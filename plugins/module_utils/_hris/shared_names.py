# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Dictionaries of many people with the same names in them, which take a third of the memory.

Python keeps the attributes of all objects of a class under one set of names (PEP 412): the
dictionary of an object has the values only. Here objects are made for that dictionary alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def shared_names() -> Callable[[], dict[str, Any]]:
    """A function that makes empty dictionaries, which share their names.

    They do so while items are set one by one: update() and | make usual dictionaries of them, and
    so does the 31st name. They are equal to usual ones, and as fast.
    """

    class Names:
        """Its objects are only made for their dictionaries."""

    return lambda: Names().__dict__
