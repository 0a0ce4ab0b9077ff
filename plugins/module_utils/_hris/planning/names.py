# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that are free: in the directory, and among those given out in this run."""

from __future__ import annotations

import re
from functools import cached_property
from itertools import chain

from ..ad_values.dn import escape_value, normal, split
from ..errors import HrisError
from ..rules.naming import NUMBER_FROM, Naming, candidate_bases, common_name, numbered, render

LAST_NUMBER = 9999
ADDRESSES = ("mail", "proxyaddresses")  # one name space: a primary address is also a proxy address


class TakenNames:
    """Every name that somebody has, in lower case as AD compares them. It is gathered when the first name is asked for:
    a run without joiners and moves asks for none."""

    def __init__(self, snapshot: dict, attributes: list[str], reserved=frozenset()):
        """reserved: names in lower case that nobody gets, whoever had them."""
        self.reserved = reserved
        self._snapshot, self._attributes = (
            snapshot,
            frozenset(name.casefold() for name in attributes),
        )

    @cached_property
    def _dns(self) -> set[str]:
        found = {
            normal(entry["dn"])
            for kind in ("accounts", "groups", "contacts")
            for entry in self._snapshot[kind]
        }
        return found.union(map(normal, self._snapshot["containers"]))

    @cached_property
    def _values(self) -> dict[str, set]:
        found: dict[str, set] = {self._space(name): set() for name in self._attributes}
        for kind in (
            "accounts",
            "groups",
            "contacts",
            "deleted",
        ):  # a deleted object may be brought back
            for entry in self._snapshot[kind]:
                for name, values in entry["attributes"].items():
                    if name.casefold() in self._attributes:
                        found[self._space(name)].update(map(_comparable, values))
        logon = found.setdefault("samaccountname", set())
        logon.update(
            _comparable(group["name"]) for group in self._snapshot["groups"]
        )  # a group's name counts (measured)
        return found

    @staticmethod
    def _space(attribute: str) -> str:
        folded = attribute.casefold()
        return "addresses" if folded in ADDRESSES else folded

    def is_free(self, attribute: str, value: str) -> bool:
        """Whether nobody has this value."""
        return _comparable(value) not in self._values.get(self._space(attribute), ())

    def is_free_dn(self, dn: str) -> bool:
        """Whether no object has this DN."""
        return normal(dn) not in self._dns

    def claim(self, names: dict, dn: str | None) -> None:
        """Give the names and the DN out."""
        if dn:
            self._dns.add(normal(dn))
        for attribute, value in names.items():
            self._values.setdefault(self._space(attribute), set()).add(_comparable(value))


def _comparable(value: str) -> str:
    return value.casefold().removeprefix("smtp:")


def choose_names(
    naming: Naming, words: dict, ou: str | None, taken: TakenNames
) -> tuple[dict[str, str], str | None]:
    """The names of a new account below ou, and its DN; both are taken from then on. Without ou: the names alone.

    words: the person's attribute values and ``employee``. The candidates are tried as they are, then the first one with
    2, 3, …. An attribute that does not carry the chosen name (cn) gets the number only where its plain form is taken.
    Raises HrisError when no candidate can be formed or none is free.
    """
    bases = candidate_bases(naming, words)
    if not bases:
        raise HrisError(
            "no candidate can be formed from the employee's names",
            place="naming.candidates",
            hint="Enter the names in HR, or end the list with a candidate that needs fewer of them",
        )
    tries = chain(
        ((base, None) for base in bases),
        ((bases[0], number) for number in range(NUMBER_FROM, LAST_NUMBER + 1)),
    )
    for base, number in tries:
        chosen = _render_all(naming, words, base, number, ou, taken)
        if chosen:
            taken.claim(*chosen)
            return chosen
    raise HrisError(
        f"every name like '{bases[0]}' up to number {LAST_NUMBER} is taken",
        place="naming.candidates",
        hint="Add a candidate",
    )


def _render_all(
    naming: Naming, words: dict, base: str, number: int | None, ou: str | None, taken: TakenNames
) -> tuple[dict, str | None] | None:
    named = dict(words, name=numbered(base, number, naming.max_length))
    if named["name"].casefold() in taken.reserved:
        return None
    names, dn = {}, None
    for attribute in naming.attributes:
        text = render(naming, attribute, named)
        fixed = not naming.is_numbered(attribute)
        if attribute == "cn" and ou is None:
            continue
        if attribute == "cn":
            dn = _free_dn(text, number if fixed else None, ou, taken)
            if dn is None:
                return None
            continue
        if not taken.is_free(attribute, text):
            text = f"{text} {number}" if fixed and number else text
            if not taken.is_free(attribute, text):
                return None
        names[attribute] = text
    return names, dn


def _free_dn(text: str, number: int | None, ou: str, taken: TakenNames) -> str | None:
    for cn in dict.fromkeys((common_name(text), common_name(text, number))):
        dn = f"CN={escape_value(cn)},{ou}"
        if taken.is_free_dn(dn):
            return dn
    return None


def keeps_dn(text: str | None, account: dict, ou: str) -> bool:
    """Whether an account is below ou already, with the common name text, or that with a number; None: with any."""
    cn, above = split(account["dn"])
    return (above == ou or normal(above) == normal(ou)) and _keeps_name(text, cn)


def _keeps_name(text: str | None, cn: str) -> bool:
    if text is None or cn == common_name(text):
        return True
    number = _without_number(cn)[1]
    return number is not None and cn == common_name(text, number)


def settle_dn(text: str | None, account: dict, ou: str, taken: TakenNames) -> str:
    """The DN of an existing account below ou with the common name text (None: the one it has), numbered where that is taken.

    An account that already has the text, or the text with a number, keeps its cn wherever it can.
    """
    dn = account["dn"]
    if keeps_dn(text, account, ou):
        return dn
    cn, _above = split(dn)
    keeps = _keeps_name(text, cn)
    base = text if text is not None else _without_number(cn)[0]
    wanted = chain(
        [cn] if keeps else [],
        [common_name(base)],
        (common_name(base, number) for number in range(NUMBER_FROM, LAST_NUMBER + 1)),
    )
    for candidate in wanted:
        found = f"CN={escape_value(candidate)},{ou}"
        if normal(found) == normal(dn) or taken.is_free_dn(found):
            taken.claim({}, found)
            return found
    raise HrisError(
        f"every common name like '{base}' up to number {LAST_NUMBER} is taken in {ou}",
        place="naming.attributes.cn",
    )


def _without_number(cn: str) -> tuple[str, int | None]:
    match = re.fullmatch(r"(.+) (\d{1,4})", cn)
    return (match[1], int(match[2])) if match else (cn, None)
