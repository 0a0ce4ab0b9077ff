# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The employees that a module is given, as a list or as a feed file."""

from __future__ import annotations

from ..errors import HrisError
from ..sources.files import given_employees


def feed_of(params: dict) -> list[dict]:
    """The employees of the options src and employees. Raises HrisError for none at all."""
    employees = given_employees(params)
    if not employees:
        raise HrisError(
            "the feed holds no employee",
            params["src"] or "employees",
            "Give a feed as an HR system's module writes it",
        )
    return employees
