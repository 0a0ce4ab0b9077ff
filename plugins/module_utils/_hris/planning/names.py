# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names for accounts: the first candidate that is free, and a DN that is free."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from ..ad_values.dn import escape_value, normal, split
from ..errors import HrisError, shortened
from ..model.directory import Account
from ..rules.naming import (
    NUMBER_FROM,
    Naming,
    Words,
    candidate_bases,
    common_name,
    numbered,
    render,
)
from .taken_names import TakenNames

LAST_NUMBER = 9999


class ChosenNames(NamedTuple):
    """The names of an account."""

    names: dict[str, str]  # {attribute: name} without cn
    dn: str | None  # None where no place was asked for


def choose_names(naming: Naming, words: Words, ou: str | None, taken: TakenNames) -> ChosenNames:
    """The names of a new account below ou, which are taken from then on. Without ou: the names
    alone.

    words: what the naming rules read. The candidates are tried as they are, then the first one with
    2, 3, …. An attribute that does not contain the chosen name (cn) gets the number only where its
    plain form is taken. Raises HrisError when no candidate can be formed or none is free.
    """
    bases = candidate_bases(naming, words)
    if not bases:
        raise HrisError(
            "no candidate for a name can be formed",
            place="naming.candidates",
            hint="Enter the names in HR, or end the list with a candidate that needs fewer of them",
        )
    for base, number in _tries(bases):
        chosen = _render_all(naming, words, base, number, ou, taken)
        if chosen:
            taken.claim(chosen.names, chosen.dn)
            return chosen
    raise HrisError(
        f"every name like {shortened(bases[0])} up to number {LAST_NUMBER} is taken",
        place="naming.candidates",
        hint="Add a candidate",
    )


def _tries(bases: list[str]) -> Iterator[tuple[str, int | None]]:
    yield from ((base, None) for base in bases)
    yield from ((bases[0], number) for number in range(NUMBER_FROM, LAST_NUMBER + 1))


def _render_all(
    naming: Naming, words: Words, base: str, number: int | None, ou: str | None, taken: TakenNames
) -> ChosenNames | None:
    """The names from one candidate; None where one of them is taken."""
    name = numbered(base, number, naming.max_length)
    if name.casefold() in taken.reserved:
        return None
    named = {**words, "name": name}
    names, dn = {}, None
    for attribute in naming.attributes:
        text = render(naming, attribute, named)
        # A text without the chosen name is made unique by the number itself
        own_number = None if naming.is_numbered(attribute) else number
        if attribute == "cn":
            if ou is not None:
                dn = _free_dn(text, own_number, ou, taken)
                if dn is None:
                    return None
            continue
        free = _free_value(attribute, text, own_number, taken)
        if free is None:
            return None
        names[attribute] = free
    return ChosenNames(names, dn)


def _free_value(attribute: str, text: str, number: int | None, taken: TakenNames) -> str | None:
    """The text, or the text with the number, whichever is free; None where neither is."""
    if taken.is_free(attribute, text):
        return text
    if number is not None and taken.is_free(attribute, f"{text} {number}"):
        return f"{text} {number}"
    return None


def _free_dn(text: str, number: int | None, ou: str, taken: TakenNames) -> str | None:
    for cn in dict.fromkeys((common_name(text), common_name(text, number))):
        dn = f"CN={escape_value(cn)},{ou}"
        if taken.is_free_dn(dn):
            return dn
    return None


def keeps_dn(text: str | None, account: Account, ou: str) -> bool:
    """Whether an account is below ou already, with the common name text or that with a number.

    text: None accepts any common name.
    """
    cn, above = split(account.dn)
    return (above == ou or normal(above) == normal(ou)) and _keeps_name(text, cn)


def _keeps_name(text: str | None, cn: str) -> bool:
    if text is None or cn == common_name(text):
        return True
    number = _without_number(cn)[1]
    return number is not None and cn == common_name(text, number)


def settle_dn(text: str | None, account: Account, ou: str, taken: TakenNames) -> str:
    """The DN of an existing account below ou, numbered where it is taken.

    text: the common name; None for the one that the account has. An account that already has the
    text, or the text with a number, keeps its common name wherever it can. Raises HrisError when no
    common name is free.
    """
    if keeps_dn(text, account, ou):
        return account.dn
    cn, _above = split(account.dn)
    base = text if text is not None else _without_number(cn)[0]
    numbers = range(NUMBER_FROM, LAST_NUMBER + 1)
    candidates = chain([common_name(base)], (common_name(base, number) for number in numbers))
    if _keeps_name(text, cn):
        candidates = chain([cn], candidates)
    for candidate in candidates:
        found = f"CN={escape_value(candidate)},{ou}"
        if normal(found) == normal(account.dn) or taken.is_free_dn(found):
            taken.claim({}, found)
            return found
    raise HrisError(
        f"every common name like {shortened(base)} up to number {LAST_NUMBER} is taken in {ou}",
        place="naming.attributes.cn",
        hint="Use a common name that more people do not share",
    )


def _without_number(cn: str) -> tuple[str, int | None]:
    match = re.fullmatch(r"(.+) (\d{1,4})", cn)
    return (match[1], int(match[2])) if match else (cn, None)
