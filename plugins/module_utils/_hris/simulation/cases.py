# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cases: what an administrator writes to test rules, checked word by word and brought into one form. docs/rules-under-test.md has them."""

from __future__ import annotations

from datetime import datetime

from ..ad_values.dn import normal
from ..errors import HrisError, did_you_mean
from ..rules.compile_ruleset import moment

DOCUMENT = ("common", "domain", "cases")
COMMON = ("employee", "as_of")
DOMAIN = ("ous", "groups", "attributes")
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
DEFINITION = {"syntax": str, "single": bool, "min": int, "max": int}
SYNTAXES = ("text", "dn", "integer", "boolean", "large_integer", "time", "binary", "sid", "other")
YES_OR_NO = ("nothing", "exists", "enabled")


def read_cases(document, as_of: str | None = None) -> tuple[list[dict], dict]:
    """(the cases, the domain) of a document: a list of cases, or {"common", "domain", "cases"}. as_of: the moment of those without one.

    A case is {"name", "place", "employees": [record, …], "before": [record or None, …] or None, "before_as_of", "as_of": aware moments,
    "accounts": [as written or None, …], "expect": [as written, …]}. The domain is {"ous": [DN], "groups": [name or DN], "attributes":
    {name: definition of the schema}}. Raises HrisError naming the case and the word that is wrong.
    """
    if isinstance(document, list):
        document = {"cases": document}
    _words(document, DOCUMENT, "cases", "a list of cases, or common, domain and cases")
    common, domain = document.get("common") or {}, document.get("domain") or {}
    _words(common, COMMON, "common")
    _words(domain, DOMAIN, "domain")
    if as_of:
        common = {"as_of": as_of, **common}
    cases = document.get("cases") or []
    if not isinstance(cases, list) or not cases:
        raise HrisError(
            "there is no case",
            place="cases",
            hint="A case has at least a name, an employee and what you expect",
        )
    found, places = [], {}
    for number, case in enumerate(cases, 1):
        read = _case(case, number, common)
        if read["name"] in places:
            raise HrisError(
                f"{places[read['name']]} has the same name",
                place=read["place"],
                hint="Reports tell cases by their names",
            )
        places[read["name"]] = read["place"]
        found.append(read)
    ous, groups = (
        _texts(domain.get("ous"), "domain.ous"),
        _texts(domain.get("groups"), "domain.groups"),
    )
    for dn in ous:
        located(normal, "domain.ous", dn)
    for name in groups:
        if "=" in name:
            located(normal, "domain.groups", name)
    return found, {
        "ous": ous,
        "groups": groups,
        "attributes": _definitions(domain.get("attributes")),
    }


def _case(case, number: int, common: dict) -> dict:
    place = f"case {number}"
    _words(case, CASE, place)
    name = case.get("name")
    if not isinstance(name, str) or not name.strip():
        raise HrisError("a case needs a name", place=place, hint="It stands in reports")
    place = f"case {number} ({name})"
    if "as_of" not in case and "as_of" not in common:
        raise HrisError(
            "the moment is missing",
            place=f"{place}.as_of",
            hint="Such as 2026-03-02, in the case or in common",
        )
    base = _record(common.get("employee"), "common.employee")
    as_of = _moment(case.get("as_of", common.get("as_of")), f"{place}.as_of")
    employees = [
        merged(base, _record(one, f"{place}.employee"))
        for one in _several(case, "employee", "employees", place)
    ]
    if not employees and "accounts" not in case and "account" not in case:
        raise HrisError(
            "there is neither an employee nor an account", place=place, hint="Give employee: {…}"
        )
    before = _before(case, employees, place)
    if before is None and "before_as_of" in case:
        raise HrisError(
            "before_as_of is nothing without before",
            place=place,
            hint="Give before: {} for a record that was the same",
        )
    if not case.get("expect"):
        raise HrisError(
            "nothing is expected", place=f"{place}.expect", hint="Such as expect: {state: active}"
        )
    expect = case["expect"] if isinstance(case["expect"], list) else [case["expect"]]
    for entry in expect:
        _expectation(entry, f"{place}.expect")
    return {
        "name": name.strip(),
        "place": place,
        "employees": employees,
        "before": before,
        "before_as_of": _moment(case.get("before_as_of", as_of), f"{place}.before_as_of"),
        "accounts": _accounts(case, place),
        "as_of": as_of,
        "expect": expect,
    }


def _several(case: dict, one: str, many: str, place: str) -> list:
    if one in case and many in case:
        raise HrisError(f"{one} and {many} are both given", place=place, hint="Keep one of the two")
    if many in case and not isinstance(case[many], list):
        raise HrisError(
            f"{many} is a list", place=f"{place}.{many}", hint=f"Write {one} for a single one"
        )
    return case.get(many, [case[one]] if one in case else []) or []


def _before(case: dict, employees: list[dict], place: str) -> list[dict | None] | None:
    """The records as they were: those of ``before`` over the present ones; None in its list is somebody who was not there yet."""
    if "before" not in case:
        return None
    given = case["before"]
    given = given if isinstance(given, list) else [given or {}]
    if len(given) > len(employees):
        raise HrisError(
            f"before has {len(given)} entries for {len(employees)} employees",
            place=f"{place}.before",
            hint="Both are in one order",
        )
    given = [*given, *({} for _rest in employees[len(given) :])]
    return [
        None if one is None else merged(employee, _record(one, f"{place}.before"))
        for employee, one in zip(employees, given, strict=True)
    ]


def _accounts(case: dict, place: str) -> list[dict | None]:
    found = _several(case, "account", "accounts", place)
    for one in found:
        if one is not None and not isinstance(one, dict):
            raise HrisError(
                f"an account is written as its attributes, not as {one!r}",
                place=f"{place}.account",
                hint="Such as {sAMAccountName: jdoe}",
            )
    return found


def _expectation(entry, place: str) -> None:
    _words(entry, EXPECT, place)
    for name in YES_OR_NO:
        if name in entry and not isinstance(entry[name], bool):
            raise HrisError(f"{entry[name]!r} is neither true nor false", place=f"{place}.{name}")
    if "held" in entry and not isinstance(entry["held"], (bool, str)):
        raise HrisError("held is true, false, or words of the reason", place=f"{place}.held")
    if "attributes" in entry and not isinstance(entry.attributes, dict):
        raise HrisError(
            "attributes are names with values",
            place=f"{place}.attributes",
            hint="Such as {title: Clerk, mobile: null}",
        )
    if isinstance(entry.get("groups"), dict):
        _words(entry.groups, GROUPS, f"{place}.groups")
    for one in entry.findings if isinstance(entry.get("findings"), list) else []:
        if not isinstance(one, str):
            _words(
                one,
                ("kind", "place", "message"),
                f"{place}.findings",
                "the kind of a finding, or kind, place and message,",
            )
    if not set(entry) - {"key"}:
        raise HrisError("nothing is expected", place=place, hint="Such as expect: {state: active}")


def _definitions(attributes) -> dict[str, dict]:
    found = {}
    _words(attributes or {}, None, "domain.attributes")
    for name, given in (attributes or {}).items():
        place = f"domain.attributes.{name}"
        _words(given or {}, tuple(DEFINITION), place)
        for word, value in (given or {}).items():
            if not isinstance(value, DEFINITION[word]) or (
                DEFINITION[word] is int and isinstance(value, bool)
            ):
                raise HrisError(f"{value!r} is no value for {word}", place=place)
        syntax = (given or {}).get("syntax", "text")
        if syntax not in SYNTAXES:
            raise HrisError(
                f"unknown syntax '{syntax}'", place=place, hint=did_you_mean(syntax, SYNTAXES)
            )
        found[name] = {
            "name": name,
            "single": True,
            "min": None,
            "max": None,
            "writable": True,
            "linked": None,
            **(given or {}),
            "syntax": syntax,
        }
    return found


def merged(base: dict, over: dict) -> dict:
    """base with the fields of over, at every depth; a null there is a null."""
    found = dict(base)
    for name, value in over.items():
        known = found.get(name)
        found[name] = (
            merged(known, value) if isinstance(known, dict) and isinstance(value, dict) else value
        )
    return found


def located(work, place: str, *values):
    """work(*values), whose HrisError has the place where it came from."""
    try:
        return work(*values)
    except HrisError as error:
        raise HrisError(error.message, place=error.place or place, hint=error.hint) from None


def _record(value, place: str) -> dict:
    if value is not None and not isinstance(value, dict):
        raise HrisError(f"an employee is a mapping of fields, not {value!r}", place=place)
    return value or {}


def _texts(value, place: str) -> list[str]:
    value = [value] if isinstance(value, str) else value or []
    if not isinstance(value, list) or not all(
        isinstance(one, str) and one.strip() for one in value
    ):
        raise HrisError("a list of names is needed", place=place)
    return value


def _moment(value, place: str) -> datetime:
    if isinstance(value, datetime):
        return value
    try:
        return moment(str(value or "-"), None)
    except HrisError as error:
        raise HrisError(
            error.message, place=place, hint=error.hint
        ) from None  # its own place is that of the option


def _words(value, known: tuple | None, place: str, needed: str = "a mapping") -> None:
    """Raise HrisError for what is no mapping, or has a word that nobody knows."""
    if not isinstance(value, dict):
        raise HrisError(f"{needed} is needed here, not {value!r}", place=place)
    for word in value:
        if known is not None and word not in known:
            raise HrisError(
                f"unknown word '{word}'", place=place, hint=did_you_mean(str(word), known)
            )
