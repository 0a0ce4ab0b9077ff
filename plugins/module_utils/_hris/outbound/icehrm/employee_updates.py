# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Updates of employees: given by the playbook, read from a file, or rendered from accounts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict
from typing import Any

from ...data_class import field, frozen, mutable
from ...errors import HrisError, Warn, did_you_mean
from ...json_files import read_lines
from ...model.records import Record
from ...option_names import option_name
from ...rules.expressions import Expression, compile_rule
from ...rules.values import to_text
from .. import feedback_loops, objects, templates
from . import fields
from .fields import CustomFields, Field
from .names import PEOPLE
from .reading import is_id

_RULE_OPTIONS = ("from", "constant", "empty")
_KEEP, _CLEAR = "keep", "clear"
_KEY_FIELDS = ("employee_id", "id")
_UPDATE_OPTIONS = (*_KEY_FIELDS, "fields")
_ACCOUNT = ("key", "source", "guid", "dn")  # what identifies an account to whoever reads failures
_ABSENT = "absent"  # the state of an account whose employee HR does not have


@frozen
class UpdateOptions:
    """Where updates come from: options of the module icehrm_employee."""

    key: str  # expression that gives the employee of an account
    key_field: str  # what the key is in IceHrm: employee_id or id
    unchanged: bool
    updates: list[Record] | None = None
    src: str | None = None
    outcome: str | None = None
    plan_key: str | None = None
    mapping: Record = field(default_factory=dict)
    events: list[str] = field(default_factory=list)
    when: str | None = None
    optional_fields: list[str] = field(default_factory=list)
    inbound_mapping: Record = field(default_factory=dict)
    custom_fields: CustomFields = field(default_factory=dict)


@frozen
class EmployeeUpdate:
    """What one employee's fields shall be."""

    place: str  # where the update was given
    key_field: str  # employee_id or id
    key: str
    fields: dict[Field, Any]  # JSON values; None clears
    account: Record | None = None  # key, source, guid and dn of the account that it comes from


@frozen
class UpdateFailure:
    """An employee who could not be updated. A line of failed_dest has the same names."""

    employee: str  # the key of the update, or its place
    message: str
    object: Record | None = None  # key, source, guid and dn of the account

    def to_json(self) -> Record:
        """The line of failed_dest."""
        return asdict(self)


@mutable
class CollectedUpdates:
    """The updates that can be made, and those that cannot."""

    updates: list[EmployeeUpdate] = field(default_factory=list)
    failures: list[UpdateFailure] = field(default_factory=list)


@frozen
class _Rule:
    """One line of the write-back mapping."""

    value: Expression
    empty: str = _KEEP  # what an attribute without a value does: _KEEP or _CLEAR


def collect(options: UpdateOptions, check_mode: bool, warn: Warn) -> CollectedUpdates:
    """The updates of the options. One that cannot be used is a failure of one employee.

    Raises HrisError for what concerns all of them.
    """
    if options.outcome:
        collected = _from_outcome(options, options.outcome, check_mode, warn)
    else:
        collected = _from_updates(options)
    return _without_duplicates(collected)


def _from_updates(options: UpdateOptions) -> CollectedUpdates:
    collected = CollectedUpdates()
    for place, item in _given(options):
        try:
            collected.updates.append(_parse_update(item, options.custom_fields, place))
        except HrisError as error:
            employee = item.get("employee_id") or item.get("id") or place
            collected.failures.append(UpdateFailure(str(employee), str(error)))
    return collected


def _given(options: UpdateOptions) -> list[tuple[str, Record]]:
    """The updates of the playbook or of the file, each with its place."""
    if options.updates is not None or options.src is None:
        return [(f"updates[{n}]", item) for n, item in enumerate(options.updates or [])]
    lines = read_lines(options.src)
    return [(f"{options.src}, line {n}", item) for n, item in enumerate(lines, start=1)]


def _parse_update(item: Record, custom_fields: CustomFields, place: str) -> EmployeeUpdate:
    for name in item:
        if name not in _UPDATE_OPTIONS:
            raise HrisError(
                f"an update has no '{name}'", place, did_you_mean(str(name), _UPDATE_OPTIONS)
            )
    keys = {name: item[name] for name in _KEY_FIELDS if item.get(name) not in (None, "")}
    if len(keys) != 1:
        raise HrisError(
            "an update needs employee_id or id, exactly one of them, to name its employee", place
        )
    [(key_field, key)] = keys.items()
    parsed = fields.parse_fields(item.get("fields"), custom_fields, place)
    return EmployeeUpdate(place, key_field, str(key).strip(), parsed)


def _without_duplicates(collected: CollectedUpdates) -> CollectedUpdates:
    """The same without employees who are named more than once: no update of these is made."""
    by_employee: defaultdict[tuple[str, str], list[EmployeeUpdate]] = defaultdict(list)
    for update in collected.updates:
        by_employee[update.key_field, update.key.casefold()].append(update)
    unique = CollectedUpdates(failures=collected.failures)
    for updates in by_employee.values():
        if len(updates) == 1:
            unique.updates += updates
            continue
        places = ", ".join(update.place for update in updates)
        message = f"named more than once ({places}): nothing is written."
        unique.failures += [
            UpdateFailure(update.key, message, update.account) for update in updates
        ]
    return unique


def compile_rules(mapping: Record, custom_fields: CustomFields) -> dict[Field, _Rule]:
    """The write-back mapping. Raises HrisError for the first rule that is wrong."""
    place = option_name("mapping")
    parsed = fields.parse_fields(mapping, custom_fields, place)
    return {field: _compile_rule(rule, f"{place}.{field.label}") for field, rule in parsed.items()}


def _compile_rule(rule: Any, place: str) -> _Rule:
    if not isinstance(rule, dict):
        return _Rule(compile_rule(rule, place))
    _check_rule(rule, place)
    if "constant" in rule:
        return _Rule(templates.constant(rule["constant"], place))
    return _Rule(compile_rule(rule["from"], f"{place}.from"), rule.get("empty", _KEEP))


def _check_rule(rule: Record, place: str) -> None:
    unknown = set(rule).difference(_RULE_OPTIONS)
    has_one_value = ("from" in rule) != ("constant" in rule)
    if not unknown and has_one_value and rule.get("empty", _KEEP) in (_KEEP, _CLEAR):
        return
    hint = None
    if unknown:
        hint = did_you_mean(str(min(unknown)), _RULE_OPTIONS)
    raise HrisError(
        "a rule is an expression, or an object with from or constant, and empty (keep or clear)",
        place,
        hint,
    )


def _from_outcome(
    options: UpdateOptions, path: str, check_mode: bool, warn: Warn
) -> CollectedUpdates:
    """The updates of the accounts in an outcome file."""
    rules = compile_rules(options.mapping, options.custom_fields)
    key = compile_rule(options.key, option_name("key"))
    when = objects.compile_when(options.when, "when")
    _check_loops(options, rules, warn)
    accounts = objects.read(path, check_mode, options.plan_key)
    expressions = [key, *(rule.value for rule in rules.values())]
    if when:
        expressions.append(when)
    objects.check_names(expressions, accounts, options.optional_fields)
    collected = CollectedUpdates()
    for account in objects.with_events(accounts, options.events, options.unchanged):
        if account["state"] == _ABSENT:
            continue
        try:
            if when and not when.evaluate(account):
                continue
            update = _render(account, rules, key, options.key_field)
        except HrisError as error:
            collected.failures.append(
                UpdateFailure(objects.label(account), str(error), _identity(account))
            )
            continue
        if update.fields:
            collected.updates.append(update)
    return collected


def _check_loops(options: UpdateOptions, rules: dict[Field, _Rule], warn: Warn) -> None:
    """Raise HrisError for a feedback loop, and warn of one over several attributes."""
    written = {field.label: rule.value for field, rule in rules.items()}
    paths = {
        Field(name, custom=True).label: (fields.CUSTOM, label)
        for name, label in options.custom_fields.items()
    }
    for warning in feedback_loops.check_loops(options.inbound_mapping, written, paths):
        warn(warning)


def _render(
    account: Record, rules: dict[Field, _Rule], key: Expression, key_field: str
) -> EmployeeUpdate:
    """The update of one account. Raises HrisError when its employee is not known."""
    employee = to_text(key.evaluate(account))
    if not employee:
        raise HrisError(
            f"the account has no value for {key.source!r}, so its employee is not known",
            option_name("key"),
        )
    values: dict[Field, Any] = {}
    for target, rule in rules.items():
        value = rule.value.evaluate(account)
        if value not in (None, "", []):
            values[target] = value
        elif rule.empty == _CLEAR:
            values[target] = None
    place = f"account {objects.label(account)}"
    return EmployeeUpdate(place, key_field, employee, values, _identity(account))


def _identity(account: Record) -> Record:
    return {name: account[name] for name in _ACCOUNT}


def needs_all_employees(updates: list[EmployeeUpdate]) -> bool:
    """Whether an update has a reference by name, or a person: then all employees are read."""
    return any(_is_name(field, value) for item in updates for field, value in item.fields.items())


def _is_name(field: Field, value: Any) -> bool:
    if field.custom:
        return False
    if field.name in PEOPLE or field.name == fields.INDIRECT:
        return True
    if not field.is_reference or value in (None, ""):
        return False
    if isinstance(value, dict):
        value = value.get("id") or ""
    return not is_id(str(value).strip())
