# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits: count, percent, and the floor below which a percentage says nothing."""
from __future__ import annotations

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.model.plan import Change
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.limits import judge_limits
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.options import LIMITED_ACTIONS
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.policies import Limit


def change(number, action):
    return Change(action, str(number), None, f"CN={number}", "")


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
    (verdict,) = judge_limits({"disable": Limit(limit.get("count"), limit.get("percent"))}, entries, 0, 0, of)
    assert (verdict.changes, verdict.of, verdict.exceeded) == (changes, of, exceeded)
    assert ("allowed" in verdict.message) is exceeded


def test_an_account_that_loses_two_groups_counts_once():
    entries = [change(1, "group_remove")] * 2
    assert judge_limits({"group_remove": Limit(1, None)}, entries, 0, 0, 10)[0].exceeded is False


def test_create_is_measured_by_the_feed():
    entries = [change(number, "create") for number in range(10)]
    assert judge_limits({"create": Limit(None, 50)}, entries, 0, 100, 1)[0].exceeded is False


@pytest.mark.parametrize("action", LIMITED_ACTIONS)
@pytest.mark.parametrize("limit", [Limit(4, None), Limit(None, 4)])
def test_every_action_can_be_limited(action, limit):
    entries = [] if action == "absent" else [change(number, action) for number in range(5)]
    (verdict,) = judge_limits({action: limit}, entries, 5 if action == "absent" else 0, 100, 100)
    assert verdict.exceeded and "at most 4" in verdict.message
    other = "create" if action == "delete" else "delete"
    (verdict,) = judge_limits({other: limit}, entries, 0, 100, 100)
    assert not verdict.exceeded, "the others have limits of their own"
