# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules by which an account is proposed for a person: correlation.proposals. They link nothing.

A rule makes texts of a person and of an account. They agree where one of the texts is the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

from ..data_class import frozen
from ..errors import HrisError, did_you_mean
from ..model.records import Record
from ..option_names import option_name
from .expressions import Expression, compile_rule
from .functions.text import ascii_
from .mapping import UnmappedError, wanted_values
from .mapping_lines import ExpressionLine, MappingLine
from .policies import Options
from .values import to_texts

Texts = frozenset[str]
NOTHING: Texts = frozenset()
_SHORTEST_PHONE, _PHONE = 6, 8  # digits: fewer are no phone number; so many tell two apart
_WORDS = re.compile(r"[a-z0-9]+")


def _words(text: str) -> str:
    """The words in the order of the alphabet, in ASCII: "Lee, Ann" is "Ann Lee"."""
    return " ".join(sorted(_WORDS.findall(ascii_(text).casefold())))


def _address(text: str) -> str:
    """An address, without what proxyAddresses has in front of it."""
    return text.strip().casefold().removeprefix("smtp:")


def _number(text: str) -> str:
    """Letters and digits without zeros on the left: "E-00123" is "e123"."""
    parts = _WORDS.findall(text.casefold())
    return "".join(part.lstrip("0") for part in parts)


def _phone(text: str) -> str:
    """The last digits, which are the same with and without the code of a country."""
    digits = "".join(filter(str.isdigit, text))
    return digits[-_PHONE:] if len(digits) >= _SHORTEST_PHONE else ""


# {choice of the option compare: the function whose results are equal for what agrees}
COMPARISONS: Mapping[str, Callable[[str], str]] = {
    "words": _words,
    "address": _address,
    "number": _number,
    "phone": _phone,
}


@frozen
class ProposalRule:
    """One thing that an account and a person can have in common."""

    name: str
    any: tuple[str, ...]  # attributes: each of their values is a text
    all: tuple[str, ...]  # attributes whose values together are one text
    value: Expression | None  # what HR has; None: what the mapping gives for the attributes
    lines: Mapping[str, ExpressionLine]  # {attribute in lower case: its line in the mapping}
    fold: Callable[[str], str]
    weight: int  # of the confidence where they agree
    against: int  # taken from it where both have a value and none agrees

    @property
    def attributes(self) -> tuple[str, ...]:
        """The attributes of accounts that it reads."""
        return (*self.any, *self.all)

    def texts_of_record(self, record: Record) -> Texts:
        """The texts of a person. A value that cannot be read is none: the record is held then."""
        if self.value is not None:
            return self._folded(_given(self.value, record))
        return self._texts(lambda name: _wanted(self.lines.get(name.casefold()), record))

    def texts_of_values(self, values: Callable[[str], Sequence[str]]) -> Texts:
        """The texts of an account. values: from an attribute, as the rule spells it, to its
        values.
        """
        return self._texts(values)

    def _texts(self, values: Callable[[str], Sequence[str]]) -> Texts:
        texts = [text for name in self.any for text in values(name)]
        parts = [next(iter(values(name)), "") for name in self.all]
        if parts and all(parts):
            texts.append(" ".join(parts))
        return self._folded(texts)

    def _folded(self, texts: Iterable[str]) -> Texts:
        if not texts:
            return NOTHING
        return frozenset(filter(None, map(self.fold, texts)))


def _given(expression: Expression, record: Record) -> Sequence[str]:
    try:
        return to_texts(expression.evaluate(record))
    except HrisError:
        return ()


def _wanted(line: ExpressionLine | None, record: Record) -> Sequence[str]:
    if line is None:
        return ()
    try:
        return wanted_values(line, record) or ()
    except (HrisError, UnmappedError):
        return ()


@lru_cache
def _default_rules(key: str) -> list[Options]:
    """The rules where none are given."""
    rules: list[dict[str, object]] = [
        {"name": "key", "any": [key, "employeeNumber"], "compare": "number", "weight": 60},
        {"name": "name", "all": ["givenName", "sn"], "any": ["displayName", "cn"], "weight": 40},
        {"name": "mail", "any": ["mail", "proxyAddresses"], "compare": "address", "weight": 50},
        {"name": "phone", "any": ["telephoneNumber", "mobile"], "compare": "phone", "weight": 20},
    ]
    others = {"any": (), "all": (), "value": None, "compare": "words", "against": 0}
    return [others | rule for rule in rules]


def compile_proposals(
    given: Sequence[Options] | None, mapping: Sequence[MappingLine], key: str
) -> list[ProposalRule]:
    """The rules of the option correlation.proposals. None: the default ones, as far as the mapping
    has an attribute of them. Raises HrisError naming the place.
    """
    lines = {line.name.casefold(): line for line in mapping if isinstance(line, ExpressionLine)}
    rules = _default_rules(key) if given is None else given
    compiled = [_rule(rule, number, lines) for number, rule in enumerate(rules)]
    if given is None:
        return [rule for rule in compiled if rule.lines]
    for number, rule in enumerate(compiled):
        _check(rule, option_name(f"correlation.proposals[{number}]"), lines)
    return compiled


def _rule(rule: Options, number: int, lines: Mapping[str, ExpressionLine]) -> ProposalRule:
    place = option_name(f"correlation.proposals[{number}].value")
    names = {name.casefold() for name in (*rule["any"], *rule["all"])}
    return ProposalRule(
        name=rule["name"],
        any=tuple(rule["any"]),
        all=tuple(rule["all"]),
        value=compile_rule(rule["value"], place) if rule["value"] else None,
        lines={name: line for name, line in lines.items() if name in names},
        fold=COMPARISONS[rule["compare"]],
        weight=rule["weight"],
        against=rule["against"],
    )


def _check(rule: ProposalRule, place: str, mapped: Mapping[str, ExpressionLine]) -> None:
    if not rule.attributes:
        raise HrisError("it names no attribute", place, "Give any, all, or both")
    for word, weight in (("weight", rule.weight), ("against", rule.against)):
        if not 0 <= weight <= 100:
            raise HrisError(f"{weight} is not between 0 and 100", f"{place}.{word}")
    if rule.value is None and not rule.lines:
        name = rule.attributes[0]
        hint = did_you_mean(name, mapped) or "Give a value, which is an expression over the record"
        raise HrisError(f"the mapping gives no value for {', '.join(rule.attributes)}", place, hint)
