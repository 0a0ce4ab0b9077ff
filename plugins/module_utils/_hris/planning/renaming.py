# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that follow a change in HR (a marriage): which of an existing account's names do, and what becomes of the old address."""

from __future__ import annotations

import re

from ..rules.naming import Naming, candidate_bases, numbered, render
from .names import TakenNames, choose_names, keeps_dn, settle_dn


def stays(naming: Naming, words: dict, account: dict, ou: str) -> bool:
    """Whether an account that stays employed keeps its names and its place: then nothing needs to be free."""
    if naming.on_change == "rename" and _stale(naming, words, account):
        return False
    return keeps_dn(_common_name(naming, words), account, ou)


def settle_names(
    naming: Naming, words: dict, account: dict, ou: str, taken: TakenNames
) -> tuple[dict[str, str], str]:
    """({attribute: new text} of the names that follow, the DN at the end of the run) of an account that stays employed.

    A name that carries the chosen logon name follows only when it fits none of the candidates any more, with or without a
    number: what made it unique once is kept. words: as choose_names has them.
    """
    stale = _stale(naming, words, account) if naming.on_change == "rename" else []
    names = {}
    if stale:
        chosen, _dn = choose_names(naming, words, None, taken)
        names = {name: chosen[name] for name in stale}
    return names, settle_dn(_common_name(naming, words), account, ou, taken)


def _common_name(naming: Naming, words: dict) -> str | None:
    """The text that the common name follows; None where the account keeps the one that it has."""
    follows = (
        naming.on_change == "rename" and "cn" in naming.rename and not naming.is_numbered("cn")
    )
    return render(naming, "cn", words) if follows else None


def outdated(naming: Naming, words: dict, account: dict) -> list[str]:
    """The names that would follow if the rules let them: for a finding where they are only to be reported."""
    stale = _stale(naming, words, account)
    if "cn" in naming.rename and not naming.is_numbered("cn"):
        cn = account["attributes"].get("cn", [""])[0]
        text = render(naming, "cn", words)
        stale += [] if re.fullmatch(re.escape(text) + r"( \d{1,4})?", cn) else ["cn"]
    return stale


def _stale(naming: Naming, words: dict, account: dict) -> list[str]:
    """The names carrying the chosen logon name that fit none of the candidates any more."""
    return [
        name
        for name in naming.rename
        if name != "cn" and naming.is_numbered(name) and not _fits(naming, name, words, account)
    ]


def _fits(naming: Naming, attribute: str, words: dict, account: dict) -> bool:
    """Whether the account's name is one that the candidates could have given."""
    current = next(iter(account["attributes"].get(attribute, [])), "")
    numbers = [None, *map(int, re.findall(r"\d{1,4}", current))]
    for base in candidate_bases(naming, words):
        for number in numbers:
            if (
                render(
                    naming, attribute, dict(words, name=numbered(base, number, naming.max_length))
                )
                == current
            ):
                return True
    return False


def addresses_with(new: str, account: dict) -> list[str]:
    """proxyAddresses after the primary address has become ``new``: the former ones stay as aliases.

    SMTP: in upper case marks the primary address, smtp: the others ([MS-OXOABK] 2.2.3.23).
    """
    attributes = account["attributes"]
    former = [re.sub(r"^SMTP:", "smtp:", text) for text in attributes.get("proxyAddresses", [])]
    former += [f"smtp:{text}" for text in attributes.get("mail", [])]
    aliases = {
        text.casefold(): text
        for text in reversed(former)
        if text.casefold() != f"smtp:{new.casefold()}"
    }
    return [f"SMTP:{new}", *sorted(aliases.values(), key=str.casefold)]
