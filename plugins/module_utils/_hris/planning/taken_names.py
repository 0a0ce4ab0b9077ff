# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names that are taken: by the directory, and by people of this run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from ..ad_values.dn import normal
from ..model.directory import AttributeValues, Snapshot

ADDRESSES = ("mail", "proxyaddresses")  # one name space: a primary address is also a proxy address
LOGON_NAME = "samaccountname"


class TakenNames:
    """Every name that is taken, in lower case as Active Directory compares names.

    The directory is searched for names when the first one is asked for: many runs give no name.
    """

    def __init__(
        self, snapshot: Snapshot, attributes: Iterable[str], reserved: frozenset[str] = frozenset()
    ):
        """attributes: those that must be unique. reserved: names in lower case that nobody gets."""
        self.reserved = reserved
        self._snapshot = snapshot
        self._attributes = frozenset(name.casefold() for name in attributes)

    @cached_property
    def _dns(self) -> set[str]:
        snapshot = self._snapshot
        dns = set(map(normal, snapshot.containers))
        dns.update(normal(account.dn) for account in snapshot.accounts)
        dns.update(normal(group.dn) for group in snapshot.groups)
        dns.update(normal(contact.dn) for contact in snapshot.contacts)
        return dns

    @cached_property
    def _values(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {_space(name): set() for name in self._attributes}
        for attributes in self._attribute_values():
            for name, values in attributes.items():
                if name.casefold() in self._attributes:
                    found[_space(name)].update(map(_comparable, values))
        # The logon name of a group is taken for users as well (measured)
        groups = self._snapshot.groups
        found.setdefault(LOGON_NAME, set()).update(_comparable(group.name) for group in groups)
        return found

    def _attribute_values(self) -> Iterator[AttributeValues]:
        snapshot = self._snapshot
        yield from (account.attributes for account in snapshot.accounts)
        yield from (group.attributes for group in snapshot.groups)
        yield from (contact.attributes for contact in snapshot.contacts)
        yield from (deleted.attributes for deleted in snapshot.deleted)  # can be restored

    def is_free(self, attribute: str, value: str) -> bool:
        """Whether nobody has this value."""
        return _comparable(value) not in self._values.get(_space(attribute), ())

    def is_free_dn(self, dn: str) -> bool:
        """Whether no object has this DN."""
        return normal(dn) not in self._dns

    def claim(self, names: Mapping[str, str], dn: str | None) -> None:
        """Take the names and the DN."""
        if dn:
            self._dns.add(normal(dn))
        for attribute, value in names.items():
            self._values.setdefault(_space(attribute), set()).add(_comparable(value))


def _space(attribute: str) -> str:
    """The name space of an attribute."""
    folded = attribute.casefold()
    return "addresses" if folded in ADDRESSES else folded


def _comparable(value: str) -> str:
    return value.casefold().removeprefix("smtp:")
