# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The arrows in their order: employees → people → plan → limits → directory. Check mode stops before the last."""
from __future__ import annotations

import gc
import json
from contextlib import contextmanager
from datetime import datetime, timezone

from .directory.connection import connect
from .directory.delivery import check_delivery, make_passwords
from .directory.lookup import guids_of
from .directory.reading import read_snapshot
from .directory.writing import apply
from .errors import HrisError, did_you_mean
from .planning.explain import explain, find_person, lines_of
from .planning.outcome import accounts_by_event, outcome_of
from .planning.plan import make_plan
from .planning.shards import check_shard, part_of
from .planning.show import diff, report, sentence, summary
from .private_file import write_private
from .rules.people import people_of
from .rules.ruleset import Ruleset, compile_ruleset, moment
from .sources.files import read_feed


def sync(params: dict, check_mode: bool, warn) -> dict:
    """Bring the directory in line with the employees; the work of module hris.ad.sync, whose RETURN describes the result.

    params: the module's options. Raises HrisError for rules, feeds and directories that nothing may be computed from; then
    nothing was written.
    """
    rules = compile_ruleset(params)
    check_delivery(params["passwords"])
    check_shard(params["shard"])
    as_of = moment(params["as_of"], datetime.now(timezone.utc))
    employees = params["employees"] if params["employees"] is not None else read_feed(params["src"])
    if not employees and not params["allow_empty"]:
        raise HrisError("the feed holds no employee", place=params["src"] or "employees",
                        hint="An empty feed is taken for a broken one; say allow_empty when it is right")
    with _nothing_to_collect(), connect(params["directory"]) as connection:
        people, findings = people_of(employees, rules, as_of)
        snapshot = read_snapshot(connection, rules.attributes)
        plan, decided = make_plan(people, findings, snapshot, rules, as_of)
        if params["explain"]:
            return _explanation(params["explain"], people, decided, plan, rules, snapshot)
        if params["plan_dest"]:
            write_private(params["plan_dest"], [json.dumps(plan, indent=1), "\n"])
        exceeded = [verdict["message"] for verdict in plan["limits"] if verdict["exceeded"]]
        if exceeded:
            return _result(plan, rules, params["report_limit"]) | {"changed": False, "failed": True, "msg": _stopped(plan, exceeded)}
        waiting = 0
        if params["shard"]:
            plan["changes"], waiting = part_of(plan["changes"], **params["shard"])
        result = _result(plan, rules, params["report_limit"]) | ({"waiting": waiting} if params["shard"] else {})
        made = plan["changes"]
        if not check_mode:
            outcomes = apply(connection, made, passwords=make_passwords(made, params["passwords"], rules.source))
            result |= _outcome(plan, outcomes, params["report_limit"], warn)
            made = [change for change, outcome in zip(made, outcomes, strict=True) if outcome["status"] == "applied"]
        return result | _accounts(connection, decided, made, rules, params, check_mode)


def _explanation(key: str, people: list, decided: list, plan: dict, rules: Ruleset, snapshot: dict) -> dict:
    person = find_person(people, key)
    if person is None:
        raise HrisError(f"no employee has the key '{key}'", place="explain", hint=did_you_mean(key, [one["key"] for one in people])
                        or f"The key is what {rules.key} is mapped from; a record without one is in no plan")
    account = next((account for one, account, _decision in decided if one is person), None)
    found = explain(person, account, plan, rules, snapshot)
    return {"changed": False, "msg": f"{plan['source']}: nothing is written to explain {person['key']}", "explanation": found,
            "report": lines_of(found)}


def _accounts(connection, decided: list, made: list, rules: Ruleset, params: dict, check_mode: bool) -> dict:
    """The accounts by what was done to them; all of them go to the file outcome_dest."""
    own = frozenset(name.casefold() for name in (rules.ownership["attribute"], rules.leaver["record"]) if name)
    outcomes = list(outcome_of(decided, made, rules.source, own, everyone=bool(params["outcome_dest"])))
    new = [outcome for outcome in outcomes if outcome["guid"] is None]
    if new and not check_mode:
        guids = guids_of(connection, [outcome["attributes"]["sAMAccountName"][0] for outcome in new])
        for outcome in new:
            outcome["guid"] = guids.get(outcome["attributes"]["sAMAccountName"][0].lower())
    if params["outcome_dest"]:
        write_private(params["outcome_dest"], (json.dumps(outcome) + "\n" for outcome in outcomes))
    return {"accounts": accounts_by_event(outcomes, params["report_limit"])}


@contextmanager
def _nothing_to_collect():
    """Python's cycle collector at rest: a population is plain data without cycles, and it would be walked again and again."""
    resting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if resting:
            gc.enable()


def _result(plan: dict, rules: Ruleset, most: int) -> dict:
    return {
        "changed": bool(plan["changes"]),
        "msg": sentence(plan),
        "summary": summary(plan),
        "findings": plan["findings"][:most],
        "report": report(plan, most),
        "findings_total": len(plan["findings"]),
        "limits": plan["limits"],
        "as_of": plan["as_of"],
        "diff": diff(plan, rules.redact, most),
    }


def _stopped(plan: dict, exceeded: list[str]) -> str:
    return (f"{plan['source']}: nothing was written, the plan is over its limits. " + "; ".join(exceeded)
            + ". Look at the plan (check mode, --diff, plan_dest); when it is right, raise these limits for one run.")


def _outcome(plan: dict, outcomes: list[dict], most: int, warn) -> dict:
    """What the server made of the plan: counts, the changes that were not or not wholly made, and failure when there are any."""
    refused = [
        {"key": entry["key"], "action": entry["action"], "dn": entry["dn"], "status": outcome["status"], "message": outcome["message"]}
        for entry, outcome in zip(plan["changes"], outcomes, strict=True) if outcome["message"]
    ]
    applied = sum(outcome["status"] == "applied" for outcome in outcomes)
    result = {"changed": applied > 0, "applied": applied, "refused": refused[:most], "refused_total": len(refused)}
    if refused:
        first = refused[0]
        for entry in refused[:10]:
            warn(f"{entry['key']}: {entry['action']} was {entry['status']}: {entry['message']}")
        result |= {
            "failed": True,
            "msg": f"{plan['source']}: {len(refused)} of {len(outcomes)} changes were not or not wholly made, the others were. "
                   f"First: {first['key']}: {first['action']}: {first['message']}",
        }
    return result
