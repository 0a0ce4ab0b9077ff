# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan: everything that one run would do, as plain data that survives JSON."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from ..ad_values.dn import normal
from ..errors import HrisError
from ..model.findings import held
from ..rules.lifecycle_state import HELD, LEAVER, STATES
from ..rules.people import precedence
from ..rules.ruleset import Ruleset
from .account_planner import Work
from .allowed_actions import permitted
from .compare import change
from .correlation import correlate
from .limits import judge_limits
from .ownership import mark_of
from .steps import absent_person

FORMAT = "hris.ad plan 1"


def make_plan(
    people: list[dict], findings: list[dict], snapshot: dict, rules: Ruleset, as_of: datetime
) -> tuple[dict, list[tuple]]:
    """Compare people with the directory: (the plan, [(person, account or None, Decision), …] of those who are not held).

    people, findings: what people_of gave. snapshot: what the directory room read. The plan is::

        {"format", "source", "as_of", "domain": {…}, "people": {state: count}, "counts": {action: count},
         "changes": [change, …], "findings": [finding, …], "limits": [verdict, …], "matched": {how: count}}

    Leavers come first among the changes, so that a run which dies early has locked them out. Raises HrisError where the
    rules do not fit this directory (missing attribute, OU or group): nobody's plan could be trusted then.
    """
    work = Work(snapshot, rules, as_of)
    linked = correlate(people, snapshot, rules, work.today)
    work.links = linked["links"]
    findings, held_now = findings + linked["findings"], set()
    decided = _decided(work, people, linked, findings, held_now)
    changes = [
        change("create_ou", None, None, dn, "placement")
        for dn in sorted(work.new_containers, key=_above_first)
    ]
    changes += _changes(work, decided, findings)
    if rules.actions is not None:
        changes, found = permitted(changes, rules.actions)
        findings += found
    states = Counter(HELD if person["key"] in held_now else person["state"] for person in people)
    plan = {
        "format": FORMAT,
        "source": rules.source,
        "as_of": as_of.isoformat(),
        "domain": {name: snapshot["domain"][name] for name in ("name", "dn", "server")},
        "people": {state: states[state] for state in STATES if states[state]},
        "counts": dict(sorted(Counter(entry["action"] for entry in changes).items())),
        "changes": changes,
        "findings": findings,
        "limits": judge_limits(
            rules.limits, changes, linked["missing"], len(people), linked["owned"]
        ),
        "matched": linked["matched"],
    }
    return plan, decided


def _decided(
    work: Work, people: list[dict], linked: dict, findings: list[dict], held_now: set[str]
) -> list[tuple]:
    """[(person, account or None, Decision), …]. Who cannot be decided on goes to findings and held_now.

    People are walked in the order of the feed, as they lie in memory, since nearly everybody stays as he is. Only those who
    need a name or a place queue up for it.
    """
    decided, waiting = [], []
    present = [
        person
        for person in people
        if person["state"] != HELD and person["key"] not in linked["blocked"]
    ]
    for may_name in (False, True):
        for person in sorted(waiting, key=precedence) if may_name else present:
            account = linked["links"].get(person["key"])
            try:
                decision = work.decide(person, account, may_name)
            except HrisError as error:
                findings.append(held(error, person["key"]))
                held_now.add(person["key"])
                continue
            if decision is None:
                waiting.append(person)
                continue
            decided.append((person, account, decision))
            now = account and account["dn"]
            if decision.dn and decision.dn is not now:
                work.places[person["key"]] = now, decision.dn
    for account in linked["absent"]:
        person = absent_person(
            linked["keys"][account["guid"]],
            mark_of(account, work.mark),
            work.today,
            work.rules.absent,
        )
        decided.append((person, account, work.decide(person, account)))
    return decided


def _changes(work: Work, decided: list[tuple], findings: list[dict]) -> list[dict]:
    """The changes of all, leavers' first, otherwise by precedence: the same ones in whatever order the feed has the people."""
    of_people = []
    for person, account, decision in decided:
        changes, found = work.changes(person, account, decision)
        findings += found
        if changes:
            of_people.append((person, changes))
    of_people.sort(key=lambda one: (one[0]["state"] != LEAVER, precedence(one[0])))
    return [entry for _person, changes in of_people for entry in changes]


def _above_first(dn: str) -> tuple[int, str]:
    name = normal(dn)
    return name.count(","), name
