# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts that somebody locked out before HR had the leaving: what the mark keeps, and what runs, plans and undos make of it."""
from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.ad_values.protection import protected_in
from ansible_collections.hris.ad.plugins.module_utils._hris.model.findings import open_access
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.lock_outs import (
    Subject,
    has_old_password,
    is_enabled_by_lifting,
    lock_out_of,
    lost_groups,
    removals,
    restored_groups,
    with_lock_out,
    without_lock_out,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.mark_texts import (
    cleaned,
    decoded,
    encoded,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.ownership import (
    Mark,
    read_mark,
    write_mark,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.undo import undo_of
from ansible_collections.hris.ad.plugins.module_utils._hris.run.write_checks import (
    allowed_by,
    forbidden,
)

AT = "2026-02-27T10:15:00Z"
OUT = f"hris.ad source=elmo state=active locked_out={AT} by=ann reason=Dismissed+today ticket=T-7 password=1"
ALL_STAFF, FINANCE = ("CN=All Staff,OU=Groups,DC=corp,DC=example", "CN=Finance,OU=Groups,DC=corp,DC=example")
TEXTS = ["plain", "two words", "50 % + 5", "%2B", "a+b", "%25", "key=x by=y", "naïve ünd 漢字", "a  b\tc\nd", "x" * 500, "\x00\x1b[31mred", "\ud800half", "‮turned", ""]


def settled(company, enabled=False, mark=OUT, **more):
    values = {"givenName": "Ann", "sn": "Lee", "displayName": "Ann Lee", "title": "Clerk", "groups": [ALL_STAFF]} | more
    return company.account("1", "alee", "Ann Lee", enabled=enabled, mark=mark, **values)


@pytest.mark.parametrize("text", TEXTS)
def test_texts_of_people_in_a_mark(text):
    clean = cleaned(text, 200)
    assert len(clean) <= 200 and clean.isprintable() and decoded(encoded(clean)) == clean and len(encoded(clean).split()) <= 1
    mark = Mark("elmo", "active", locked_out=AT, by=clean or None, reason=clean or None, ticket=clean or None, key="a key=1 by=2", contributors=("icehrm",))
    assert read_mark(write_mark(mark)) == mark and write_mark(read_mark(write_mark(mark))) == write_mark(mark)


def test_a_mark_without_a_lock_out_is_as_before():
    for text in ("hris.ad source=elmo state=active", "hris.ad source=elmo state=disabled since=2026-03-02 key=a b"):
        assert write_mark(read_mark(text)) == text and not read_mark(text).is_scrambled


RECORDS = {
    "active": {}, "renamed": {"last": "Moe", "title": "Boss"}, "moved": {"department": "Finance"}, "on leave": {"away": True},
    "last day ahead": {"end": "2026-06-30"}, "not due": {"start": "2026-06-01"}, "out of scope": {"department": "Outside"}, "unreadable": {"start": "nonsense"}}


@pytest.mark.parametrize("enabled", [False, True])
@pytest.mark.parametrize("record", RECORDS)
def test_whatever_hr_says(company, record, enabled):
    options = {"dates": {"start": "start", "end": "end", "on_leave": "away"}, "leave": {"account": "disable"}, "scope": {"when": "department != 'Outside'"}}
    plan = company.plan([company.employee("1", away=False) | RECORDS[record]], company.snapshot(settled(company, enabled=enabled)), **options)
    (finding,) = [one for one in plan.findings if one.kind.startswith("locked_out")]
    assert (finding.key, finding.source, finding.name) == ("1", "elmo", finding.name) and f"by ann since {AT}: Dismissed today (T-7)" in finding.message
    if enabled and record == "unreadable":  # nothing can be decided for a held person, so it is said
        assert finding.kind == "locked_out_enabled" and open_access(plan.findings) == {"locked_out_enabled": 1} and not plan.changes
    elif enabled:
        (change,) = plan.changes
        assert change.action == "disable" and set(change.attributes) == {"userAccountControl"} and not open_access(plan.findings)
    else:
        assert plan.changes == [] and finding.severity == "warning"


@pytest.mark.parametrize("blocked", ["exclude", "duplicate", "protected", "absent"])
def test_it_is_said_for_everybody(company, blocked):
    account, people, options = settled(company), [company.employee("1")], {}
    accounts = [account]
    if blocked == "exclude":
        options = {"exceptions": [{"key": "1", "action": "exclude", "reason": "r"}]}
    if blocked == "duplicate":
        accounts.append(replace(settled(company, mark="hris.ad source=elmo state=active"), guid="g2", dn="CN=Other,OU=Staff,DC=corp,DC=example"))
    if blocked == "protected":
        accounts = [replace(account, admin_count=True)]
    if blocked == "absent":
        people = [company.employee("2", "Bo", "Ek")]
    plan = company.plan(people, company.snapshot(*accounts), **options)
    found = [one for one in plan.findings if one.kind == "locked_out"]
    assert [one.key for one in found] == ["1"] and all(change.guid != account.guid for change in plan.changes)


def test_absence_is_no_leaving_until_the_grace_days_are_over(company):
    absent = {"absent": {"action": "disable", "grace_days": 14}}
    others = [company.employee("2", "Bo", "Ek")]
    account = settled(company)
    plan = company.plan(others, company.snapshot(account), **absent)
    (change,) = [one for one in plan.changes if one.guid == account.guid]
    assert change.attributes["adminDescription"].after == [OUT.replace(" locked_out", " absent=2026-03-02 locked_out")]
    noted = settled(company, mark=OUT.replace(" locked_out", " absent=2026-02-20 locked_out"))
    assert not [one for one in company.plan(others, company.snapshot(noted), **absent).changes if one.guid == noted.guid]
    over = settled(company, mark=OUT.replace(" locked_out", " absent=2026-02-10 locked_out"))
    (change,) = [one for one in company.plan(others, company.snapshot(over), **absent).changes if one.attributes.get("adminDescription") and one.guid == over.guid]
    assert change.attributes["adminDescription"].after == ["hris.ad source=elmo state=disabled since=2026-02-24 password=scrambled"]
    back = company.plan([company.employee("1")], company.snapshot(noted), **absent)
    assert [one.attributes["adminDescription"].after for one in back.changes] == [[OUT]], "the day of the absence is forgotten, and nothing else"


def test_the_leaving_keeps_what_was_saved_and_counts_hr_s_days(company):
    saved = ["hris.ad group=guid-All Staff since=2026-02-27", "another value"]
    account = settled(company, groups=[FINANCE], extensionName=saved, ou=company.leavers)
    leaver = {"groups": "remove_all", "move_to": company.leavers, "delete_after_days": 30}
    plan = company.plan([company.employee("1", end="2026-02-28")], company.snapshot(account), leaver=leaver)
    (update, taken) = plan.changes
    assert update.attributes["adminDescription"].after == ["hris.ad source=elmo state=disabled since=2026-03-01 password=scrambled"]
    assert update.attributes["extensionName"].after == [*saved, "hris.ad group=guid-Finance since=2026-03-01"] and taken.group == FINANCE
    assert not update.random_password and not [one for one in plan.findings if one.kind == "locked_out"]


@pytest.mark.parametrize(("state", "new"), [("disabled since=2026-02-01 password=scrambled", True), ("disabled since=2026-02-01", False),
                                            ("prepared password=scrambled", True), ("leave", False)])
def test_a_scrambled_password_is_replaced_whatever_the_leaver_rules_say(company, state, new):
    plan = company.plan([company.employee("1")], company.snapshot(settled(company, mark=f"hris.ad source=elmo state={state}")))
    (change,) = [one for one in plan.changes if one.action == "enable"]
    assert change.random_password is new and change.attributes["adminDescription"].after == ["hris.ad source=elmo state=active"]


def test_a_paused_account_remembers_that_its_password_is_scrambled(company):
    account = settled(company, mark="hris.ad source=elmo state=leave password=scrambled", title="Other")
    plan = company.plan([company.employee("1", away=True)], company.snapshot(account), dates={"start": "start", "on_leave": "away"}, leave={"account": "disable"})
    assert [set(one.attributes) for one in plan.changes] == [{"title"}]


def test_names_are_not_given_to_others(company):
    """Somebody locked out keeps the name, although HR gives it to somebody else in exchange."""
    out = company.account("1", "alee", "Ann Lee", enabled=False, mark=OUT, rid=1101, givenName="Ann", sn="Lee", displayName="Ann Lee", title="Clerk")
    other = company.account("2", "bek", "Bo Ek", rid=1102, givenName="Bo", sn="Ek", displayName="Bo Ek", title="Clerk", groups=[ALL_STAFF])
    naming = {"candidates": ["{left(ascii(givenName), 1)}{ascii(sn)}"], "attributes": {"sAMAccountName": "{lower(name)}", "cn": "{displayName}"},
              "rename": ["cn", "sAMAccountName"]}
    people = [company.employee("1", "Bo", "Ek"), company.employee("2", "Ann", "Lee")]
    plan = company.plan(people, company.snapshot(out, other), identity={"confirmed": "`true`"}, naming=naming)
    assert not [one for one in plan.changes if one.guid == out.guid]
    given = [one.attributes["sAMAccountName"].after for one in plan.changes if "sAMAccountName" in one.attributes]
    assert given == [["alee2"]] and "CN=Ann Lee 2," in "".join(one.to or "" for one in plan.changes)


def test_nobody_takes_it_over(company):
    account = settled(company, mark=OUT.replace("source=elmo", "source=icehrm"))
    plan = company.plan([company.employee("1")], company.snapshot(account))
    assert plan.changes == [] and "locked_out" in [one.kind for one in plan.findings]


def subject_of(company, account):
    return Subject(account, "adminDescription", read_mark(account.attributes["adminDescription"][0]), "1")


def test_the_mark_of_a_lock_out_and_of_lifting_it(company):
    account = settled(company, enabled=True, mark="hris.ad source=elmo state=active key=other")
    request = lock_out_of(AT, "ann", "Dismissed today", "")
    mark = with_lock_out(subject_of(company, account), request, "1", None)
    assert write_mark(mark) == f"hris.ad source=elmo state=active locked_out={AT} by=ann reason=Dismissed+today password=1 key=other"
    assert is_enabled_by_lifting(mark) and write_mark(without_lock_out(mark, True)) == "hris.ad source=elmo state=active key=other"
    by_hand = with_lock_out(subject_of(company, replace(account, enabled=False)), request, "1", None)
    assert by_hand.before == "disabled" and not is_enabled_by_lifting(by_hand)
    assert write_mark(without_lock_out(by_hand, False)) == "hris.ad source=elmo state=active password=scrambled key=other"
    leaver = settled(company, mark="hris.ad source=elmo state=disabled since=2026-01-01")
    assert not is_enabled_by_lifting(with_lock_out(subject_of(company, leaver), request, "1", None))
    first = settled(company)
    assert with_lock_out(subject_of(company, first), lock_out_of("2026-03-01T00:00:00Z", "bo", "Another", ""), "2", None) == read_mark(OUT)


@pytest.mark.parametrize(("most", "kept"), [(None, ("reason", "ticket", "by")), (103, ("ticket", "by")), (80, ("by",)), (69, ())])
def test_a_mark_has_to_fit(company, most, kept):
    account = settled(company, enabled=True, mark="hris.ad source=elmo state=active")
    mark = with_lock_out(subject_of(company, account), lock_out_of(AT, "ann", "Dismissed today", "T-7"), None, most)
    assert mark.locked_out == AT and tuple(name for name in ("reason", "ticket", "by") if getattr(mark, name)) == kept
    assert most is None or len(write_mark(mark)) <= most


@pytest.mark.parametrize(("mark", "now", "old"), [(None, "1", True), ("hris.ad source=elmo state=active", "1", True), (OUT, "1", True), (OUT, "2", False),
                                                  (OUT, None, False), (OUT.replace(" password=1", ""), "1", False)])
def test_whether_the_password_is_still_the_old_one(mark, now, old):
    assert has_old_password(read_mark(mark), now) is old


@pytest.mark.parametrize(("policy", "lost"), [("keep", ["All Staff"]), ("remove_managed", ["All Staff"]), ("remove_all", ["All Staff", "Finance"])])
def test_groups_that_are_taken_and_given_back(company, policy, lost):
    admins = company.group("Domain Admins", 512)
    groups = [company.group("Finance", 2001), company.group("All Staff"), admins]
    account = settled(company, groups=[group.dn for group in groups], extensionName=["kept"])
    privileged = {"cn=domain admins,ou=groups,dc=corp,dc=example"}
    found = lost_groups(account, groups, {"cn=all staff,ou=groups,dc=corp,dc=example"}, privileged, policy)
    assert [group.name for group in found] == lost
    changes = removals(subject_of(company, account), found, "extensionName", "2026-02-27", "r")
    assert changes[0].attributes["extensionName"].after == ["kept", *(f"hris.ad group=guid-{name} since=2026-02-27" for name in lost)]
    assert [one.action for one in changes[1:]] == ["group_remove"] * len(lost), "saved before it is taken"
    after = replace(account, groups=[], attributes=account.attributes | {"extensionName": changes[0].attributes["extensionName"].after})
    assert [group.name for group in restored_groups(after, "extensionName", groups, privileged)] == lost
    assert removals(subject_of(company, after), [], "extensionName", "2026-03-27", "r") == [], "a second run does not overwrite what is saved"


def check(company, plan, account):
    """{index: why} of the checks right before writing, with the account as it is by then."""
    snapshot = company.snapshot(account)
    groups = frozenset(group.dn.lower() for group in snapshot.groups)
    return forbidden(plan.changes, {account.guid: account}, protected_in(snapshot.groups, snapshot.domain.dn), snapshot.domain, allowed_by(plan), groups, {})


@pytest.mark.parametrize("mark", ["hris.ad source=elmo state=disabled since=2026-02-01", "hris.ad source=elmo state=leave", "hris.ad source=elmo state=prepared"])
def test_a_plan_that_is_older_than_the_lock_out_writes_nothing(company, mark):
    plan = company.plan([company.employee("1")], company.snapshot(settled(company, mark=mark, title="Other", ou=company.leavers)))
    assert {"enable", "move"} <= {one.action for one in plan.changes}
    out = settled(company, mark=f"{mark} locked_out={AT}", ou=company.leavers)
    assert set(check(company, plan, out)) == set(range(len(plan.changes))) and "locked out since" in check(company, plan, out)[0]


def test_a_plan_that_knows_the_lock_out_is_applied(company):
    account = settled(company)
    plan = company.plan([company.employee("1", end="2026-02-28")], company.snapshot(account), leaver={"groups": "remove_managed", "move_to": company.leavers})
    assert plan.changes and plan.owners[account.guid].locked_out == AT and check(company, plan, account) == {}
    locked = settled(company, mark="hris.ad source=elmo state=disabled since=2026-03-01 password=scrambled")
    assert check(company, plan, locked) == {}, "memberships are checked after the mark was written"
    undo = undo_of(plan, dict.fromkeys(range(len(plan.changes)), "applied"))
    assert undo.owners[account.guid].locked_out is None


def test_limits_do_not_count_lock_outs_as_terminations(company):
    plan = company.plan([company.employee("1", end="2026-02-28")], company.snapshot(settled(company)), limits={"disable": {"count": 0}})
    assert [one.exceeded for one in plan.limits if one.action == "disable"] == [False]
