# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""FILETIME: how Active Directory counts time ([MS-DTYP] 2.3.3)."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

# FILETIME counts steps of 100 nanoseconds since this moment
EPOCH = datetime(1601, 1, 1, tzinfo=timezone.utc)
# accountExpires: both values mean that the account never expires ([MS-ADA1] 2.1)
NEVER = ("9223372036854775807", "0")


def filetime(moment: datetime) -> int:
    """An aware moment in FILETIME steps; negative before 1601."""
    return (moment - EPOCH) // timedelta(microseconds=1) * 10


def from_filetime(steps: int) -> datetime:
    """The moment (UTC) of a number of FILETIME steps. Raises OverflowError past the year 9999."""
    return EPOCH + timedelta(microseconds=steps // 10)
