# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names ledger: every name that was ever given, its owner, and its last day.

It has hashes instead of names and owners, which nobody can try out without the key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

from ..data_class import field, mutable

_DIGEST = 12  # bytes: two of a billion names have the same hash once in 1e11
_CHECK = "hris.ad names ledger"

# The hashes of everything that stands for one owner: the account, and each key of the person
Owners: TypeAlias = "frozenset[str]"
NOBODY: Owners = frozenset()


class Hashes:
    """The hashes that belong to one key and one ledger."""

    def __init__(self, key: str, salt: str):
        secret = hashlib.sha256(f"{salt}\n{key}".encode("utf-8", "surrogatepass")).digest()
        self._empty = hashlib.blake2b(digest_size=_DIGEST, key=secret)
        self.check = self._of(_CHECK)  # tells whether another key is the same one

    def _of(self, text: str) -> str:
        made = self._empty.copy()  # faster than a new one with the key
        made.update(text.encode("utf-8", "surrogatepass"))
        return made.hexdigest()

    def name(self, space: str, text: str) -> str:
        """The hash of a name. space, text: as of ad_values/unique_names.py."""
        return self._of(f"{space}\n{text}")

    def account(self, guid: str) -> str:
        """The hash of an account, by its objectGUID."""
        return self._of(f"account\n{guid}")

    def person(self, source: str, key: str) -> str:
        """The hash of a person. The case of a key makes no difference."""
        return self._of(f"person\n{source}\n{key.casefold()}")

    def other(self, dn: str) -> str:
        """The hash of an object that has no objectGUID here. dn: in its normal form."""
        return self._of(f"object\n{dn}")


class GivenName(NamedTuple):
    """What the ledger knows of one name."""

    owners: Owners
    day: str = ""  # the last one, ISO 8601; "" for a name that somebody has
    # Whether a run was about to give the name on that day, and no later run has seen it given
    is_reserved: bool = False


@mutable
class NamesLedger:
    """The names of one domain."""

    hashes: Hashes
    names: dict[str, GivenName] = field(default_factory=dict)  # {hash: …}
    seen: str = ""  # the fingerprint of the directory whose names are in it

    def copy(self) -> NamesLedger:
        """The same names; what is noted there is not noted here."""
        return NamesLedger(self.hashes, dict(self.names), self.seen)

    def owners(self) -> set[str]:
        """The hashes of all owners."""
        return set().union(*{given.owners for given in self.names.values()})


def are_same(one: Iterable[str], other: Owners) -> bool:
    """Whether two owners are the same one: they have a hash in common."""
    return not other.isdisjoint(one)
