# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names for accounts: the first candidate that is free, and a DN that is free."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import NamedTuple

from ..ad_values.dn import escape_value, normal, split, split_written
from ..ad_values.texts import CN_MAX
from ..errors import HrisError, shortened
from ..model.directory import Account
from ..option_names import option_name
from ..rules.naming import (
    NUMBER_FROM,
    Naming,
    Words,
    candidate_bases,
    common_name,
    numbered,
    rendered,
    with_number,
)
from .names_of_person import Names, PassedOver
from .taken_names import TakenNames

LAST_NUMBER = 9999
OWN_TRIES = 120  # so far a former name is looked for: the candidates, and numbers up to 99

_Try = tuple[Words, "int | None"]  # (the words with a chosen name, its number)


class ChosenNames(NamedTuple):
    """The names of an account."""

    names: dict[str, str]  # {attribute: name} without cn
    dn: str
    passed_over: Sequence[PassedOver] = ()


def choose_names(naming: Naming, words: Words, ou: str, taken: Names) -> ChosenNames:
    """The names of a new account below ou, which are taken from then on.

    words: what the naming rules read. The candidates are tried as they are, then the first one with
    2, 3, …. They have to be free in every attribute that contains the chosen name; the others (cn)
    are made free on their own. Somebody who had names before gets them again where the candidates
    allow it. Raises HrisError when no candidate can be formed or none is free.
    """
    numbered_too = [name for name, rule in naming.attributes.items() if rule.is_numbered]
    for named, number in _own_first(_tries(naming, words), naming, taken):
        names = _names_with(naming, numbered_too, named, taken)
        if names is None or not _fits_cn(naming, named, ou, taken):
            continue
        for attribute in naming.attributes:
            if attribute != "cn" and attribute not in names:
                texts = rendered(naming, attribute, named)
                names[attribute] = _free_value(attribute, texts, taken)
        dn = _free_dn(_common_names(naming, named, number), ou, taken.all, None)
        taken.all.claim(names, dn)
        return ChosenNames(names, dn, taken.passed_over)
    raise _all_taken(naming, words)


def choose_again(
    naming: Naming, attributes: Sequence[str], words: Words, account: Account, taken: Names
) -> dict[str, str]:
    """New values of some attributes of an existing account, which are taken from then on.

    As choose_names. What the account has already is free for it, and what other accounts give up in
    this run.
    """
    numbered_too = [name for name in attributes if naming.is_numbered(name)]
    names: dict[str, str] = {}
    if numbered_too:
        tries = (
            _names_with(naming, numbered_too, named, taken)
            for named, _number in _tries(naming, words)
        )
        found = next((one for one in tries if one is not None), None)
        if found is None:
            raise _all_taken(naming, words)
        names = found
    for name in attributes:
        if name not in names:
            names[name] = _free_value(name, rendered(naming, name, words), taken)
    taken.all.claim(names, None, account.dn)
    return names


def _all_taken(naming: Naming, words: Words) -> HrisError:
    return HrisError(
        f"every name like '{candidate_bases(naming, words)[0]}' up to number {LAST_NUMBER} is "
        "taken",
        place=option_name("naming.candidates"),
        hint="Add a candidate",
    )


def _tries(naming: Naming, words: Words) -> Iterator[_Try]:
    """(the words with a chosen name, its number). Raises HrisError without a candidate."""
    bases = candidate_bases(naming, words)
    if not bases:
        raise HrisError(
            "no candidate for a name can be formed",
            place=option_name("naming.candidates"),
            hint="Enter the names in HR, or end the list with a candidate that needs fewer of them",
        )
    tries = chain(
        ((base, None) for base in bases),
        ((bases[0], number) for number in range(NUMBER_FROM, LAST_NUMBER + 1)),
    )
    for base, number in tries:
        yield {**words, "name": numbered(base, number, naming.max_length)}, number


def _own_first(tries: Iterator[_Try], naming: Naming, taken: Names) -> Iterable[_Try]:
    """The tries, first those that give somebody a former logon name again."""
    if not taken.had_names:
        return tries
    first = list(islice(tries, OWN_TRIES))
    own = [one for one in first if _is_own(naming, one[0], taken)]
    return chain(own, first, tries)


def _is_own(naming: Naming, words: Words, taken: Names) -> bool:
    texts = rendered(naming, "sAMAccountName", words)
    return any(taken.is_own("sAMAccountName", text) for text in texts)


def _names_with(
    naming: Naming, attributes: Sequence[str], words: Words, taken: Names
) -> dict[str, str] | None:
    """The attributes that contain the chosen name; None where one of them is taken."""
    if words["name"].casefold() in taken.all.reserved:
        taken.pass_over("sAMAccountName", words["name"], f"is in {option_name('naming.reserved')}")
        return None
    names = {}
    for attribute in attributes:
        if attribute == "cn":
            continue
        texts = rendered(naming, attribute, words)
        free = next((text for text in texts if taken.is_free(attribute, text)), None)
        if free is None:
            return None
        names[attribute] = free
    return names


def _fits_cn(naming: Naming, words: Words, ou: str, taken: Names) -> bool:
    """Whether the common name does not contain the chosen name, or is free with it."""
    if not naming.is_numbered("cn"):
        return True
    texts = rendered(naming, "cn", words)
    dns = [f"CN={escape_value(common_name(text))},{ou}" for text in texts]
    if any(map(taken.all.is_free_dn, dns)):
        return True
    taken.pass_over("cn", texts[0], f"is in use in {ou}")
    return False


def _free_value(attribute: str, texts: Sequence[str], taken: Names) -> str:
    """The first of the texts that is free, else the first one with a number. Raises HrisError."""
    numbers = range(NUMBER_FROM, LAST_NUMBER + 1)
    every = chain(texts, (with_number(texts[0], number) for number in numbers))
    if taken.had_names:
        first = list(islice(every, OWN_TRIES))
        own = [text for text in first if taken.is_own(attribute, text)]
        every = chain(own, first, every)
    for text in every:
        if taken.is_free(attribute, text):
            return text
    raise HrisError(
        f"every value like {shortened(texts[0])} up to number {LAST_NUMBER} is taken",
        place=option_name(f"naming.attributes.{attribute}"),
        hint="Add a candidate",
    )


def _common_names(naming: Naming, words: Words, number: int | None) -> Iterator[str]:
    """The common names of a new account, the best one first. number: that of its other names, which
    it gets as well where it can.
    """
    texts = rendered(naming, "cn", words)
    yield from map(common_name, texts)
    if number is not None:
        yield common_name(texts[0], number)
    yield from (common_name(texts[0], one) for one in range(NUMBER_FROM, LAST_NUMBER + 1))


def _free_dn(cns: Iterable[str], ou: str, taken: TakenNames, owner: str | None) -> str:
    """The first DN that is free, or that the owner has. Raises HrisError where none is."""
    first = ""
    for cn in cns:
        first = first or cn
        found = f"CN={escape_value(cn)},{ou}"
        if taken.is_free_dn(found, owner):
            return found
    raise HrisError(
        f"every common name like {shortened(first)} up to number {LAST_NUMBER} is taken in {ou}",
        place=option_name("naming.attributes.cn"),
        hint="Use a common name that more people do not share",
    )


def keeps_dn(texts: Sequence[str] | None, account: Account, ou: str) -> bool:
    """Whether an account is below ou already, with one of the common names or one with a number.

    texts: None accepts any common name.
    """
    if texts and account.dn == f"CN={texts[0]},{ou}" and _is_plain(texts[0]):
        return True  # nearly everybody
    cn, above = split_written(account.dn)
    return (above == ou or normal(above) == normal(ou)) and _keeps_name(texts, cn)


def _is_plain(text: str) -> bool:
    """Whether a text is a common name as it is, and is written in a DN as it is: few questions."""
    if len(text) > CN_MAX or "," in text or "\\" in text:
        return False
    return text.isascii() and text.isprintable()


def _keeps_name(texts: Sequence[str] | None, cn: str) -> bool:
    if texts is None or (cn in texts and _is_plain(cn)):
        return True
    if any(cn == common_name(text) for text in texts):
        return True
    number = _without_number(cn)[1]
    return number is not None and any(cn == common_name(text, number) for text in texts)


def settle_dn(texts: Sequence[str] | None, account: Account, ou: str, taken: TakenNames) -> str:
    """The DN of an existing account below ou, numbered where it is taken.

    texts: the common names, the best one first; None for the one that the account has. An account
    that already has one of them, or one with a number, keeps its common name wherever it can.
    Raises HrisError when no common name is free.
    """
    if keeps_dn(texts, account, ou):
        return account.dn
    cn, _above = split(account.dn)
    bases = texts if texts is not None else [_without_number(cn)[0]]
    numbers = range(NUMBER_FROM, LAST_NUMBER + 1)
    cns = chain(
        [cn] if _keeps_name(texts, cn) else [],
        map(common_name, bases),
        (common_name(bases[0], number) for number in numbers),
    )
    found = _free_dn(cns, ou, taken, account.dn)
    taken.claim({}, found, account.dn)
    return found


def _without_number(cn: str) -> tuple[str, int | None]:
    match = re.fullmatch(r"(.+) (\d{1,4})", cn)
    return (match[1], int(match[2])) if match else (cn, None)
