# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits over a rolling day: what other runs have written counts as well, each person once."""
from __future__ import annotations

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.model.plan import Change, ValueChange
from ansible_collections.hris.ad.plugins.module_utils._hris.model.recent import RecentRun
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.limits import (
    Population,
    judge_limits,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.rolling_limits import (
    marks_of,
    with_recent,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.policies import Limit

EVERYBODY = Population(people=200, owned=100, absent=0, adopted=0, held=0, out_of_scope=0)


def mark(source, account):
    return f"{source}/{account}".casefold()


def changes(keys, action="disable", source="elmo", **attributes):
    return [Change(action, source, str(key), f"guid-{key}", f"CN={key}", "", {name: ValueChange([], [value]) for name, value in attributes.items()})
            for key in keys]


def runs(*given):
    """(changes of one run) … as runs of the file."""
    limits = [*judge_limits({name: Limit(0, None) for name in ("disable", "create", "delete", "update", ("attribute", "title"))}, [], EVERYBODY, None)]
    return [RecentRun(str(number), "2026-03-02T10:00:00+00:00", marks_of(one, limits, mark)) for number, one in enumerate(given)]


def verdict(mine, before, limit, source="elmo", limited="disable"):
    limits = judge_limits({limited: limit}, mine, EVERYBODY, source)
    return with_recent(limits, mine, before, 24, mark)[0]


@pytest.mark.parametrize(("mine", "before", "limit", "exceeded", "recent"), [
    (range(3), [range(10, 18)], Limit(10, None), True, 8),  # a run for everybody that locks 8, and one for some that locks 3
    (range(2), [range(10, 18)], Limit(10, None), False, 8),
    (range(1), [[number] for number in range(10, 20)], Limit(10, None), True, 10),  # one by one
    (range(1), [[number] for number in range(10, 19)], Limit(10, None), False, 9),
    (range(3), [range(8)], Limit(8, None), False, 5),  # the same people once more: a run that was killed, or refused by the server
    ([], [range(30)], Limit(10, None), False, 0),  # this plan locks nobody: nothing that others did stops it
    (range(1), [range(10, 15)], Limit(None, 5), True, 5),
    (range(1), [range(10, 14)], Limit(None, 5), False, 4),
    (range(1), [range(10, 12)], Limit(None, 1), False, 2),  # a percentage says nothing about the first few
    (range(1), [range(10, 13)], Limit(None, 1), True, 3),
    (range(1), [], Limit(0, None), True, 0),
])
def test_what_other_runs_did_counts(mine, before, limit, exceeded, recent):
    found = verdict(changes(mine), runs(*map(changes, before)), limit)
    assert (found.exceeded, found.recent, found.changes) == (exceeded, recent, len(list(mine)))
    assert ("by other runs of the last 24 hours" in found.message) is (recent > 0) and ("allowed" in found.message) is exceeded


def test_each_action_and_source_for_itself_and_the_domain_for_all():
    before = runs(changes(range(5), source="icehrm"), changes(range(10, 13), "create"))
    assert verdict(changes([50]), before, Limit(3, None)).recent == 0
    whole = verdict(changes([50]), before, Limit(5, None), source=None)
    assert whole.recent == 5 and whole.exceeded
    assert verdict(changes([50], "create"), before, Limit(3, None), limited="create").exceeded
    same_key = verdict(changes([1]), before, Limit(5, None), source=None)
    assert same_key.recent == 5, "the same key in two sources is two people"


def test_attributes_have_limits_too():
    before = runs(changes(range(4), "update", title="Head"))
    assert verdict(changes([9], "update", title="Clerk"), before, Limit(4, None), limited=("attribute", "title")).exceeded
    assert verdict(changes([9], "update", mail="a@b"), before, Limit(4, None), limited=("attribute", "title")).recent == 0
    assert not verdict(changes([9], "create", title="Clerk"), before, Limit(4, None), limited=("attribute", "title")).exceeded


@pytest.mark.parametrize("limited", ["absent", "held", "out_of_scope"])
def test_limits_of_the_feed_count_no_run(limited):
    crowd = Population(people=200, owned=100, absent=9, adopted=9, held=9, out_of_scope=9)
    (before,) = judge_limits({limited: Limit(8, None)}, [], crowd, "elmo")
    assert with_recent([before], [], runs(changes(range(50))), 24, mark) == [before] and before.exceeded


def test_what_has_no_limit_is_not_kept():
    limits = judge_limits({"disable": Limit(1, None), "held": Limit(1, None)}, [], EVERYBODY, None)
    found = marks_of([*changes([1]), *changes([2], "create"), *changes([3], "update", title="x")], limits, mark)
    assert found == {"elmo": {"disable": ["elmo/1"]}}
