# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which rule is not right yet: accounts that differ, by attribute."""
from __future__ import annotations

from ansible_collections.hris.ad.plugins.module_utils._hris.planning.attribute_counts import (
    attribute_counts,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.plan_file import Refusal
from ansible_collections.hris.ad.plugins.module_utils._hris.reporting.brief import brief, chat
from ansible_collections.hris.ad.plugins.module_utils._hris.run.result import compared_result


def plan_of(company, **options):
    """Three accounts of the former tool: two with another title, one of them with another name; somebody new; and one who has left."""
    accounts = [company.account(key, f"u{key}", f"Ann Lee {key}", mark=None, givenName="Ann", sn="Lee", displayName="Ann Lee", title=title)
                for key, title in (("1", "Boss"), ("2", "Clerk"), ("3", "Boss"))]
    people = [company.employee("1"), company.employee("2", first="Anna"), company.employee("3"), company.employee("4", end="2026-01-01"), company.employee("5")]
    left = company.account("4", "u4", mark=None, givenName="Ann", sn="Lee", displayName="Ann Lee", title="Clerk")
    return company.plan(people, company.snapshot(*accounts, left), naming={"candidates": ["{ascii(givenName)}"], "rename": [],
                        "attributes": {"sAMAccountName": "{lower(name)}", "cn": "{displayName}"}}, **options)


def test_accounts_are_counted_by_attribute(company):
    """Neither the mark, nor a new account, nor whether an account is enabled."""
    plan = plan_of(company)
    assert attribute_counts(plan.changes) == {"title": 2, "displayName": 1, "givenName": 1}
    assert list(attribute_counts(plan.changes))[0] == "title" and attribute_counts([]) == {}


def test_what_a_shadow_says(company):
    plan = plan_of(company, limits={"update": {"count": 0}})
    refusal = Refusal("…", "the plan is over its limits: 3 of 4")
    result = compared_result(plan, refusal, 100)
    assert result["shadow"] and "failed" not in result and result["msg"].endswith("; a run would write nothing; only compared")
    assert result["report"][1:3] == ["accounts that differ, by attribute: title 2, displayName 1, givenName 1",
                                     "a run would write nothing: the plan is over its limits: 3 of 4"]
    text = chat(brief(plan, plan.changes, result, True))
    assert text.startswith("elmo, shadow, 2026-03-02: would be ") and "A run would write nothing" in text
    assert "a run would write nothing" not in compared_result(plan, None, 100)["msg"]
