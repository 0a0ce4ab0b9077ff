"""A job that was down converges in one run: what daily runs make of accounts and what one run after a month makes of them is the same."""
from __future__ import annotations

import copy
from datetime import timedelta

import pytest

RULES = {"joiner": {"create_days_before": 7}, "leaver": {"groups": "remove_managed", "move_to": "OU=Leavers,DC=corp,DC=example"},
         "leave": {"account": "disable"}, "dates": {"start": "start", "end": "end", "leave_start": "away", "leave_end": "back"}}
DAYS = 31  # from 2026-03-02
PEOPLE = {
    "starts in the gap": {"start": "2026-03-20"},
    "is prepared at its end": {"start": "2026-04-05"},
    "is not due yet": {"start": "2026-06-01"},
    "leaves in the gap": {"end": "2026-03-15"},
    "leaves on the last day": {"end": "2026-04-02"},
    "comes and goes in the gap": {"start": "2026-03-10", "end": "2026-03-20"},
    "is away and back in the gap": {"away": "2026-03-05", "back": "2026-03-10"},
    "is away at its end": {"away": "2026-03-25", "back": "2026-05-01"},
    "stays": {},
}


def follow(plan, snapshot, company) -> None:
    """Do to the accounts what the plan says; what is done to accounts counts here, and not how."""
    accounts = {account.guid: account for account in snapshot.accounts}
    for change in plan.changes:
        if change.action == "create":
            values = {name: found.after for name, found in change.attributes.items()}
            account = company.account(change.key, values["sAMAccountName"][0], rid=2000 + len(accounts))
            snapshot.accounts.append(account)
            accounts[account.guid] = account
            account.dn = change.dn
            account.attributes = {name: after for name, after in values.items() if name != "userAccountControl"}
        else:
            account = next((one for one in accounts.values() if one.guid == change.guid), None) or next(
                one for one in accounts.values() if one.dn == change.dn)
            for name, found in change.attributes.items():
                if name != "userAccountControl":
                    account.attributes[name] = found.after
        if "userAccountControl" in change.attributes:
            account.uac = int(change.attributes["userAccountControl"].after[0])
            account.enabled = not account.uac & 2
        if change.to:
            account.dn = change.to
        if change.action == "group_add":
            account.groups.append(change.group)
        if change.action == "group_remove":
            account.groups.remove(change.group)


def state(snapshot) -> dict:
    return {account.attributes["employeeID"][0]: (account.dn, account.enabled, sorted(account.groups), {
        name: values for name, values in account.attributes.items() if values}) for account in snapshot.accounts}


@pytest.mark.parametrize("person", PEOPLE.values(), ids=PEOPLE)
def test_one_run_after_a_month_is_as_good_as_one_a_day(company, person, request):
    employees = [company.employee("1", away=None, back=None) | person, company.employee("2", "Bo", "Ek", title="Clerk", away=None, back=None)]
    later = [employees[0] | {"title": "Head"}, employees[1] | {"department": "Finance"}]  # HR moves on in the middle of the gap
    daily = company.snapshot()
    follow(company.plan(employees, daily, **RULES), daily, company)
    late = copy.deepcopy(daily)
    for day in range(1, DAYS + 1):
        feed = employees if day < 15 else later
        follow(company.plan(feed, daily, as_of=company.as_of + timedelta(days=day), **RULES), daily, company)
    follow(company.plan(later, late, as_of=company.as_of + timedelta(days=DAYS), **RULES), late, company)
    expected = state(daily)
    if "comes and goes" in request.node.name:
        assert expected.pop("1")[1] is False  # who has left by then gets no account, and there it is a locked one
    assert state(late) == expected
    for snapshot in (daily, late):
        assert company.plan(later, snapshot, as_of=company.as_of + timedelta(days=DAYS), **RULES).changes == []


def test_as_of_asks_what_would_be(company):
    """The same people and accounts, other days: nothing but as_of decides."""
    employees, snapshot = [company.employee("1", start="2026-03-20", away=None, back=None)], company.snapshot()
    for days, made in ((10, []), (11, ["514"]), (18, ["512"])):
        plan = company.plan(employees, snapshot, as_of=company.as_of + timedelta(days=days), **RULES)
        assert [entry.attributes["userAccountControl"].after[0] for entry in plan.changes if entry.action == "create"] == made, days
