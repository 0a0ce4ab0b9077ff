# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An explanation as lines of text, and as the result of a module."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from ..model.people import Person, PersonRecord
from ..model.plan import Change
from ..model.plan_json import Json, change_to_json, finding_to_json, plain
from ..visible_text import shown_value
from .explain import ExplainedAccount, Explanation
from .explain_definitions import ExplainedDefinition
from .explain_rules import ExplainedRule
from .explain_saved import saved_line
from .ownership import PREFIX, write_mark

LEFT_OUT_WHEN_NONE = ("why", "ou", "group", "member", "found", "first_day", "last_day")


def explanation_to_json(found: Explanation) -> Json:
    """The explanation as plain data."""
    person = found.person
    return {
        "key": person.key,
        "state": person.state,
        "dates": _dates(person),
        "account": _account_to_json(found.account),
        "definitions": [_rule_to_json(entry) for entry in found.definitions],
        "attributes": [plain(entry) for entry in found.attributes],
        "names": [plain(entry) for entry in found.names],
        "placement": [_rule_to_json(entry) for entry in found.placement],
        "groups": [_rule_to_json(entry) for entry in found.groups],
        "saved": [plain(entry) for entry in found.saved],
        "changes": [change_to_json(change) for change in found.changes],
        "findings": [finding_to_json(finding) for finding in found.findings],
        "employee": person.record,
        "records": [_record_to_json(one) for one in person.several_records],
    }


def dates_text(person: Person) -> str:
    """The days that decide the state of a person: ``start 2020-01-01, today 2026-03-02``."""
    dates = _dates(person).items()
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in dates if value)


def _record_to_json(one: PersonRecord) -> Json:
    return {
        "source": one.source,
        "key": one.key,
        "time": one.time,
        "in_scope": one.in_scope,
        "start": one.start,
        "end": one.end,
    }


def _record_lines(person: Person) -> Iterator[str]:
    """The records of a person who has several, the primary one first."""
    for number, one in enumerate(person.several_records):
        days = f"{one.start or 'no first day'} to {one.end or 'no last day'}"
        parts = [one.time, days]
        if number == 0:
            parts.insert(0, "primary")
        if not one.in_scope:
            parts.append("not in scope")
        source = f"{one.source} " if len(person.sources) > 1 else ""
        yield f"record {source}{one.key}: {', '.join(parts)}"


def _dates(person: Person) -> dict[str, str | None]:
    return {
        "start": person.start,
        "end": person.end,
        "today": person.today,
        "timezone": person.timezone,
        "first_day_without_access": person.first_day_without_access,
        "next_start": person.employment.next_start if person.employment else None,
    }


def _account_to_json(account: ExplainedAccount | None) -> Json | None:
    if account is None:
        return None
    data = plain(account)
    data["mark"] = account.mark and account.mark._asdict()
    return data


def _rule_to_json(rule: ExplainedRule | ExplainedDefinition) -> Json:
    return {
        name: value
        for name, value in plain(rule).items()
        if value is not None or name not in LEFT_OUT_WHEN_NONE
    }


def lines_of(found: Explanation) -> list[str]:
    """The explanation for reading, a line for each statement."""
    lines = [
        f"{found.person.key}: {found.person.state}; {dates_text(found.person)}",
        f"account: {_account_text(found.account)}",
    ]
    lines += _record_lines(found.person)
    for one in found.definitions:
        value = one.why or shown_value(json.dumps(one.value, ensure_ascii=False))
        lines.append(f"{one.definition}() = {value}, from {one.expression}")
    for entry in found.attributes:
        source = f"{entry.source} ({entry.rule})"
        values = f"{_values(entry.wanted)} from {source}; is {_values(entry.now)}"
        lines.append(f"{entry.attribute} = {values}: {entry.why}")
    for name in found.names:
        lines.append(f"{name.attribute} from {name.source} ({name.rule}): {name.why}")
        lines += [f"  passed over {text}" for text in name.passed_over]
    places = (f"{entry.ou} ({entry.rule})" for entry in found.placement if entry.holds)
    lines.append(f"place: {next(places, 'no rule holds')}")
    lines += map(_group_line, found.groups)
    lines += [saved_line(entry, found.person.today or "") for entry in found.saved]
    lines += map(_change_line, found.changes)
    lines += [f"{finding.severity}: {finding.message}" for finding in found.findings]
    if not found.changes:
        lines.append("nothing is written")
    return lines


def _account_text(account: ExplainedAccount | None) -> str:
    if account is None:
        return "none"
    mark = "none"
    if account.mark:
        mark = write_mark(account.mark).removeprefix(f"{PREFIX} ")
    about = ["enabled" if account.enabled else "disabled", f"mark {mark}"]
    if account.not_adopted_yet:
        about.append("not adopted yet")
    return f"{account.dn} ({', '.join(about)})"


def _group_line(entry: ExplainedRule) -> str:
    given = "given" if entry.holds else "not given"
    member = "a member" if entry.member else "not a member"
    conditions = (("when", entry.when), ("from", entry.first_day), ("until", entry.last_day))
    rule = ", ".join([entry.rule, *(f"{word} {text}" for word, text in conditions if text)])
    return f"group {entry.group} ({rule}): {given}, {member} now{_group_note(entry)}"


def _group_note(entry: ExplainedRule) -> str:
    if entry.governed:
        return f"; it is governed by Entra ({entry.governed}), so it is neither given nor taken"
    if entry.found:
        return "; no rule takes it, because the account was in it before"
    return ""


def _change_line(change: Change) -> str:
    text = f"change: {change.action} ({change.reason})"
    if change.group:
        text += f" {change.group}"
    return text


def _values(values: Sequence[str] | None) -> str:
    if values is None:
        return "(nothing)"
    return "; ".join(map(shown_value, values)) or "(empty)"
