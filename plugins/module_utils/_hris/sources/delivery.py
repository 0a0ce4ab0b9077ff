# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a source gives, and how a module returns it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..data_class import field, mutable
from ..model.records import Record
from .field_overview import MOST_FIELDS, jmespath_of
from .files import FeedFile, write_feed

# From all employees to what is kept of them in a file
Selection = Callable[[list[Record]], FeedFile]


@mutable
class Fetched:
    """All employees of a source."""

    employees: list[Record]
    counts: dict[str, int]  # the module's RETURN describes them
    seconds: float  # of the whole fetch
    details: dict[str, Any] = field(default_factory=dict)  # further results of the module
    shared: Sequence[str] = ()  # fields whose objects many employees have in common


def deliver(
    fetched: Fetched, dest: str | None, selection: Selection | None = None, keep: bool = True
) -> dict[str, Any]:
    """The result of a module.

    dest: a file for the employees, which are then not in the result. selection: what the file keeps
    of them; all of it without one. keep: whether the result has them otherwise.
    """
    result: dict[str, Any] = {"changed": False}
    if dest is not None:
        if selection:
            feed = selection(fetched.employees)
            write_feed(dest, feed.employees, feed.about)  # each employee has its own objects
            result["fields_unread"] = list(map(jmespath_of, feed.left_out[:MOST_FIELDS]))
        else:
            write_feed(dest, fetched.employees, shared=fetched.shared)
        result["dest"] = dest
    elif keep:
        result["employees"] = fetched.employees
    return {**result, "counts": fetched.counts, "seconds": fetched.seconds, **fetched.details}
