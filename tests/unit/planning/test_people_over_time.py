# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random people with several records, day after day: what must hold on each of them, whatever the data and the rules are."""
from __future__ import annotations

import random
from datetime import date, datetime, timedelta, timezone

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.ownership import (
    Mark,
    mark_of,
    read_mark,
    write_mark,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.plan import make_plan
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.people import people_of
from ansible_collections.hris.ad.plugins.module_utils._hris.simulation.application import (
    apply_simulated,
)

FIRST_DAY, DAYS, PEOPLE = date(2026, 3, 2), 20, 8
NAMES = [("Ann", "Lee"), ("Bo", "Ek"), ("Cy", "Oh"), ("Di", "Fox"), ("Ed", "Ray")]
NOWHERE = "Nowhere/City"


def rules_of(chance, company):
    return company.rules(
        dates={"start": "start", "end": "end", "timezone": "tz", "terminated": "gone", "on_leave": "away"},
        identity={"same": {"tax_number": "tax"}} if chance.random() < 0.7 else {},
        primary={"prefer": ["title == 'Head'"]} if chance.random() < 0.5 else {},
        scope={"when": "department != 'Casual'", "action": chance.choice(["report", "leaver", "keep"]), "grace_days": 3} if chance.random() < 0.5 else {},
        joiner={"create_days_before": chance.choice([0, 5]), "moved_start": chance.choice(["report", "disable"]),
                "enable": chance.choice(["on_start", "on_start", "on_create"])},
        leave={"account": chance.choice(["keep", "disable"])},
        leaver={"groups": chance.choice(["remove_managed", "remove_all"]), "move_to": company.leavers, "bridge_days": chance.choice([0, 4, 30]),
                "delete_after_days": chance.choice([None, 6])},
        rehire={"restore": [{"within_days": chance.choice([0, 5, 60]), "what": "groups"}]},
        absent={"action": chance.choice(["report", "disable"]), "grace_days": 2},
        correlation={"relink": chance.random() < 0.5, "fallbacks": [{"attribute": "mail", "value": "post"}] if chance.random() < 0.5 else []},
        exceptions=[{"key": f"P{chance.randrange(PEOPLE)}", "action": action, "other": f"Q{chance.randrange(PEOPLE)}", "reason": "test"}
                    for action in ("join", "separate", "separate")],
        groups=[{"groups": ["All Staff"]}, {"groups": ["Finance"], "when": "department == 'Finance'", "records": chance.choice(["primary", "current"])}],
    )


def some_day(chance):
    return (FIRST_DAY + timedelta(days=chance.randrange(-20, DAYS + 10))).isoformat()


def record_of(chance, company, human):
    first, last = NAMES[human % len(NAMES)] if chance.random() < 0.95 else chance.choice(NAMES)
    odd = chance.random()
    return company.employee(
        chance.choice([f"P{human}", f"P{human}", f"Q{human}", f"R {human} key=1"]), first, last,
        start=chance.choice(["2020-01-01", some_day(chance), some_day(chance), "soon" if odd < 0.1 else "2021-01-01"]),
        end=chance.choice([None, some_day(chance), some_day(chance), "9999-12-31"]), tz=NOWHERE if 0.1 < odd < 0.2 else "UTC",
        gone=odd > 0.95, away=0.85 < odd < 0.9, tax=chance.choice([f"T{human}", f"T{human}", None]),
        post=chance.choice([None, "alee@example.com"]), department=chance.choice(["Sales", "Finance", "Casual"]),
        title=chance.choice(["Clerk", "Head"]), manager=f"id-P{chance.randrange(PEOPLE)}")


def next_day(chance, company, feed):
    """HR changes, adds and removes a record."""
    feed = list(feed)
    if chance.random() < 0.3:
        number = chance.randrange(len(feed))
        feed[number] = feed[number] | {"end": chance.choice([None, some_day(chance)]), "gone": False}
    if chance.random() < 0.15:
        feed.append(record_of(chance, company, chance.randrange(PEOPLE)))
    if chance.random() < 0.1:
        feed.pop(chance.randrange(len(feed)))
    return feed


def readable_state(record, today):
    """current, past or None where it is another one or cannot be read."""
    if record["start"] == "soon" or record["tz"] == NOWHERE:
        return None
    end = None if record["end"] in (None, "9999-12-31") else date.fromisoformat(record["end"])
    start = date.fromisoformat(record["start"])
    if record["gone"]:
        return "past"
    if end and end < start:
        return None
    if end and end < today:
        return "past"
    return "current" if start <= today else None


def check_access(source, planned, then, today, rules):
    """Who works keeps access, and who has left has none, or it is said."""
    after = {account.guid: account for account in then.accounts}
    said = {finding.key for finding in planned.plan.findings if finding.severity == "error"}
    for person, account, _decision in planned.decided:
        if account is None or account.guid not in after or not person.record:
            continue  # no account, a deleted one, or that of somebody who is absent
        records = [one.record for one in person.employment.records] if person.employment else [person.record]
        states = [readable_state(record, today) for record in records]
        in_scope = [record for record, state in zip(records, states, strict=True) if state == "current" and
                    (rules.scope.when is None or record["department"] != "Casual")]
        is_away = all(record["away"] for record in in_scope)
        if in_scope and all(states) and not is_away:
            assert after[account.guid].enabled or not account.enabled, (person, account.dn)
        if all(state == "past" for state in states):
            assert not after[account.guid].enabled or person.key in said, (person, account.dn)


def check_marks(snapshot, then, today):
    """Marks are read back as they were written. A day in a mark never goes back, and never changes while something goes on."""
    before = {account.guid: mark_of(account, "adminDescription") for account in snapshot.accounts}
    for account in then.accounts:
        mark = mark_of(account, "adminDescription")
        assert mark and read_mark(write_mark(mark)) == mark
        old = before.get(account.guid)
        if old and old.since and mark.since:
            assert mark.since >= old.since, (old, mark)
        for name in ("absent", "out_of_scope", "bridged"):
            days = {getattr(one, name) for one in (old, mark) if one} - {None}
            assert len(days) < 2, (old, mark)
        assert not mark.since or mark.since <= today.isoformat(), mark


def check_changes(source, plan):
    """Nothing but a lock for people who are held; another key only when nobody who works here has the old one."""
    held = {finding.key for finding in plan.findings if finding.kind in ("held", "identity_changed", "looks_absent")}
    assert {change.action for change in plan.changes if change.key in held} <= {"disable"}
    working = {key for person in source.people if person.state != "leaver" for key in person.keys}
    assert not [change for change in plan.changes if change.action == "relink" and change.attributes["employeeID"].before[0] in working]


def primary_records(source):
    """{the records of a person, and when they are: the primary one} of those who work here."""
    people = [person for person in source.people if person.employment and person.state in ("active", "leave")]
    return {str(sorted((str(one.record), one.time) for one in person.employment.records)): person.record for person in people}


@pytest.mark.parametrize("seed", range(6))
def test_what_holds_on_every_day(company, seed):
    chance = random.Random(seed)
    rules = rules_of(chance, company)
    feed = [record_of(chance, company, human) for human in range(PEOPLE) for _number in range(chance.choice([1, 1, 2, 3]))]
    snapshot, seen, primary = company.snapshot(), set(), {}
    for number in range(DAYS):
        today = FIRST_DAY + timedelta(days=number)
        as_of = datetime(today.year, today.month, today.day, 13, tzinfo=timezone.utc)
        source = people_of(feed, rules, as_of)
        planned = make_plan([source], snapshot, as_of)
        turned = make_plan([people_of(feed[::-1], rules, as_of)], snapshot, as_of).plan
        assert turned.changes == planned.plan.changes, "the order of the feed does not matter"
        then = apply_simulated(snapshot, planned.plan.changes)
        again = make_plan([people_of(feed, rules, as_of)], then, as_of).plan
        assert again.changes == [], (number, again.changes[0], planned.plan.changes)
        check_access(source, planned, then, today, rules)
        check_marks(snapshot, then, today)
        check_changes(source, planned.plan)
        assert primary | primary_records(source) == primary_records(source) | primary, "no primary record changes by itself"
        primary |= primary_records(source)
        seen |= {change.action for change in planned.plan.changes}
        snapshot, feed = then, next_day(chance, company, feed)
    assert "create" in seen


@pytest.mark.parametrize("key", [None, "E1", "E 1", "a=b", "x key=y", "key=", " key="])
def test_a_mark_with_any_key(key):
    mark = Mark("elmo", "disabled", "2026-03-02", key=key)
    assert read_mark(write_mark(mark)) == mark


@pytest.mark.parametrize("day", ["soon", "", "2026-02-30", "20260302", "2026-W10-1"])
@pytest.mark.parametrize("name", ["since", "absent", "out_of_scope", "bridged"])
def test_a_day_in_a_mark_that_is_none(company, name, day):
    """Somebody edited it: what is counted from the day begins anew."""
    state = "disabled" if name == "since" else "active"
    account = company.account("1", "alee", "Ann Lee", enabled=name != "since", mark=f"hris.ad source=elmo state={state} {name}={day}", extensionName=[
        f"hris.ad group=guid-Finance since={day}"])
    rules = {"leaver": {"delete_after_days": 3}, "absent": {"action": "disable"}, "rehire": {"restore": [{"within_days": 3, "what": "groups"}]},
             "scope": {"when": "department != 'Casual'", "action": "leaver"}}
    for feed in ([], [company.employee("1")], [company.employee("1", end="2026-02-27")], [company.employee("1", department="Casual")]):
        plan = company.plan(feed, company.snapshot(account), **rules)
        assert "delete" not in {change.action for change in plan.changes}
        assert all(f"{name}={day}" not in change.attributes["adminDescription"].after for change in plan.changes if "adminDescription" in change.attributes)
