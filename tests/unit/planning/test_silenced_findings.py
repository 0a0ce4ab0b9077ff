"""Findings that somebody has looked at: only counted until a day, and never those about access that is open."""
from __future__ import annotations

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.model.findings import OPEN_ACCESS

BOSS = {"employeeID": "number", "givenName": "first", "sn": "last", "displayName": "{first} {last || ''}", "title": {"from": "title", "table": {"Clerk": "Clerk"}}}


def silence(kind="unmapped", **more):
    return {"kind": kind, "until": "2026-03-31", "reason": "HR renames the titles", **more}


def findings(company, entries, people=None):
    people = people or [company.employee(str(number), last=f"L{number}", title="Pilot") for number in (1, 2, 3)]
    return company.plan(people, company.snapshot(), mapping=BOSS, silenced=entries).findings


def seen(found):
    return sorted((one.kind, one.key) for one in found)


def test_what_is_found_without_an_entry(company):
    assert seen(findings(company, [])) == [("unmapped", "1"), ("unmapped", "2"), ("unmapped", "3")]


@pytest.mark.parametrize(("entry", "left", "said"), [
    (silence(), [], "3 findings are silenced until 2026-03-31: unmapped (HR renames the titles)."),
    (silence(only=["2"]), [("unmapped", "1"), ("unmapped", "3")], "1 finding is silenced until"),
    (silence(only=["2", " 3 "]), [("unmapped", "1")], "2 findings are silenced until"),
    (silence(place="mapping.title"), [], "3 findings are silenced"),
    (silence(place="mapping.sn"), [("unmapped", "1"), ("unmapped", "2"), ("unmapped", "3")], "no finding is silenced by the entry for unmapped"),
    (silence("reference"), [("unmapped", "1"), ("unmapped", "2"), ("unmapped", "3")], "no finding is silenced by the entry for reference"),
    (silence(until="2026-03-02"), [], "3 findings are silenced until 2026-03-02"),
    (silence(until="2026-03-01"), [("unmapped", "1"), ("unmapped", "2"), ("unmapped", "3")], "has ended on 2026-03-01 (HR renames the titles). Look at these"),
])
def test_an_entry(company, entry, left, said):
    found = findings(company, [entry])
    (about,) = [one for one in found if one.kind == "silenced"]
    assert said in about.message
    assert (about.place, about.source) == ("silenced[0]", "elmo")
    assert about.severity == ("warning" if "ended" in said else "info")
    assert seen(one for one in found if one.kind != "silenced") == left


def test_errors_are_silenced_for_named_people_only(company):
    people = [company.employee("1", start="soon"), company.employee("2", last="Ray", start="later")]
    held = [("held", "1"), ("held", "2")]
    assert seen(one for one in findings(company, [silence("held")], people) if one.kind == "held") == held
    named = findings(company, [silence("held", only=["1"])], people)
    assert seen(one for one in named if one.kind == "held") == [("held", "2")]


def test_who_is_held_stays_held_and_is_counted(company):
    people = [company.employee("1", start="soon"), company.employee("2", last="Ray")]
    snapshot = company.snapshot(company.account("1", "alee"), company.account("2", "aray", rid=1101))
    loud, quiet = (company.plan(people, snapshot, silenced=entries) for entries in ([], [silence("held", only=["1"])]))
    assert quiet.people == loud.people
    assert quiet.changes == loud.changes
    assert quiet.limits == loud.limits
    assert [limit.changes for limit in quiet.limits if limit.action == "held"] == [1]


@pytest.mark.parametrize("kind", OPEN_ACCESS)
def test_access_that_is_open_is_always_said(company, kind):
    with pytest.raises(HrisError, match="cannot be silenced, because somebody can still log on") as caught:
        company.rules(silenced=[silence(kind, only=["1"])])
    assert caught.value.place == "silenced[0].kind"


def test_the_day_is_a_date(company):
    with pytest.raises(HrisError, match="is not a date") as caught:
        company.rules(silenced=[silence(until="soon")])
    assert caught.value.place == "silenced[0].until"
