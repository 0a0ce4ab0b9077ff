# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The days ahead: one read of the directory, or an imagined one, and a plan for each day. Nothing is written to any directory."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from functools import partial

from ..directory.connection import connect
from ..directory.reading import read_snapshot
from ..errors import HrisError
from ..garbage_collection import nothing_to_collect
from ..private_file import write_private
from ..progress import telling
from ..rules.compile_ruleset import compile_ruleset, moment
from ..rules.ruleset import Ruleset
from ..run.bounds import bounded
from ..run.given_feed import feed_of
from ..simulation.forecast import forecast, lines_of, records_of
from ..simulation.simulated_directory import left_by

MOST_DAYS = 366


def run(params: dict, _check_mode: bool, warn) -> dict:
    """The work of module hris.ad.forecast, whose RETURN describes the result."""
    with telling(params["progress_file"], warn) as tell, nothing_to_collect():
        return _ahead(params, tell)


def _ahead(params: dict, tell) -> dict:
    rules = compile_ruleset(params)
    if not 0 <= params["days"] <= MOST_DAYS:
        raise HrisError(f"{params['days']} is not between 0 and {MOST_DAYS}", "days")
    start = moment(params["as_of"], datetime.now(timezone.utc))
    employees = feed_of(params)
    tell("read")
    snapshot = _directory(params, rules, employees, start, tell)
    days = []
    for day in forecast(employees, rules, snapshot, start, params["days"]):
        days.append(day)
        tell("plan days", len(days), params["days"] + 1)
    if params["dest"]:
        write_private(
            params["dest"],
            (json.dumps(record) + "\n" for day in days for record in records_of(day)),
        )
    changes, stops = (
        sum(len(day["changes"]) for day in days),
        [day["day"] for day in days if day["stopped"]],
    )
    sentence = f"{rules.source}: {changes} change{'s' if changes != 1 else ''} from {days[0]['day']} to {days[-1]['day']}"
    sentence += (
        f"; limits would stop the run of {', '.join(stops[:5])}{' and others' if len(stops) > 5 else ''}"
        if stops
        else ""
    )
    told = [line for day in days for line in lines_of(day)]
    return {
        "changed": False,
        "msg": f"{sentence}.",
        "changes": changes,
        "days": [
            _figures(day) for day in days if day["changes"] or day["findings"] or day["stopped"]
        ],
        "report": [sentence, *bounded(told, params["report_limit"], "lines")],
    }


def _directory(params: dict, rules: Ruleset, employees: list[dict], start: datetime, tell) -> dict:
    if params["imagined"]:
        return left_by(rules, [], employees, start)[0]
    if params["directory"] is None:
        raise HrisError(
            "no directory is named",
            "directory",
            "Give directory ({} takes all from the environment), or say imagined",
        )
    with connect(params["directory"]) as connection:
        return read_snapshot(connection, rules.attributes, tell=partial(tell, "read"))


def _figures(day: dict) -> dict:
    return {
        "day": day["day"],
        "counts": day["counts"],
        "findings": len(day["findings"]),
        "stopped": day["stopped"],
    }
