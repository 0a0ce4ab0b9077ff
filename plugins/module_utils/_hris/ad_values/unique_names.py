# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that only one object may have, as changes give them up and take them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from ..model import actions
from ..model.plan import Change
from .dn import normal, object_of

DN = "dn"  # the attribute of a UniqueName that is a distinguished name
# The server refuses a second one (measured), in lower case
REFUSED_TWICE = ("samaccountname", "userprincipalname", "serviceprincipalname")
ADDRESSES = ("mail", "proxyaddresses")  # one name space; mail systems want them to be unique
LOGON_NAME, LOGON_ADDRESS = REFUSED_TWICE[:2]
PREFIX = "smtp:"  # of an address in proxyAddresses, in lower case
_SPACES = frozenset((*REFUSED_TWICE, ADDRESSES[0]))
# The name spaces of the names ledger, by attribute
KEPT_FOR_GOOD = {
    "sAMAccountName": LOGON_NAME,
    "userPrincipalName": LOGON_ADDRESS,
    "mail": ADDRESSES[0],
    "proxyAddresses": ADDRESSES[0],
}


# What Unicode does not decompose. Windows takes ø for o and the kana of both kinds for the same;
# of the other letters nobody says it, and a name is not worth the trial
_LIKE = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe"}
    | {chr(code): chr(code + 0x60) for code in range(0x3041, 0x3097)}
)


class UniqueName(NamedTuple):
    """One name."""

    space: str  # DN, an attribute in lower case, or ADDRESSES[0] for both
    value: str  # comparable_dn, or comparable


@lru_cache(1 << 10)  # asked for every value
def space_of(attribute: str) -> str:
    """The name space in which an attribute is unique."""
    folded = attribute.casefold()
    return ADDRESSES[0] if folded in ADDRESSES else folded


def comparable(value: str) -> str:
    """What is equal for values that are the same name.

    Windows compares names without case, accents, width and the kind of kana ([MS-ADTS] 6.5), Samba
    without case only (measured). What is free in Windows is free in both.
    """
    text = folded(value)
    if text.isascii():
        return text
    letters = unicodedata.normalize("NFKD", text).translate(_LIKE)
    return "".join(one for one in letters if unicodedata.category(one) != "Mn").casefold()


def folded(value: str) -> str:
    """What is equal for values of ASCII letters that are the same name."""
    return value.casefold().removeprefix(PREFIX)


def comparable_dn(dn: str) -> str:
    """The same for distinguished names."""
    return comparable(normal(dn))


def given_up(change: Change) -> set[UniqueName]:
    """The names that an object does not have any more after a change. A deletion comes last in a
    run, so that nobody can wait for it.
    """
    if change.action == actions.DELETE:
        return set()
    names = _names(change, before=True)
    return names - _names(change, before=False) if names else names


def taken(change: Change) -> set[UniqueName]:
    """The names that an object gets with a change."""
    return _names(change, before=False) - _names(change, before=True)


def names_given(change: Change) -> set[UniqueName]:
    """The names of the names ledger that an object gets with a change."""
    return _kept_for_good(change, before=False) - _kept_for_good(change, before=True)


def names_given_up(change: Change) -> set[UniqueName]:
    """The names of the names ledger that an object does not have any more after a change, also one
    that deletes it.
    """
    return _kept_for_good(change, before=True) - _kept_for_good(change, before=False)


def _kept_for_good(change: Change, before: bool) -> set[UniqueName]:
    spaces = KEPT_FOR_GOOD.values()
    return {one for one in _values(change, before) if one.space in spaces}


def _names(change: Change, before: bool) -> set[UniqueName]:
    found = set(_values(change, before))
    if change.to:
        found.add(UniqueName(DN, comparable_dn(change.dn if before else change.to)))
    elif change.action == actions.CREATE and not before:
        found.add(UniqueName(DN, comparable_dn(change.dn)))
    return found


def _values(change: Change, before: bool) -> Iterator[UniqueName]:
    for name, values in change.attributes.items():
        texts = values.before if before else values.after
        if texts and (space := space_of(name)) in _SPACES:
            for text in texts:
                yield UniqueName(space, comparable(text))


def handed_on(changes: Iterable[Change]) -> set[UniqueName]:
    """The names that one object gives up and another one takes."""
    givers: dict[UniqueName, str] = {}
    takers: dict[UniqueName, str] = {}
    for change in changes:
        name = object_of(change)
        givers.update(dict.fromkeys(given_up(change), name))
        takers.update(dict.fromkeys(taken(change), name))
    return {one for one, name in takers.items() if givers.get(one, name) != name}
