# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One person and one account: what differs, attribute by attribute, group by group."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from ..ad_values.dn import normal, parent
from ..ad_values.equality import as_written, same_values
from ..ad_values.equality import merged as merged_values
from ..ad_values.sid import rid
from ..ad_values.user_account_control import NORMAL_ACCOUNT, with_enabled
from ..model import actions
from ..model.directory import Account, AttributeDefinition, Group
from ..model.people import Person
from ..model.plan import Change, ValueChange, ValueChanges

NO_VALUE: list[str] = []
NOTHING_STAYS: Mapping[str, Collection[str]] = MappingProxyType({})
Definitions = Mapping[str, AttributeDefinition]  # {attribute as the rules spell it: definition}


class Place(NamedTuple):
    """Where an account is, and where it is at the end of the run. now: None for a new account."""

    now: str | None
    then: str


def change_of(action: str, person: Person, account: Account, reason: str) -> Change:
    """A change of an existing account."""
    return Change(action, person.source, person.key or None, account.guid, account.dn, reason)


def uac_change(before: int | None, enabled: bool) -> ValueChange:
    """userAccountControl with only the disabled bit changed. before: None for a new account."""
    if before is None:
        return ValueChange([], [str(with_enabled(NORMAL_ACCOUNT, enabled))])
    return ValueChange([str(before)], [str(with_enabled(before, enabled))])


def first_values(
    wanted: Mapping[str, Sequence[str]],
    names: Mapping[str, str],
    references: Mapping[str, Place | None],
) -> ValueChanges:
    """The values of a new account: the wanted ones, the chosen names, and the references."""
    values = {name: list(texts) for name, texts in wanted.items()}
    values |= {name: [text] for name, text in names.items()}
    values |= {name: [place.then] for name, place in references.items() if place}
    return {name: ValueChange([], texts) for name, texts in values.items()}


def differences(
    wanted: Mapping[str, Sequence[str]],
    account: Account,
    definitions: Definitions,
    merged: Mapping[str, Collection[str]] = NOTHING_STAYS,
) -> ValueChanges:
    """The wanted values that the account does not have. merged: attributes whose other values
    stay, each with the mail domains of those that do not.
    """
    found: ValueChanges = {}
    for name, texts in wanted.items():
        definition = definitions[name]
        before = account.attributes.get(definition.name, NO_VALUE)
        if before == texts:
            continue
        after = as_written(texts, definition)
        if name in merged:
            after = merged_values(before, after, definition, merged[name])
        if not same_values(before, after, definition):
            found[definition.name] = ValueChange(before, after)
    return found


def split_authority(
    authority: Mapping[str, str], wanted: Mapping[str, Sequence[str]]
) -> tuple[Mapping[str, Sequence[str]], Mapping[str, Sequence[str]]]:
    """(values that are written, values whose difference is only reported) of an existing account.

    authority: {attribute: ``apply`` of its rule} of those that are not always written.
    """
    if not authority:
        return wanted, {}
    written = {name: texts for name, texts in wanted.items() if name not in authority}
    reported = {name: texts for name, texts in wanted.items() if authority.get(name) == "report"}
    return written, reported


def reference_differences(
    references: Mapping[str, Place | None], account: Account, definitions: Definitions
) -> ValueChanges:
    """As differences, for attributes that name another account; None clears the attribute.

    A reference that already names the other account is right wherever that account moves to: the
    directory updates it.
    """
    found: ValueChanges = {}
    for name, place in references.items():
        definition = definitions[name]
        before = account.attributes.get(definition.name, NO_VALUE)
        now: list[str] = []
        after: list[str] = []
        if place:
            now = [place.now] if place.now else []
            after = [place.then]
        if before == after and now == after:
            continue
        if not same_values(before, now or after, definition):
            found[definition.name] = ValueChange(before, after)
    return found


def deletion(person: Person, account: Account) -> Change:
    """The deletion of an account, with all that was read of it, so that an undo can restore it."""
    change = change_of(actions.DELETE, person, account, "the retention is over")
    for name, values in sorted(account.attributes.items()):
        change.attributes[name] = ValueChange(values, [])
    change.groups = account.groups
    return change


def relocation(person: Person, account: Account, to: str) -> list[Change]:
    """The move or rename of an account to another DN; [] when it stays."""
    if to == account.dn:
        return []
    if normal(parent(to)) != normal(parent(account.dn)):
        change = change_of(actions.MOVE, person, account, "placement")
    else:
        change = change_of(actions.RENAME, person, account, "name changed in HR")
    change.to = to
    return [change]


def memberships(
    dns: Iterable[str], groups: Mapping[str, Group]
) -> tuple[frozenset[str], frozenset[str]]:
    """(normal DNs of the groups with a direct membership, of those with any, nested ones included).

    dns: memberOf of the account. groups: {normal DN: group} of the whole directory.
    """
    direct = frozenset(map(normal, dns))
    whole, more = set(direct), set(direct)
    while more:
        above: set[str] = set()
        for dn in more:
            if dn in groups:
                above.update(map(normal, groups[dn].groups))
        more = above - whole
        whole |= more
    return direct, frozenset(whole)


def group_changes(
    action: str,
    groups: Iterable[Group],
    person: Person,
    account: Account | None,
    dn: str,
    reason: str,
) -> list[Change]:
    """A change of membership for each group, but for the primary group: no change of ``member`` can
    touch that membership.
    """
    guid = account.guid if account else None
    primary = account.primary_group if account else None
    return [
        Change(action, person.source, person.key or None, guid, dn, reason, group=group.dn)
        for group in groups
        if rid(group.sid) != primary
    ]
