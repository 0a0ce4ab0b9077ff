# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers in words, as reports write them."""

from __future__ import annotations


def counted(count: int, one: str, several: str) -> str:
    """A number with its word: ``1 error``, ``1,200 errors``."""
    return f"{count:,} {one if count == 1 else several}"


def difference(now: int, before: int) -> str:
    """+12, -3, or 0."""
    return f"{now - before:+,}" if now != before else "0"
