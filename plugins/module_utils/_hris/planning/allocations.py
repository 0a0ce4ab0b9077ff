# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Allocations: what one person takes so that no other person of the run can: names, OUs that are
created, places.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..ad_values.dn import normal, parent, split
from ..ad_values.protection import Protected
from ..ad_values.texts import units
from ..data_class import field, mutable
from ..errors import HrisError
from ..model.directory import Account, Snapshot
from ..model.names_ledger import NOBODY, Owners
from ..model.people import Person, PersonId
from ..option_names import option_name
from ..rules.desired_state import DesiredState
from ..rules.ruleset import Ruleset
from .compare import Place
from .former_names import FormerNames
from .names_of_person import Names
from .permissions import check_place
from .taken_names import TakenNames

OU_MAX = 64  # rangeUpper of ou ([MS-ADA3] 2.120)


@mutable
class Allocations:
    """What is taken so far. It grows while people are decided on."""

    names: TakenNames
    containers: set[str]  # normal DNs of the OUs and containers that exist, or will
    protected: Protected
    # {DN of an OU to create: the source whose rules want it}
    new_containers: dict[str, str] = field(default_factory=dict)
    bases: dict[str, tuple[str, ...]] = field(default_factory=dict)  # {source: normal DNs}
    # (OU, source): those that exist and where accounts of the source may be. Many people share one
    usable: set[tuple[str, str]] = field(default_factory=set)
    # {person: place} of accounts with a new DN
    places: dict[PersonId, Place] = field(default_factory=dict)

    def ou_for(self, desired: DesiredState, source: str) -> str:
        """The OU that is desired; where the rule allows it, missing OUs are to be created.

        Raises HrisError for an OU that does not exist, or where no account of the source may be.
        """
        if (desired.ou, source) in self.usable:
            return desired.ou
        check_place(desired.ou, self.bases[source], self.protected, option_name("placement"))
        missing, dn = [], desired.ou
        while normal(dn) not in self.containers:
            if not desired.ou_create or not normal(dn).startswith("ou="):
                raise HrisError(
                    f"the OU {dn} does not exist",
                    place=option_name("placement"),
                    hint="Create it, or correct the rule",
                )
            if units(split(dn)[0]) > OU_MAX:
                raise HrisError(
                    f"the name of the OU {dn} has more than {OU_MAX} characters",
                    place=option_name("placement"),
                    hint="Shorten it in HR, or in the rule",
                )
            missing.append(dn)
            dn = parent(dn)
        self.new_containers.update(dict.fromkeys(missing, source))
        self.containers.update(map(normal, missing))
        self.usable.add((desired.ou, source))
        return desired.ou

    def owners_of(self, person: Person, account: Account | None) -> Owners:
        """Who a person is in the names ledger; nobody without one."""
        former = self.names.former
        return former.owners_of(person, account) if former else NOBODY

    def names_for(self, person: Person, account: Account | None) -> Names:
        """The names as a person sees them. account: None for one that is created."""
        return Names(self.names, account.dn if account else None, self.owners_of(person, account))

    def fork(self) -> Allocations:
        """The same; what is taken there is not taken here."""
        return Allocations(
            self.names.fork(),
            set(self.containers),
            self.protected,
            dict(self.new_containers),
            self.bases,
            set(self.usable),
            dict(self.places),
        )

    def adopt(self, fork: Allocations) -> None:
        """Take everything that a fork has taken."""
        self.names, self.containers, self.usable = fork.names, fork.containers, fork.usable
        self.new_containers, self.places = fork.new_containers, fork.places

    def place(self, person: Person, account: Account | None, dn: str) -> None:
        """Note the DN of a person's account at the end of the run. dn: "" for no account."""
        now = account.dn if account else None
        if dn and dn != now:
            self.places[PersonId(person.source, person.key)] = Place(now, dn)


def allocations_of(
    snapshot: Snapshot,
    rulesets: Sequence[Ruleset],
    protected: Protected,
    former: FormerNames | None = None,
) -> Allocations:
    """What is taken in the directory before the run. A name that the rules of one source reserve is
    given in none. former: names that may not be given although nobody has them.
    """
    attributes = [name for rules in rulesets for name in rules.naming.attributes]
    reserved = frozenset(name for rules in rulesets for name in rules.naming.reserved)
    attributes += [name for rules in rulesets for name in rules.unique]
    names = TakenNames(snapshot, attributes, reserved, former)
    bases = {rules.source: rules.ownership.bases for rules in rulesets}
    containers = {normal(dn) for dn in snapshot.containers}
    return Allocations(names, containers, protected, bases=bases)
