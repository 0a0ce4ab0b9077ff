# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the rules of the sources of a plan may change: for planning, and when it is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..ad_values.dn import normal
from ..ad_values.protection import Protected, protected_in
from ..errors import HrisError
from ..model.directory import Account, Snapshot
from ..model.plan import Owner, PlanOwnership
from ..option_names import option_name
from ..rules.ruleset import Ruleset
from .context import Context
from .ownership import Mark, mark_of


def protected_of(snapshot: Snapshot, rulesets: Sequence[Ruleset]) -> Protected:
    """What is protected, with what any of the sources protects.

    Raises HrisError for an entry of ownership.protected that the directory does not have: it would
    protect nothing.
    """
    entries = [text for rules in rulesets for text in rules.ownership.protected]
    if entries:
        known = set(_names_in(snapshot))
        for text in entries:
            if (normal(text) if "=" in text else text.casefold()) not in known:
                raise HrisError(
                    f"there is no group, account or OU '{text}' in the directory",
                    place=option_name("ownership.protected"),
                    hint="Name it by logon name (sAMAccountName), DN, SID or objectGUID",
                )
    return protected_in(snapshot.groups, snapshot.domain.dn, entries)


def _names_in(snapshot: Snapshot) -> Iterator[str]:
    """All names of groups, accounts and containers, in lower case."""
    for group in snapshot.groups:
        yield from (group.name.casefold(), group.guid, group.sid.casefold(), normal(group.dn))
    for account in snapshot.accounts:
        yield from (account.guid, account.sid.casefold(), normal(account.dn))
        yield from (name.casefold() for name in account.attributes.get("sAMAccountName", ()))
    yield from map(normal, snapshot.containers)


def check_place(ou: str, bases: Sequence[str], protected: Protected, place: str) -> None:
    """Raise HrisError for an OU where no account of a source may be. bases: normal DNs; without any
    the whole domain is allowed.
    """
    if protected.holds_container(ou):
        raise HrisError(
            f"the OU {ou} is protected, so no account is put there",
            place=place,
            hint=f"Correct the rule, or {option_name('ownership.protected')}",
        )
    name, option = normal(ou), option_name("ownership.bases")
    if bases and not any(name == base or name.endswith("," + base) for base in bases):
        raise HrisError(
            f"the OU {ou} is not below any of {option}, so the account could not be changed "
            "any more",
            place=place,
            hint=f"Add the OU to {option}, or correct the rule",
        )


def plan_ownership(contexts: Iterable[Context]) -> dict[str, PlanOwnership]:
    """{source: what it may change}, as a plan keeps it until it is applied."""
    found = {}
    for context in contexts:
        rules = context.rules
        bases = list(rules.ownership.bases)
        if bases and rules.leaver.move_to:
            bases.append(normal(rules.leaver.move_to))
        found[rules.source] = PlanOwnership(
            bases, context.spelled(rules.key), list(rules.ownership.protected)
        )
    return found


def owners_of(
    accounts: Iterable[tuple[str, Account]], contexts: Mapping[str, Context]
) -> dict[str, Owner]:
    """{objectGUID: whose account it was when the plan was made}. accounts: (source, account)."""
    found = {}
    for source, account in accounts:
        context = contexts[source]
        mark = mark_of(account, context.mark)
        keys = account.attributes.get(context.spelled(context.rules.key), ())
        found[account.guid] = owner_of(mark, keys)
    return found


def owner_of(mark: Mark | None, keys: Sequence[str]) -> Owner:
    """Whose account it is, as a plan keeps it. keys: the values of the key attribute."""
    key = next(iter(keys), None)
    return Owner(mark.source, key, mark.locked_out) if mark else Owner(None, key)
