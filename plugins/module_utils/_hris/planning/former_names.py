# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that nobody has in the directory, and that may not be given all the same: somebody had them
before, an object elsewhere in the forest has them, or another system.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from functools import cached_property

from ..ad_values.unique_names import LOGON_ADDRESS, LOGON_NAME, UniqueName, comparable
from ..model.directory import Account
from ..model.names_ledger import NOBODY, GivenName, NamesLedger, Owners, are_same
from ..model.people import Person

IN_FILE = "is taken in another system"


class FormerNames:
    """Such names, as one run knows them. Without the names ledger nobody owns a name."""

    def __init__(
        self,
        day: date,
        domain: str,
        ledger: Callable[[], NamesLedger] | None = None,
        reuse_after: int | None = None,
        released: Iterable[str] = (),
        in_file: Iterable[str] = (),
    ):
        """day: of the run. domain: its DNS name in lower case. ledger: is called when the first
        name is asked for. reuse_after: days; None: never. released: names that the ledger does not
        forbid. in_file: names that another system has, as of comparable().
        """
        self.day, self._domain = day, domain
        self._read, self._reuse_after = ledger, reuse_after
        self._released = frozenset(map(comparable, released))
        self._in_file = frozenset(in_file)
        self.elsewhere: dict[UniqueName, str] = {}  # {name: DN of who has it in the forest}

    def on(self, day: date, ledger: NamesLedger | None) -> FormerNames:
        """The same on a day and with a ledger."""
        read = (lambda: ledger) if ledger else None
        other = FormerNames(
            day, self._domain, read, self._reuse_after, self._released, self._in_file
        )
        other.elsewhere = self.elsewhere
        return other

    @property
    def has_ledger(self) -> bool:
        """Whether names stay with their owners."""
        return self._read is not None

    @cached_property
    def ledger(self) -> NamesLedger | None:
        """The names ledger."""
        return self._read() if self._read else None

    @cached_property
    def _owners(self) -> set[str]:
        return self.ledger.owners() if self.ledger else set()

    def owners_of(self, person: Person, account: Account | None) -> Owners:
        """Who a person is in the ledger, with the account."""
        if self.ledger is None:
            return NOBODY
        hashes = self.ledger.hashes
        found = [hashes.person(one.source, one.key) for one in person.ids]
        if account:
            found.append(hashes.account(account.guid))
        return frozenset(found)

    def had_names(self, owners: Owners) -> bool:
        """Whether somebody had a name before."""
        return bool(owners) and not owners.isdisjoint(self._owners)

    def is_own(self, space: str, text: str, owners: Owners) -> bool:
        """Whether a name was given to these owners, and to nobody since."""
        known = self._given(space, text)
        return known is not None and are_same(known.owners, owners)

    def why_not(self, space: str, text: str, owners: Owners) -> str | None:
        """Why a name may not be given to these owners: words that follow it; None where it may."""
        for name in _meant(space, text, self._domain):
            found = self.elsewhere.get(name)
            if found:
                return f"belongs to {found} in the forest"
            if name.value in self._in_file:
                return IN_FILE
            known = self._given(*name)
            if known and name.value not in self._released:
                reason = self._kept(known, owners)
                if reason:
                    return reason
        return None

    def _given(self, space: str, text: str) -> GivenName | None:
        ledger = self.ledger
        return ledger.names.get(ledger.hashes.name(space, text)) if ledger else None

    def _kept(self, known: GivenName, owners: Owners) -> str | None:
        if are_same(known.owners, owners):
            return None
        if known.is_reserved:
            return f"was reserved for somebody on {known.day}"
        if not known.day:
            return "was given to somebody"
        if self._reuse_after is not None:
            first = date.fromisoformat(known.day) + timedelta(days=self._reuse_after)
            if self.day >= first:
                return None
        return f"was given to somebody until {known.day}"


def _meant(space: str, text: str, domain: str) -> Iterator[UniqueName]:
    """A name, and the one that says the same: an account can log on with its logon name at the
    domain.
    """
    yield UniqueName(space, text)
    if space == LOGON_NAME:
        yield UniqueName(LOGON_ADDRESS, f"{text}@{domain}")
    elif space == LOGON_ADDRESS and text.endswith(f"@{domain}"):
        yield UniqueName(LOGON_NAME, text[: -len(domain) - 1])
