# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What many findings of a plan have in common, as a report shows it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..data_class import mutable
from ..model.findings import Finding
from ..planning.causes import common_causes, people_of

MOST_CAUSES = 10


@mutable
class CauseView:
    """What many findings have in common."""

    severity: str
    count: int  # findings
    message: str  # of the first
    people: str  # the first of them


def cause_views(findings: Iterable[Finding], sources: Sequence[str]) -> list[CauseView]:
    """The most frequent causes of findings. sources: of the plan."""
    found = []
    for cause in common_causes(findings)[:MOST_CAUSES]:
        same = cause.entries
        people = people_of(same, sources)
        found.append(CauseView(same[0].severity, len(same), same[0].message, people))
    return found
