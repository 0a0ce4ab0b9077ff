# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is saved before the leaver rules change an account, and what a rehire gets back of it, by the days that have passed."""
from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.saved_values import (
    saved_in,
    with_values,
    without_saved,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.undo import undo_of
from ansible_collections.hris.ad.plugins.module_utils._hris.simulation.application import (
    apply_simulated,
)

LEFT = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
BOSS, CHESS = "CN=Bo Ek,OU=Staff,DC=corp,DC=example", "CN=Chess,OU=Groups,DC=corp,DC=example"
BANDS = {"restore": [{"within_days": 30, "what": "all"}, {"within_days": 365, "what": "groups"}]}
LEAVER = {
    "groups": "remove_all",
    "move_to": "OU=Leavers,DC=corp,DC=example",
    "attributes": {"mobile": {"constant": ""}, "description": "Left {end}", "info": {"constant": "gone"}, "title": {"constant": "Former"},
                   "msNPAllowDialin": {"constant": False}, "assistant": {"constant": ""}, "accountExpires": {"constant": "134172288000000000"}},
}
RULES = {"leaver": LEAVER, "rehire": BANDS,
         "placement": [{"ou": "OU=Staff,DC=corp,DC=example", "apply": "on_create"}]}
NAMES = {"displayName": "Ann Lee", "givenName": "Ann", "sn": "Lee"}
DESK = "OU=Desk,OU=Staff,DC=corp,DC=example"


def rich(company, **more):
    """Somebody's account with all that leaver rules change."""
    values = {"mobile": ["+61 400 000 001"], "info": ["two\nlines; “quoted”"], "title": "Clerk", "assistant": BOSS, "description": "By hand", "msNPAllowDialin": "TRUE",
              "accountExpires": "9223372036854775807"} | NAMES | more
    return company.account("1", "alee", "Ann Lee", ou=DESK, groups=[CHESS, "CN=All Staff,OU=Groups,DC=corp,DC=example"], **values)


def directory(company, account, *others):
    groups = [company.group("All Staff"), company.group("Finance", 2001), company.group("Chess", 2002), company.group("Domain Admins", 512)]
    boss = company.account("2", "bek", "Bo Ek", rid=1101, displayName="Bo Ek", givenName="Bo", sn="Ek", title="Clerk", groups=["CN=All Staff,OU=Groups,DC=corp,DC=example"])
    snapshot = company.snapshot(account, boss, *others, groups=groups)
    return replace(snapshot, containers=[*snapshot.containers, DESK])


def run(company, snapshot, as_of=LEFT, end=None, rules=RULES, first="Ann", **more):
    """(the plan, the directory after it)."""
    people = [company.employee("1", first, end=end, **more), company.employee("2", "Bo", "Ek")]
    plan = company.plan(people, snapshot, as_of=as_of, **rules)
    return plan, apply_simulated(snapshot, plan.changes)


def left(company, account, **more):
    """The directory after the account was locked."""
    plan, after = run(company, directory(company, account), end="2026-03-01", **more)
    assert [one for one in plan.findings if one.severity == "error"] == []
    again, _after = run(company, after, end="2026-03-01", **more)
    assert again.changes == [], "the second run changes nothing"
    return after


def one_of(snapshot):
    return next(account for account in snapshot.accounts if account.attributes["sAMAccountName"] == ["alee"])


def test_everything_comes_back_in_the_first_band(company):
    before = rich(company)
    gone = left(company, before)
    locked = one_of(gone)
    assert locked.attributes["info"] == ["gone"] and "mobile" not in locked.attributes and locked.dn.endswith(company.leavers)
    plan, back = run(company, gone, LEFT + timedelta(days=30))
    assert [change.action for change in plan.changes] == ["enable", "move", "group_add", "group_add", "update"]
    account = one_of(back)
    assert {name: values for name, values in account.attributes.items() if name != "extensionName"} == before.attributes
    assert (account.dn, set(account.groups)) == (before.dn, set(before.groups))
    assert account.attributes["extensionName"] == ["hris.ad given=2000"]
    assert run(company, back, LEFT + timedelta(days=30))[0].changes == []
    for number in range(len(plan.changes)):  # killed in between
        killed = apply_simulated(gone, plan.changes[:number])
        assert run(company, killed, LEFT + timedelta(days=30))[1].accounts == back.accounts, number


def state_of(account):
    """Without the order of values, which the directory does not keep either."""
    values = {name: sorted(values) for name, values in account.attributes.items() if values}
    return account.dn, account.enabled, sorted(account.groups), values


@pytest.mark.parametrize("returns", [False, True])
def test_an_undo_puts_everything_back(company, returns):
    before = directory(company, rich(company))
    plan, after = run(company, before, end="2026-03-01")
    if returns:
        before = after
        plan, after = run(company, before, LEFT + timedelta(days=1))
    undo = undo_of(plan, dict.fromkeys(range(len(plan.changes)), "applied"))
    assert state_of(one_of(apply_simulated(after, undo.changes))) == state_of(one_of(before))


def test_only_groups_come_back_in_the_second_band(company):
    gone = left(company, rich(company))
    account = one_of(run(company, gone, LEFT + timedelta(days=31))[1])
    assert {"mobile", "info", "assistant", "description"}.isdisjoint(account.attributes) and account.attributes["title"] == ["Clerk"]
    assert CHESS in account.groups and account.dn.endswith(company.leavers), "no rule and no band gives the place"


def test_after_the_last_band_a_human_decides_and_nothing_comes_back(company):
    gone = left(company, rich(company))
    plan, _after = run(company, gone, LEFT + timedelta(days=366), start="2027-03-03")
    assert [(one.kind, one.key) for one in plan.findings if one.severity == "error"] == [("identity_changed", "1")] and plan.changes == []
    confirmed = RULES | {"exceptions": [{"key": "1", "action": "confirm", "reason": "it is she"}]}
    account = one_of(run(company, gone, LEFT + timedelta(days=366), start="2027-03-03", rules=confirmed)[1])
    assert account.enabled and CHESS not in account.groups and "mobile" not in account.attributes
    assert account.attributes["extensionName"] == ["hris.ad given=2000"]


def test_a_number_that_is_used_again_gives_a_stranger_nothing(company):
    gone = left(company, rich(company))
    people = [company.employee("1", "Zoe", "Quill"), company.employee("2", "Bo", "Ek")]
    plan = company.plan(people, gone, as_of=LEFT + timedelta(days=3), **RULES)
    assert [one.kind for one in plan.findings if one.key == "1"] == ["identity_changed"] and plan.changes == []


@pytest.mark.parametrize(("mapping", "hr", "expected"), [
    ({"mobile": "phone"}, "+44 1", ["+44 1"]),  # HR has another value today
    ({"mobile": "phone"}, None, ["+61 400 000 001"]),  # HR has none, and the rule keeps what there is
    ({"mobile": {"from": "phone", "empty": "clear"}}, None, None),  # HR says that there is none
    ({"mobile": {"from": "phone", "apply": "on_create"}}, "+44 1", ["+61 400 000 001"]),  # HR's is for a new account
])
def test_what_hr_gives_today_wins(company, options, mapping, hr, expected):
    gone = left(company, rich(company))
    rules = RULES | {"mapping": options()["mapping"] | mapping}
    account = one_of(run(company, gone, LEFT + timedelta(days=3), rules=rules, phone=hr)[1])
    assert account.attributes.get("mobile") == expected


@pytest.mark.parametrize(("manager", "expected"), [(None, [BOSS]), ("id-3", ["CN=Cy Fox,OU=Staff,DC=corp,DC=example"])])
def test_a_manager_that_hr_names_wins(company, manager, expected):
    rules = RULES | {"leaver": RULES["leaver"] | {"attributes": {"manager": {"constant": ""}}}}
    third = company.account("3", "cfox", "Cy Fox", rid=1102, displayName="Cy Fox", givenName="Cy", sn="Fox", title="Clerk",
                            groups=["CN=All Staff,OU=Groups,DC=corp,DC=example"])
    people = [company.employee("2", "Bo", "Ek"), company.employee("3", "Cy", "Fox")]
    snapshot = directory(company, rich(company, manager=BOSS), third)
    plan = company.plan([company.employee("1", end="2026-03-01"), *people], snapshot, as_of=LEFT, **rules)
    gone = apply_simulated(snapshot, plan.changes)
    assert "manager" not in one_of(gone).attributes
    plan = company.plan([company.employee("1", manager=manager), *people], gone, as_of=LEFT, **rules)
    assert one_of(apply_simulated(gone, plan.changes)).attributes["manager"] == expected


def test_an_account_is_found_again_wherever_it_is_now(company):
    gone = left(company, rich(company))
    moved = replace(gone, accounts=[one if one.dn != BOSS else replace(one, dn=f"CN=Bo Ek,{DESK}") for one in gone.accounts])
    assert one_of(run(company, moved, LEFT + timedelta(days=1))[1]).attributes["assistant"] == [f"CN=Bo Ek,{DESK}"]
    alone = replace(gone, accounts=[one for one in gone.accounts if one.dn != BOSS])
    plan = company.plan([company.employee("1")], alone, as_of=LEFT, **RULES)
    assert [(one.kind, one.key) for one in plan.findings] == [("not_given_back", "1")]
    account = one_of(apply_simulated(alone, plan.changes))
    assert account.enabled and "assistant" not in account.attributes


def test_privileged_groups_and_places_that_are_not_allowed_are_not_given_back(company):
    gone = left(company, rich(company))
    (account,) = [one for one in gone.accounts if one is one_of(gone)]
    texts = [text.replace("guid-Chess", "guid-Domain Admins") for text in account.attributes["extensionName"]]
    account.attributes["extensionName"] = [*texts]
    rules = RULES | {"ownership": {"bases": [company.leavers, "OU=Groups,DC=corp,DC=example"], "protected": [DESK]}}
    after = one_of(run(company, gone, LEFT + timedelta(days=1), rules=rules)[1])
    assert after.groups == ["CN=All Staff,OU=Groups,DC=corp,DC=example"] and after.dn.endswith(company.leavers)


def test_nothing_is_saved_where_nothing_would_come_back(company):
    rules = RULES | {"rehire": {"restore": [{"within_days": 30, "what": "groups"}]}}
    gone = left(company, rich(company), rules=rules)
    assert all(text.startswith("hris.ad group=") for text in one_of(gone).attributes["extensionName"])


def test_a_record_of_an_earlier_version_goes_on_to_work(company):
    """It has groups only: the attributes of leavers are cleared, as before."""
    record = [f"hris.ad group=guid-{name} since=2026-03-02" for name in ("Chess", "All Staff")]
    account = replace(rich(company, mark="hris.ad source=elmo state=disabled since=2026-03-02", extensionName=record), enabled=False, uac=514, groups=[])
    after = one_of(run(company, directory(company, account), LEFT + timedelta(days=1))[1])
    assert CHESS in after.groups and "description" not in after.attributes and "mobile" not in after.attributes


def test_what_is_too_long_is_said(company):
    plan, _after = run(company, directory(company, rich(company, info="x" * 6000)), end="2026-03-01")
    (finding,) = plan.findings
    assert (finding.kind, finding.key, finding.place) == ("not_given_back", "1", "leaver.record") and "info: too long" in finding.message


def test_values_survive_their_writing():
    values = {"info": ["a\nb  ", "“ü” \\ \"", "x" * 400], "mobile": [], "Ann": ["1/1 "]}
    texts, too_long = with_values(["somebody else's"], values, "2026-03-02")
    assert too_long == [] and max(map(len, texts)) <= 255 and not any(text != text.strip() for text in texts)
    assert {one.name: list(one.values) for one in saved_in(texts).values()} == values
    assert with_values(texts, {"mobile": ["other"]}, "2026-04-02")[0] == texts, "what is saved stays as it is"
    assert "info" not in saved_in(texts[:2]), "a part is missing"
    assert without_saved(texts[1]).endswith(" …") and without_saved("somebody else's") == "somebody else's"


@pytest.mark.parametrize("text", ["hris.ad saved=mobile since=soon 1/1 []", "hris.ad saved=mobile since=2026-03-02 1/1 [1]", "hris.ad saved=mobile since=2026-03-02 1/1 {",
                                  "hris.ad saved=", "hris.ad saved=mobile since=2026-03-02 1/999 []"])
def test_what_was_edited_says_nothing(text):
    assert saved_in([text]) == {}


@pytest.mark.parametrize(("bands", "place"), [
    ([{"within_days": -1, "what": "all"}], "rehire.restore[0].within_days"),
    ([{"within_days": 1, "what": "all"}, {"within_days": 2, "what": "all"}], "rehire.restore[1]"),
    ([{"within_days": 30, "what": "all"}, {"within_days": 30, "what": "groups"}], "rehire.restore"),
])
def test_bands_that_say_nothing(company, bands, place):
    with pytest.raises(HrisError) as error:
        company.rules(rehire={"restore": bands})
    assert error.value.place == place
