# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of recent writes: its options, and what is read from it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from ..data_class import frozen
from ..errors import HrisError
from ..json_files import read_json
from ..model.recent import FORMAT, Recent
from ..model.shapes import shaped
from ..option_names import option_name
from ..seals import check_seal

ARGUMENTS: dict[str, Any] = dict(
    recent=dict(type="path"),
    recent_hours=dict(type="float", default=24),
    replication_minutes=dict(type="float", default=15),
)
_AGAIN = (
    "Restore it from a copy, or remove it: then what runs have written before counts no more, and "
    "they create accounts at once on any domain controller"
)
_FAULT = "the file of recent writes is damaged"
_LONGEST = 24 * 366  # recent_hours


@frozen
class RecentOptions:
    """The options in ARGUMENTS."""

    path: str | None
    window: timedelta  # in which limits count what other runs have written
    replication: timedelta  # how long nothing is created after writes to another server
    key: str | None  # the file is signed with it

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> RecentOptions:
        """The checked options. Raises HrisError."""
        hours, minutes = params["recent_hours"], params["replication_minutes"]
        if not 0 < hours <= _LONGEST:
            raise HrisError("it must be above 0, and at most a year", option_name("recent_hours"))
        if not 0 <= minutes <= 60 * 24 * 7:
            raise HrisError(
                "it must not be below 0, nor above a week", option_name("replication_minutes")
            )
        return cls(
            params["recent"] or None,
            timedelta(hours=hours),
            timedelta(minutes=minutes),
            params["plan_key"] or None,
        )

    @classmethod
    def of_lock_out(cls, params: Mapping[str, Any]) -> RecentOptions:
        """Those of a lock-out: it counts nothing, waits for nothing, and forgets nothing that a run
        with any window may count.
        """
        window = timedelta(hours=_LONGEST)
        return cls(params["recent"] or None, window, timedelta(), params["plan_key"] or None)

    @property
    def hours(self) -> float:
        """The window in hours."""
        return self.window.total_seconds() / 3600

    def read(self) -> Recent | None:
        """The content of the file; None where there is none. Raises HrisError."""
        if not self.path or not os.path.lexists(self.path):
            return None
        return _read(self.path, self.key)


def _read(path: str, key: str | None) -> Recent:
    try:
        data = read_json(path, trusted=True)
    except HrisError as error:
        raise HrisError(error.message, error.place, error.hint or _AGAIN) from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise HrisError(f"{_FAULT}: it has not the format '{FORMAT}'", path, _AGAIN)
    check_seal(data, key, "the file of recent writes", path, _AGAIN)
    recent = shaped(Recent, data, _FAULT, path, _AGAIN)
    moments = [run.at for run in recent.runs] + [one.at for one in recent.lock_outs]
    for text in (*moments, *recent.alerts.values(), *recent.servers.values()):
        _check_moment(text, path)
    return recent


def _check_moment(text: str, path: str) -> None:
    try:
        aware = datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        aware = False
    if not aware:
        raise HrisError(f"{_FAULT}: a moment of it is none", path, _AGAIN)
