# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The work of module forecast_info: a plan for each of the next days. No directory is changed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime, timezone
from functools import partial
from typing import Any, Self

from ..data_class import frozen
from ..directory.failover import with_directory
from ..directory.reading import read_snapshot
from ..errors import HrisError, Warn
from ..garbage_collection import nothing_to_collect
from ..model.directory import Snapshot
from ..option_names import option_name, with_options
from ..planning.step_days import DatedStep
from ..private_file import write_private
from ..progress import Progress, progress_to
from ..rules.compile_ruleset import moment
from ..rules.people import Feed
from ..rules.policies import Limits
from ..rules.ruleset import Ruleset
from ..run.bounds import bounded_lines
from ..run.names_of_run import NamesOfRun
from ..run.names_options import NamesOptions
from ..run.result import Result
from ..run.source_options import compile_sources, domain_limits, given_feeds
from ..simulation import forecast as simulation
from ..simulation.forecast import ForecastDay
from ..simulation.simulated_directory import left_by

MOST_DAYS = 366
NAMED_DAYS = 5  # days that a message names


def libraries(params: Mapping[str, Any]) -> tuple[str, ...]:
    """What its options need: a simulated directory is not asked."""
    return ("jmespath",) if params["simulated"] else ("jmespath", "ldap3")


@frozen
class _Options:
    """The options of the module beside the sources."""

    directory: dict[str, Any] | None  # of directory/options.py
    simulated: bool
    names: NamesOptions
    days: int
    dest: str | None  # a path
    report_limit: int  # lines of the report at most
    as_of: str | None
    progress_file: str | None  # a path

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Self:
        values = {field.name: params[field.name] for field in fields(cls)}
        values["names"] = NamesOptions.from_params(params["names"])
        return cls(**values)


def run(params: dict[str, Any], _check_mode: bool, warn: Warn) -> Result:
    """Make the forecast. RETURN of hris.ad.forecast_info describes the result. Raises HrisError."""
    options = _Options.from_params(params)
    with progress_to(options.progress_file, warn) as progress, nothing_to_collect():
        sources = compile_sources(params["sources"])
        limits = domain_limits(params["domain_limits"], sources)
        if not 0 <= options.days <= MOST_DAYS:
            raise HrisError(f"{options.days} is not between 0 and {MOST_DAYS}", option_name("days"))
        steps = {one.rules.source: DatedStep.from_params(one.options["steps"]) for one in sources}
        days = _days(given_feeds(sources), limits, options, steps, progress, warn)
        if options.dest:
            lines = (json.dumps(data) + "\n" for day in days for data in simulation.records_of(day))
            write_private(options.dest, lines)
    return _result([source.rules.source for source in sources], days, options.report_limit)


def _days(
    feeds: Sequence[Feed],
    limits: Limits,
    options: _Options,
    steps: Mapping[str, Sequence[DatedStep]],
    progress: Progress,
    warn: Warn,
) -> list[ForecastDay]:
    start = moment(options.as_of, datetime.now(timezone.utc))
    progress("read")
    former = None
    if options.simulated:
        if not options.names.is_empty:
            hint = "Leave it out, or read a real directory"
            raise HrisError("a simulated directory has no former names", option_name("names"), hint)
        snapshot = left_by(feeds, [], start).snapshot
    else:
        names, rulesets = NamesOfRun(options.names), [feed.rules for feed in feeds]
        snapshot = _read(rulesets, options.directory, progress, warn)
        names.begin(snapshot, rulesets, start.date())
        former = names.former
    days = []
    for day in simulation.forecast(feeds, snapshot, start, options.days, limits, former, steps):
        days.append(day)
        progress("plan days", len(days), options.days + 1)
    return days


def _read(
    rulesets: Sequence[Ruleset], directory: dict[str, Any] | None, progress: Progress, warn: Warn
) -> Snapshot:
    if directory is None:
        raise HrisError(
            "no directory is named",
            option_name("directory"),
            with_options(
                "Give {directory} (an empty one is taken from the environment), or set {simulated}"
            ),
        )
    read = partial(
        read_snapshot,
        attributes=[name for rules in rulesets for name in rules.attributes],
        progress=partial(progress, "read"),
        keys={rules.key for rules in rulesets},
    )
    return with_directory(directory, read, warn)


def _result(sources: Sequence[str], days: Sequence[ForecastDay], most: int) -> Result:
    changes = sum(len(day.changes) for day in days)
    noun = "change" if changes == 1 else "changes"
    sentence = f"{', '.join(sources)}: {changes} {noun} from {days[0].day} to {days[-1].day}"
    stopped = [day.day for day in days if day.stopped]
    if stopped:
        sentence += f"; limits would stop the run of {', '.join(stopped[:NAMED_DAYS])}"
    if len(stopped) > NAMED_DAYS:
        sentence += " and others"
    lines = [line for day in days for line in simulation.lines_of(day, sources)]
    return {
        "changed": False,
        "msg": f"{sentence}.",
        "changes": changes,
        "days": [_figures(day) for day in days if not day.is_empty],
        "report": [sentence, *bounded_lines(lines, most)],
    }


def _figures(day: ForecastDay) -> Result:
    return {
        "day": day.day,
        "counts": day.counts,
        "findings": len(day.findings),
        "stopped": day.stopped,
        "steps": day.steps,
    }
