# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts of a plan: every change in exactly one, an account's changes together, and nothing that another part must do first."""
from __future__ import annotations

import json

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.model.plan_json import change_to_json
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.shards import (
    check_part,
    part_of,
)


def staff(company, count=30):
    return [company.employee(str(number), "Ann", f"Lee{number}", manager=f"id-{number - 1}" if number else None) for number in range(count)]


@pytest.mark.parametrize("of", [1, 2, 3, 8])
def test_each_change_is_in_one_part_and_an_account_in_no_two(company, of):
    plan = company.plan(staff(company), company.snapshot())
    parts = [part_of(plan.changes, number, of) for number in range(1, of + 1)]
    keys = [{change.key for change in changes} for changes, _waiting in parts]
    assert sum(map(len, keys)) == len(set().union(*keys)) == 30
    assert sum(len(changes) for changes, _waiting in parts) == len(plan.changes)
    managers = sum("manager" in change.attributes for changes, _waiting in parts for change in changes)
    assert managers + sum(waiting for _changes, waiting in parts) == 29
    assert of > 1 or managers == 29, "one part waits for nobody"
    for changes, _waiting in parts:
        created = {change.dn for change in changes if change.action == "create"}
        assert all(values.after[0] in created for change in changes for name, values in change.attributes.items() if name == "manager")
    json.dumps([[change_to_json(change) for change in changes] for changes, _waiting in parts])


def test_who_is_moved_by_another_part_is_named_by_guid(company):
    accounts = [company.account(str(number), f"u{number}", f"Ann Lee{number}", ou="OU=Groups,DC=corp,DC=example", rid=1100 + number)
                for number in range(2)]
    people = staff(company, 2)
    people[0]["manager"], people[1]["manager"] = "id-1", None
    plan = company.plan(people, company.snapshot(*accounts))
    parts = [part_of(plan.changes, number, 7)[0] for number in range(1, 8)]
    mine = [change for part in parts for change in part if "manager" in change.attributes]
    assert [change.attributes["manager"].after for change in mine] == [["<GUID=guid-u1>"]]


def test_a_new_ou_is_made_by_each_part_that_needs_it(company):
    ou = "OU=New,OU=Staff,DC=corp,DC=example"
    plan = company.plan(staff(company, 6), company.snapshot(), placement=[{"ou": ou, "create": True}])
    parts = [part_of(plan.changes, number, 40)[0] for number in range(1, 41)]
    assert {tuple(change.action for change in part)[:2] for part in parts} == {(), ("create_ou", "create")}


@pytest.mark.parametrize("shard", [{"part": 0, "of": 2}, {"part": 3, "of": 2}, {"part": 1, "of": 0}])
def test_parts_that_there_are_not(shard):
    with pytest.raises(HrisError, match="shard: there is no part"):
        check_part(**shard)
