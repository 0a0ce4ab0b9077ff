# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the rules want of one person's account: attributes, place and groups."""

from __future__ import annotations

from datetime import date, datetime, time

from ..ad_values.filetime import NEVER, filetime
from ..errors import HrisError
from ..model.findings import WARNING, finding
from .assignment import groups_of, place_of
from .lifecycle_state import EMPLOYED, LEAVER
from .mapping import UnmappedError, wanted_values
from .ruleset import Ruleset
from .times import zone
from .values import to_text

NO_VALUES: list[str] = []
NOTHING = {"attributes": {}, "ou": None, "ou_on_create": False, "ou_create": False, "groups": ()}


def wanted_of(person: dict, rules: Ruleset, held: dict[str, list[str]]) -> tuple[dict, list[dict]]:
    """What is wanted for a person of people_of beyond what the account holds, and findings::

        {"attributes": {"title": ["Clerk"], "mobile": []},   # [] clears; an attribute that is left alone is absent
         "ou": "OU=…" | None, "ou_on_create": bool, "ou_create": bool, "groups": ("All Staff",)}

    held: {attribute as the rules spell it: values}; an attribute that is wanted just as it is held is left out, which for
    nearly everybody is each of them. The attributes of a leaver are what ``leaver.attributes`` says. Value lists may be shared
    and are never changed. Raises HrisError for what holds the person.
    """
    if person["state"] == LEAVER:
        attributes, findings = _attributes(person, rules.leaver_steps, held)
        return {**NOTHING, "attributes": attributes}, findings
    if person["state"] not in EMPLOYED:
        return NOTHING, []
    employee = person["employee"]
    _require(employee, rules)
    attributes, findings = _attributes(person, rules.mapping_steps, held)
    if rules.leaver["account_expires"]:
        attributes["accountExpires"] = [_expiry(person)]
    ou, rule = place_of(rules.placement, employee)
    return {
        "attributes": attributes,
        "ou": ou,
        "ou_on_create": rule.on_create,
        "ou_create": rule.create,
        "groups": groups_of(rules.groups, employee),
    }, findings


def _require(employee: dict, rules: Ruleset) -> None:
    """Raise HrisError for the first required field that is empty, a reference that must not be empty among them."""
    for rule in rules.required:
        if to_text(rule.evaluate(employee)) is None:
            raise HrisError(
                f"HR has no value for {rule.source!r}", place=rule.place, hint="Enter it in HR"
            )
    for line in rules.mapping:
        if (
            line.empty == "fail"
            and line.is_reference
            and to_text(line.source.evaluate(employee)) is None
        ):
            raise HrisError(
                f"HR has no value for {line.source.source!r}",
                place=line.place,
                hint="Enter it in HR",
            )


def _attributes(person: dict, steps: list[tuple], held: dict) -> tuple[dict, list[dict]]:
    wanted, findings, employee = {}, [], person["employee"]
    for name, evaluate, line in steps:
        if evaluate is not None:
            value = evaluate(employee)
            if isinstance(value, str):  # nearly every value of a feed
                has = held.get(name)
                if has and has[0] == value and len(has) == 1:
                    continue
                if value.isascii() and (text := value.strip()):
                    wanted[name] = [text]
                    continue
        try:
            values = wanted_values(line, employee)
        except UnmappedError as error:
            message = f"{error}: the attribute is left as it is. Add the value to the table."
            findings.append(
                finding("unmapped", message, key=person["key"], place=line.place, severity=WARNING)
            )
            continue
        if values is not None and values != held.get(name, NO_VALUES):
            wanted[name] = values
    return wanted, findings


def _expiry(person: dict) -> str:
    """accountExpires for the day that begins without access, or never."""
    if person["locked"] is None:
        return NEVER[0]
    return str(
        filetime(
            datetime.combine(date.fromisoformat(person["locked"]), time(), zone(person["zone"]))
        )
    )
