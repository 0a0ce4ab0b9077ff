# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans as documents: their schema, their name, their seal, their inverse; and what risk, canaries and stopping make of changes."""
from __future__ import annotations

import copy
import hashlib
import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import jsonschema
import pytest
import yaml
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.model.plan import Outcome, ValueChange
from ansible_collections.hris.ad.plugins.module_utils._hris.model.plan_json import plan_from_json
from ansible_collections.hris.ad.plugins.module_utils._hris.planning import plan_file
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.canary import canaries
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.circuit_breaker import (
    CircuitBreaker,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.plan import make_plan
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.risk import (
    assess_risks,
    divide_by_risk,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.undo import undo_of
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.people import people_of

ROOT = Path(__file__).resolve().parents[3]
SCHEMA = json.loads((ROOT / "docs/plan.schema.json").read_text(encoding="utf-8"))
NOW = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)


def made(company, employees=None, accounts=(), **options):
    """The completed plan of a company with a joiner, a mover who is moved, a leaver, and somebody whose retention is over."""
    group = company.group("All Staff").dn
    accounts = accounts or [
        company.account("1", "one", "Old Name", groups=[group], givenName="Ann", sn="Lee1", rid=1101, title="Boss"),
        company.account("2", "two", "Ann Lee2", groups=[group], givenName="Ann", sn="Lee2", displayName="Ann Lee2", rid=1102),
        company.account("3", "three", "Ann Lee3", enabled=False, mark="hris.ad source=elmo state=disabled since=2020-01-01", rid=1103)]
    employees = employees or [company.employee("1", last="Lee1"), company.employee("2", last="Lee2", end="2026-01-01"),
                              company.employee("3", last="Lee3", start="2019-01-01", end="2019-12-31"), company.employee("4", last="Lee4", manager="id-1")]
    rules = company.rules(**({"leaver": {"groups": "remove_managed", "move_to": company.leavers, "delete_after_days": 30}} | options))
    source, snapshot = people_of(employees, rules, company.as_of), company.snapshot(*accounts)
    plan = make_plan([source], snapshot, company.as_of).plan
    assess_risks(plan.changes, source.people, rules.risk, snapshot.groups)
    plan_file.complete(plan, [rules], NOW, 24, {"feed": plan_file.data_digest(employees), "rules": plan_file.data_digest(options)})
    return plan


def sealed(plan, key=None):
    """The plan file as data."""
    return json.loads("".join(plan_file.sealed_text(plan, key)))


def sealed_again(data):
    """The text of a plan file with harm in it and a seal that is right for it."""
    bare = {name: value for name, value in data.items() if name != "seal"}
    canonical = json.dumps(bare, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()
    return json.dumps(bare | {"seal": {"kind": "sha256", "value": hashlib.sha256(canonical).hexdigest()}})


def test_a_plan_is_of_its_published_schema(company):
    plan = sealed(made(company))
    assert {change["action"] for change in plan["changes"]} >= {"create", "update", "disable", "delete", "move", "rename", "group_add", "group_remove"}
    jsonschema.validate(plan, SCHEMA, jsonschema.Draft202012Validator)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(plan | {"more": 1}, SCHEMA)


def test_the_version_is_the_collections():
    assert yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))["version"] == plan_file.VERSION


def test_the_digest_names_what_is_done(company):
    plan, later = made(company), made(company)
    assert plan.digest == later.digest == plan_file.digest_of(plan_from_json(sealed(plan), "x", "plan", ""))
    plan.changes[0].reason += "!"
    assert plan_file.digest_of(plan) != later.digest
    assert plan_file.digest_of(replace(later, made="", findings=[], as_of="2030-01-01")) == later.digest, "not when, but what"


@pytest.mark.parametrize(("key", "other", "words"), [
    (None, None, None), ("k", "k", None), ("k", "x", "changed after it was made"), ("k", None, "the key is not given"), (None, "k", "not signed")])
def test_seals(company, key, other, words):
    text = list(plan_file.sealed_text(made(company), key))
    if words is None:
        assert plan_file.open_plan(text, "plan.json", other, NOW).digest.startswith("sha256:")
    else:
        with pytest.raises(HrisError, match=rf"plan\.json: .*{words}"):
            plan_file.open_plan(text, "plan.json", other, NOW)


@pytest.mark.parametrize("path", [("changes", 0, "reason"), ("expires",), ("sources",), ("left_out",), ("domain", "dn"), ("findings",), ("limits",)])
def test_every_part_is_sealed(company, path):
    plan = inner = sealed(made(company))
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = "2099-01-01T00:00:00+00:00"
    with pytest.raises(HrisError, match="changed after it was made"):
        plan_file.open_plan([json.dumps(plan)], "plan.json", None, NOW)


@pytest.mark.parametrize("harm", [{"seal": None}, {"seal": "x"}, {"seal": {}}])
def test_a_plan_without_a_seal_is_none(company, harm):
    with pytest.raises(HrisError, match="has no seal|changed after it was made"):
        plan_file.open_plan([json.dumps(sealed(made(company)) | harm)], "plan.json", None, NOW)


@pytest.mark.parametrize("harm", [{"digest": "sha256:00"}, {"domain": None}])
def test_a_seal_that_somebody_made_anew_does_not_make_the_digest_right(company, harm):
    with pytest.raises(HrisError, match="digest of the plan is not|not complete: domain: it must be an object, and it is null"):
        plan_file.open_plan([sealed_again(sealed(made(company)) | harm)], "plan.json", None, NOW)


def test_a_plan_expires(company):
    text = list(plan_file.sealed_text(made(company), None))
    assert plan_file.open_plan(text, "p", None, NOW + timedelta(hours=23, minutes=59))
    with pytest.raises(HrisError, match="expired at 2026-03-03T12:00:00"):
        plan_file.open_plan(text, "p", None, NOW + timedelta(hours=24))


def test_limits_and_approval(company):
    plan = made(company, limits={"create": {"count": 0}, "attributes": {"title": {"count": 0}}})
    why = plan_file.refusal(plan, None).message
    assert "action 'create'" in why and "another title" in why and plan.digest in why
    assert plan_file.refusal(plan, plan.digest) is None
    assert "not the approved plan" in plan_file.refusal(plan, "sha256:0").message


def test_the_inverse_of_the_inverse_is_the_plan(company):
    plan = made(company, employees=[company.employee("1", last="Lee1"), company.employee("2", last="Lee2", end="2026-01-01")])
    everything = dict.fromkeys(range(len(plan.changes)), "applied")
    back = undo_of(plan, everything)
    assert back.undoes == plan.digest and len(back.changes) == len(plan.changes)
    again = undo_of(replace(back, digest="x"), everything)
    plain = [replace(change, reason="", dn="", risk=None, risks=(), access_ends=None) for change in plan.changes]
    undone_twice = [replace(change, reason="", dn="") for change in again.changes]
    plain, undone_twice = ([change for change in changes if change.key != "3"] for changes in (plain, undone_twice))  # a deletion is not the same again
    assert len(plain) == 5 and sorted(map(str, undone_twice)) == sorted(map(str, plain))


def test_what_was_not_applied_is_not_undone(company):
    plan = made(company)
    assert undo_of(plan, {}).changes == []
    create = next(index for index, change in enumerate(plan.changes) if change.action == "create")
    (deletion,) = undo_of(plan, {create: "unknown"}).changes
    assert deletion.action == "delete" and deletion.guid is None and "pwdLastSet" not in deletion.attributes
    delete = next(index for index, change in enumerate(plan.changes) if change.action == "delete")
    (restored,) = undo_of(plan, {delete: "applied"}).changes
    assert restored.action == "restore" and restored.attributes["employeeID"] == ValueChange([], ["3"])


@pytest.mark.parametrize(("risk", "high"), [
    ({}, set()), ({"actions": ["create"]}, {"4"}), ({"more_than": {"disable": 0}}, {"2"}), ({"more_than": {"disable": 1}}, set()),
    ({"groups": ["All Staff"]}, {"2", "4"}), ({"people": ["last == 'Lee1'"]}, {"1"}), ({"actions": ["delete"], "people": ["last == 'Lee1'"]}, {"1", "3"})])
def test_risk(company, risk, high):
    plan = made(company, risk=risk)
    assert {change.key for change in plan.changes if change.risk == "high"} == high
    assert all(bool(change.risks) is (change.risk == "high") for change in plan.changes)
    low, held = divide_by_risk(copy.deepcopy(plan.changes), {"elmo"})
    assert {change.key for change in held} == high and not {change.key for change in low} & high


def test_what_rests_on_a_held_account_waits(company):
    employees = [company.employee("5", last="Lee5"), company.employee("6", last="Lee6", manager="id-5")]
    plan = made(company, employees=employees, accounts=[company.account("9", "nine")], risk={"people": ["last == 'Lee5'"]})
    low, _held = divide_by_risk(plan.changes, {"elmo"})
    assert "manager" not in low[0].attributes and low[0].key == "6"


@pytest.mark.parametrize(("risk", "words"), [({"more_than": {"disabel": 1}}, r"risk\.more_than: unknown action 'disabel'.*disable"),
                                             ({"more_than": {"disable": "x"}}, "not a number"), ({"people": ["nofunction(x)"]}, "unknown function")])
def test_rules_of_risk_that_are_wrong(company, risk, words):
    with pytest.raises(HrisError, match=words):
        company.rules(risk=risk)


def test_canaries_rest_on_nobody(company):
    employees = [company.employee("5", last="Lee5", manager="id-6"), *(company.employee(str(number), last=f"Lee{number}") for number in range(6, 12))]
    changes = made(company, employees=employees, accounts=[company.account("99", "ninety")]).changes
    chosen = canaries(changes, 2)
    assert {changes[index].key for index in chosen} == {"10", "11"} or len({changes[index].key for index in chosen}) == 2
    assert "5" not in {changes[index].key for index in chosen}, "the manager of this one is another account of the plan"
    assert canaries(changes, 0) == []


def outcomes(*statuses):
    return [Outcome(status, "no", code) for status, code in statuses]


@pytest.mark.parametrize(("first", "percent", "total", "seen", "stops"), [
    (3, 100, 100, [("refused", "a")] * 3, 3), (3, 100, 100, [("refused", "a"), ("refused", "b"), ("refused", "a")], None),
    (3, 100, 100, [("applied", ""), *[("refused", "a")] * 5], None), (0, 100, 100, [("refused", "a")] * 30, None),
    (0, 50, 30, [("applied", ""), ("refused", "a")] * 15, None), (0, 40, 30, [("applied", ""), ("refused", "a")] * 15, 20),
    (0, 40, 500, [("applied", ""), ("refused", "a")] * 40, 50)])
def test_when_a_run_gives_up(first, percent, total, seen, stops):
    breaker = CircuitBreaker(first, percent, total)
    told = [breaker.note(outcome) for outcome in outcomes(*seen)]
    assert next((number for number, text in enumerate(told, start=1) if text), None) == stops
