# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""State that is not there: what a run says when it finds nothing where earlier runs must have left
something.

That there were earlier runs is known from the list that they left, and from the accounts: one with
the mark of a source was written by a run of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from ..data_class import frozen
from ..model.directory import Account
from ..model.findings import WARNING, Finding
from ..model.kept_state import DOMAIN, GUARD, LEDGER, NAMES, RECENT, KeptState
from .ownership import mark_of

NEW_STATE = "new_state"
# {kind: (what is missing, what follows)}
_WORDS = {
    GUARD: (
        "the profile of its last good feed",
        "this feed is compared with nothing",
    ),
    LEDGER: (
        "its step ledger",
        "what earlier steps have done is not known, and steps that were due are not done",
    ),
    RECENT: (
        "the file of what runs have written lately",
        "what they have written does not count for the limits",
    ),
}


@frozen
class KeptFile:
    """A file that a source keeps between runs."""

    kind: str  # GUARD, LEDGER, RECENT or NAMES
    path: str
    exists: bool


def marked_accounts(
    accounts: Iterable[Account], attributes: Mapping[str, str]
) -> Mapping[str, int]:
    """{source: accounts with its mark}. attributes: {source: the attribute that keeps its mark}."""
    found: Counter[str] = Counter()
    names = set(attributes.values())
    for account in accounts:
        for name in names:
            mark = mark_of(account, name)
            if mark and attributes.get(mark.source) == name:
                found[mark.source] += 1
    return found


def lost_state(
    folder: str | None,
    known: KeptState | None,
    files: Mapping[str, Iterable[KeptFile]],
    marked: Mapping[str, int],
) -> list[Finding]:
    """The findings about state that is not there.

    folder: of the state of the domain; None where only single files are kept. known: the list in
    it; None where there is none. files: {source, or DOMAIN: what is kept for it}. marked: {source:
    accounts with its mark}.
    """
    if folder and known is None:
        owners = {source: marked.get(source, 0) for source in files if marked.get(source)}
        if not owners:
            return []
        return [_finding(f"{folder} has no state of earlier runs", owners)]
    found = []
    for source, kept in files.items():
        entry = known.sources.get(source) if known else None
        number = {source: marked.get(source, 0)}
        if folder and entry is None:
            if marked.get(source):
                what = f"{folder} has no state of earlier runs of {source}"
                found.append(_finding(what, number, source))
            continue
        for file in kept:
            if file.exists:
                continue
            what, then = _WORDS[file.kind]
            if entry and file.kind in entry.files:
                message = (
                    f"{what} is not there any more, which runs have kept in {file.path} since "
                    f"{entry.files[file.kind][:10]}: {then}"
                )
                about = None if source == DOMAIN else source
                found.append(Finding(NEW_STATE, message, severity=WARNING, source=about))
            elif entry is None and marked.get(source):
                found.append(_finding(f"{what} is not in {file.path}: {then}", number, source))
    return found


def lost_names(
    known: KeptState | None, path: str, exists: bool, marked: Mapping[str, int]
) -> Finding | None:
    """The finding about a names ledger that is not there; None where it is, and for the first run
    that has one. known, marked: as of lost_state.
    """
    if exists:
        return None
    then = (
        "Active Directory does not know the names of deleted accounts, so they would be given again"
    )
    entry = known.sources.get(DOMAIN) if known else None
    if entry and NAMES in entry.files:
        since = entry.files[NAMES][:10]
        message = f"{path} is not there any more, the names ledger that runs keep since {since}"
        return Finding(NEW_STATE, f"{message}: {then}", severity=WARNING)
    owners = {source: number for source, number in marked.items() if number}
    if known is None and owners:
        return _finding(f"{path} is not there, the names ledger: {then}", owners)
    return None


def _finding(what: str, owners: Mapping[str, int], source: str | None = None) -> Finding:
    """The finding about state that is new although accounts have the mark of its source."""
    number = sum(owners.values())
    have = "account has" if number == 1 else "accounts have"
    message = (
        f"{what}. But {number:,} {have} the mark of {' and '.join(owners)}: earlier runs kept it "
        "elsewhere, or it is lost"
    )
    return Finding(NEW_STATE, message, severity=WARNING, source=source)
