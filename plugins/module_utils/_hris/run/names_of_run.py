# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names that one run may give, and what it notes in the names ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from ..ad_values.dn import normal, object_of
from ..ad_values.unique_names import UniqueName, names_given, names_given_up
from ..directory.connection import Connection
from ..directory.global_catalogue import GlobalCatalogue
from ..errors import HrisError
from ..model.directory import Snapshot
from ..model.findings import INFO, Finding
from ..model.journal import LOST
from ..model.names_ledger import NamesLedger
from ..model.plan import REFUSED, SKIPPED, Change, Outcome, Plan
from ..planning.former_names import FormerNames
from ..planning.names_over_time import forget_reserved, note_names, note_present, refused_names
from ..planning.present_names import (
    OwnerAttributes,
    fingerprint,
    owner_attributes,
    present_names,
)
from ..rules.ruleset import Ruleset
from .domain_plan import NamesToGive
from .file_lock import alone
from .names_file import StoredNames, new_names, read_names, write_names
from .names_options import NamesOptions, taken_names

NAMES_LEDGER = "names_ledger"  # a kind of finding
_LOST = (
    "Nothing was written. Restore the file from a copy, or let hris.ad.sync make a new one: the "
    "names ledger is made from what a directory shows"
)


class _Directory(NamedTuple):
    """The directory of the run."""

    snapshot: Snapshot
    where: OwnerAttributes
    fingerprint: str


class NamesOfRun:
    """What the option group `names` asks of one run. begin or refused comes first."""

    def __init__(self, options: NamesOptions, catalogue: GlobalCatalogue | None = None):
        """Raises HrisError for a file that cannot be read. catalogue: of the forest, where it is
        asked.
        """
        self._options, self._catalogue = options, catalogue
        self._in_file = taken_names(options.taken_file) if options.taken_file else frozenset()
        self._day = date.min
        self._stored: StoredNames | None = None
        self._directory: _Directory | None = None
        self._asked: set[UniqueName] = set()  # of the forest
        self.former: FormerNames | None = None  # None: there is nothing to respect
        self.findings: list[Finding] = []

    @property
    def path(self) -> str | None:
        """The file of the names ledger; None without one."""
        return self._options.ledger or None

    def begin(self, snapshot: Snapshot, rulesets: Sequence[Ruleset], day: date) -> None:
        """Begin with a directory as it was read. day: of the run. Raises HrisError."""
        self._begin(snapshot.domain.dn, snapshot.domain.name, day)
        if self._options.has_ledger:
            where = owner_attributes(snapshot, rulesets)
            self._directory = _Directory(snapshot, where, fingerprint(snapshot, where))
            if self._stored is None:
                self._stored = new_names(snapshot.domain.dn, self._options.key)
                self.findings.append(self._new_ledger())

    def to_give(self, connection: Connection) -> NamesToGive:
        """What a plan may give."""
        return NamesToGive(self.former, partial(self._are_elsewhere, connection))

    def refused(self, connection: Connection, plan: Plan, day: date) -> Mapping[str, str]:
        """Begin with a stored plan: {object: why one of its names may not be given now}. Raises
        HrisError, also where there is no ledger yet.
        """
        self._begin(plan.domain.dn, plan.domain.name, day)
        if self._options.has_ledger and self._stored is None:
            raise HrisError("the names ledger is not there", self._options.ledger, _LOST)
        if self.former is None:
            return {}
        self._are_elsewhere(connection, plan.changes)
        return refused_names(plan, plan.changes, self.former)

    def _begin(self, domain_dn: str, domain: str, day: date) -> None:
        options, self._day = self._options, day
        self._stored, self._directory, self.former = None, None, None
        self.findings, self._asked = [], set()
        if options.is_empty:
            return
        read = None
        if options.has_ledger:
            self._stored = self._read(domain_dn)
            read = self._ledger
        self.former = FormerNames(
            day,
            domain.casefold(),
            read,
            options.reuse_after,
            options.released,
            self._in_file,
        )

    def _read(self, domain: str) -> StoredNames | None:
        stored = read_names(self._options.ledger, self._options.key)
        if stored and normal(stored.domain) != normal(domain):
            message = f"the names ledger is of the domain {stored.domain}, and this one is {domain}"
            hint = "Give each domain a file of its own"
            raise HrisError(message, self._options.ledger, hint)
        return stored

    def _new_ledger(self) -> Finding:
        """The finding about a ledger that begins with what the directory shows."""
        ledger = self.former.ledger if self.former else None
        count = len(ledger.names) if ledger else 0
        message = (
            f"there is no names ledger yet: it begins with the {count:,} names that the directory "
            "shows. Names of accounts that nobody sees any more are not in it."
        )
        return Finding(NAMES_LEDGER, message, place="names.ledger", severity=INFO)

    def _ledger(self) -> NamesLedger:
        """The ledger, with what the directory shows."""
        return self._with_directory(self._stored)

    def _with_directory(self, stored: StoredNames | None) -> NamesLedger:
        if stored is None:
            raise HrisError("the names ledger is not there", self._options.ledger, _LOST)
        ledger = stored.ledger()
        directory = self._directory
        if directory and stored.seen != directory.fingerprint:
            present = present_names(directory.snapshot, directory.where, ledger.hashes)
            note_present(ledger, present, self._day.isoformat())
            ledger.seen = directory.fingerprint
        return ledger

    def _are_elsewhere(self, connection: Connection, changes: Iterable[Change]) -> bool:
        """Ask the forest for the names that changes give, as far as it was not asked yet; whether
        one of them is in use there. Raises HrisError where the forest does not answer.
        """
        if self._catalogue is None or self.former is None:
            return False
        names = {one for change in changes for one in names_given(change)}
        new = names - self._asked
        if not new:
            return False
        self._asked |= names
        self.former.elsewhere.update(self._catalogue.holders(connection, new))
        return not names.isdisjoint(self.former.elsewhere)

    def reserve(self, plan: Plan, changes: Sequence[Change]) -> Mapping[str, str]:
        """Note in the ledger what the directory shows and what changes give, before they are
        written. Returns {object: why one of its names may not be given}. Raises HrisError.
        """
        if self.former is None:
            return {}
        if not self._options.has_ledger:
            return refused_names(plan, changes, self.former)
        if not self._has_news() and not any(map(_is_about_names, changes)):
            return {}
        with alone(self._options.ledger):
            stored = self._stored_now(plan.domain.dn)
            is_same = self._stored is not None and stored.is_like(self._stored)
            ledger = self.former.ledger if is_same else None
            ledger = ledger or self._with_directory(stored)
            refused = refused_names(plan, changes, self.former.on(self._day, ledger))
            given = (change for change in changes if object_of(change) not in refused)
            note_names(ledger, plan, given, self._day.isoformat())
            write_names(self._options.ledger, self._options.key, stored, ledger)
        return refused

    def _has_news(self) -> bool:
        """Whether the directory has other names than the ledger says."""
        if self._directory is None or self._stored is None:
            return False
        return self._stored.seen != self._directory.fingerprint

    def _stored_now(self, domain: str) -> StoredNames:
        """The file as it is now; another run may have written it meanwhile."""
        stored = self._read(domain)
        if stored is None and self._stored and not self._stored.seen:
            return self._stored  # the first run
        if stored is None:
            raise HrisError("the names ledger is not there any more", self._options.ledger, _LOST)
        return stored

    def settle(self, plan: Plan, changes: Sequence[Change], outcomes: Sequence[Outcome]) -> None:
        """Take back what was reserved for changes that were surely not made. Raises HrisError."""
        if not self._options.has_ledger:
            return
        pairs = zip(changes, outcomes, strict=True)
        not_made = [change for change, outcome in pairs if _is_not_made(outcome)]
        if not any(map(names_given, not_made)):
            return
        with alone(self._options.ledger):
            stored = self._stored_now(plan.domain.dn)
            ledger = stored.ledger()
            forget_reserved(ledger, plan, not_made)
            write_names(self._options.ledger, self._options.key, stored, ledger)


def names_of_run(params: Mapping[str, Any]) -> NamesOfRun:
    """The names of a run. params: of a module with the option groups `names` and `directory`.
    Raises HrisError.
    """
    options = NamesOptions.from_params(params["names"])
    catalogue = None
    if options.forest:
        catalogue = GlobalCatalogue(params["directory"], options.global_catalogue)
    return NamesOfRun(options, catalogue)


def _is_about_names(change: Change) -> bool:
    return bool(names_given(change) or names_given_up(change))


def _is_not_made(outcome: Outcome) -> bool:
    return outcome.status == SKIPPED or (outcome.status == REFUSED and outcome.code != LOST)
