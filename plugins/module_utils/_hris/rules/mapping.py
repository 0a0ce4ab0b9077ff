# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The mapping: how each attribute of Active Directory gets its values from a record."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from ..ad_values.equality import ADDRESSES
from ..errors import HrisError, did_you_mean, shortened
from ..model.records import Record
from ..option_names import with_options
from .expressions import compile_rule
from .mapping_lines import ConstantLine, ExpressionLine, MappingLine, ReferenceLine, ValueLine
from .policies import Options
from .values import to_text, to_texts

_MAIL_DOMAIN = re.compile(r"[^\s@]+\.[^\s@.]+")
CHOICES = {
    "empty": ("keep", "clear", "fail"),
    "unmapped": ("report", "fail", "pass"),
    "apply": ("always", "on_create", "report"),
    "values": ("replace", "merge"),
    "leaver": ("keep", "report", "next", "clear"),
}
FORMS = {  # the word that decides the form of a line: the other words that it can have
    "from": {"empty", "table", "unmapped", "apply", "values", "domains"},
    "constant": {"apply", "values", "domains"},
    "employee": {"field", "account", "empty", "apply", "leaver", "successor"},
}
# Attributes that have their own rule, whose option is in braces, or belong to the server: [MS-ADTS]
# 3.1.1.5.3
NOT_MAPPED = {
    "memberof": "{groups} gives groups",
    "cn": "{naming.attributes.cn} gives the common name",
    "name": "{naming.attributes.cn} gives the common name",
    "distinguishedname": "{placement} gives the place",
    "useraccountcontrol": "{dates}, {joiner} and {leaver} decide whether an account is enabled",
    "unicodepwd": "Passwords are never mapped",
    "userpassword": "Passwords are never mapped",
    "primarygroupid": "The primary group is never changed",
}


# (attribute, what evaluates a line without a table or None, the line)
ValueStep = tuple[str, "Callable[[Record], Any] | None", ValueLine]


class UnmappedError(Exception):
    """A value that the table of a line does not have."""


def compile_mapping(mapping: Options, variable: str) -> list[MappingLine]:
    """The lines in their order. variable: the one that has them, for messages. Raises HrisError for
    the first wrong line.
    """
    names: dict[str, str] = {}
    lines = []
    for name, rule in mapping.items():
        place = f"{variable}.{name}"
        folded = name.casefold()
        if folded in NOT_MAPPED:
            raise HrisError(
                "this attribute cannot be mapped", place, with_options(NOT_MAPPED[folded])
            )
        if folded in names:
            raise HrisError(
                f"this is the same attribute as {variable}.{names[folded]}",
                place,
                "Attribute names ignore case; keep one of the two",
            )
        names[folded] = name
        lines.append(_compile_line(name, rule, place))
    return lines


def _compile_line(name: str, rule: Any, place: str) -> MappingLine:
    if isinstance(rule, str):
        return ExpressionLine(name, place, compile_rule(rule, place))
    if not isinstance(rule, dict):
        raise HrisError(f"a rule is a text or a mapping, not {rule!r}", place)
    form = _form_of(rule, place)
    apply, merge = rule.get("apply", "always"), rule.get("values") == "merge"
    domains = _domains(name, rule, place)
    if form == "constant":
        values = _convert(place, to_texts, rule["constant"])
        return ConstantLine(name, place, values, apply, merge, domains)
    source = compile_rule(rule[form], f"{place}.{form}")
    empty = rule.get("empty", "keep")
    if form == "employee":
        other = compile_rule(rule["field"], f"{place}.field")
        leaver = rule.get("leaver", "keep")
        account = rule.get("account")
        after = rule.get("successor")
        successor = None if after is None else compile_rule(after, f"{place}.successor")
        return ReferenceLine(
            name, place, source, other, account, empty, leaver, apply, merge, successor
        )
    table = _compile_table(rule, place)
    unmapped = rule.get("unmapped", "report")
    return ExpressionLine(name, place, source, table, empty, unmapped, apply, merge, domains)


def _domains(name: str, rule: Options, place: str) -> frozenset[str]:
    """The mail domains whose addresses the line alone decides. Raises HrisError."""
    if "domains" not in rule:
        return frozenset()
    place, domains = f"{place}.domains", rule["domains"]
    if name.casefold() != ADDRESSES.casefold():
        raise HrisError(f"only {ADDRESSES} has domains", place, "Leave the option out")
    if rule.get("values") == "merge":
        raise HrisError("with values: merge every address stays", place, "Keep one of the two")
    if not isinstance(domains, list) or not domains:
        raise HrisError(f"a list of mail domains is needed, not {domains!r}", place)
    for domain in domains:
        if not isinstance(domain, str) or not _MAIL_DOMAIN.fullmatch(domain):
            raise HrisError(f"{domain!r} is not a mail domain", place, "Write it as example.com")
    return frozenset(map(str.casefold, domains))


def _form_of(rule: Options, place: str) -> str:
    """The word that decides the form. Raises HrisError for unknown words and choices."""
    form = next((word for word in FORMS if word in rule), None)
    if form is None:
        known = set(FORMS).union(*FORMS.values())
        wrong = next((word for word in rule if word not in known), None)
        hint = did_you_mean(str(wrong), FORMS) if wrong else None
        raise HrisError("the rule has neither from, constant nor employee", place, hint)
    for word in rule:
        if word != form and word not in FORMS[form]:
            hint = did_you_mean(str(word), FORMS[form])
            raise HrisError(f"unknown option '{word}' of a rule with '{form}'", place, hint)
    for word, choices in CHOICES.items():
        if word in rule and rule[word] not in choices:
            hint = "Choose one of: " + ", ".join(choices)
            raise HrisError(f"{word} is {rule[word]!r}", place, hint)
    if form == "employee" and "field" not in rule:
        raise HrisError(
            "a reference needs the field that identifies the other employee",
            place,
            "Write {employee: manager.id, field: id}",
        )
    if "account" in rule and (not isinstance(rule["account"], str) or not rule["account"].strip()):
        hint = "Write an attribute, such as employeeID"
        raise HrisError("account is no name of an attribute", f"{place}.account", hint)
    return form


def _compile_table(rule: Options, place: str) -> dict[str, tuple[str, ...]] | None:
    table = rule.get("table")
    if table is None:
        if "unmapped" in rule:
            hint = "Give a table, or leave unmapped out"
            raise HrisError("unmapped is set without a table", place, hint)
        return None
    if not isinstance(table, dict):
        raise HrisError("a table maps HR's values to AD's values", f"{place}.table")
    return {
        str(word): tuple(_convert(f"{place}.table.{word}", to_texts, value))
        for word, value in table.items()
    }


def references_of(lines: Iterable[MappingLine]) -> list[ReferenceLine]:
    """The lines whose value is another person's account."""
    return [line for line in lines if isinstance(line, ReferenceLine)]


def value_steps(lines: Iterable[MappingLine]) -> list[ValueStep]:
    """The lines whose values are texts, prepared for evaluation with every person."""
    steps: list[ValueStep] = []
    for line in lines:
        if isinstance(line, ExpressionLine):
            evaluate = line.source.evaluate if line.table is None else None
            steps.append((line.name, evaluate, line))
        elif isinstance(line, ConstantLine):
            steps.append((line.name, None, line))
    return steps


def wanted_values(line: ValueLine, record: Record) -> Sequence[str] | None:
    """What the attribute should hold: texts, [] to clear it, None to leave it as it is.

    Raises HrisError when the rule cannot give a value: the whole person is held. Raises
    UnmappedError for a value that the table does not have, where the rule wants only a report: the
    attribute stays as it is.
    """
    if isinstance(line, ConstantLine):
        return line.values
    value = line.source.evaluate(record)
    if line.table is None and isinstance(value, str) and value.isascii() and value.strip():
        return [value.strip()]  # nearly every value of a feed
    values = _convert(line.place, to_texts, value)
    if values and line.table is not None:
        values = [text for value in values for text in _look_up(line, line.table, value)]
        if not values and line.empty == "keep":
            return []  # the table says that there is no value, unlike a value that HR does not have
    if values:
        return values
    if line.empty == "fail":
        raise HrisError(f"HR has no value for {line.source.source!r}", line.place, "Enter it in HR")
    return [] if line.empty == "clear" else None


def reference_value(line: ReferenceLine, record: Record) -> str | None:
    """The text that identifies the other person; None when HR names nobody."""
    return _convert(line.place, to_text, line.source.evaluate(record))


def successor_value(line: ReferenceLine, record: Record) -> str | None:
    """The text that identifies who is written instead of a leaver with this record; None for
    nobody.
    """
    if line.successor is None:
        return None
    return _convert(line.successor.place, to_text, line.successor.evaluate(record))


def _look_up(
    line: ExpressionLine, table: dict[str, tuple[str, ...]], value: str
) -> tuple[str, ...]:
    if value in table:
        return table[value]
    if line.unmapped == "pass":
        return (value,)
    message = f"the table has no entry for {shortened(value)}"
    if line.unmapped == "fail":
        raise HrisError(message, line.place, "Add it to the table")
    raise UnmappedError(message)


_Result = TypeVar("_Result")


def _convert(place: str, convert: Callable[[Any], _Result], value: Any) -> _Result:
    try:
        return convert(value)
    except HrisError as error:
        raise HrisError(error.message, place, error.hint) from None
