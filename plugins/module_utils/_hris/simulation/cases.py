# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cases: what an administrator writes to test rules. docs/rules-under-test.md describes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from ..data_class import frozen
from ..model.records import Record
from ..option_names import option_name
from ..rules.values import to_text
from .case_domain import CaseDomain, read_domain
from .case_values import CaseError, CaseWords, located, merged, moment_in, record_in, words_in

DOCUMENT = ("common", "domain", "cases")
COMMON = ("employee", "as_of")
CASE = (
    "name",
    "employee",
    "employees",
    "before",
    "before_as_of",
    "account",
    "accounts",
    "as_of",
    "expect",
)
EXPECT = (
    "key",
    "state",
    "nothing",
    "actions",
    "attributes",
    "unchanged",
    "exists",
    "enabled",
    "dn",
    "ou",
    "groups",
    "findings",
    "held",
)
GROUPS = ("given", "taken", "in", "not_in")
FINDING = ("kind", "place", "message")
YES_OR_NO = ("nothing", "exists", "enabled")


@frozen
class Expectation:
    """What a case expects for one person."""

    about_first: bool  # it is about the first employee of the case
    key: str | None  # else the key of the person
    words: CaseWords  # of EXPECT without key, in the order of the case


@frozen
class Case:
    """One case."""

    name: str
    place: str  # for messages: case 2 (a mover)
    employees: list[Record]
    before: list[Record]  # the records with which the accounts were last brought up to date
    before_as_of: datetime  # when that was; an aware moment
    accounts: list[CaseWords | None]  # as they are written; None: there is none at this position
    as_of: datetime  # aware
    expect: list[Expectation]

    @property
    def records(self) -> list[Record]:
        """All records of the case, those of now first."""
        return [*self.employees, *self.before]


@frozen
class CaseFile:
    """Cases, and the domain that they are all in."""

    cases: list[Case]
    domain: CaseDomain


@frozen
class _Common:
    """What holds for every case that does not say something else."""

    employee: Record
    as_of: object  # as it is written; None where it is not given


def read_cases(document: object, as_of: str | None = None) -> CaseFile:
    """The cases of a document: a list of cases, or a mapping with common, domain and cases.

    as_of: the moment of cases for which the document gives none. Raises CaseError naming the case
    and the word that is wrong.
    """
    if isinstance(document, list):
        document = {"cases": document}
    needed = "a list of cases, or common, domain and cases"
    words = words_in(document, DOCUMENT, "cases", needed)
    common = _common(words.get("common") or {}, as_of)
    domain = read_domain(words.get("domain"))
    entries = words.get("cases")
    if not isinstance(entries, list) or not entries:
        hint = "A case has at least a name, an employee and what you expect"
        raise CaseError("there is no case", option_name("cases"), hint)
    cases: list[Case] = []
    places: dict[str, str] = {}
    for number, entry in enumerate(entries, 1):
        case = _case(entry, number, common)
        if case.name in places:
            hint = "Give each case another name: reports show it"
            raise CaseError(f"{places[case.name]} has the same name", case.place, hint)
        places[case.name] = case.place
        cases.append(case)
    return CaseFile(cases, domain)


def _common(value: object, as_of: str | None) -> _Common:
    words = words_in(value, COMMON, "common")
    employee = record_in(words.get("employee"), "common.employee")
    if "as_of" in words:
        # A moment that is written and empty is an error of the cases that use it
        return _Common(employee, words["as_of"] or "-")
    return _Common(employee, as_of)


def _case(value: object, number: int, common: _Common) -> Case:
    place = f"case {number}"
    words = words_in(value, CASE, place)
    name = words.get("name")
    if not isinstance(name, str) or not name.strip():
        raise CaseError("a case needs a name", place, "Reports show it")
    place = f"case {number} ({name})"
    as_of = _as_of(words, common, place)
    employees = [
        merged(common.employee, record_in(entry, f"{place}.employee"))
        for entry in _one_or_many(words, "employee", "employees", place)
    ]
    if not employees and "accounts" not in words and "account" not in words:
        message = "there is neither an employee nor an account"
        raise CaseError(message, place, "Give employee: {…}")
    return Case(
        name=name.strip(),
        place=place,
        employees=employees,
        before=_before(words, employees, place),
        before_as_of=_before_as_of(words, as_of, place),
        accounts=_accounts(words, place),
        as_of=as_of,
        expect=_expectations(words.get("expect"), f"{place}.expect"),
    )


def _as_of(words: CaseWords, common: _Common, place: str) -> datetime:
    value = words.get("as_of", common.as_of)
    if value is None and "as_of" not in words:
        hint = "Write a date such as 2026-03-02, in the case or in common"
        raise CaseError("the moment is missing", f"{place}.as_of", hint)
    return moment_in(value, f"{place}.as_of")


def _before_as_of(words: CaseWords, as_of: datetime, place: str) -> datetime:
    if "before_as_of" not in words:
        return as_of
    return moment_in(words["before_as_of"], f"{place}.before_as_of")


def _one_or_many(words: CaseWords, one: str, many: str, place: str) -> list[Any]:
    """The values of a word that stands for one value or, in its plural, for a list."""
    if many not in words:
        return [words[one]] if one in words else []
    if one in words:
        raise CaseError(f"{one} and {many} are both given", place, "Keep one of the two")
    values = words[many]
    if not isinstance(values, list):
        raise CaseError(f"{many} is a list", f"{place}.{many}", f"Write {one} for a single one")
    return values


def _before(words: CaseWords, employees: Sequence[Record], place: str) -> list[Record]:
    """The records as they were: the fields of ``before`` over those of now, in the same order.

    null in a list is a person who was not there yet.
    """
    if "before" not in words:
        if "before_as_of" in words:
            hint = "Give before: {} for a record that was the same"
            raise CaseError("before_as_of has no effect without before", place, hint)
        return []
    given = words["before"]
    if not isinstance(given, list):
        given = [given or {}]
    if len(given) > len(employees):
        message = f"before has {len(given)} entries for {len(employees)} employees"
        raise CaseError(message, f"{place}.before", "Write both in the same order")
    given = [*given, *({} for _rest in employees[len(given) :])]
    return [
        merged(employee, record_in(changes, f"{place}.before"))
        for employee, changes in zip(employees, given, strict=True)
        if changes is not None
    ]


def _accounts(words: CaseWords, place: str) -> list[CaseWords | None]:
    accounts = _one_or_many(words, "account", "accounts", place)
    for account in accounts:
        if account is not None and not isinstance(account, dict):
            message = f"an account is written as its attributes, not as {account!r}"
            raise CaseError(message, f"{place}.account", "Such as {sAMAccountName: jdoe}")
    return accounts


def _expectations(value: object, place: str) -> list[Expectation]:
    if not value:
        raise CaseError("nothing is expected", place, "Such as expect: {state: active}")
    if isinstance(value, list):
        return [_expectation(entry, place) for entry in value]
    return [_expectation(value, place)]


def _expectation(value: object, place: str) -> Expectation:
    words = dict(words_in(value, EXPECT, place))
    _check_types(words, place)
    groups, findings = words.get("groups"), words.get("findings")
    if isinstance(groups, dict):
        words_in(groups, GROUPS, f"{place}.groups")
    if isinstance(findings, list):
        for finding in findings:
            if not isinstance(finding, str):
                needed = "the kind of a finding, or kind, place and message,"
                words_in(finding, FINDING, f"{place}.findings", needed)
    about_first = "key" not in words
    key = located(to_text, f"{place}.key", words.pop("key", None))
    if not words:
        raise CaseError("nothing is expected", place, "Such as expect: {state: active}")
    return Expectation(about_first, key, words)


def _check_types(words: CaseWords, place: str) -> None:
    for name in YES_OR_NO:
        if name in words and not isinstance(words[name], bool):
            raise CaseError(f"{words[name]!r} is neither true nor false", f"{place}.{name}")
    if not isinstance(words.get("held", ""), (bool, str)):
        raise CaseError("held is true, false, or words of the reason", f"{place}.held")
    if not isinstance(words.get("attributes", {}), dict):
        hint = "Such as {title: Clerk, mobile: null}"
        raise CaseError("attributes are names with values", f"{place}.attributes", hint)
