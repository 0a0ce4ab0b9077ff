# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the rules make of one person, and why each value is or is not written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ..ad_values.equality import as_written, same_values
from ..data_class import mutable
from ..errors import HrisError
from ..model.directory import Account, AttributeDefinition, Snapshot
from ..model.findings import Finding
from ..model.people import LEAVER, AccountReference, Person
from ..model.plan import Change, Plan, ValueChange
from ..option_names import with_options
from ..rules.mapping import UnmappedError, reference_value, wanted_values
from ..rules.mapping_lines import ConstantLine, MappingLine, ReferenceLine
from ..rules.ruleset import Ruleset
from .explain_definitions import ExplainedDefinition, explained_definitions
from .explain_names import ExplainedName, explained_name
from .explain_rules import ExplainedRule, explained_groups, explained_placement
from .explain_saved import ExplainedSaved, explained_saved
from .names_of_person import PassedOver
from .ownership import Mark, mark_of
from .saved_values import without_saved
from .summary import HIDDEN

NOT_YET = "not written: the account is not adopted yet ({ownership.adopt_when})"


@mutable
class ExplainedAccount:
    """The account of a person."""

    dn: str
    guid: str
    enabled: bool
    mark: Mark | None
    not_adopted_yet: bool  # whether a later run adopts it, and this one leaves it as it is


@mutable
class ExplainedAttribute:
    """One line of the mapping."""

    attribute: str
    rule: str
    source: str
    now: Sequence[str]  # what the account has
    wanted: Sequence[str] | None  # [] to clear it, None to leave it as it is
    why: str


@mutable
class Explanation:
    """Everything about one person; RETURN of the module sync describes its JSON form."""

    person: Person
    account: ExplainedAccount | None
    definitions: list[ExplainedDefinition]
    attributes: list[ExplainedAttribute]
    names: list[ExplainedName]
    placement: list[ExplainedRule]
    groups: list[ExplainedRule]
    saved: list[ExplainedSaved]
    changes: list[Change]
    findings: list[Finding]


def explain(
    person: Person,
    account: Account | None,
    plan: Plan,
    rules: Ruleset,
    snapshot: Snapshot,
    passed_over: Sequence[PassedOver] = (),
    is_adopted: bool = True,
) -> Explanation:
    """The explanation for a person, with the account that belongs to the person. passed_over: names
    that the person does not get. is_adopted: False where a later run adopts the account.
    """
    changes = [change for change in plan.changes if _is_about(change, person)]
    lines: Sequence[MappingLine] = rules.mapping
    if person.state == LEAVER:
        lines = rules.leaver_mapping
    attributes = [_attribute(line, person, account, changes, rules, snapshot) for line in lines]
    if not is_adopted:
        for one in attributes:
            one.why = with_options(NOT_YET)
    return Explanation(
        person=person,
        account=_account(account, rules, snapshot, is_adopted),
        definitions=explained_definitions(person.record, rules),
        attributes=attributes,
        names=[
            explained_name(name, account, changes, rules, passed_over)
            for name in rules.naming.attributes
        ],
        placement=explained_placement(person.record, rules),
        groups=explained_groups(person, account, rules, snapshot),
        saved=explained_saved(account, rules, snapshot),
        changes=[_redacted(change, rules) for change in changes],
        findings=[finding for finding in plan.findings if _is_about(finding, person)],
    )


def _is_about(one: Change | Finding, person: Person) -> bool:
    return (one.source, one.key) == (person.source, person.key)


def _account(
    account: Account | None, rules: Ruleset, snapshot: Snapshot, is_adopted: bool
) -> ExplainedAccount | None:
    if account is None:
        return None
    attribute = snapshot.schema[rules.ownership.attribute.casefold()].name
    mark = mark_of(account, attribute)
    return ExplainedAccount(account.dn, account.guid, account.enabled, mark, not is_adopted)


def _attribute(
    line: MappingLine,
    person: Person,
    account: Account | None,
    changes: Iterable[Change],
    rules: Ruleset,
    snapshot: Snapshot,
) -> ExplainedAttribute:
    definition = snapshot.schema[line.name.casefold()]
    now: Sequence[str] = []
    if account:
        now = account.attributes.get(definition.name, [])
    source = "(constant)" if isinstance(line, ConstantLine) else line.source.source
    found = ExplainedAttribute(line.name, line.place, source, now, None, "")
    try:
        found.wanted = _wanted(line, person)
        found.why = _why(line, found, definition, account, changes)
    except (HrisError, UnmappedError) as error:
        found.why = f"left as it is: {error}"
    if line.name.casefold() in rules.redact:
        found.now = _hidden(found.now)
        if found.wanted:
            found.wanted = _hidden(found.wanted)
    return found


def _wanted(line: MappingLine, person: Person) -> Sequence[str] | None:
    if not isinstance(line, ReferenceLine):
        return wanted_values(line, person.record)
    if line.name not in person.references:
        other = reference_value(line, person.record)
        if other is None:
            return None
        return [other]
    referred = person.references[line.name]
    if referred is None:
        return []
    return [referred.value if isinstance(referred, AccountReference) else referred.key]


def _why(
    line: MappingLine,
    found: ExplainedAttribute,
    definition: AttributeDefinition,
    account: Account | None,
    changes: Iterable[Change],
) -> str:
    for change in changes:
        if definition.name in change.attributes:
            return f"written with {change.action}"
    if found.wanted is None:
        return "left as it is: HR has no value, and the rule keeps the value of the account"
    if account is None:
        return "not written: no account is created"
    if line.apply == "on_create":
        return "left as it is: the rule sets it only when an account is created"
    if isinstance(line, ReferenceLine) or same_values(
        found.now, as_written(found.wanted, definition), definition
    ):
        return "nothing to write: the account has it"
    if line.apply == "report":
        return "left as it is: only reported"
    return "not written: see the findings"


def _redacted(change: Change, rules: Ruleset) -> Change:
    """The change without the values of personal attributes."""
    attributes = dict(change.attributes)
    for name, values in change.attributes.items():
        if name.casefold() in rules.redact:
            attributes[name] = ValueChange(_hidden(values.before), _hidden(values.after))
        elif name.casefold() == (rules.leaver.record or "").casefold():
            before, after = map(without_saved, values.before), map(without_saved, values.after)
            attributes[name] = ValueChange(list(before), list(after))
    return replace(change, attributes=attributes)


def _hidden(values: Sequence[str]) -> list[str]:
    return [HIDDEN for _value in values[:1]]


def find_person(people: Iterable[Person], key: str) -> Person | None:
    """The person who has the key in one of the records, in any case."""
    folded = key.strip().casefold()
    for person in people:
        if any(one.casefold() == folded for one in person.keys):
            return person
    return None
