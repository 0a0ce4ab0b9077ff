# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The desired state of one person's account: attributes, place and groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..ad_values.filetime import NEVER, filetime
from ..data_class import mutable
from ..errors import HrisError
from ..model.findings import WARNING, Finding
from ..model.people import EMPLOYED, LEAVER, Person
from ..model.records import Record
from .end_of_access import end_of_access
from .group_rules import groups_of
from .mapping import UnmappedError, ValueStep, wanted_values
from .mapping_lines import MappingLine
from .ruleset import Ruleset
from .values import to_text

Values = Mapping[str, Sequence[str]]  # {attribute as the rules spell it: values}
NO_VALUES: list[str] = []


@mutable
class DesiredState:
    """What the rules want for one account. Lists of values may be shared and are never changed."""

    attributes: dict[str, Sequence[str]]  # [] clears; an attribute that is left as it is is absent
    ou: str = ""  # DN; "" where the rules want no place
    ou_on_create: bool = False  # the place is for a new account only
    ou_create: bool = False  # an OU that does not exist is created
    groups: tuple[str, ...] = ()  # as the rules name them


def desired_state(
    person: Person, rules: Ruleset, current: Values
) -> tuple[DesiredState, list[Finding]]:
    """The desired state beyond what the account has, and findings.

    current: the values of the account; an attribute that already has the desired values is left
    out, which for nearly everybody is each of them. Raises HrisError for what holds the person.
    """
    if person.state == LEAVER:
        attributes, findings = _attributes(person, rules.leaver_steps, current)
        return DesiredState(attributes), findings
    if person.state not in EMPLOYED:
        return DesiredState({}), []
    record = person.record
    _check_required(record, rules)
    for condition in rules.risk.people:
        condition.evaluate(record)  # who cannot be judged is held, before anything is changed
    attributes, findings = _attributes(person, rules.mapping_steps, current)
    if rules.leaver.account_expires:
        attributes["accountExpires"] = [_expiry(person)]
    place, groups = rules.place_and_groups(record)
    if groups is None or person.employment:
        groups = groups_of(rules.groups, person)
    return DesiredState(attributes, *place, groups), findings


def _check_required(record: Record, rules: Ruleset) -> None:
    """Raise HrisError for the first required value that HR does not have."""
    for rule in rules.required:
        if to_text(rule.evaluate(record)) is None:
            raise _missing_value(rule.source, rule.place)
    for line in rules.required_references:
        if to_text(line.source.evaluate(record)) is None:
            raise _missing_value(line.source.source, line.place)


def _missing_value(source: str, place: str) -> HrisError:
    return HrisError(f"HR has no value for {source!r}", place=place, hint="Enter it in HR")


def _attributes(
    person: Person, steps: Sequence[ValueStep], current: Values
) -> tuple[dict[str, Sequence[str]], list[Finding]]:
    wanted: dict[str, Sequence[str]] = {}
    findings: list[Finding] = []
    record = person.record
    for name, evaluate, line in steps:
        if evaluate is not None:
            value = evaluate(record)
            if current.get(name) == [value]:  # nearly every value of a feed
                continue
            if isinstance(value, str) and value.isascii() and (text := value.strip()):
                if current.get(name) != [text]:
                    wanted[name] = [text]
                continue
        try:
            values = wanted_values(line, record)
        except UnmappedError as error:
            findings.append(_unmapped(person, line, error))
            continue
        if values is not None and values != current.get(name, NO_VALUES):
            wanted[name] = values
    return wanted, findings


def _unmapped(person: Person, line: MappingLine, error: UnmappedError) -> Finding:
    message = f"{error}: {line.name} is left as it is. Add the value to the table."
    return Finding("unmapped", message, key=person.key, place=line.place, severity=WARNING)


def _expiry(person: Person) -> str:
    """accountExpires: the beginning of the first day without access, or never."""
    moment = end_of_access(person)
    return NEVER[0] if moment is None else str(filetime(moment))
