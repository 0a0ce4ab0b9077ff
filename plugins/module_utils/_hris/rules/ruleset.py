# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All rules of one source, compiled."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from ..data_class import frozen
from ..model.records import Record
from .adoption import account_attributes
from .expressions import Expression, inside
from .group_rules import GroupRule, groups_of_record
from .identity import Identity
from .lifecycle_state import DateRules
from .mapping import ValueStep, references_of, value_steps
from .mapping_lines import ExpressionLine, MappingLine, ReferenceLine, ValueLine
from .naming import EMPLOYEE, Naming
from .placement import PlacementRule, place_of
from .policies import (
    Absent,
    Joiner,
    Leave,
    Leaver,
    Limits,
    OutOfScope,
    Ownership,
    PersonException,
    Rehire,
)
from .proposals import ProposalRule
from .risk import Risk
from .shared_answers import shared_answers
from .silences import Silence


@frozen
class Fallback:
    """Another way to find the account of a person when no account has the key."""

    attribute: str
    value: Expression
    when: Expression | None  # None: it is for everybody


@frozen
class Scope:
    """Who is served."""

    when: Expression | None  # condition over a record; None: everybody
    leaving: OutOfScope


class PlaceAndGroups(NamedTuple):
    """What many people have in common."""

    # (DN of the OU, whether it is for a new account only, whether one that is missing is created)
    place: tuple[str, bool, bool]
    groups: tuple[str, ...] | None  # of somebody with one record; None: a rule has days


@dataclass(frozen=True)  # without slots: its cached properties need a place
class Ruleset:
    """The compiled rules. The fields have the names of the options (options.py)."""

    source: str
    key: str  # the key attribute, as the mapping spells it
    key_line: ExpressionLine
    mapping: list[MappingLine]
    fallbacks: list[Fallback]
    relink: bool
    proposals: Sequence[ProposalRule]  # of correlation: which accounts may be whose
    ownership: Ownership
    adopt_when: Expression | None  # of ownership, over the employee and the account; None: all
    naming: Naming
    placement: list[PlacementRule]
    groups: list[GroupRule]
    dates: DateRules
    joiner: Joiner
    leave: Leave
    leaver: Leaver
    leaver_mapping: list[ValueLine]  # leaver.attributes
    rehire: Rehire
    absent: Absent
    required: list[Expression]
    unique: Sequence[str]  # attributes whose values only one account may have
    scope: Scope
    identity: Identity
    primary: Sequence[Expression]  # conditions: which of several records is the primary one
    exceptions: Sequence[PersonException]
    silenced: Sequence[Silence]
    limits: Limits
    actions: Sequence[str] | None  # None: all
    risk: Risk
    optional_fields: Sequence[str]
    redact: frozenset[str]  # attributes in lower case whose values are hidden
    label: str | None  # the attribute by which messages name a person; None where it is hidden
    definitions: Mapping[str, Expression]  # the named expressions
    # The same rules on another day; None where no rule asks for the day
    of_day: Callable[[datetime], Ruleset] | None = None

    def on(self, as_of: datetime) -> Ruleset:
        """The rules for a run at this moment. What was replaced in them by hand is lost."""
        return self if self.of_day is None else self.of_day(as_of)

    @cached_property
    def mapping_steps(self) -> list[ValueStep]:
        """The mapping, prepared for evaluation with every person."""
        return value_steps(self.mapping)

    @cached_property
    def leaver_steps(self) -> list[ValueStep]:
        """leaver.attributes, prepared for evaluation with every leaver."""
        return value_steps(self.leaver_mapping)

    @cached_property
    def place_and_groups(self) -> Callable[[Record], PlaceAndGroups]:
        """What the rules of the place and of the groups say about a record. Raises HrisError."""
        has_days = any(rule.days for rule in self.groups)

        def answer(record: Record) -> PlaceAndGroups:
            ou, rule = place_of(self.placement, record)
            groups = None if has_days else groups_of_record(self.groups, record)
            return PlaceAndGroups((ou, rule.on_create, rule.create), groups)

        reads = [one for rule in self.placement for one in (rule.when, rule.ou)]
        reads += [rule.when for rule in self.groups if not has_days]
        return shared_answers(answer, _given(reads))

    @cached_property
    def required_references(self) -> list[ReferenceLine]:
        """The references that every person must have."""
        return [line for line in references_of(self.mapping) if line.empty == "fail"]

    @property
    def attributes(self) -> list[str]:
        """Every attribute of AD that the rules read or write, each once."""
        names = [*self.unique, *(line.name for line in (*self.mapping, *self.leaver_mapping))]
        names += self.naming.attributes
        names += [fallback.attribute for fallback in self.fallbacks]
        names += [line.account for line in references_of(self.mapping) if line.account]
        names.append(self.ownership.attribute)
        names += account_attributes(self.adopt_when)
        if self.leaver.record:
            names.append(self.leaver.record)
        if self.leaver.account_expires:
            names.append("accountExpires")
        return list({name.casefold(): name for name in names}.values())

    @property
    def record_expressions(self) -> list[Expression]:
        """Every expression that reads the fields of a record."""
        found: list[Expression] = []
        for line in (*self.mapping, *self.leaver_mapping):
            found += line.expressions
        found += self.required
        found += [*self.identity.same, *self.identity.similar, *self.primary]
        found += _given([self.scope.when, self.identity.confirmed])
        found += self.dates.expressions
        found += self.definitions.values()
        found += _given(
            [expression for rule in self.placement for expression in (rule.when, rule.ou)]
        )
        found += _given(rule.when for rule in self.groups)
        days = [rule.days for rule in self.groups if rule.days]
        found += [day.expression for one in days for day in (one.first, one.last) if day]
        for fallback in self.fallbacks:
            found += _given((fallback.value, fallback.when))
        found += _given(rule.value for rule in self.proposals)
        found += self.risk.people
        of_employee = [*self.naming.expressions, *_given([self.adopt_when])]
        found += [inside(expression, EMPLOYEE) for expression in of_employee]
        return found


def _given(expressions: Iterable[Expression | None]) -> list[Expression]:
    return [expression for expression in expressions if expression is not None]
