# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that follow a change in HR, such as a marriage."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..model.directory import Account
from ..rules.naming import Naming, Words, candidate_bases, numbered, render
from .names import choose_names, keeps_dn, settle_dn
from .taken_names import TakenNames

NUMBER = re.compile(r"\d{1,4}")


def stays(naming: Naming, words: Words, account: Account, ou: str) -> bool:
    """Whether an account keeps its names and its place: then nothing has to be free."""
    if naming.on_change == "rename" and _stale(naming, words, account):
        return False
    return keeps_dn(_common_name(naming, words), account, ou)


def settle_names(
    naming: Naming, words: Words, account: Account, ou: str, taken: TakenNames
) -> tuple[Mapping[str, str], str]:
    """({attribute: new name}, the DN at the end of the run) of an account that follows the rules.

    A name that contains the chosen logon name changes only when none of the candidates gives it any
    more, with or without a number.
    """
    stale: list[str] = []
    names: dict[str, str] = {}
    if naming.on_change == "rename":
        stale = _stale(naming, words, account)
    if stale:
        chosen = choose_names(naming, words, None, taken)
        names = {name: chosen.names[name] for name in stale}
    return names, settle_dn(_common_name(naming, words), account, ou, taken)


def _common_name(naming: Naming, words: Words) -> str | None:
    """The text that the common name follows; None where the account keeps the one that it has."""
    if naming.on_change == "rename" and _follows_cn(naming):
        return render(naming, "cn", words)
    return None


def _follows_cn(naming: Naming) -> bool:
    return "cn" in naming.rename and not naming.is_numbered("cn")


def outdated(naming: Naming, words: Words, account: Account) -> list[str]:
    """The names that would change if the rules allowed it."""
    names = _stale(naming, words, account)
    if _follows_cn(naming):
        cn = account.attributes.get("cn", [""])[0]
        text = render(naming, "cn", words)
        if not re.fullmatch(re.escape(text) + r"( \d{1,4})?", cn):
            names.append("cn")
    return names


def _stale(naming: Naming, words: Words, account: Account) -> list[str]:
    """The names with the chosen logon name that none of the candidates gives any more."""
    return [
        name
        for name in naming.rename
        if name != "cn"
        and naming.is_numbered(name)
        and not _is_candidate(naming, name, words, account)
    ]


def _is_candidate(naming: Naming, attribute: str, words: Words, account: Account) -> bool:
    """Whether one of the candidates gives the account's name."""
    current = next(iter(account.attributes.get(attribute, [])), "")
    numbers = [None, *map(int, NUMBER.findall(current))]
    for base in candidate_bases(naming, words):
        for number in numbers:
            name = numbered(base, number, naming.max_length)
            if render(naming, attribute, {**words, "name": name}) == current:
                return True
    return False


def addresses_with(new: str, account: Account) -> list[str]:
    """proxyAddresses after the primary address has become ``new``: the former addresses stay as
    aliases.

    SMTP: in upper case marks the primary address, smtp: the others ([MS-OXOABK] 2.2.3.23).
    """
    attributes = account.attributes
    former = [re.sub(r"^SMTP:", "smtp:", text) for text in attributes.get("proxyAddresses", [])]
    former += [f"smtp:{text}" for text in attributes.get("mail", [])]
    is_new = f"smtp:{new.casefold()}"
    aliases = {text.casefold(): text for text in reversed(former) if text.casefold() != is_new}
    return [f"SMTP:{new}", *sorted(aliases.values(), key=str.casefold)]
