"""Plans, journals and other documents of earlier runs in every state of damage: one error that names the file and the field, or it is read."""
from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.ad_values.protection import protected_in
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.model.directory import Domain
from ansible_collections.hris.ad.plugins.module_utils._hris.model.findings import Finding
from ansible_collections.hris.ad.plugins.module_utils._hris.model.journal import (
    line_of_intent,
    line_of_part,
    line_of_plan,
    line_of_result,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.model.plan import (
    Change,
    LimitVerdict,
    Outcome,
    Owner,
    Plan,
    PlanDomain,
    PlanOwnership,
    Provenance,
    Referrer,
    ValueChange,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.model.plan_json import plan_to_json
from ansible_collections.hris.ad.plugins.module_utils._hris.outbound import (
    dead_letters,
    objects,
    outcome_file,
    step_ledger,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.planning import plan_checks, plan_file
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.summary import (
    diffs,
    report,
    summary,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.undo import undo_of
from ansible_collections.hris.ad.plugins.module_utils._hris.private_file import write_private
from ansible_collections.hris.ad.plugins.module_utils._hris.reporting.csv_table import changes_sheet
from ansible_collections.hris.ad.plugins.module_utils._hris.reporting.data_view import (
    FORMAT,
    last_report,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.reporting.markdown import plan_markdown
from ansible_collections.hris.ad.plugins.module_utils._hris.reporting.plan_page import plan_page
from ansible_collections.hris.ad.plugins.module_utils._hris.reporting.plan_view import view_of
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.feed_profile import (
    GuardLimits,
    compare_profiles,
    profile_from_json,
    profile_of,
    profile_to_json,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.run.journals import read_journal
from ansible_collections.hris.ad.plugins.module_utils._hris.run.write_checks import (
    allowed_by,
    forbidden,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.seals import seal_of

SECRET = "Zanzibar-7"  # a value that no message may quote
OTHERS = [None, True, 7, -1, 1.5, "", "x", SECRET * 20, [], [None], [[]], {}, {"a": 1}, 10**30, float("nan")]


def plan() -> Plan:
    values = {"title": ValueChange(["Clerk"], [SECRET]), "userAccountControl": ValueChange(["512"], ["514"]), "accountExpires": ValueChange(["0"], [])}
    guid = "11111111-2222-3333-4444-555555555555"
    changes = [Change("update", "elmo", "E1", guid, "CN=Ann,DC=x", "title", values, risk="high", risks=["title"], name=SECRET),
               Change("move", "elmo", "E1", guid, "CN=Ann,DC=x", "place", to="CN=Ann,OU=y,DC=x"),
               Change("group_add", "elmo", "E1", guid, "CN=Ann,DC=x", "rule", group="CN=g,DC=x"),
               Change("delete", "elmo", "E2", guid, "CN=Bob,DC=x", "retention", values, groups=["CN=g,DC=x"],
                      referrers=[Referrer(guid, "CN=Di,DC=x", "manager")], lifts_protection=True),
               Change("create", "elmo", "E3", None, "CN=Cy,DC=x", "new", {"cn": ValueChange([], ["Cy"])}, random_password=True, last=True)]
    made = Plan(["elmo"], "2026-03-02T00:00:00+00:00", PlanDomain("x", "DC=x", "dc1"), changes,
                [Finding("held", SECRET, key="E9", place="mapping.title", name=SECRET, source="elmo")],
                [LimitVerdict("elmo", "update", 1, 9, 3, 2.5, True, "too many")], {"active": 1}, {"update": 1}, {"key": 1}, digests={"feed": "sha256:0"},
                rules={"elmo": {"title": Provenance("mapping.title", "title")}}, made="2026-03-02T00:00:00+00:00", expires="9999-12-31T00:00:00+00:00",
                redact=["title"], labels=["displayName"], undoes="sha256:1",
                mark="adminDescription", ownership={"elmo": PlanOwnership(["dc=x"], "employeeID", ["Admins", "CN=Top,DC=x"])}, owners={guid: Owner("elmo", "E1")})
    made.digest = plan_file.digest_of(made)
    return made


def damaged(data: Any) -> Iterator[Any]:
    """Yield the data with one part removed, renamed or replaced, for every part at every depth."""
    if isinstance(data, dict):
        for name, value in data.items():
            rest = {other: kept for other, kept in data.items() if other != name}
            yield rest
            yield {**rest, f"{name}s": value}
            for other in OTHERS:
                yield {**data, name: other}
            for inner in damaged(value):
                yield {**data, name: inner}
    elif isinstance(data, list):
        for position, value in enumerate(data):
            for inner in damaged(value):
                yield [*data[:position], inner, *data[position + 1:]]
            for other in OTHERS:
                yield [*data[:position], other, *data[position + 1:]]


def use(made: Plan, application=None) -> None:
    """All that is done with a plan without a directory."""
    view = view_of(made, application, ["title"])
    for make in (plan_page, changes_sheet, lambda shown: plan_markdown(shown, 10)):
        make(view)
    diffs(made.changes, frozenset(made.redact), 10, made.sources)
    report(made, 10)
    summary(made)
    plan_file.refusal(made, None)
    plan_checks.check_objects(made, "", "", "")
    protected_in([], made.domain.dn, allowed_by(made).entries)
    forbidden(made.changes, {}, protected_in([], made.domain.dn), Domain("DC=x", "x", None, "dc1", "me", None), allowed_by(made), (), {})


def is_clear(error: HrisError) -> None:
    assert SECRET not in str(error) and len(str(error)) < 400, str(error)


def test_every_damage_of_a_plan():
    whole = plan_to_json(plan())
    use(plan_file.read_plan(plan_file.sealed_text(plan(), None), "plan.json", None))
    refused = 0
    for data in damaged(whole):
        data = copy.copy(data)
        data.pop("seal", None)
        text = json.dumps(data | {"seal": seal_of(data, None)})
        try:
            made = plan_file.read_plan([text], "plan.json", None)
            use(made)
        except HrisError as error:
            refused += 1
            is_clear(error)
    assert refused > 500
    for name, words in (("domain", "plan.json: the plan is not complete: domain: it is missing. Make a new plan."),
                        ("people", "plan.json: the plan is not complete: people: it is missing. Make a new plan.")):
        data = {other: value for other, value in whole.items() if other != name}
        with pytest.raises(HrisError) as caught:
            plan_file.read_plan([json.dumps(data | {"seal": seal_of(data, None)})], "plan.json", None)
        assert str(caught.value) == words


@pytest.mark.parametrize("former", [False, True])
def test_every_damage_of_a_journal(tmp_path, former):
    made, path = plan(), tmp_path / "journal"
    first = json.loads("".join(line_of_plan(made)) + "}")
    if former:
        old = first["plan"]
        first["plan"] = {**old, "format": "hris.ad plan 1", "source": "elmo", "rules": old["rules"]["elmo"], "label": "displayName"}
        del first["plan"]["sources"], first["plan"]["labels"], first["plan"]["left_out"]
        for entry in (*first["plan"]["changes"], *first["plan"]["findings"], *first["plan"]["limits"]):
            entry.pop("source", None)
    now = datetime(2026, 3, 2, tzinfo=timezone.utc)
    lines = [first, line_of_intent(made, 0, now), line_of_part(made, 0, "no", now), line_of_result(made, 0, Outcome("refused", "no", "busy"), now)]

    def read(given):
        path.write_text("".join(json.dumps(one) + "\n" for one in given), encoding="utf-8")
        application = read_journal(str(path), None)
        undo = undo_of(application.plan, {index: state.status for index, state in application.states.items()})
        plan_file.digest_of(undo)
        use(undo)
        use(application.plan, application)

    read(lines)
    for position, line in enumerate(lines):
        for data in [*damaged(line), *OTHERS]:
            try:
                read([*lines[:position], data, *lines[position + 1:]])
            except HrisError as error:
                is_clear(error)


OUTCOME = {"key": "E1", "source": "elmo", "type": "user", "guid": "g", "dn": "CN=A,DC=x", "state": "active", "start": "2020-01-01", "end": None,
           "first_day_without_access": None, "timezone": "UTC", "events": ["created"], "attributes": {"title": [SECRET]}, "before": {"title": ["a"]},
           "groups_added": ["CN=g"], "groups_removed": [], "employee": {"id": 1}, "check_mode": False, "occurrences": ["created 2026-03-02 1"]}
LETTER = {"webhook": "hook", "object": {"key": "E1"}, "today": "2026-03-02", "now": "", "idempotency_key": None, "reason": None, "status": 500,
          "possibly_delivered": False, "attempts": 1, "at": ""}
ENTRY = {"kind": "event", "account": "g", "event": "created", "day": "2026-03-02"}
LINES = {
    "outcome": (OUTCOME, lambda path: [objects.of_account(one) for one in outcome_file.read(path, True, None)]),
    "undelivered": (LETTER, lambda path: dead_letters.read(path, None)),
    "ledger": (ENTRY, lambda path: step_ledger.read(path, None)),
}


@pytest.mark.parametrize("name", LINES)
def test_every_damage_of_a_line(tmp_path, name):
    line, read = LINES[name]
    path = str(tmp_path / name)
    write_private(path, [json.dumps(line) + "\n"])
    assert read(path)
    for data in [*damaged(line), *OTHERS]:
        write_private(path, [json.dumps(line) + "\n", json.dumps(data) + "\n"])
        try:
            read(path)
        except HrisError as error:
            is_clear(error)
            assert f"{path}, line 2" in str(error)


def test_every_damage_of_a_profile():
    records = [{"id": str(number), "kind": "staff", "unit": {"title": "x"}} for number in range(30)]
    good = profile_of(records, [record["id"] for record in records])
    whole = json.loads(json.dumps(profile_to_json(good)))
    for data in [*damaged(whole), *OTHERS]:
        try:
            last = profile_from_json(data, "profile.json")
        except HrisError as error:
            is_clear(error)
            continue
        if last is not None:
            compare_profiles(good, last, GuardLimits(10, 20, 10, "report"))


def test_every_damage_of_a_last_report():
    whole = {"format": FORMAT, "fields": {"title": {"missing": 3, "share": 0.1}}, "history": []}
    assert last_report(whole, "report.json").missing == {"title": 3}
    for data in [*damaged(whole), *OTHERS]:
        try:
            assert all(isinstance(count, int) for count in last_report(data, "report.json").missing.values())
        except HrisError as error:
            is_clear(error)
