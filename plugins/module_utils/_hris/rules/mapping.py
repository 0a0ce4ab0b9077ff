# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The mapping: how each AD attribute comes from an employee."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import HrisError, did_you_mean
from .expressions import Expression, compile_rule
from .values import to_text, to_texts

CHOICES = {
    "empty": ("keep", "clear", "fail"),
    "unmapped": ("report", "fail", "pass"),
    "apply": ("always", "on_create", "report"),
    "values": ("replace", "merge"),
    "leaver": ("keep", "report", "next", "clear"),
}
FORMS = {  # the word that makes a form: the other words that it may have
    "from": {"empty", "table", "unmapped", "apply", "values"},
    "constant": {"apply", "values"},
    "employee": {"field", "empty", "apply", "leaver"},
}
# Attributes that have their own rule or are the server's business: [MS-ADTS] 3.1.1.5.3 and the facts of AD accounts.
ELSEWHERE = {
    "memberof": "Groups are given by the groups rules",
    "cn": "The common name is given by naming.attributes.cn",
    "name": "The common name is given by naming.attributes.cn",
    "distinguishedname": "The place is given by the placement rules",
    "useraccountcontrol": "Whether an account is enabled is given by dates, joiner and leaver",
    "unicodepwd": "Passwords are never mapped",
    "userpassword": "Passwords are never mapped",
    "primarygroupid": "The primary group is left alone",
}


@dataclass(frozen=True)
class Attribute:
    """One line of the mapping, compiled."""

    name: str
    place: str
    source: Expression | None = None  # of the value, or of what the other employee's field is
    values: list | None = None  # of a constant
    other: Expression | None = (
        None  # of a reference to another employee's account: what finds the other one
    )
    table: dict | None = None
    empty: str = "keep"
    unmapped: str = "report"
    apply: str = "always"
    merge: bool = False  # values that the account has besides are kept
    leaver: str = "keep"  # of a reference: what is done when the other employee has left
    expressions: tuple = ()
    plain: bool = False  # a text of HR is the value as it is

    @property
    def is_reference(self) -> bool:
        """Whether the value is another employee's account (manager) instead of text."""
        return self.other is not None


def compile_mapping(mapping: dict, where: str = "mapping") -> list[Attribute]:
    """The lines in their order. where: the variable that they stand in. Raises HrisError for the first that is wrong."""
    seen: dict[str, str] = {}
    lines = []
    for name, rule in mapping.items():
        place = f"{where}.{name}"
        if name.casefold() in ELSEWHERE:
            raise HrisError(
                "this attribute cannot be mapped", place=place, hint=ELSEWHERE[name.casefold()]
            )
        if name.casefold() in seen:
            raise HrisError(
                f"the same attribute as {where}.{seen[name.casefold()]}",
                place=place,
                hint="Attribute names know no case; keep one of the two",
            )
        seen[name.casefold()] = name
        lines.append(_compile_line(name, rule, place))
    return lines


def _compile_line(name: str, rule, place: str) -> Attribute:
    if isinstance(rule, str):
        source = compile_rule(rule, place)
        return Attribute(name, place, source=source, expressions=(source,), plain=True)
    if not isinstance(rule, dict):
        raise HrisError(f"a rule is a text or a mapping, not {rule!r}", place=place)
    form = next((word for word in FORMS if word in rule), None)
    if form is None:
        known = set(FORMS).union(*FORMS.values())
        wrong = next((word for word in rule if word not in known), None)
        raise HrisError(
            "the rule says neither from, constant nor employee",
            place=place,
            hint=did_you_mean(str(wrong), FORMS) if wrong else None,
        )
    for word in rule:
        if word != form and word not in FORMS[form]:
            raise HrisError(
                f"unknown option '{word}' of a rule with '{form}'",
                place=place,
                hint=did_you_mean(str(word), FORMS[form]),
            )
    for word, choices in CHOICES.items():
        if word in rule and rule[word] not in choices:
            raise HrisError(
                f"{word} is {rule[word]!r}",
                place=place,
                hint="Choose one of: " + ", ".join(choices),
            )
    common = {"apply": rule.get("apply", "always"), "merge": rule.get("values") == "merge"}
    if form == "constant":
        return Attribute(
            name, place, values=_at(place, to_texts, rule["constant"]), empty="clear", **common
        )
    source = compile_rule(rule[form], f"{place}.{form}")
    if form == "employee":
        if "field" not in rule:
            raise HrisError(
                "a reference needs the field of the other employee to look for",
                place=place,
                hint="As in {employee: manager.id, field: id}",
            )
        other = compile_rule(rule["field"], f"{place}.field")
        return Attribute(
            name,
            place,
            source=source,
            other=other,
            empty=rule.get("empty", "keep"),
            leaver=rule.get("leaver", "keep"),
            expressions=(source, other),
            **common,
        )
    table = rule.get("table")
    if table is not None and not isinstance(table, dict):
        raise HrisError(
            "a table is a mapping from HR's value to AD's value", place=f"{place}.table"
        )
    if table is None and "unmapped" in rule:
        raise HrisError(
            "unmapped is said without a table",
            place=place,
            hint="Give a table, or leave unmapped out",
        )
    if table is not None:
        table = {
            str(word): tuple(_at(f"{place}.table.{word}", to_texts, value))
            for word, value in table.items()
        }
    return Attribute(
        name,
        place,
        source=source,
        table=table,
        empty=rule.get("empty", "keep"),
        unmapped=rule.get("unmapped", "report"),
        expressions=(source,),
        plain=table is None,
        **common,
    )


def value_steps(lines: list[Attribute]) -> list[tuple]:
    """[(attribute, what evaluates a plain rule or None, line), …] of the lines whose values are texts: what is walked for everybody."""
    return [
        (line.name, line.source.evaluate if line.plain else None, line)
        for line in lines
        if not line.is_reference
    ]


def wanted_values(line: Attribute, employee: dict) -> list[str] | None:
    """What the attribute should hold: a list of texts, [] to clear it, None to leave it as it is.

    Raises HrisError when the rule cannot give a value: the whole person is held. Raises UnmappedError for a value that the
    table does not know where the rule wants only a report: the attribute is left as it is.
    """
    if line.source is None:
        return line.values
    value = line.source.evaluate(employee)
    try:
        values = to_texts(value)
    except HrisError as error:
        raise HrisError(error.message, place=line.place, hint=error.hint) from None
    if values and line.table is not None:
        values = [text for value in values for text in _look_up(line, value)]
    if values:
        return values
    if line.empty == "fail":
        raise HrisError(
            f"HR has no value for {line.source.source!r}", place=line.place, hint="Enter it in HR"
        )
    return [] if line.empty == "clear" else None


def reference_value(line: Attribute, employee: dict) -> str | None:
    """The text that names the other employee; None when HR names none."""
    return _at(line.place, to_text, line.source.evaluate(employee))


class UnmappedError(Exception):
    """A value that a table does not know."""


def _look_up(line: Attribute, value: str) -> tuple:
    if value in line.table:
        return line.table[value]
    if line.unmapped == "pass":
        return (value,)
    message = f"the table does not know {value!r}"
    if line.unmapped == "fail":
        raise HrisError(message, place=line.place, hint="Add it to the table")
    raise UnmappedError(message)


def _at(place: str, convert, value):
    try:
        return convert(value)
    except HrisError as error:
        raise HrisError(error.message, place=place, hint=error.hint) from None
