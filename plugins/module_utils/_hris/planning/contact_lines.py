# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said at the first contact with a domain: a line for each person and account."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from ..data_class import field, mutable
from ..model.directory import Account
from .proposals import Proposal

# The kinds of lines. A person whom the correlation blocks has the kind of its finding.
MATCHED, NO_ACCOUNT = "matched", "no_account"
UNOWNED, SECOND_ACCOUNT = "unowned", "second_account"
ABSENT = "absent"
BY_MARK = "by_mark"  # beside the ways of matching.py: the mark has another key of the person


@mutable
class ContactLine:
    """One line: a person, an account, or both."""

    kind: str
    severity: str
    message: str
    source: str
    key: str | None = None
    name: str | None = None
    state: str = ""  # of the person
    how: str = ""  # how the account was found: BY_MARK, BY_KEY, BY_LINK or BY_FALLBACK
    account: Account | None = None
    proposals: Sequence[Proposal] = ()
    is_clear: bool = False  # the first proposal is the only one, for person and account


@mutable
class FirstContact:
    """All lines, and how many there are."""

    sources: list[str]
    as_of: str  # ISO 8601
    domain: str  # DNS name
    lines: list[ContactLine] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)  # {kind of a line, or how: how many}


def counts_of(lines: Iterable[ContactLine]) -> dict[str, int]:
    """{kind of a line, or how an account was found: how many}."""
    counts: dict[str, int] = defaultdict(int)
    for line in lines:
        counts[line.kind] += 1
        if line.how:
            counts[line.how] += 1
        if line.kind == NO_ACCOUNT and line.proposals:
            counts["proposals"] += 1
    return dict(sorted(counts.items()))


def alike_words(proposal: Proposal) -> str:
    """A proposal in words: ``CN=Ann Lee,… (90: name and mail agree)``."""
    words = f"{' and '.join(proposal.agree)} agree{'s' if len(proposal.agree) == 1 else ''}"
    if proposal.differ:
        words += f", {' and '.join(proposal.differ)} differ"
        words += "s" if len(proposal.differ) == 1 else ""
    state = "" if proposal.account.enabled else ", disabled"
    return f"{proposal.account.dn} ({proposal.confidence}: {words}{state})"
