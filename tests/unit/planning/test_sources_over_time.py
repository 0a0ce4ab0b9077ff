# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random people in two sources, day after day: what must hold on each of them, also when a source is left out or a run is killed."""
from __future__ import annotations

import random
from datetime import datetime, timedelta, timezone

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.model import actions
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.ownership import mark_of
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.plan import make_plan
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.people import (
    Feed,
    people_of_sources,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.simulation.application import (
    apply_simulated,
)
from test_people_over_time import (
    FIRST_DAY,
    PEOPLE,
    check_marks,
    next_day,
    readable_state,
    record_of,
    rules_of,
)

DAYS, SOURCES = 20, ("elmo", "icehrm")
TAKING = {"disable", "delete", "move", "group_remove", "take_over"}


def rules_of_sources(chance, company):
    """The rules of each source; the same scope and preferences, so that the checks below are simple."""
    found = {}
    for name in SOURCES:
        one = rules_of(chance, company)
        found[name] = company.rules(
            source=name, dates={"start": "start", "end": "end", "timezone": "tz", "terminated": "gone", "on_leave": "away"},
            identity={"same": {"tax_number": "tax"}} if chance.random() < 0.8 else {}, optional_fields=["tax"],
            leaver={"groups": chance.choice(["remove_managed", "remove_all"]), "move_to": company.leavers, "bridge_days": one.leaver.bridge_days,
                    "delete_after_days": one.leaver.delete_after_days},
            correlation={"relink": chance.random() < 0.5, "fallbacks": [{"attribute": "mail", "value": "post"}] if chance.random() < 0.4 else []},
            absent={"action": chance.choice(["report", "disable"]), "grace_days": 2},
            groups=[{"groups": ["All Staff"]}, {"groups": ["Finance"], "when": "department == 'Finance'", "records": chance.choice(["primary", "current"])}],
            exceptions=[{"key": f"P{chance.randrange(PEOPLE)}", "action": action, "other": f"Q{chance.randrange(PEOPLE)}", "reason": "test",
                         "other_source": chance.choice(SOURCES)} for action in ("join", "separate")])
    return found


def people(feeds, rules, as_of, order=SOURCES):
    return people_of_sources([Feed(rules[name], feeds[name]) for name in order], as_of)


def check_access(sources, planned, then, today):
    """Who works in any source keeps access, and who has left all of them has none, or it is said."""
    after = {account.guid: account for account in then.accounts}
    said = {(finding.source, finding.key) for finding in planned.plan.findings if finding.severity == "error"}
    for person, account, _decision in planned.decided:
        if account is None or account.guid not in after or not person.record:
            continue
        records = [one.record for one in person.employment.records] if person.employment else [person.record]
        states = [readable_state(record, today) for record in records]
        if "current" in states and all(states):
            assert after[account.guid].enabled or not account.enabled, (person, account.dn)
        if all(state == "past" for state in states):
            assert not after[account.guid].enabled or (person.source, person.key) in said, (person, account.dn)


def check_left_out(feeds, rules, snapshot, as_of, missing):
    """Nothing is taken from an account that a missing source has a part in."""
    there = [name for name in SOURCES if name != missing]
    plan = make_plan(people(feeds, rules, as_of, there), snapshot, as_of, left_out={missing: "test"}).plan
    marks = {account.guid: mark_of(account, "adminDescription") for account in snapshot.accounts}
    for change in plan.changes:
        mark = marks.get(change.guid)
        if mark and missing in mark.sources:
            assert change.action not in TAKING, (change, mark)
            assert all(values.after for values in change.attributes.values()), (change, mark)
    then = apply_simulated(snapshot, plan.changes)
    again = make_plan(people(feeds, rules, as_of, there), then, as_of, left_out={missing: "test"}).plan
    assert again.changes == [], (again.changes[0], plan.changes)


def check_killed(chance, feeds, rules, snapshot, as_of, changes):
    """A run that is killed somewhere is finished by the next one, with the same access and owners."""
    killed = apply_simulated(snapshot, changes[:chance.randrange(len(changes) + 1)])
    rest = make_plan(people(feeds, rules, as_of), killed, as_of).plan
    whole, finished = apply_simulated(snapshot, changes), apply_simulated(killed, rest.changes)

    def facts(one):
        return sorted((account.attributes["employeeID"], account.enabled, account.attributes["adminDescription"]) for account in one.accounts)
    assert facts(finished) == facts(whole)


@pytest.mark.parametrize("seed", range(8))
def test_what_holds_on_every_day(company, seed):
    chance = random.Random(1000 + seed)
    rules = rules_of_sources(chance, company)
    feeds = {name: [record_of(chance, company, human) for human in range(PEOPLE) for _number in range(chance.choice([0, 1, 1, 2]))] for name in SOURCES}
    for feed in feeds.values():
        feed.append(company.employee("Z", "Zed", "Last", tz="UTC", gone=False, away=False, post=None))
    snapshot, seen = company.snapshot(), set()
    for number in range(DAYS):
        today = FIRST_DAY + timedelta(days=number)
        as_of = datetime(today.year, today.month, today.day, 13, tzinfo=timezone.utc)
        sources = people(feeds, rules, as_of)
        planned = make_plan(sources, snapshot, as_of)
        changes = planned.plan.changes
        turned = make_plan(people({name: feed[::-1] for name, feed in feeds.items()}, rules, as_of), snapshot, as_of).plan
        assert turned.changes == changes, "the order of the feeds does not matter"
        then = apply_simulated(snapshot, changes)
        again = make_plan(people(feeds, rules, as_of), then, as_of).plan
        freed = any(change.action == "delete" for change in changes)  # the key of a deleted account is free for its next owner
        assert freed or again.changes == [], (number, again.changes[0], changes)
        check_access(sources, planned, then, today)
        check_marks(snapshot, then, today)
        check_left_out(feeds, rules, then, as_of, chance.choice(SOURCES))
        if not freed:
            check_killed(chance, feeds, rules, snapshot, as_of, changes)
        owners = {(change.source, change.guid) for change in changes if change.guid}
        assert len(owners) == len({guid for _source, guid in owners}), "one source changes an account"
        seen |= {change.action for change in changes}
        snapshot, feeds = then, {name: next_day(chance, company, feed) for name, feed in feeds.items()}
    assert "create" in seen and seen <= set(actions.NAMES)
