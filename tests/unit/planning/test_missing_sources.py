# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A source is not in the run: nothing is taken from an account that it has a part in, and the mark still names it."""
from __future__ import annotations

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.plan import make_plan
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.people import people_of
from ansible_collections.hris.ad.plugins.module_utils._hris.simulation.application import (
    apply_simulated,
)

OURS, SHARED = "hris.ad source=elmo state=active", "hris.ad source=elmo state=active contributors=icehrm"
PREPARED = "hris.ad source=elmo state=prepared contributors=icehrm"


def planned(company, mark, enabled=True, left_out=None, **employee):
    """(the plan, the directory before it) for an account in a group that no rule gives."""
    finance = company.group("Finance").dn
    account = company.account("1", "alee", "Ann Lee", enabled=enabled, mark=mark, groups=[company.group("All Staff").dn, finance],
                              givenName="Ann", sn="Lee", displayName="Ann Lee", mail="alee@example.com", title="Clerk")
    snapshot = company.snapshot(account)
    return make_plan([people_of([company.employee("1", **employee)], company.rules(), company.as_of)], snapshot, company.as_of, left_out=left_out).plan, snapshot


@pytest.mark.parametrize("left_out", [None, {"icehrm": "HR could not be read"}])
@pytest.mark.parametrize(("mark", "employee", "actions"), [
    (OURS, {}, ["group_remove"]),
    (SHARED, {}, []),
    (SHARED, {"last": "Ek"}, ["update"]),
    (SHARED, {"title": None}, []),
    (OURS, {"title": None}, ["update", "group_remove"]),
    (OURS, {"end": "2026-01-01"}, ["disable", "move", "group_remove", "group_remove"]),
    (SHARED, {"end": "2026-01-01"}, []),
])
def test_nothing_is_taken(company, mark, employee, actions, left_out):
    plan, _snapshot = planned(company, mark, left_out=left_out, **employee)
    assert sorted(change.action for change in plan.changes) == sorted(actions)
    assert all(one.after for change in plan.changes if mark == SHARED for one in change.attributes.values())


@pytest.mark.parametrize(("mark", "enabled", "written"), [(SHARED, True, None), (PREPARED, False, SHARED)])
def test_the_mark_keeps_the_missing_source(company, mark, enabled, written):
    """Otherwise the next run without the source takes what this one left."""
    plan, before = planned(company, mark, enabled, {"icehrm": "HR could not be read"})
    marks = [change.attributes["adminDescription"].after for change in plan.changes if "adminDescription" in change.attributes]
    assert marks == ([[written]] if written else [])
    (account,) = apply_simulated(before, plan.changes).accounts
    assert account.enabled and account.attributes["adminDescription"] == [SHARED] and len(account.groups) == 2


@pytest.mark.parametrize(("mark", "ou"), [(SHARED, "staff"), (OURS, "leavers")])
def test_a_manager_who_is_not_moved_is_named_where_the_account_is(company, mark, ou):
    rules = company.rules(placement=[{"when": "department == 'Moved'", "ou": company.leavers}, {"ou": company.staff}])
    people = people_of([company.employee("1", department="Moved"), company.employee("2", last="Ek", manager="id-1")], rules, company.as_of)
    snapshot = company.snapshot(company.account("1", "alee", "Ann Lee", mark=mark), company.account("2", "aek", "Ann Ek", rid=1101))
    plan = make_plan([people], snapshot, company.as_of).plan
    (written,) = [change.attributes["manager"].after for change in plan.changes if "manager" in change.attributes]
    assert written == [f"CN=Ann Lee,{getattr(company, ou)}"]
