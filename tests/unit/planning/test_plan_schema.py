# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/plan.schema.json says the same as model/plan.py: the same fields, the same required ones, the same choices."""
from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import jsonschema
import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.model import actions
from ansible_collections.hris.ad.plugins.module_utils._hris.model.findings import (
    SEVERITIES,
    Finding,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.model.plan import (
    HIGH,
    LOW,
    Approval,
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
)
from ansible_collections.hris.ad.plugins.module_utils._hris.model.plan_json import (
    change_to_json,
    plan_from_json,
    plan_to_json,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.model.shapes import shaped
from ansible_collections.hris.ad.plugins.module_utils._hris.seals import KEYED, PLAIN

SCHEMA = json.loads((Path(__file__).resolve().parents[3] / "docs/plan.schema.json").read_text(encoding="utf-8"))
DEFS = SCHEMA["$defs"]
DIGEST = f"sha256:{'0' * 64}"
LEAST = Change("update", None, None, None, "CN=A,DC=x", "r")
MOST = Change("update", "elmo", "1", "g", "CN=A,DC=x", "r", {"title": ValueChange([], ["x"])}, "CN=B,DC=x", "CN=G,DC=x", ["CN=G,DC=x"], True, True,
              HIGH, ["rename"], "CN=D,DC=x", "Ann Lee", [Referrer("g2", "CN=E,DC=x", "manager")], True, "2026-03-01T13:00:00+00:00")
DAY = "2026-03-02T09:00:00+11:00"


def plan(**more) -> Plan:
    """A plan with no more than every plan file has."""
    return Plan(["elmo"], DAY, PlanDomain("x", "DC=x", "dc1"), [], [], [], {}, {}, {}, digest=DIGEST, made=DAY, expires=DAY, seal=Seal(PLAIN, "0" * 64), **more)


def most() -> Plan:
    """A plan with all that one can have."""
    full = plan(digests={"feed": DIGEST}, rules={"elmo": {"title": Provenance("mapping.title", None)}}, mark="adminDescription", redact=["title"],
                ownership={"elmo": PlanOwnership(["ou=a,dc=x"], "employeeID", ["Tier0"])}, owners={"g": Owner("elmo", "1"), "h": Owner(None, None)},
                labels=["displayName"], left_out=["icehrm"], undoes=DIGEST, approval=Approval(DIGEST, "Grace", None))
    full.changes, full.findings = [LEAST, MOST], [Finding("held", "m", "1", "p", "error", "Ann Lee", "elmo"), Finding("held", "m")]
    full.limits = [LimitVerdict("elmo", "update", 1, 2, None, 5.0, False, "m"), LimitVerdict(None, "update", 1, 2, None, 5.0, False, "m")]
    return full


@pytest.mark.parametrize(("name", "model"), [
    ("change", Change), ("value_change", ValueChange), ("finding", Finding), ("limit", LimitVerdict), ("domain", PlanDomain),
    ("provenance", Provenance), ("seal", Seal), ("ownership", PlanOwnership), ("owner", Owner), ("referrer", Referrer)])
def test_the_schema_has_the_fields_of_the_model(name, model):
    assert set(DEFS[name]["properties"]) == {field.name for field in fields(model)}
    assert DEFS[name]["additionalProperties"] is False


def test_the_schema_has_the_fields_of_a_plan():
    assert set(SCHEMA["properties"]) == {"format", *(field.name for field in fields(Plan))}


def test_required_is_what_is_always_written():
    assert set(DEFS["change"]["required"]) == set(change_to_json(LEAST))
    assert set(SCHEMA["required"]) == set(plan_to_json(plan()))
    written = plan_to_json(most())
    for name, entry in (("finding", written["findings"][1]), ("limit", written["limits"][0]), ("domain", written["domain"]),
                        ("provenance", written["rules"]["elmo"]["title"]), ("seal", written["seal"]),
                        ("ownership", written["ownership"]["elmo"]), ("owner", written["owners"]["g"]), ("referrer", change_to_json(MOST)["referrers"][0]),
                        ("value_change", change_to_json(MOST)["attributes"]["title"])):
        assert set(DEFS[name]["required"]) == set(entry)


def test_nothing_of_the_model_gets_lost_on_the_way():
    assert set(change_to_json(MOST)) == {field.name for field in fields(Change)}
    assert shaped(Change, change_to_json(MOST), "x", "change") == MOST
    assert plan_from_json(json.loads(json.dumps(plan_to_json(most()))), "x", "plan", "") == most()


@pytest.mark.parametrize("made", [plan(), most()], ids=["least", "most"])
def test_plans_fit_the_schema(made):
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(json.loads(json.dumps(plan_to_json(made))), SCHEMA, jsonschema.Draft202012Validator)


def test_the_schema_has_the_choices_of_the_model():
    change, finding = DEFS["change"]["properties"], DEFS["finding"]["properties"]
    assert change["action"]["enum"] == list(actions.NAMES)
    assert set(change["risk"]["enum"]) == {LOW, HIGH}
    assert finding["severity"]["enum"] == list(SEVERITIES)
    assert set(DEFS["seal"]["properties"]["kind"]["enum"]) == {PLAIN, KEYED}
