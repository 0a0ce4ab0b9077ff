# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A manager whose account is left alone is a manager all the same, where it is certain whose account it is."""
from __future__ import annotations

from dataclasses import replace

import pytest

OTHER = "OU=Elsewhere,DC=corp,DC=example"
CERTAIN = {
    "protected": ({"admin_count": True}, {}),
    "governed": ({"governed": "msDS-ObjectSoa is Cloud"}, {}),
    "outside_bases": ({"dn": f"CN=Boss Two,{OTHER}"}, {"ownership": {"bases": ["OU=Staff,DC=corp,DC=example"]}}),
    "not_adopted": ({}, {"ownership": {"adopt": False}}),
    "excluded": ({}, {"exceptions": [{"key": "2", "action": "exclude", "reason": "the owner"}]}),
}


def manager_of(company, boss, *others, **rules):
    feed = [company.employee("2", "Boss", "Two"), company.employee("1", manager="id-2")]
    plan = company.plan(feed, company.snapshot(boss, *others), **rules)
    (create,) = (change for change in plan.changes if change.action == "create" and change.key == "1")
    found = [one.message for one in plan.findings if one.kind == "reference"]
    return create.attributes["manager"].after if "manager" in create.attributes else None, found, {one.kind for one in plan.findings}


@pytest.mark.parametrize("kind", CERTAIN)
def test_an_account_that_is_certain(company, kind):
    given, rules = CERTAIN[kind]
    mark = None if kind == "not_adopted" else "hris.ad source=elmo state=active"
    boss = replace(company.account("2", "boss", "Boss Two", mark=mark), **given)
    manager, found, kinds = manager_of(company, boss, **rules)
    assert (manager, found) == ([boss.dn], []) and kind in kinds


def test_an_account_that_is_not_certain(company):
    one, two = company.account("2", "boss"), company.account("2", "other", rid=1101)
    manager, (message,), _kinds = manager_of(company, one, two)
    assert manager is None and "the employee 2" in message
