# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits: count, percent, and the floor below which a percentage says nothing."""
from __future__ import annotations

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.model.plan import Change
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.limits import (
    Population,
    judge_limits,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.options import (
    LIMITED,
    OTHER_LIMITS,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.policies import Limit


def change(number, action):
    return Change(action, "elmo", str(number), None, f"CN={number}", "")


def population(people=0, owned=0, **counts):
    return Population(people, owned, **({"absent": 0, "adopted": 0, "held": 0, "out_of_scope": 0} | counts))


@pytest.mark.parametrize(("limit", "changes", "of", "exceeded"), [
    ({"count": 2}, 2, 100, False),
    ({"count": 2}, 3, 100, True),
    ({"count": 0}, 1, 100, True),
    ({"percent": 5}, 5, 100, False),
    ({"percent": 5}, 6, 100, True),
    ({"percent": 5}, 3, 10, False),
    ({"percent": 5}, 4, 10, True),
    ({"percent": 50}, 4, 0, False),
    ({"count": 10, "percent": 1}, 5, 100, True),
])
def test_limit(limit, changes, of, exceeded):
    entries = [change(number, "disable") for number in range(changes)]
    (verdict,) = judge_limits({"disable": Limit(limit.get("count"), limit.get("percent"))}, entries, population(owned=of), "elmo")
    assert (verdict.changes, verdict.of, verdict.exceeded) == (changes, of, exceeded)
    assert ("allowed" in verdict.message) is exceeded


def test_an_account_that_loses_two_groups_counts_once():
    entries = [change(1, "group_remove")] * 2
    assert judge_limits({"group_remove": Limit(1, None)}, entries, population(owned=10), "elmo")[0].exceeded is False


def test_create_is_measured_by_the_feed():
    entries = [change(number, "create") for number in range(10)]
    assert judge_limits({"create": Limit(None, 50)}, entries, population(100, 1), "elmo")[0].exceeded is False


@pytest.mark.parametrize("action", LIMITED)
@pytest.mark.parametrize("limit", [Limit(4, None), Limit(None, 4)])
def test_every_action_can_be_limited(action, limit):
    counted = action in OTHER_LIMITS
    entries = [] if counted else [change(number, action) for number in range(5)]
    (verdict,) = judge_limits({action: limit}, entries, population(100, 100, **({action: 5} if counted else {})), "elmo")
    assert verdict.exceeded and "at most 4" in verdict.message
    other = "create" if action == "delete" else "delete"
    (verdict,) = judge_limits({other: limit}, entries, population(100, 100), "elmo")
    assert not verdict.exceeded, "the others have limits of their own"


def test_many_held_people_stop_the_run_without_a_limit_in_the_rules(company):
    """A broken rule holds many: 5 percent, and never for three or fewer."""
    def plan(bad):
        employees = [company.employee(str(n), start="soon" if n < bad else "2020-01-01") for n in range(40)]
        return company.plan(employees, company.snapshot())

    verdicts = {bad: [verdict.exceeded for verdict in plan(bad).limits if verdict.action == "held"] for bad in (0, 3, 4)}
    assert verdicts == {0: [False], 3: [False], 4: [True]}
    assert company.plan([company.employee("1", start="soon")], company.snapshot(), limits={"held": {"count": 0}}).limits[0].exceeded
