# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run for some people only: the same plan as ever, and of it only their changes."""
from __future__ import annotations

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.model.plan_json import (
    change_to_json,
    plan_from_json,
    plan_to_json,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.only import check_only
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.plan import make_plan
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.plan_file import digest_of
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.summary import sentence
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.people import (
    Feed,
    people_of_sources,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.simulation.application import (
    apply_simulated,
)

ALL_STAFF = "CN=All Staff,OU=Groups,DC=corp,DC=example"


@pytest.fixture
def plan(company):
    """plan(only, feed or {source: feed}, snapshot, **rules) -> the plan."""
    def planned(only, feed, snapshot, **rules):
        feeds = feed if isinstance(feed, dict) else {"elmo": feed}
        given = [Feed(company.rules(source=name, **rules), employees) for name, employees in feeds.items()]
        people = people_of_sources(given, company.as_of)
        return make_plan(people, snapshot, company.as_of, only=only).plan
    return planned


def known(company, number, first="Ann", last=None, **more):
    """The account of an employee as a run has left it."""
    last = last or f"Lee{number}"
    return company.account(str(number), f"u{number}", f"{first} {last}", rid=1100 + int(number), groups=[ALL_STAFF],
                           **{"givenName": first, "sn": last, "displayName": f"{first} {last}", "title": "Clerk"} | more)


def found(plan):
    return sorted((finding.kind, finding.key or "") for finding in plan.findings)


def of(plan):
    return {change.key for change in plan.changes}


def test_their_changes_are_those_of_the_run_for_everybody(company, plan):
    """Two leavers, a mover and a joiner: each alone gets what the whole plan has, and the names are the same."""
    feed = [company.employee("1", last="Lee1", end="2026-01-31"), company.employee("2", last="Lee2", end="2026-01-31"),
            company.employee("3", last="Lee3", title="Head"), company.employee("4"), company.employee("5", start="2019-01-01")]
    snapshot = company.snapshot(*(known(company, number) for number in (1, 2, 3)))
    whole = plan(None, feed, snapshot)
    assert of(whole) == set("12345") and "only for" not in sentence(whole) and whole.only is None
    for key in "12345":
        part = plan([key], feed, snapshot)
        assert list(map(change_to_json, part.changes)) == [change_to_json(change) for change in whole.changes if change.key == key] != []
        assert part.only == [f"elmo:{key}"] and sum(part.people.values()) == 1 and "only for 1 person" in sentence(part)
    both = plan(["2", "elmo:4"], feed, snapshot)
    assert of(both) == {"2", "4"} and both.people == {"leaver": 1, "active": 1}
    digests = {digest_of(one) for one in (whole, both, plan(["4", "2"], feed, snapshot), plan(["4"], feed, snapshot))}
    assert len(digests) == 3, "the order of the keys names no other plan"


def test_a_plan_without_changes_for_somebody_is_not_that_for_everybody(company, plan):
    feed, snapshot = [company.employee("1", last="Lee1")], company.snapshot(known(company, 1))
    nobody, one, everybody = (plan(only, feed, snapshot) for only in ([], ["1"], None))
    assert nobody.changes == one.changes == everybody.changes == []
    assert len({digest_of(nobody), digest_of(one), digest_of(everybody)}) == 3


def test_an_empty_list_is_nothing_to_do(company, plan):
    part = plan([], [company.employee("1")], company.snapshot())
    assert part.changes == [] and part.only == [] and part.people == {} and found(part) == []


def test_a_manager_who_is_created_outside_is_written_by_the_next_full_run(company, plan):
    feed = [company.employee("1", manager="id-2"), company.employee("2", "Bo", "Ek"), company.employee("3", last="Lee3", manager="id-2")]
    snapshot = company.snapshot(known(company, 3))
    part = plan(["1", "3"], feed, snapshot)
    assert of(part) == {"1"}, "nothing else of employee 3 differs"
    assert all("manager" not in change.attributes for change in part.changes) and {change.action for change in part.changes} == {"create", "group_add"}
    assert found(part) == [("waiting", "1"), ("waiting", "3")] and "manager" in part.findings[0].message
    after = apply_simulated(snapshot, part.changes)
    rest = plan(None, feed, after)
    assert {change.key for change in rest.changes if "manager" in change.attributes} == {"1", "3"}
    assert plan(["1", "2"], feed, snapshot).findings == []


def test_a_manager_who_is_moved_outside_is_named_where_he_is(company, plan):
    feed = [company.employee("1", last="Lee1", manager="id-2"), company.employee("2", last="Lee2")]
    manager = company.account("2", "u2", "Ann Lee2", ou="OU=Groups,DC=corp,DC=example", rid=1102, groups=[ALL_STAFF], givenName="Ann", sn="Lee2",
                              displayName="Ann Lee2", title="Clerk")
    (change,) = plan(["1"], feed, company.snapshot(known(company, 1), manager)).changes
    assert change.attributes["manager"].after == ["CN=Ann Lee2,OU=Groups,DC=corp,DC=example"]


@pytest.mark.parametrize(("only", "waits"), [(["1"], True), (["2"], True), (["1", "2"], False)])
def test_who_exchanges_names_with_somebody_outside_waits(company, plan, only, waits):
    """The lock of a leaver would not wait: only the name does."""
    feed = [company.employee("1", "Ann", "Lee2"), company.employee("2", "Ann", "Lee1", title="Head")]
    naming = {"rename": ["cn"], "candidates": ["{ascii(givenName)}.{ascii(sn)}"], "attributes": {"sAMAccountName": "{lower(name)}", "cn": "{displayName}"}}
    snapshot = company.snapshot(known(company, 1), known(company, 2))
    part = plan(only, feed, snapshot, naming=naming)
    renamed = {change.key for change in part.changes if change.action == "rename"}
    assert renamed == (set() if waits else {"1", "2"})
    assert found(part) == ([("waiting", only[0])] if waits else [])
    updated = {change.key for change in part.changes if change.action == "update"}
    assert updated == set(only), "what is no name is written"


def test_only_the_ous_that_they_need(company, plan):
    feed = [company.employee("1", department="North"), company.employee("2", "Bo", "Ek", department="South")]
    rules = {"placement": [{"ou": f"OU={{department}},OU=New,{company.staff}", "create": True}]}
    part = plan(["2"], feed, company.snapshot(), **rules)
    assert [change.dn.partition(",")[0] for change in part.changes if change.action == "create_ou"] == ["OU=New", "OU=South"]
    assert plan(["1", "2"], feed, company.snapshot(), **rules).counts["create_ou"] == 3


def test_keys_that_nobody_has(company, plan):
    feed = [company.employee("1", last="Lee1")]
    snapshot = company.snapshot(known(company, 1))
    part = plan(["1", "E404", "icehrm:1"], feed, snapshot)
    assert found(part) == [("unknown_key", "E404"), ("unknown_key", "icehrm:1")] and {one.severity for one in part.findings} == {"error"}
    assert "E404" in part.findings[0].message and part.changes == [] and part.only == ["E404", "elmo:1", "icehrm:1"]


def test_an_account_whose_employee_is_absent(company, plan):
    """HR has removed the record: the rules for absent decide, as in any run, and for nobody else."""
    feed = [company.employee("1", last="Lee1")]
    snapshot = company.snapshot(*(known(company, number) for number in (1, 2, 3)))
    part = plan(["2"], feed, snapshot)
    assert part.changes == [] and found(part) == [("absent", "2")]
    long_ago = "hris.ad source=elmo state=active absent=2026-01-01"
    snapshot = company.snapshot(known(company, 1), known(company, 2, mark=long_ago), known(company, 3, mark=long_ago))
    locked = plan(["2"], feed, snapshot, absent={"action": "disable", "grace_days": 7})
    assert of(locked) == {"2"} and "disable" in {change.action for change in locked.changes}
    assert ("not_selected", "") in found(locked), "account 3 would be locked too"


def test_a_record_that_cannot_be_used_is_known(company, plan):
    part = plan(["1"], [company.employee("1", start="soon"), company.employee("2", start="soon")], company.snapshot())
    assert found(part) == [("held", "1")] and part.people == {"held": 1}


def test_the_limits_of_the_feed_are_those_of_everybody(company, plan):
    """And those of actions count only what this run would do."""
    feed = [company.employee(str(number), last=f"Lee{number}", end="2026-01-31" if number < 9 else None) for number in range(1, 11)]
    snapshot = company.snapshot(*(known(company, number) for number in range(1, 31)))
    limits = {"disable": {"count": 2}, "absent": {"count": 19}}
    verdicts = {one.action: (one.changes, one.exceeded) for one in plan(["1", "2"], feed, snapshot, limits=limits).limits}
    assert verdicts["disable"] == (2, False) and verdicts["absent"] == (20, True)
    assert {one.action: one.exceeded for one in plan(["1", "2", "3"], feed, snapshot, limits=limits).limits}["disable"]


def test_others_who_stay_open_are_counted_but_not_named(company, plan):
    feed = [company.employee(str(number), last=f"Lee{number}", end="2026-01-31") for number in range(1, 6)]
    snapshot = company.snapshot(*(known(company, number) for number in range(1, 6)))
    (finding,) = plan(["2"], feed, snapshot).findings
    assert finding.kind == "not_selected" and finding.severity == "warning" and "4 other accounts" in finding.message and finding.key is None


def test_the_same_key_in_two_sources(company, plan):
    feeds = {"elmo": [company.employee("7", "Ann", "Lee")], "icehrm": [company.employee("7", "Bo", "Ek")]}
    names = {entry: plan([entry], feeds, company.snapshot()).only for entry in ("7", "elmo:7", "ICEHRM:7")}
    assert names == {"7": ["elmo:7", "icehrm:7"], "elmo:7": ["elmo:7"], "ICEHRM:7": ["icehrm:7"]}
    (finding,) = plan(["icehrm:7"], feeds, company.snapshot()).findings
    assert (finding.source, finding.key, finding.kind) == ("icehrm", "7", "other_source")
    assert {change.source for change in plan(["elmo:7"], feeds, company.snapshot()).changes} == {"elmo"}


@pytest.mark.parametrize("entry", ["1", "77", "icehrm:77", "elmo:1"])
def test_each_key_of_a_person_will_do(company, plan, entry):
    feeds = {"elmo": [company.employee("1", tax="T1")], "icehrm": [company.employee("77", tax="T1", start="2010-01-01")]}
    part = plan([entry], feeds, company.snapshot(), identity={"same": {"tax_number": "tax"}}, optional_fields=["tax"])
    assert {(change.source, change.key) for change in part.changes} == {("elmo", "1")} and found(part) == []


def test_a_key_with_a_colon(company, plan):
    assert of(plan(["elmo:9"], [company.employee("elmo:9"), company.employee("9", "Bo", "Ek")], company.snapshot())) == {"elmo:9", "9"}


def test_a_plan_file_keeps_whom_it_is_for(company, plan):
    part = plan(["1"], [company.employee("1")], company.snapshot())
    data = plan_to_json(part)
    assert data["only"] == ["elmo:1"] and digest_of(plan_from_json(data, "", "", "")) == digest_of(part)
    assert "only" not in plan_to_json(plan(None, [company.employee("1")], company.snapshot()))


@pytest.mark.parametrize(("only", "shard", "result"), [
    (None, None, None), ([], None, []), ([" E1 ", "E1", "E2"], None, ["E1", "E2"]),
    (["E1", " "], None, "is empty"), (["E1"], {"part": 1, "of": 2}, "together"), ([], {"part": 1, "of": 2}, "together"),
])
def test_what_can_be_given(only, shard, result):
    if not isinstance(result, str):
        assert check_only(only, shard) == result
        return
    with pytest.raises(HrisError, match=result):
        check_only(only, shard)
