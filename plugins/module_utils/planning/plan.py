# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan: everything that one run would do, as plain data that survives JSON."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from ..errors import HrisError
from ..rules.dates import HELD, LEAVER, STATES
from ..rules.findings import held
from ..rules.ruleset import Ruleset
from .compare import change
from .correlation import correlate
from .limits import judge_limits
from .ownership import mark_of
from .permitted import permitted
from .switching import absent_person
from .work import Work

FORMAT = "hris.ad plan 1"


def make_plan(people: list[dict], findings: list[dict], snapshot: dict, rules: Ruleset, as_of: datetime) -> tuple[dict, list[tuple]]:
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
    leavers, others = [], []
    for person in people:
        key = person["key"]
        if key in linked["blocked"]:
            continue
        account = linked["links"].get(key)
        if person["state"] == HELD:
            continue
        try:
            decision = work.decide(person, account)
        except HrisError as error:
            findings.append(held(error, key))
            held_now.add(key)
            continue
        (leavers if person["state"] == LEAVER else others).append((person, account, decision))
        now = account and account["dn"]
        if decision.dn and decision.dn is not now:
            work.places[key] = now, decision.dn
    for account in linked["absent"]:
        mark = mark_of(account, work.mark)
        person = absent_person(linked["keys"][account["guid"]], mark, work.today, rules.absent)
        others.append((person, account, work.decide(person, account)))
    changes = [change("create_ou", None, None, dn, "placement") for dn in work.new_containers]
    decided = leavers + others
    for one in decided:
        new, found = work.changes(*one)
        changes += new
        findings += found
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
        "limits": judge_limits(rules.limits, changes, linked["missing"], len(people), linked["owned"]),
        "matched": linked["matched"],
    }
    return plan, decided
