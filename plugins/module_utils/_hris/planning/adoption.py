# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which matched accounts without a mark become ours in this run, and which stay as they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..errors import HrisError
from ..model import actions
from ..model.directory import Account, AttributeDefinition
from ..model.findings import INFO, WARNING, Finding, held
from ..model.people import Person
from ..model.plan import Change
from ..option_names import option_name
from ..rules.adoption import ACCOUNT, DN, ENABLED, account_attributes
from ..rules.naming import EMPLOYEE
from ..rules.ruleset import Ruleset
from .ownership import read_mark

NOT_ADOPTED = "not_adopted"  # the kind of the finding where no account is adopted
# Why nothing is done for a person whose account is adopted later: it is counted, and no finding
NOT_ADOPTED_YET = "not_adopted_yet"
_ANEW = (actions.CREATE, actions.DELETE)  # no account from before has a mark afterwards


class Adoption:
    """The rules of one source about accounts without a mark."""

    def __init__(self, rules: Ruleset, schema: Mapping[str, AttributeDefinition]):
        self._adopt, self._when = rules.ownership.adopt, rules.adopt_when
        self._read = {
            name: schema[name.casefold()] for name in account_attributes(rules.adopt_when)
        }

    def refusal(self, account: Account, person: Person) -> Finding | None:
        """Why an account without a mark is not adopted; None where it is."""
        if not self._adopt:
            place = option_name("ownership.adopt")
            message = f"{account.dn} has this key but no mark of ours. Set {place} to take it over."
            return Finding(NOT_ADOPTED, message, person.key, place, WARNING)
        if self._when is None:
            return None
        try:
            if self._when.evaluate({EMPLOYEE: person.record, ACCOUNT: self._words(account)}):
                return None
        except HrisError as error:
            return held(error, person.key)
        place = option_name("ownership.adopt_when")
        message = f"{account.dn} is not adopted yet: {place} is not true for it."
        return Finding(NOT_ADOPTED_YET, message, person.key, place, INFO)

    def _words(self, account: Account) -> dict[str, Any]:
        """What the condition reads of an account: a text for an attribute of one value, a list for
        others, and null where it has none.
        """
        words: dict[str, Any] = {DN: account.dn, ENABLED: account.enabled}
        for name, definition in self._read.items():
            values = account.attributes.get(definition.name)
            words[name] = values[0] if values and definition.single else values
        return words


def adopted_by(changes: Iterable[Change], source: str, mark: str) -> set[str | None]:
    """The objectGUIDs of the accounts that get their first mark, from this source. mark: the
    attribute of the mark, as the directory spells it.
    """
    return {
        change.guid
        for change in changes
        if change.source == source and change.action not in _ANEW and _is_first(change, mark)
    }


def _is_first(change: Change, mark: str) -> bool:
    values = change.attributes.get(mark)
    if values is None or not values.after:
        return False
    return read_mark(next(iter(values.before), None)) is None
