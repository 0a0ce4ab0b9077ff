# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings that somebody has looked at, and need not see again until a day."""

from __future__ import annotations

from collections.abc import Sequence

from ..data_class import frozen
from ..errors import HrisError
from ..model.findings import ERROR, OPEN_ACCESS, Finding
from ..option_names import option_name
from .policies import Options, check_day


@frozen
class Silence:
    """An entry of the option silenced."""

    kind: str
    only: frozenset[str]  # keys of people, in lower case; empty: everybody
    at: str | None  # the rule or the attribute; None: any
    until: str  # last day, ISO 8601
    reason: str
    place: str  # of the entry itself

    def covers(self, finding: Finding) -> bool:
        """Whether it is about the finding. Errors are silenced for named people only."""
        if finding.kind != self.kind or (self.at and self.at != finding.place):
            return False
        if self.only:
            return finding.key is not None and finding.key.casefold() in self.only
        return finding.severity != ERROR


def compile_silences(entries: Sequence[Options]) -> tuple[Silence, ...]:
    """The entries. Raises HrisError for a day that is none, and for a finding about access that is
    still open.
    """
    found = []
    for number, entry in enumerate(entries):
        place = option_name(f"silenced[{number}]")
        check_day(entry["until"], f"{place}.until")
        if entry["kind"] in OPEN_ACCESS:
            raise HrisError(
                f"{entry['kind']} cannot be silenced, because somebody can still log on",
                f"{place}.kind",
                "Lock the account, or decide about the person with an exception",
            )
        only = frozenset(key.strip().casefold() for key in entry["only"])
        found.append(
            Silence(entry["kind"], only, entry["place"], entry["until"], entry["reason"], place)
        )
    return tuple(found)
