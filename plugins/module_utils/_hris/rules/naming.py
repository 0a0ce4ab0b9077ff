# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Naming rules: how an account's names are formed. Whether a name is free is a question for
planning.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..ad_values.texts import CN_MAX, cut, has_hidden, object_name
from ..data_class import frozen
from ..errors import HrisError, did_you_mean
from ..option_names import option_name
from .definitions import record_in
from .expressions import Expression, compile_rule
from .policies import Options
from .values import to_text

NUMBER_FROM = 2  # the second John Smith is jsmith2: people read the first as number one
KEPT_IN_NAME = re.compile(r"[^A-Za-z0-9._-]")
EMPLOYEE = "employee"  # the word below which naming rules read the record
# What naming rules read: values of attributes, and below EMPLOYEE the record
Words = dict[str, Any]


@frozen
class NameRule:
    """How one attribute of a new account is formed: the first candidate that is free."""

    place: str
    candidates: tuple[Expression, ...]
    # Whether it carries the chosen name, and with it the number that made it unique
    is_numbered: bool

    @property
    def source(self) -> str:
        """The candidates as they are written."""
        return " or ".join(one.source for one in self.candidates)


@dataclass(frozen=True)  # without slots: its cached properties need a place
class Naming:
    """The naming rules, compiled."""

    candidates: tuple[Expression, ...]
    attributes: dict[str, NameRule]
    max_length: int
    rename: tuple[str, ...]
    on_change: str
    keep_addresses: bool
    reserved: frozenset[str]  # names in lower case that nobody gets

    @property
    def expressions(self) -> list[Expression]:
        """Everything that may read an employee's fields (below ``employee``)."""
        return [*self.candidates, *_expressions(self.attributes.values())]

    @property
    def followed(self) -> list[Expression]:
        """What tells whether the names of an account still fit."""
        numbered_too = self.candidates if any(map(self.is_numbered, self.rename)) else ()
        return [*numbered_too, *_expressions(self.attributes[name] for name in self.rename)]

    @cached_property
    def follows_cn(self) -> bool:
        """Whether the common name of an account follows a change in HR."""
        return "cn" in self.rename and not self.is_numbered("cn")

    @cached_property
    def followed_names(self) -> tuple[str, ...]:
        """The other names that follow a change in HR."""
        return tuple(name for name in self.rename if name != "cn")

    def is_numbered(self, attribute: str) -> bool:
        """Whether the attribute carries the chosen name."""
        return self.attributes[attribute].is_numbered


def _expressions(rules: Iterable[NameRule]) -> list[Expression]:
    return [one for rule in rules for one in rule.candidates]


def compile_naming(options: Options, mapped: Sequence[str]) -> Naming:
    """The naming rules. mapped: the attributes of the mapping, whose values the rules can read.

    Raises HrisError for what does not compile, for an attribute that is mapped as well, for an
    unknown attribute, and when sAMAccountName or cn is missing.
    """
    with record_in(EMPLOYEE):
        candidates = _candidates(options.get("candidates") or [])
        attributes = _attributes(options.get("attributes") or {}, mapped)
    naming = Naming(
        candidates,
        attributes,
        options["max_length"],
        tuple(options["rename"]),
        options["on_change"],
        options["keep_addresses"],
        frozenset(name.casefold() for name in options["reserved"]),
    )
    for name in naming.rename:
        if name not in attributes:
            raise HrisError(
                f"'{name}' is not among {option_name('naming.attributes')}",
                place=option_name("naming.rename"),
                hint=did_you_mean(name, attributes),
            )
    for expression in candidates:
        _check_words(expression, {*mapped, EMPLOYEE})
    for expression in _expressions(attributes.values()):
        _check_words(expression, {*mapped, EMPLOYEE, "name"})
    if not all(one.uses("name") for one in attributes["sAMAccountName"].candidates):
        raise HrisError(
            "sAMAccountName does not use {name}",
            place=option_name("naming.attributes.sAMAccountName"),
            hint='Write it as "{lower(name)}"',
        )
    return naming


def _candidates(texts: Sequence[str]) -> tuple[Expression, ...]:
    if not texts:
        raise HrisError(
            "there is no candidate for a name",
            place=option_name("naming.candidates"),
            hint='Give at least one, such as "{ascii(givenName)}.{ascii(sn)}"',
        )
    return tuple(
        compile_rule(text, option_name(f"naming.candidates[{number}]"))
        for number, text in enumerate(texts)
    )


def _attributes(
    texts: Mapping[str, str | Sequence[str]], mapped: Sequence[str]
) -> dict[str, NameRule]:
    folded = {name.casefold() for name in mapped}
    attributes = {}
    for name, text in texts.items():
        place = option_name(f"naming.attributes.{name}")
        if name.casefold() in folded:
            message = f"the attribute is also in {option_name('mapping')}"
            raise HrisError(message, place=place, hint="Keep one of the two")
        attributes[name] = _name_rule(text, place)
    for needed in ("sAMAccountName", "cn"):
        if needed not in attributes:
            raise HrisError(
                f"{needed} is missing",
                place=option_name("naming.attributes"),
                hint="Every account needs it; spell the name as Active Directory does",
            )
    return attributes


def _name_rule(text: str | Sequence[str], place: str) -> NameRule:
    """The rule of one attribute: a text, or a list of them with the best one first."""
    if text == []:
        raise HrisError("there is no candidate", place=place, hint="Give at least one text")
    if isinstance(text, list):
        rules = [compile_rule(one, f"{place}[{number}]") for number, one in enumerate(text)]
    else:
        rules = [compile_rule(text, place)]
    return NameRule(place, tuple(rules), any(one.uses("name") for one in rules))


def reads(expressions: list[Expression], attribute: str) -> bool:
    """Whether one of them may use the mapped attribute."""
    return any(rule.whole or rule.uses(attribute) for rule in expressions)


def _check_words(expression: Expression, known: set[str]) -> None:
    for path in sorted(expression.paths):
        if path[0] not in known:
            raise HrisError(
                f"unknown attribute '{path[0]}'",
                place=expression.place,
                hint=did_you_mean(path[0], known)
                or "Names are built from mapped attributes; write employee.x for a field of HR",
            )


def candidate_bases(naming: Naming, words: Words) -> list[str]:
    """The candidates that can be formed for a person, cleaned for a logon name, without doubles.

    words: the person's attribute values as texts, and ``employee``. A candidate with a missing part
    is left out.
    """
    bases = []
    for candidate in naming.candidates:
        text = to_text(candidate.evaluate(words))
        base = KEPT_IN_NAME.sub("", text).strip(".-") if text else ""
        if base and base not in bases:
            bases.append(base)
    return bases


def numbered(base: str, number: int | None, max_length: int) -> str:
    """The base with the number behind it, the base shortened so that the whole fits."""
    suffix = "" if number is None else str(number)
    return base[: max_length - len(suffix)].rstrip(".-") + suffix


def common_name(text: str, number: int | None = None) -> str:
    """A cn of one line and of at most 64 units, with a number behind it where the plain one is
    taken.
    """
    suffix = "" if number is None else f" {number}"
    return _name_of(text, CN_MAX - len(suffix)) + suffix


def _name_of(text: str, most: int) -> str:
    name = object_name(text)
    short = cut(name, most)
    # What is cut can end with a comma that was in the middle
    return (name if short == name else object_name(short)).rstrip()


def with_number(text: str, number: int) -> str:
    """A text that is taken, made another one: ``Ann Lee 2``, ``ann.lee2@example.com``."""
    local, at, domain = text.rpartition("@")
    return f"{local}{number}@{domain}" if at else f"{text} {number}"


def rendered(naming: Naming, attribute: str, words: Words) -> list[str]:
    """The attribute's texts for a person, the best one first, without doubles.

    A candidate with a missing part is left out. Raises HrisError when there is no other.
    """
    rules = naming.attributes[attribute].candidates
    found: list[str] = []
    for rule in rules:
        text = to_text(rule.evaluate(words))
        if not text or text in found:
            continue
        if attribute == "cn" and not _is_seen(text):
            continue
        found.append(text)
    if not found:
        raise _missing_part(rules[0], words)
    return found


def _is_seen(text: str) -> bool:
    """Whether something of a text can be seen in a common name."""
    if text.isascii() and text.isprintable():
        return True  # nearly every text, without a look at each character
    return not has_hidden(text) or common_name(text) != ""


def _missing_part(rule: Expression, words: Words) -> HrisError:
    missing = sorted(".".join(path) for path in rule.paths if words.get(path[0]) is None)
    message = f"{rule.source!r} has no value"
    if missing:
        message += f" ({', '.join(missing)} missing)"
    return HrisError(
        message,
        place=rule.place,
        hint="Enter it in HR, or write {x || ''} for a part that can be missing",
    )
