# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings and refused changes of one cause: one missing right can make an error for everybody, and
the others must not fall out of sight behind them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

from ..model.findings import SEVERITIES, Finding
from .labels import who

FEW = 3  # so many of one cause are shown one by one
NAMED = 5  # people whose keys are named with a cause
# What differs between the messages of one cause: quoted values, names in DNs, and numbers
_VARYING = re.compile(r"'[^']*'|\bCN=(?:\\.|[^\\,])+|\d+", re.IGNORECASE)

Entry = TypeVar("Entry")


class Cause(NamedTuple, Generic[Entry]):
    """Entries that have the same cause, at least one, in their order."""

    entries: Sequence[Entry]


def skeleton(message: str, key: str | None = None, name: str | None = None) -> str:
    """A message without what differs between people."""
    for text in filter(None, (key, name)):
        if text not in message:
            continue  # an expression is not made for each of very many findings
        message = re.sub(rf"(?<!\w){re.escape(text)}(?!\w)", "…", message)
    return _VARYING.sub("…", message)


def by_cause(entries: Iterable[Entry], cause_of: Callable[[Entry], Hashable]) -> list[Cause[Entry]]:
    """The causes, in the order of their first entries."""
    found: dict[Hashable, list[Entry]] = {}
    for entry in entries:
        found.setdefault(cause_of(entry), []).append(entry)
    return [Cause(same) for same in found.values()]


def causes_of(findings: Iterable[Finding]) -> list[Cause[Finding]]:
    """The causes of findings, errors first."""
    in_order = sorted(findings, key=lambda one: SEVERITIES.index(one.severity))
    return by_cause(in_order, _cause_of)


def _cause_of(one: Finding) -> Hashable:
    shape = skeleton(one.message, one.key, one.name)
    return one.severity, one.kind, one.source, one.place, shape


def spread(causes: Sequence[Cause[Entry]], most: int) -> list[Entry]:
    """At most so many entries: a few of each cause first, so that each is seen, then the others."""
    first = [entry for cause in causes for entry in cause.entries[:FEW]]
    rest = (entry for cause in causes for entry in cause.entries[FEW:])
    return [*first, *rest][:most]


def finding_lines(
    findings: Iterable[Finding], line_of: Callable[[Finding], str], sources: Sequence[str]
) -> list[str]:
    """A line for each finding; many of one cause are one line with their number and the first
    people.
    """
    lines: list[str] = []
    for cause in causes_of(findings):
        if len(cause.entries) <= FEW:
            lines += map(line_of, cause.entries)
        else:
            lines.append(_line(cause.entries, sources))
    return lines


def common_causes(findings: Iterable[Finding]) -> list[Cause[Finding]]:
    """The causes of more than a few findings, the most frequent first."""
    common = [cause for cause in causes_of(findings) if len(cause.entries) > FEW]
    return sorted(common, key=lambda cause: -len(cause.entries))


def _line(same: Sequence[Finding], sources: Sequence[str]) -> str:
    first = same[0]
    # What the first message names (an account, a value) is not that of the others
    such_as = "" if all(one.message == first.message for one in same) else ", such as"
    people = people_of(same, sources)
    return f"{first.severity}: {len(same):,} times{such_as}: {first.message} {people}"


def people_of(same: Sequence[Finding], sources: Sequence[str]) -> str:
    """The first people of a cause: ``E1 (Ann Lee), E2 and 704 more``."""
    names = list(dict.fromkeys(who(one, sources) for one in same if one.key))
    if not names:
        return ""
    text = f"({', '.join(names[:NAMED])}"
    more = len(names) - NAMED
    return f"{text} and {more:,} more)" if more > 0 else f"{text})"
