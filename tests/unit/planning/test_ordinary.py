# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The short way for ordinary people gives the plan that the long way gives."""
from __future__ import annotations

from dataclasses import asdict

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.planning import (
    account_changes,
    context,
    ordinary,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.plan import make_plan
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.people import people_of

NAMING = {"candidates": ["{ascii(givenName)}.{ascii(sn)}"],
          "attributes": {"sAMAccountName": "{lower(name)}", "mail": "{lower(name)}@example.com", "cn": "{displayName}"}}
OPTIONS = {
    "mapping": {"employeeID": "number", "givenName": "first", "sn": "last", "displayName": "{first} {last}", "title": "title",
                "manager": {"employee": "manager.id", "field": "id", "empty": "clear"}},
    "groups": [{"groups": ["All Staff"]}, {"groups": ["Finance"], "when": "department == 'Finance'"}],
    "dates": {"start": "start", "end": "end", "on_leave": "on_leave"},
}
MARK = "hris.ad source=elmo state=active"
CASES = {  # what is different from the account of an ordinary person: attributes, or what the account itself is
    "nothing": {},
    "a title": {"title": "Driver"},
    "the manager": {"manager": "CN=Somebody,OU=Staff,DC=corp,DC=example"},
    "no manager": {"manager": None},
    "a manager in other letters": {"manager": "cn=Bob Roe,ou=Staff,dc=corp,dc=example"},
    "the common name": {"cn": "Anna Lee"},
    "a common name with a number": {"cn": "Ann Lee 2"},
    "a common name in other letters": {"cn": "ann lee"},
    "the place": {"ou": "OU=Leavers,DC=corp,DC=example"},
    "the place in other letters": {"ou": "ou=staff,DC=corp,DC=example"},
    "a group too many": {"groups": ("All Staff", "Finance")},
    "a group too few": {"groups": ()},
    "the primary group": {"primary_group": 2001},
    "a primary group that no rule gives": {"primary_group": 2000, "groups": ()},
    "no mark": {"mark": None},
    "a mark with a key": {"mark": f"{MARK} key=9"},
    "a mark with a day": {"mark": f"{MARK} absent=2026-01-01"},
    "the mark of a leaver": {"mark": "hris.ad source=elmo state=disabled since=2026-02-01"},
    "a lock-out": {"mark": f"{MARK} locked_out=2026-02-01T10:00:00Z by=ann"},
    "disabled": {"enabled": False},
    "the note of its groups": {"extensionName": ["hris.ad given=2000"]},
    "a note of a group that it found": {"extensionName": ["hris.ad given=", "hris.ad found=2000"]},
    "a note that lacks a group": {"extensionName": ["hris.ad given="]},
    "a note, and a group too many": {"extensionName": ["hris.ad given=2000,2001"], "groups": ("All Staff", "Finance")},
    "a note, and a group that somebody gave": {"extensionName": ["hris.ad given=2000"], "groups": ("All Staff", "Finance")},
    "a note, and a group too few": {"extensionName": ["hris.ad given=2000"], "groups": ()},
    "a note, and what somebody else wrote": {"extensionName": ["hris.ad given=2000", "room 7"]},
    "a note, and a place that is saved": {"extensionName": ["hris.ad given=2000", "hris.ad saved=distinguishedName since=2026-02-20 1/1 [\"CN=Ann\\u0020Lee,OU=Staff,DC=corp,DC=example\"]"]},
    "what it remembers of groups": {"extensionName": ["hris.ad removed=2026-02-20 guid-Finance"]},
}
PEOPLE = {"one who works here": {}, "a leaver": {"end": "2026-01-31"}, "on leave": {"on_leave": True}, "in Finance": {"department": "Finance"}}


def plan_of(company, rules, case, person):
    """The plan for one employee with a manager."""
    values = {"groups": ("All Staff",), "cn": "Ann Lee", "manager": f"CN=Bob Roe,{company.staff}"} | case
    primary_group = values.pop("primary_group", 513)
    groups = [company.group(name).dn for name in values.pop("groups")]
    account = company.account("1", "alee", values.pop("cn"), givenName="Ann", sn="Lee", displayName="Ann Lee", mail="ann.lee@example.com", groups=groups, **{"title": "Clerk"} | values)
    account.primary_group = primary_group
    boss = company.account("2", "broe", "Bob Roe", rid=1101, givenName="Bob", sn="Roe", displayName="Bob Roe", title="Clerk", mail="bob.roe@example.com",
                           groups=[company.group("All Staff").dn])
    staff = [company.employee("1", manager={"id": "id-2"}, **{"on_leave": None} | person), company.employee("2", "Bob", "Roe", on_leave=None)]
    return make_plan([people_of(staff, rules, company.as_of)], company.snapshot(account, boss), company.as_of).plan


@pytest.mark.parametrize("options", [{}, {"leaver": {"record": ""}}, {"rehire": {"restore": [{"within_days": 400, "what": "all"}]}}, {"naming": NAMING | {"on_change": "report"}},
                                     {"naming": NAMING | {"rename": ["cn", "mail"]}}], ids=["plain", "without a record", "restore", "report", "mail"])
def test_the_short_way_is_the_long_way(company, monkeypatch, options):
    rules = company.rules(**OPTIONS, **options)
    cases = [(what, who) for what in CASES for who in PEOPLE]
    short = {(what, who): plan_of(company, rules, CASES[what], PEOPLE[who]) for what, who in cases}
    monkeypatch.setattr(context.Context, "is_ordinary", lambda self, person, account: False)
    for what, who in cases:
        assert asdict(short[what, who]) == asdict(plan_of(company, rules, CASES[what], PEOPLE[who])), f"{who}, but for {what}"
    same = {what for what, who in cases if who == "one who works here" and not short[what, who].changes}
    assert "nothing" in same and "the manager" not in same


@pytest.mark.parametrize("what", ["nothing", "the note of its groups", "a note of a group that it found", "a note, and what somebody else wrote"])
def test_an_account_that_is_in_line_is_seen_at_once(company, monkeypatch, what):
    """Every account that a run has made or adopted has a note, so that one with a note is the usual one."""
    seen = {}

    def noted(context, places, person, account, decision):
        seen[person.key] = ordinary.stays(context, places, person, account, decision)
        return seen[person.key]
    monkeypatch.setattr(account_changes, "stays", noted)
    assert not plan_of(company, company.rules(**OPTIONS), CASES[what], {}).changes
    assert seen["1"] is True
