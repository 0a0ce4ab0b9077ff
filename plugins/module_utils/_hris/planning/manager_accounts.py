# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The accounts of managers, for whoever tells them something: from what the run has read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..ad_values.dn import normal, normal_once
from ..model.directory import Account, AttributeValues
from ..model.outcomes import AccountOutcome
from ..model.people import PersonId
from ..model.records import Record
from .handed_on import Decided

# What is told of the account of a manager, as far as the run reads it
NAMES = (
    "sAMAccountName",
    "userPrincipalName",
    "mail",
    "displayName",
    "givenName",
    "sn",
    "title",
    "department",
    "telephoneNumber",
)


def add_managers(
    outcomes: Sequence[AccountOutcome], decided: Iterable[Decided], accounts: Iterable[Account]
) -> None:
    """Give each outcome the account of its manager, wherever in the domain that is.

    decided: all people of the run. accounts: all that were read.
    """
    found = _by_dn(outcomes, decided, accounts)
    for outcome in outcomes:
        dn = next(iter(outcome.attributes.get("manager", ())), None)
        outcome.manager_account = found.get(normal(dn), {}) if dn else {}


def _by_dn(
    outcomes: Iterable[AccountOutcome], decided: Iterable[Decided], accounts: Iterable[Account]
) -> dict[str, Record]:
    """What is told of each account, by its DN before and after the run."""
    found = {normal_once(one.dn): _told(None, one.dn, one.attributes) for one in accounts}
    before = {one.person.ids[0]: one.account.dn for one in decided if one.account}
    for outcome in outcomes:
        if outcome.dn:
            told = _told(outcome.key, outcome.dn, outcome.attributes)
            found[normal_once(outcome.dn)] = told
            former = before.get(PersonId(outcome.source, outcome.key or ""))
            if former:
                found[normal_once(former)] = told
    return found


def _told(key: str | None, dn: str, attributes: AttributeValues) -> Record:
    values = {name: next(iter(attributes.get(name, ())), None) for name in NAMES}
    return {"key": key, "dn": dn, **values}
