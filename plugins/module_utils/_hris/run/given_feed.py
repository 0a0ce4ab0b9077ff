# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The records that a module is given, as a list or as a feed file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import HrisError
from ..model.records import Record
from ..sources.files import given_employees, told_path


def records_of(params: Mapping[str, Any], allow_empty: bool = False) -> list[Record]:
    """The records of the options src and employees. Raises HrisError for an empty feed."""
    records = given_employees(params)
    if not records and not allow_empty:
        raise HrisError(
            "the feed has no employee",
            told_path(params["src"]) if params["src"] else "employees",
            "An empty feed is taken for a broken one. Where it is right, set allow_empty of sync"
            " (lifecycle_allow_empty)",
        )
    return records
