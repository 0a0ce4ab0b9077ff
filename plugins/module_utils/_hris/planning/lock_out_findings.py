# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts that are locked out: each run says so, whatever is decided about the person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ..model import actions
from ..model.directory import Account
from ..model.findings import ERROR, LOCKED_OUT, LOCKED_OUT_ENABLED, WARNING, Finding
from ..model.plan import Change
from .account_index import values_of
from .deciding import PlannedSource
from .ownership import LOCKED_OUT_WORD, Mark, read_mark

_LIFTING = (
    "Runs leave it alone until HR has the leaving, or hris.ad.lift_lock_out lifts the lock-out."
)


class _Who(NamedTuple):
    source: str | None
    key: str | None


def lock_out_findings(
    planned: Sequence[PlannedSource], accounts: Iterable[Account], changes: Iterable[Change]
) -> Iterator[Finding]:
    """A finding for each account that is locked out after the changes. accounts: of the domain."""
    attribute = planned[0].context.mark
    found = [
        (account, mark)
        for account in accounts
        if (texts := account.attributes.get(attribute))
        and LOCKED_OUT_WORD in texts[0]  # in nearly no mark, so that few are read
        and (mark := read_mark(texts[0]))
        and mark.locked_out
    ]
    if not found:
        return
    people = _people(planned)
    of_account = [change for change in changes if change.guid]
    ended = {one.guid for one in of_account if _ends_lock_out(one, attribute)}
    disabled = {one.guid for one in of_account if one.action in (actions.DISABLE, actions.DELETE)}
    for account, mark in found:
        if account.guid not in ended:
            who = people.get(account.guid) or _by_key(account, mark, planned)
            yield _finding(account, mark, who, account.enabled and account.guid not in disabled)


def words_of(mark: Mark) -> str:
    """The lock-out in a mark for people."""
    return lock_out_words("locked out", mark.locked_out, mark.by, mark.reason, mark.ticket)


def lock_out_words(
    what: str, at: str | None, by: str | None, reason: str | None, ticket: str | None
) -> str:
    """``locked out by ann since 2026-03-02T10:15:00Z: left in anger (T-7)``."""
    text = f"{what} by {by or 'somebody'} since {at}"
    text += f": {reason}" if reason else ", without a reason"
    return f"{text} ({ticket})" if ticket else text


def _finding(account: Account, mark: Mark, who: _Who, is_open: bool) -> Finding:
    if is_open:
        message = (
            f"{account.dn} is {words_of(mark)}. Somebody enabled it by hand, and this run does not "
            "disable it again, so the person can still log on. Disable it by hand, or lift the "
            "lock-out."
        )
        found = Finding(LOCKED_OUT_ENABLED, message, key=who.key, severity=ERROR)
    else:
        message = f"{account.dn} is {words_of(mark)}. {_LIFTING}"
        found = Finding(LOCKED_OUT, message, key=who.key, severity=WARNING)
    found.source = who.source
    return found


def _ends_lock_out(change: Change, attribute: str) -> bool:
    """Whether a change writes a mark without the lock-out: HR has the leaving."""
    if change.action == actions.DELETE:
        return True
    values = change.attributes.get(attribute)
    mark = read_mark(next(iter(values.after), None)) if values else None
    return mark is not None and not mark.locked_out


def _people(planned: Sequence[PlannedSource]) -> dict[str, _Who]:
    """{objectGUID: whose account it is}, also of people for whom nothing is decided."""
    found: dict[str, _Who] = {}
    for one in planned:
        for key, why in one.correlation.blocked.items():
            found |= {account.guid: _Who(one.name, key) for account in why.accounts}
        found |= {
            account.guid: _Who(one.name, key) for key, account in one.correlation.links.items()
        }
    return found


def _by_key(account: Account, mark: Mark, planned: Sequence[PlannedSource]) -> _Who:
    """Whose account it is by its mark and key, where nobody in the feeds has it."""
    for one in planned:
        if one.name == mark.source:
            return _Who(one.name, next(iter(values_of(account, one.context.rules.key)), None))
    return _Who(None, None)
