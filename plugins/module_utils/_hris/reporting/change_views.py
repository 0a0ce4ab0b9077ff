# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The changes of a plan as a report shows them, by account. Hidden values are not in them."""

from __future__ import annotations

from collections.abc import Sequence

from ..ad_values.dn import split
from ..ad_values.filetime import NEVER, from_filetime
from ..data_class import frozen, mutable
from ..errors import HrisError
from ..model import actions
from ..model.findings import Finding
from ..model.journal import ChangeState
from ..model.plan import Change, Plan, ValueChange
from ..planning.labels import labelled
from ..planning.summary import HIDDEN, enabled_word
from .redaction import Redaction

Secrets = dict[tuple["str | None", "str | None"], set[str]]  # {(source, key): values}


@frozen
class ValueView:
    """The values of one attribute, or of another thing that changes."""

    name: str
    before: list[str]
    after: list[str]


@mutable
class ChangeView:
    """One change. A text is empty where there is nothing to say."""

    index: int  # in the plan, from 0
    action: str
    state: str  # of change_states.py
    message: str  # why it has this state
    reason: str
    risk: str | None
    risks: list[str]
    dn: str
    to: str
    group: str  # DN
    leaves_group: bool  # whether the account leaves the group; else it joins it
    password: bool  # whether the account gets a random password
    values: list[ValueView]


@mutable
class AccountView:
    """The changes of one account, or of another object."""

    key: str | None  # of the person
    name: str  # of the person; the name of the object where that is not known
    label: str  # both, as in E1001 (Ann Lee)
    dn: str
    changes: list[ChangeView]


def accounts_of(
    plan: Plan,
    states: Sequence[ChangeState],
    redaction: Redaction,
    secrets: Secrets,
) -> list[AccountView]:
    """The changes by account, in the order of the plan.

    An account without a key is identified by its GUID or DN.
    """
    accounts: dict[tuple[str | None, ...], AccountView] = {}
    for index, (change, state) in enumerate(zip(plan.changes, states, strict=True)):
        identity = (change.source, change.key) if change.key else (change.guid or change.dn,)
        account = accounts.get(identity)
        if account is None:
            key = shown_key(change, plan)
            account = accounts[identity] = _account(change, key, redaction)
        view = _change(index, change, state, redaction, secrets[change.source, change.key])
        account.changes.append(view)
    return list(accounts.values())


def shown_key(one: Change | Finding, plan: Plan) -> str | None:
    """The key of a person in a report: with the source, where there are several."""
    if one.key and one.source and len(plan.sources) > 1:
        return f"{one.source}: {one.key}"
    return one.key


def _account(change: Change, key: str | None, redaction: Redaction) -> AccountView:
    dn = redaction.dn(change.dn)
    person = redaction.person(change.name)
    name = label = person or _name_in(dn)
    if key and name == HIDDEN:
        label = key
    elif key:
        label = labelled(key, name)
    return AccountView(key, name, label, dn, [])


def _name_in(dn: str) -> str:
    try:
        return split(dn)[0]
    except HrisError:
        return dn


def _change(
    index: int, change: Change, state: ChangeState, redaction: Redaction, hidden: set[str]
) -> ChangeView:
    return ChangeView(
        index=index,
        action=change.action,
        state=state.status,
        message=redaction.sentence(state.message, hidden),
        reason=redaction.sentence(change.reason, hidden),
        risk=change.risk,
        risks=[redaction.sentence(risk, hidden) for risk in change.risks],
        dn=redaction.dn(change.dn),
        to=redaction.dn(change.to or ""),
        group=redaction.group(change.group or ""),
        leaves_group=change.action == actions.GROUP_REMOVE,
        password=change.random_password or change.action == actions.CREATE,
        values=[_values(name, values, redaction) for name, values in change.attributes.items()],
    )


def _values(name: str, values: ValueChange, redaction: Redaction) -> ValueView:
    before, after = values.before, values.after
    if name == "userAccountControl":
        words = [list(map(enabled_word, texts)) for texts in (before, after)]
        return ValueView("account", *words)
    if name == "accountExpires" and name.casefold() not in redaction.attributes:
        return ValueView(name, list(map(_moment, before)), list(map(_moment, after)))
    return ValueView(name, redaction.values(name, before), redaction.values(name, after))


def _moment(value: str) -> str:
    """accountExpires (FILETIME) as a moment in UTC."""
    if value in NEVER:
        return "never"
    try:
        return from_filetime(int(value)).strftime("%Y-%m-%d %H:%M UTC")
    except (ValueError, OverflowError):
        return value
