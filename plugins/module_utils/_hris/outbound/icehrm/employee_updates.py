# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to be written to which employee: given as a list, as a file, or rendered from the accounts of a run.

An update: {"place": where it stands, "by": "employee_id" or "id", "who": text, "fields": {field: wanted value}, "object": {"key",
"source", "guid", "dn"} of the account that it comes from}; the fields are those of fields.checked.
"""

from __future__ import annotations

from ...errors import HrisError, did_you_mean
from ...rules.expressions import Expression, compile_rule
from ...rules.values import to_text
from ...sources.files import read_feed
from .. import feedback_loops, objects
from . import fields

_RULE = {"from", "constant", "empty"}
KEYS = ("employee_id", "id")


def collect(params: dict, check_mode: bool, warn) -> tuple[list[dict], list[dict]]:
    """(updates, failures) of the module's options; a failure is {"employee", "message", "object"}. Raises HrisError for the whole.

    One line that cannot be used stops one employee.
    """
    if params["outcome"]:
        return _from_outcome(params, check_mode, warn)
    given = params["updates"] if params["updates"] is not None else read_feed(params["src"])
    updates, failures = [], []
    for number, item in enumerate(given, start=1):
        place = (
            f"updates[{number - 1}]"
            if params["updates"] is not None
            else f"{params['src']} line {number}"
        )
        try:
            updates.append(_update(item, params["custom_fields"] or {}, place))
        except HrisError as error:
            failures.append(
                {
                    "employee": str(item.get("employee_id") or item.get("id") or place),
                    "message": str(error),
                }
            )
    return _once(updates, failures)


def _update(item: dict, custom_fields: dict, place: str) -> dict:
    for name in item:
        if name not in (*KEYS, "fields"):
            raise HrisError(
                f"an update has no '{name}'", place, did_you_mean(str(name), (*KEYS, "fields"))
            )
    named = [key for key in KEYS if item.get(key) not in (None, "")]
    if len(named) != 1:
        raise HrisError(
            "an update names its employee by employee_id or by id, by one of them", place
        )
    return {
        "place": place,
        "by": named[0],
        "who": str(item[named[0]]).strip(),
        "fields": fields.checked(item.get("fields"), custom_fields, place),
    }


def _once(updates: list[dict], failures: list[dict]) -> tuple[list[dict], list[dict]]:
    """The same, without employees who are named twice: which of the two would count?"""
    seen: dict = {}
    for update in updates:
        seen.setdefault((update["by"], update["who"].casefold()), []).append(update)
    for found in seen.values():
        if len(found) > 1:
            places = ", ".join(update["place"] for update in found)
            failures += [
                {
                    "employee": update["who"],
                    "message": f"named more than once ({places}): nothing is written.",
                    "object": update.get("object"),
                }
                for update in found
            ]
    return [found[0] for found in seen.values() if len(found) == 1], failures


def compile_rules(mapping: dict, custom_fields: dict) -> dict:
    """{field of icehrm_fields: (Expression, "keep" or "clear")} of a write-back mapping. Raises HrisError."""
    checked = fields.checked(mapping, custom_fields, "mapping")
    found = {}
    for field, rule in checked.items():
        place = f"mapping.{fields.shown(field)}"
        if isinstance(rule, dict):
            wrong = set(rule) - _RULE
            if (
                wrong
                or ("from" in rule) == ("constant" in rule)
                or rule.get("empty", "keep") not in ("keep", "clear")
            ):
                raise HrisError(
                    "a rule is an expression, or an object with from or constant, and empty (keep or clear)",
                    place,
                    did_you_mean(str(min(wrong)), _RULE) if wrong else None,
                )
            if "constant" in rule:
                found[field] = (_constant(rule["constant"], place), "keep")
                continue
            found[field] = (compile_rule(rule["from"], f"{place}.from"), rule.get("empty", "keep"))
        else:
            found[field] = (compile_rule(rule, place), "keep")
    return found


def _constant(value, place: str) -> Expression:
    return Expression(str(value), place, lambda record: value, frozenset())


def _from_outcome(params: dict, check_mode: bool, warn) -> tuple[list[dict], list[dict]]:
    custom_fields = params["custom_fields"] or {}
    rules = compile_rules(params["mapping"], custom_fields)
    key = compile_rule(params["key"], "key")
    when = objects.condition(params["when"])
    written = {fields.shown(field): rule[0] for field, rule in rules.items()}
    labels = {f"custom.{name}": ("custom", label) for name, label in custom_fields.items()}
    for text in feedback_loops.check_loops(params["inbound_mapping"], written, labels):
        warn(text)
    everyone = objects.read_outcome(params["outcome"], check_mode)
    objects.check_names(
        [key, *([when] if when else []), *written.values()],
        everyone,
        params["optional_fields"] or (),
    )
    updates, failures = [], []
    for found in objects.chosen(everyone, params["events"], params["unchanged"], when):
        if found["state"] == "absent":
            continue  # HR knows no such employee, so there is nothing to write to
        try:
            update = _rendered(found, rules, key, params["key_field"])
        except HrisError as error:
            failures.append(
                {
                    "employee": objects.identity(found),
                    "message": str(error),
                    "object": _account(found),
                }
            )
            continue
        if update["fields"]:
            updates.append(update)
    return _once(updates, failures)


def _rendered(found: dict, rules: dict, key: Expression, key_field: str) -> dict:
    who = to_text(key.evaluate(found))
    if not who:
        raise HrisError(
            f"the account has no value for {key.source!r}, so its employee is not known", "key"
        )
    fields = {}
    for field, (expression, empty) in rules.items():
        value = expression.evaluate(found)
        if value not in (None, "", []):
            fields[field] = value
        elif empty == "clear":
            fields[field] = None
    return {
        "place": f"account {objects.identity(found)}",
        "by": key_field,
        "who": who,
        "fields": fields,
        "object": _account(found),
    }


def _account(found: dict) -> dict:
    """What tells the account to those who note what failed."""
    return {name: found[name] for name in ("key", "source", "guid", "dn")}
