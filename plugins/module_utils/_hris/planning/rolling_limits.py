# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits over a rolling day: what other runs have written counts as well.

So 5,000 changes that come one by one stop where one run with all of them would.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from ..model import actions
from ..model.plan import Change, LimitVerdict
from ..model.recent import Marks, RecentRun
from ..rules.options import OTHER_LIMITS
from .limits import ATTRIBUTE, verdict_of

Mark = Callable[["str | None", str], str]  # (source, key or DN) -> the mark of a person


def marks_of(changes: Iterable[Change], limits: Iterable[LimitVerdict], mark: Mark) -> Marks:
    """The marks of the people of changes, for whatever has a limit."""
    limited = {verdict.action for verdict in limits} - set(OTHER_LIMITS)
    found: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for change in changes:
        names = limited.intersection(_counted(change))
        if names:
            person = mark(change.source, change.key or change.dn)
            for name in names:
                found[change.source or ""][name].add(person)
    return {
        source: {name: sorted(marks) for name, marks in names.items()}
        for source, names in found.items()
    }


def _counted(change: Change) -> Iterable[str]:
    """What limits count of a change (limits.py)."""
    yield change.action
    if change.action not in (actions.CREATE, actions.DELETE):
        for name in change.attributes:
            yield f"{ATTRIBUTE}{name}"


def with_recent(
    limits: Sequence[LimitVerdict],
    changes: Sequence[Change],
    runs: Sequence[RecentRun],
    hours: float,
    mark: Mark,
) -> list[LimitVerdict]:
    """The verdicts, where what other runs have written counts as well, each person once.

    changes: of the plan that the verdicts are about. runs: those of the last hours. A limit that
    this plan does not use stays as it is: nothing that others did stops what has nothing to do with
    it.
    """
    mine = marks_of(changes, limits, mark)
    return [_judged_again(verdict, mine, runs, hours) for verdict in limits]


def _judged_again(
    verdict: LimitVerdict, mine: Marks, runs: Sequence[RecentRun], hours: float
) -> LimitVerdict:
    if verdict.action in OTHER_LIMITS or not verdict.changes:
        return replace(verdict, recent=0)
    before = _people(verdict, *(run.marks for run in runs)) - _people(verdict, mine)
    return verdict_of(replace(verdict, recent=len(before)), hours)


def _people(verdict: LimitVerdict, *given: Marks) -> set[tuple[str, str]]:
    """(source, mark) of the people that a limit is about."""
    return {
        (source, one)
        for marks in given
        for source, names in marks.items()
        if verdict.source in (None, source)
        for one in names.get(verdict.action, ())
    }
