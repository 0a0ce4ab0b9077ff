# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Account outcomes: what a run did to each account, for whoever acts on that."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple, TypedDict

from ..ad_values.dn import normal, object_of, split
from ..model import actions
from ..model.directory import Account, AttributeValues
from ..model.outcomes import AccountOutcome
from ..model.people import NOT_DUE, Person
from ..model.plan import Change
from .handed_on import Decided

# Attributes that enable or disable an account. A change of nothing else is not an update to act on.
SWITCHES = frozenset(("useraccountcontrol", "pwdlastset"))
# Of a result: AWX drops a whole task result over 700,000 characters without a message (measured)
CHARACTERS = 100_000
SHOWN = ("sAMAccountName", "userPrincipalName", "mail", "displayName")


class ShownAccount(TypedDict, total=False):
    """An account in a module's result."""

    key: str | None
    guid: str | None
    dn: str | None
    sAMAccountName: str | None
    userPrincipalName: str | None
    mail: str | None
    displayName: str | None


def account_outcomes(
    decided: Iterable[Decided],
    changes: Iterable[Change],
    own: frozenset[str],
    everyone: bool,
    not_due: Collection[str] = (),
) -> Iterator[AccountOutcome]:
    """The outcome of each account, in the order of the feeds; new ones come later.

    changes: those that were made, or in check mode would be. own: attributes in lower case that
    keep our marks. everyone: also the accounts to which nothing was done. not_due: the
    sources of which also the people of this state are told, who have no account yet.
    """
    by_account: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        by_account[object_of(change)].append(change)
    for person, account, decision in decided:
        made: Sequence[Change] = ()
        if account:
            made = by_account.get(account.guid, ())
        elif decision.dn:
            made = by_account.get(normal(decision.dn), ())
        if made or (everyone and account) or _is_told(person, not_due):
            yield _outcome(person, account, made, own)


def _is_told(person: Person, not_due: Collection[str]) -> bool:
    return bool(not_due) and person.state == NOT_DUE and person.source in not_due


def _outcome(
    person: Person,
    account: Account | None,
    changes: Sequence[Change],
    own: frozenset[str],
) -> AccountOutcome:
    made = _made(account, changes, own)
    return AccountOutcome(
        key=person.key or None,
        source=person.source,
        type="user",
        guid=account.guid if account else None,
        dn=made.dn,
        state=person.state.partition(" ")[0],
        start=person.start,
        end=person.end,
        first_day_without_access=person.first_day_without_access,
        timezone=person.timezone,
        events=made.events,
        attributes={
            name: values
            for name, values in made.attributes.items()
            if values and name.casefold() not in own
        },
        before=made.before,
        groups_added=_groups(changes, actions.GROUP_ADD),
        groups_removed=_groups(changes, actions.GROUP_REMOVE),
        employee=person.record,
        manager_account={},
    )


class _Made(NamedTuple):
    """What changes make of an account."""

    dn: str | None  # afterwards
    attributes: AttributeValues  # afterwards, all of them
    before: AttributeValues  # of those that changed, without our marks and the switches
    events: list[str]  # in the order of the changes, each once


def _made(account: Account | None, changes: Sequence[Change], own: frozenset[str]) -> _Made:
    attributes: AttributeValues = {}
    before: AttributeValues = {}
    events: dict[str, None] = {}
    dn = None
    if account:
        attributes, dn = dict(account.attributes), account.dn
    for change in changes:
        is_event = change.action != actions.UPDATE
        if change.action != actions.DELETE:
            for name, values in change.attributes.items():
                attributes[name] = values.after
                if name.casefold() not in own and name.casefold() not in SWITCHES:
                    before[name] = values.before
                    is_event = True
        event = actions.BY_NAME[change.action].event
        if is_event and event:
            events[event] = None
        dn = change.to or dn or change.dn
    if dn and events.keys() & {"created", "renamed"}:
        attributes["cn"] = [split(dn)[0]]
    return _Made(dn, attributes, before, list(events))


def _groups(changes: Iterable[Change], action: str) -> list[str]:
    return [change.group for change in changes if change.action == action and change.group]


def accounts_by_event(
    outcomes: Iterable[AccountOutcome], most: int
) -> dict[str, list[ShownAccount]]:
    """{event: accounts}, at most ``most`` of each event and of CHARACTERS in all."""
    found: dict[str, list[ShownAccount]] = {event: [] for event in actions.EVENTS}
    room = CHARACTERS
    for outcome in outcomes:
        shown = _shown(outcome)
        size = sum(len(str(value)) for value in shown.values())
        for event in outcome.events:
            if len(found[event]) < most and room > size:
                found[event].append(shown)
                room -= size
    return found


def _shown(outcome: AccountOutcome) -> ShownAccount:
    shown = ShownAccount(key=outcome.key, guid=outcome.guid, dn=outcome.dn)
    for name in SHOWN:
        shown[name] = next(iter(outcome.attributes.get(name, ())), None)  # type: ignore[literal-required]  # a name of SHOWN
    return shown
