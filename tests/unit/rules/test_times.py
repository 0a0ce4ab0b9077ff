# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Days at the edges of what a date can hold."""
from __future__ import annotations

from datetime import date

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.times import days_later


@pytest.mark.parametrize(("day", "days", "expected"), [
    ("2026-02-28", 1, "2026-03-01"),
    ("2026-03-01", -1, "2026-02-28"),
    ("2026-03-01", 0, "2026-03-01"),
    ("9999-12-30", 1, "9999-12-31"),
    ("9999-12-31", 1, "9999-12-31"),
    ("2026-03-01", 4_000_000, "9999-12-31"),
    ("0001-01-01", -1, "0001-01-01"),
    ("2026-03-01", -4_000_000, "0001-01-01"),
])
def test_days_later(day, days, expected):
    assert days_later(date.fromisoformat(day), days).isoformat() == expected
