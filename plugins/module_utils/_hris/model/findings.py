# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings: something in the data that a human must see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ..data_class import mutable
from ..errors import HrisError
from ..visible_text import bounded_message

ERROR = "error"  # a person is held until this is corrected
WARNING = "warning"  # the run goes on, but a human should look
INFO = "info"  # left alone on purpose
SEVERITIES = (ERROR, WARNING, INFO)
# Kinds of findings about access that stays open: everybody who reads about a run must be told
HAS_LEFT, MAY_HAVE_LEFT, OUT_OF_SCOPE = "has_left", "may_have_left", "out_of_scope"
# Access that somebody ended before HR did, and what of it is open again
LOCKED_OUT, LOCKED_OUT_ENABLED = "locked_out", "locked_out_enabled"
GOVERNED = "governed"  # the cloud governs the account
# {kind: (words for one person, words for several)}
OPEN_ACCESS = {
    HAS_LEFT: ("person has left and can still log on", "people have left and can still log on"),
    MAY_HAVE_LEFT: (
        "person may have left and can still log on",
        "people may have left and can still log on",
    ),
    OUT_OF_SCOPE: (
        "person is out of scope and can still log on",
        "people are out of scope and can still log on",
    ),
    LOCKED_OUT_ENABLED: (
        "person is locked out and can still log on",
        "people are locked out and can still log on",
    ),
}


@mutable
class Finding:
    """One finding: what is wrong, where, and what to do."""

    kind: str  # a stable word for grouping, such as missing_key
    message: str  # one or two sentences
    key: str | None = None  # of the person
    place: str | None = None  # the rule or the attribute
    severity: str = ERROR
    name: str | None = None  # of the person; None where it is hidden or not known
    source: str | None = None  # of the person or the records; None: it is about all sources

    def __post_init__(self) -> None:
        """A value of HR in the message cannot look like a line of its own."""
        self.message = bounded_message(self.message)


class Mention(NamedTuple):
    """Another person in a message."""

    source: str
    key: str
    name: str | None = None


@mutable
class MentioningFinding(Finding):
    """A finding whose message has other people in it: it gets their names as well."""

    parts: Sequence[str | Mention] = ()  # of the message, in its order

    def mentions(self) -> list[Mention]:
        """The other people of whom the message speaks."""
        return [part for part in self.parts if isinstance(part, Mention)]


def mentioning(
    kind: str, parts: Sequence[str | Mention], key: str, place: str, severity: str
) -> MentioningFinding:
    """A finding with a message of these parts, as yet without names."""
    message = "".join(part.key if isinstance(part, Mention) else part for part in parts)
    return MentioningFinding(kind, message, key, place, severity, parts=parts)


def separated(mentions: Iterable[Mention], separator: str) -> list[str | Mention]:
    """The parts of a list of people."""
    return [part for one in mentions for part in (separator, one)][1:]


def open_access(findings: Iterable[Finding]) -> dict[str, int]:
    """{kind of OPEN_ACCESS: people}, only those that there are."""
    people = {(one.kind, one.source, one.key) for one in findings if one.kind in OPEN_ACCESS}
    counts = Counter(kind for kind, _source, _key in people)
    return {kind: counts[kind] for kind in OPEN_ACCESS if counts[kind]}


def open_access_words(counts: Mapping[str, int]) -> list[str]:
    """The counts of open_access for people: ``2 people have left and can still log on``."""
    return [f"{count:,} {OPEN_ACCESS[kind][count > 1]}" for kind, count in counts.items()]


def held(error: HrisError, key: str) -> Finding:
    """The finding about a person who is held because of an error."""
    message = f"{error} Until then nothing is written for this person, except a lock."
    return Finding("held", message, key=key, place=error.place)


def identity(finding: Finding) -> tuple[str | None, ...]:
    """What is equal for the same finding in two plans."""
    return finding.kind, finding.source, finding.key, finding.place, finding.message
