# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that one attribute of one person cannot have: Active Directory would refuse them, or
somebody else has them. That attribute is left as it is, and everything else of the person is done.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..ad_values.attribute_checks import check_texts
from ..ad_values.equality import equality
from ..errors import HrisError
from ..model.directory import Account
from ..model.findings import Finding
from ..model.names_ledger import Owners
from ..model.people import Person
from ..model.plan import ValueChanges
from .allocations import Allocations
from .context import Context
from .summary import HIDDEN
from .taken_names import NotFree, TakenNames

# By whether nobody in the directory has the value
_ADVICE = {
    False: "Correct it in HR, or there.",
    True: "Correct it in HR, or release it for anybody in names.released.",
}
Values = Mapping[str, Sequence[str]]  # {attribute, as the rules or the directory spell it: values}


def check_values(context: Context, values: Values) -> None:
    """Raise HrisError for the first value that Active Directory would refuse."""
    for name, texts in values.items():
        problem = _problem(context, name, texts)
        if problem:
            raise problem


def refused_values(context: Context, person: Person, values: Values) -> dict[str, Finding]:
    """{attribute: why it is left as it is} of the values that Active Directory would refuse.

    Raises HrisError for the key: without it the account would not be found again.
    """
    refused = {}
    for name, texts in values.items():
        problem = _problem(context, name, texts)
        if problem is None:
            continue
        if name.casefold() == context.rules.key.casefold():
            raise problem
        message = f"{problem} Only this attribute is left as it is."
        refused[name] = Finding("value_refused", message, key=person.key, place=problem.place)
    return refused


def _problem(context: Context, name: str, texts: Sequence[str]) -> HrisError | None:
    place = context.written_by.get(name, name)
    try:
        check_texts(texts, context.definitions[name], place)
    except HrisError as error:
        if name.casefold() not in context.rules.redact:
            return error
        message = f"Active Directory would refuse the value of {name} {HIDDEN}"
        return HrisError(message, place=place, hint="Correct it in HR")
    return None


def take_values(
    context: Context,
    allocations: Allocations,
    person: Person,
    account: Account | None,
    owner: str,
    changes: ValueChanges,
) -> dict[str, Finding]:
    """{attribute: why it is left as it is} of values that must be unique and belong to somebody
    else; the others are taken.

    owner: the DN of the account before the run, or that of a new account.
    """
    taken, mine = allocations.names, allocations.owners_of(person, account)
    refused = {}
    for name, values in changes.items():
        if name not in context.unique:
            continue
        before = set(map(equality(context.definitions[name]), values.before))
        new = [
            text for text in values.after if equality(context.definitions[name])(text) not in before
        ]
        reasons = ((text, _why_not(taken, name, text, owner, mine)) for text in new)
        found = next(((text, why) for text, why in reasons if why), None)
        if found is None:
            taken.claim_values(name, new, owner)
            continue
        text, (why, is_former) = found
        shown = HIDDEN if name.casefold() in context.rules.redact else f"'{text}'"
        message = (
            f"{name} {shown} {why}. Only this attribute is left as it is. {_ADVICE[is_former]}"
        )
        place = context.written_by.get(name, name)
        refused[name] = Finding("value_taken", message, key=person.key, place=place)
    return refused


def _why_not(taken: TakenNames, name: str, text: str, owner: str, person: Owners) -> NotFree | None:
    """Why somebody may not have a value. One of a deleted account does not matter here."""
    holder = taken.holder(name, text, owner)
    if holder:
        return NotFree(f"belongs to {holder}")
    reason = taken.former_reason(name, text, person)
    return NotFree(reason, True) if reason else None


def release_values(context: Context, taken: TakenNames, owner: str, changes: ValueChanges) -> None:
    """Note the values that an account probably gives up in this run."""
    for name, values in changes.items():
        if name in context.unique:
            equal = equality(context.definitions[name])
            after = set(map(equal, values.after))
            gone = [text for text in values.before if equal(text) not in after]
            taken.release(owner, name, gone)
