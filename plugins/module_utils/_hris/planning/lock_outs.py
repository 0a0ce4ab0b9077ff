# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A lock-out: what it writes into the mark, which groups it takes, what lifting it gives back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from ..ad_values.dn import normal
from ..ad_values.texts import units
from ..data_class import frozen
from ..model import actions
from ..model.directory import Account, Group
from ..model.plan import Change, ValueChange, ValueChanges
from . import ownership, removed_groups
from .compare import uac_change
from .lock_out_findings import lock_out_words
from .mark_texts import cleaned
from .ownership import Mark, write_mark

LONGEST_REASON, LONGEST_TICKET, LONGEST_NAME = 200, 60, 100  # characters
REMOVE_ALL = "remove_all"  # leaver.groups
_SHORTENED = ("reason", "ticket", "by")  # what a mark that is too long is written without


@frozen
class LockOut:
    """Who wants an account to be locked out, and why. The texts are clean."""

    at: str  # the moment, ISO 8601 in UTC
    by: str | None
    reason: str | None
    ticket: str | None


@frozen
class Subject:
    """The account, and where its mark is."""

    account: Account
    attribute: str  # that keeps the mark, as the directory spells it
    mark: Mark | None  # None: it is not ours
    key: str | None  # of the person


def lock_out_of(at: str, by: str, reason: str, ticket: str) -> LockOut:
    """The lock-out with texts as people gave them: cleaned and bounded, "" for not given."""
    return LockOut(
        at,
        cleaned(by, LONGEST_NAME) or None,
        cleaned(reason, LONGEST_REASON) or None,
        cleaned(ticket, LONGEST_TICKET) or None,
    )


def reason_of(lock_out: LockOut, what: str = "locked out") -> str:
    """Why an account changes, for plans and audit logs."""
    return lock_out_words(what, lock_out.at, lock_out.by, lock_out.reason, lock_out.ticket)


def with_lock_out(
    subject: Subject, lock_out: LockOut, password_set: str | None, most: int | None
) -> Mark | None:
    """The mark of an account that is locked out; the present one where it is so already.

    password_set: pwdLastSet, to see later whether the password was changed since. most: units that
    the attribute can hold; None: any number. Texts that do not fit are left out.
    """
    mark = subject.mark
    if mark is None or mark.locked_out:
        return mark
    wanted = mark._replace(
        locked_out=lock_out.at,
        by=lock_out.by,
        reason=lock_out.reason,
        ticket=lock_out.ticket,
        before=None if subject.account.enabled else ownership.DISABLED,
        password=password_set,
    )
    for name in _SHORTENED:
        if most is None or units(write_mark(wanted)) <= most:
            break
        wanted = wanted._replace(**{name: None})  # type: ignore[arg-type]  # of the texts
    return wanted


def without_lock_out(mark: Mark, enabled: bool) -> Mark:
    """The mark after the lock-out is lifted. enabled: whether the account is enabled with it."""
    return mark._replace(
        locked_out=None,
        by=None,
        reason=None,
        ticket=None,
        before=None,
        password=None if enabled else ownership.SCRAMBLED,
    )


def is_enabled_by_lifting(mark: Mark) -> bool:
    """Whether lifting enables the account: it was enabled when it was locked out."""
    return mark.before != ownership.DISABLED and mark.state == ownership.ACTIVE


def has_old_password(mark: Mark | None, password_set: str | None) -> bool:
    """Whether the password is still that of before the lock-out, as far as can be seen."""
    if mark is None or not mark.locked_out:
        return True
    return password_set is not None and mark.password == password_set


def change_of(subject: Subject, action: str, reason: str) -> Change:
    """A change of the account."""
    source = subject.mark.source if subject.mark else None
    account = subject.account
    return Change(action, source, subject.key, account.guid, account.dn, reason)


def disabling(subject: Subject, wanted: Mark | None, reason: str) -> list[Change]:
    """The change that disables the account and says so in its mark; [] where both are so."""
    values: ValueChanges = {}
    if subject.account.enabled:
        values["userAccountControl"] = uac_change(subject.account.uac, False)
    values |= marked(subject, wanted)
    if not values:
        return []
    action = actions.DISABLE if subject.account.enabled else actions.UPDATE
    change = change_of(subject, action, reason)
    change.attributes = values
    return [change]


def scrambling(subject: Subject, reason: str) -> Change:
    """The change that gives the account a password that nobody knows."""
    change = change_of(subject, actions.UPDATE, reason)
    change.random_password = True
    return change


def marked(subject: Subject, wanted: Mark | None) -> ValueChanges:
    """The change of the mark; {} where it is as it should be."""
    if wanted is None or wanted == subject.mark:
        return {}
    before = subject.account.attributes.get(subject.attribute, [])
    return {subject.attribute: ValueChange(before, [write_mark(wanted)])}


def lost_groups(
    account: Account,
    groups: Iterable[Group],
    managed: Collection[str],
    privileged: Collection[str],
    policy: str,
) -> list[Group]:
    """The groups that the account loses: the managed ones, and where the leaver rules say so
    (policy) all others. managed, privileged: normal DNs.
    """
    direct = {normal(dn) for dn in account.groups}
    lost = [
        group
        for group in groups
        if (name := normal(group.dn)) in direct - set(privileged)
        and (policy == REMOVE_ALL or name in managed)
    ]
    return sorted(lost, key=lambda group: group.name.casefold())


def removals(
    subject: Subject, lost: Sequence[Group], record: str | None, day: str, reason: str
) -> list[Change]:
    """The changes that save groups in the account (the attribute record), and then take them."""
    changes = []
    if record and lost:
        before = subject.account.attributes.get(record, [])
        after = removed_groups.with_groups(before, lost, day)
        if after != before:
            change = change_of(subject, actions.UPDATE, reason)
            change.attributes = {record: ValueChange(before, after)}
            changes.append(change)
    for group in lost:
        change = change_of(subject, actions.GROUP_REMOVE, reason)
        change.group = group.dn
        changes.append(change)
    return changes


def restored_groups(
    account: Account, record: str | None, groups: Iterable[Group], privileged: Collection[str]
) -> list[Group]:
    """The saved groups that the account is not in. privileged: normal DNs of groups that nobody
    gets.
    """
    guids = {entry.guid for entry in removed_groups.entries_of(account, record)}
    direct = {normal(dn) for dn in account.groups}
    found = [
        group
        for group in groups
        if group.guid in guids and normal(group.dn) not in direct.union(privileged)
    ]
    return sorted(found, key=lambda group: group.name.casefold())


def restorations(
    subject: Subject, given: Sequence[Group], record: str | None, reason: str
) -> list[Change]:
    """The changes that give groups back, and after it clear what was saved."""
    changes = []
    for group in given:
        change = change_of(subject, actions.GROUP_ADD, reason)
        change.group = group.dn
        changes.append(change)
    if record and removed_groups.entries_of(subject.account, record):
        change = change_of(subject, actions.UPDATE, "the saved groups were given back")
        before = list(subject.account.attributes[record])
        change.attributes = {record: ValueChange(before, removed_groups.without_groups(before))}
        change.last = True
        changes.append(change)
    return changes
