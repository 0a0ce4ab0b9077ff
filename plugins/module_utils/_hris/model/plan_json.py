# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans as plain JSON data, and back. docs/plan.schema.json describes the form."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from ..errors import HrisError, quoted
from .findings import Finding
from .plan import Change, Plan
from .plan_upgrade import upgraded
from .shapes import shaped

FORMAT = "hris.ad plan 2"
Json = dict[str, Any]  # a JSON object
# Fields of a change that are left out of the JSON while they say nothing
_OPTIONAL = (
    "to",
    "group",
    "random_password",
    "last",
    "risk",
    "deleted_dn",
    "name",
    "lifts_protection",
    "access_ends",
)


def change_to_json(change: Change) -> Json:
    """A change as JSON; what does not concern its action is left out."""
    data: Json = {
        "source": change.source,
        "key": change.key,
        "action": change.action,
        "guid": change.guid,
        "dn": change.dn,
        "reason": change.reason,
    }
    if change.attributes:
        data["attributes"] = {
            name: {"before": values.before, "after": values.after}
            for name, values in change.attributes.items()
        }
    for name in ("groups", "risks"):
        texts = getattr(change, name)
        if texts:
            data[name] = list(texts)
    if change.referrers:
        data["referrers"] = [plain(one) for one in change.referrers]
    for name in _OPTIONAL:
        value = getattr(change, name)
        if value:
            data[name] = value
    return data


def plan_to_json(plan: Plan) -> Json:
    """A plan as JSON, in the order in which people read it."""
    data = plan_in_parts(plan)
    data["changes"] = list(data["changes"])
    return data


def plan_in_parts(plan: Plan) -> Json:
    """The same for a plan of many changes, which are an iterator: json_pieces.py writes it."""
    data: Json = {"format": FORMAT}
    for field in fields(Plan):
        value = getattr(plan, field.name)
        if field.name in _TO_JSON:
            value = _TO_JSON[field.name](value)
        if value is not None:
            data[field.name] = value
    return data


def plan_from_json(data: Any, fault: str, place: str, hint: str) -> Plan:
    """The plan, also from the former format. Raises HrisError; the parameters are as of shaped."""
    if not isinstance(data, dict):
        raise HrisError(f"{fault}: it must be an object", place, hint)
    try:
        bare = {name: value for name, value in upgraded(data).items() if name != "format"}
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        what = "a part has another form"
        if isinstance(error, KeyError):
            what = f"{quoted(error.args[0])} is missing"
        raise HrisError(f"{fault}: {what}", place, hint) from None
    return shaped(Plan, bare, fault, place, hint)


def plain(entry: Any) -> Json:
    """A dataclass whose fields are plain data, as JSON; fields without a value are kept."""
    return {field.name: getattr(entry, field.name) for field in fields(entry)}


def finding_to_json(finding: Finding) -> Json:
    """A finding as JSON."""
    data = plain(finding)
    return {name: data[name] for name in _FINDING}


_FINDING = ("severity", "kind", "source", "key", "name", "place", "message")
_TO_JSON = {
    "domain": plain,
    "changes": lambda changes: map(change_to_json, changes),
    "findings": lambda findings: [finding_to_json(finding) for finding in findings],
    "limits": lambda limits: [plain(verdict) for verdict in limits],
    "rules": lambda rules: {
        source: {name: plain(one) for name, one in attributes.items()}
        for source, attributes in rules.items()
    },
    "ownership": lambda ownership: {source: plain(one) for source, one in ownership.items()},
    "owners": lambda owners: {guid: plain(one) for guid, one in owners.items()},
    "approval": lambda approval: plain(approval) if approval else None,
    "denied": lambda denied: [plain(one) for one in denied] if denied else None,
    "seal": lambda seal: plain(seal) if seal else None,
}
