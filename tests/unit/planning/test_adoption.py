# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Adoption in steps: who becomes ours now, who later, and what is said of those who have left."""
from __future__ import annotations

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.adoption import adopted_by
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.plan import make_plan
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.summary import sentence
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.adoption import account_attributes
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.people import people_of
from ansible_collections.hris.ad.plugins.module_utils._hris.run.domain_plan import DomainPlan
from ansible_collections.hris.ad.plugins.module_utils._hris.run.explanation import explanation

MARK = "hris.ad source=elmo state=active"
DATES = {"start": "start", "end": "end"}


def account(company, number="1", **more):
    more = {"mark": None} | more
    return company.account(number, f"u{number}", f"Ann Lee {number}", givenName="Ann", sn="Lee", displayName="Ann Lee", title="Clerk", **more)


def plan_of(company, when, *accounts, people=("1",), **more):
    ends = more.pop("ends", None)
    rules = {"ownership": {"adopt_when": when}, "dates": DATES} | more
    return company.plan([company.employee(key, end=ends) for key in people], company.snapshot(*accounts), **rules)


@pytest.mark.parametrize(("when", "adopted"), [
    ("employee.title == 'Clerk'", True), ("employee.title == 'Chief'", False), ("employee.nothing", False),
    ("account.enabled", True), ("account.title == 'Clerk'", True), ("account.TITLE == 'Clerk'", True), ("account.department == 'IT'", False),
    ("ends_with(lower(account.dn), 'ou=staff,dc=corp,dc=example')", True), ("ends_with(account.dn, 'OU=Else,DC=corp,DC=example')", False),
    ("length(account.proxyAddresses || `[]`) == `0`", True), ("account.proxyAddresses[0] == 'smtp:a@corp.example'", False),
])
def test_who_is_adopted_now(company, when, adopted):
    plan = plan_of(company, when, account(company), optional_fields=["nothing"])
    assert plan.findings == []
    assert plan.matched.get("adopted", 0) == int(adopted) and plan.matched.get("not_adopted_yet", 0) == int(not adopted)
    assert [change.attributes["adminDescription"].after for change in plan.changes if "adminDescription" in change.attributes] == [[MARK]] * adopted
    assert ("1 account not adopted yet" in sentence(plan)) is not adopted
    if not adopted:
        assert plan.changes == []


def test_an_adopted_account_stays_adopted(company):
    plan = plan_of(company, "account.title == 'Chief'", account(company, mark=MARK))
    assert plan.matched == {"by_key": 1, "people_without_account": 0, "accounts_without_person": 0}


@pytest.mark.parametrize(("enabled", "said"), [(True, ["has_left"]), (False, [])])
def test_a_leaver_who_is_not_adopted_is_said_loudly(company, enabled, said):
    plan = plan_of(company, "employee.title == 'Chief'", account(company, enabled=enabled), ends="2026-01-31")
    assert plan.changes == [] and [one.kind for one in plan.findings] == said
    assert all(one.severity == "error" and "adopt_when" in one.message and "not adopted yet" in one.message for one in plan.findings)


def test_a_condition_that_is_none_holds_the_person_alone(company):
    accounts = [account(company), account(company, "2")]
    plan = company.plan([company.employee("1", title="No"), company.employee("2")], company.snapshot(*accounts),
                        ownership={"adopt_when": "employee.title == 'No' && employee.first || employee.title == 'Clerk'"})
    assert [(one.key, one.kind) for one in plan.findings] == [("1", "held")] and "adopt_when" in (plan.findings[0].place or "")
    assert plan.people == {"active": 1, "held": 1} and {change.key for change in plan.changes} == {"2"}


@pytest.mark.parametrize(("limit", "exceeded"), [({"count": 2}, False), ({"count": 1}, True), ({"percent": 100}, False)])
def test_a_limit_for_adoption(company, limit, exceeded):
    accounts = [account(company, key) for key in ("1", "2")]
    plan = plan_of(company, "account.enabled", *accounts, people=("1", "2"), limits={"adopted": limit})
    (verdict,) = [one for one in plan.limits if one.action == "adopted"]
    assert (verdict.changes, verdict.of, verdict.exceeded) == (2, 2, exceeded) and "would be adopted" in verdict.message


def test_percentages_are_of_what_is_adopted(company):
    """A thousand accounts that are not ours yet must not make a limit wide."""
    accounts = [account(company, str(number)) for number in range(1, 11)]
    plan = plan_of(company, "employee.number == '1'", *accounts, people=[str(number) for number in range(1, 11)], limits={"update": {"percent": 50}})
    (verdict,) = [one for one in plan.limits if one.action == "update"]
    assert verdict.of == 1 and plan.matched["not_adopted_yet"] == 9


def test_a_link_waits_for_its_adoption(company):
    link = [{"key": "1", "action": "link", "account": "uold", "reason": "looked at"}]
    old = account(company, "old")
    assert plan_of(company, "account.title == 'Chief'", old, exceptions=link).matched["not_adopted_yet"] == 1
    plan = plan_of(company, "account.title == 'Clerk'", old, exceptions=link)
    assert plan.matched["adopted"] == 1 and plan.changes[0].action == "relink"


def test_creating_is_no_adoption(company):
    plan = plan_of(company, "account.enabled")
    assert plan.changes[0].action == "create" and "adopted" not in plan.matched
    assert adopted_by(plan.changes, "elmo", plan.mark) == set()


@pytest.mark.parametrize(("ownership", "words"), [
    ({"adopt_when": "department == 'IT'"}, "unknown word 'department'"), ({"adopt_when": "account"}, "whole account"),
    ({"adopt_when": "@"}, "whole account"), ({"adopt_when": "account.["}, "does not parse"),
    ({"adopt_when": "account.enabled", "adopt": False}, "never asked"), ({"adopt_when": ""}, "condition is needed"),
])
def test_what_is_refused(company, ownership, words):
    with pytest.raises(HrisError, match="adopt_when") as caught:
        company.rules(ownership=ownership)
    assert words in str(caught.value)


def test_an_attribute_that_the_directory_lacks(company):
    with pytest.raises(HrisError, match="no attribute 'departmnt'"):
        plan_of(company, "account.departmnt == 'IT'", account(company))


def test_a_named_expression_reads_the_employee(company):
    rules = company.rules(definitions={"is_chief": "title == 'Chief'"}, ownership={"adopt_when": "is_chief() && account.enabled"})
    evaluate = rules.adopt_when.evaluate
    assert [evaluate({"employee": {"title": title}, "account": {"enabled": True}}) for title in ("Chief", "Clerk")] == [True, False]


def test_it_is_explained(company):
    """The account is shown, and why nothing is written."""
    rules = company.rules(ownership={"adopt_when": "employee.title == 'Chief'"})
    snapshot = company.snapshot(account(company))
    source = people_of([company.employee("1")], rules, company.as_of)
    planned = make_plan([source], snapshot, company.as_of)
    domain = DomainPlan(planned, [source], [])
    found = explanation("1", domain, snapshot, {})
    text = "\n".join(found["report"])
    assert found["explanation"]["account"]["not_adopted_yet"] is True
    assert "not adopted yet" in text and "ownership.adopt_when" in text and "nothing is written" in text


def test_it_costs_nothing_where_it_is_not_set(company):
    assert company.rules().adopt_when is None and account_attributes(None) == []
    assert account_attributes(company.rules(ownership={"adopt_when": "account.proxyAddresses[0] == account.mail || account.enabled"}).adopt_when) == [
        "mail", "proxyAddresses"]
