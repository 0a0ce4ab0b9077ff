# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that follow a change in HR, such as a marriage."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from ..ad_values import addresses
from ..ad_values.dn import split
from ..model.directory import Account
from ..rules.naming import (
    Naming,
    Words,
    candidate_bases,
    common_name,
    numbered,
    rendered,
    with_number,
)
from .names import choose_again, keeps_dn, settle_dn
from .names_of_person import Names

NUMBER = re.compile(r"\d{1,4}")


def stays(naming: Naming, words: Words, account: Account, ou: str) -> bool:
    """Whether an account keeps its names and its place: then nothing has to be free."""
    return not stale_names(naming, words, account) and keeps_dn(
        common_names(naming, words), account, ou
    )


def settle_names(
    naming: Naming, words: Words, account: Account, ou: str, taken: Names
) -> tuple[Mapping[str, str], str]:
    """({attribute: new name}, the DN at the end of the run) of an account that follows the rules.

    A name changes only when none of the candidates gives it any more, with or without a number.
    """
    stale = stale_names(naming, words, account)
    names = choose_again(naming, stale, words, account, taken) if stale else {}
    return names, settle_dn(common_names(naming, words), account, ou, taken.all)


def common_names(naming: Naming, words: Words) -> Sequence[str] | None:
    """The texts that the common name follows; None where the account keeps the one that it has."""
    if naming.on_change == "rename" and naming.follows_cn:
        return rendered(naming, "cn", words)
    return None


def outdated(naming: Naming, words: Words, account: Account) -> list[str]:
    """The names that would change if the rules allowed it."""
    names = _misfits(naming, words, account)
    if naming.follows_cn:
        cn = split(account.dn)[0]
        texts = map(common_name, rendered(naming, "cn", words))
        if not any(re.fullmatch(re.escape(text) + r"( \d{1,4})?", cn) for text in texts):
            names.append("cn")
    return names


def stale_names(naming: Naming, words: Words, account: Account) -> list[str]:
    """The names that change because none of the candidates gives them any more, without cn."""
    if not naming.followed_names or naming.on_change != "rename":
        return []
    return _misfits(naming, words, account)


def _misfits(naming: Naming, words: Words, account: Account) -> list[str]:
    return [
        name for name in naming.followed_names if not _is_candidate(naming, name, words, account)
    ]


def _is_candidate(naming: Naming, attribute: str, words: Words, account: Account) -> bool:
    """Whether one of the candidates gives the account's name."""
    current = next(iter(account.attributes.get(attribute, [])), "")
    numbers = list(map(int, NUMBER.findall(current)))
    if not naming.is_numbered(attribute):
        texts = rendered(naming, attribute, words)
        return current in texts or any(
            current == with_number(text, number) for text in texts for number in numbers
        )
    for base in candidate_bases(naming, words):
        for number in (None, *numbers):
            name = numbered(base, number, naming.max_length)
            if current in rendered(naming, attribute, {**words, "name": name}):
                return True
    return False


def addresses_with(new: str, account: Account, lost: Collection[str] = ()) -> list[str]:
    """proxyAddresses after the primary address has become ``new``: the former addresses stay as
    aliases. lost: addresses in lower case that another account takes in exchange.
    """
    attributes = account.attributes
    former = list(attributes.get("proxyAddresses", []))
    former += [f"{addresses.OTHER}{text}" for text in attributes.get("mail", [])]
    kept = [text for text in former if text.casefold().removeprefix("smtp:") not in lost]
    merged = addresses.merged(kept, [addresses.PRIMARY + new])
    return sorted(merged, key=lambda text: (not addresses.is_primary(text), text.casefold()))
