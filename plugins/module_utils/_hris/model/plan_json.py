# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans as plain JSON data, and back. docs/plan.schema.json describes the form."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from .findings import Finding
from .plan import (
    Change,
    LimitVerdict,
    Owner,
    Plan,
    PlanDomain,
    PlanOwnership,
    Provenance,
    Referrer,
    Seal,
    ValueChange,
    ValueChanges,
)
from .plan_upgrade import upgraded

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


def change_from_json(data: Json) -> Change:
    """The change. Raises TypeError, KeyError or AttributeError for data that is not a change."""
    attributes = _value_changes(data.get("attributes") or {})
    more = {**data, "attributes": attributes}
    if "referrers" in data:
        more["referrers"] = [Referrer(**one) for one in data["referrers"]]
    return Change(**more)


def _value_changes(data: Json) -> ValueChanges:
    return {name: ValueChange(values["before"], values["after"]) for name, values in data.items()}


def plan_to_json(plan: Plan) -> Json:
    """A plan as JSON, in the order in which people read it."""
    data: Json = {"format": FORMAT}
    for field in fields(Plan):
        value = getattr(plan, field.name)
        if field.name in _TO_JSON:
            value = _TO_JSON[field.name](value)
        if value is not None:
            data[field.name] = value
    return data


def plan_from_json(data: Json) -> Plan:
    """The plan, also from the former format. Raises TypeError, KeyError, AttributeError or
    ValueError for data that is not a plan.
    """
    values = {name: value for name, value in upgraded(data).items() if name != "format"}
    for name, convert in _FROM_JSON.items():
        if name in values:
            values[name] = convert(values[name])
    return Plan(**values)


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
    "changes": lambda changes: [change_to_json(change) for change in changes],
    "findings": lambda findings: [finding_to_json(finding) for finding in findings],
    "limits": lambda limits: [plain(verdict) for verdict in limits],
    "rules": lambda rules: {
        source: {name: plain(one) for name, one in attributes.items()}
        for source, attributes in rules.items()
    },
    "ownership": lambda ownership: {source: plain(one) for source, one in ownership.items()},
    "owners": lambda owners: {guid: plain(one) for guid, one in owners.items()},
    "seal": lambda seal: plain(seal) if seal else None,
}
_FROM_JSON = {
    "domain": lambda data: PlanDomain(**data),
    "changes": lambda entries: [change_from_json(entry) for entry in entries],
    "findings": lambda entries: [Finding(**entry) for entry in entries],
    "limits": lambda entries: [LimitVerdict(**entry) for entry in entries],
    "rules": lambda rules: {
        source: {name: Provenance(**one) for name, one in attributes.items()}
        for source, attributes in rules.items()
    },
    "ownership": lambda data: {source: PlanOwnership(**one) for source, one in data.items()},
    "owners": lambda data: {guid: Owner(**one) for guid, one in data.items()},
    "seal": lambda data: Seal(**data),
}
