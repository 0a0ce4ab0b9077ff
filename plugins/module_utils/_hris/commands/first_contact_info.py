# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The work of module first_contact_info: whose account is whose in a domain that has accounts.

Nothing of the directory is changed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime, timezone
from functools import partial
from typing import Any, Self

from ..data_class import frozen
from ..directory.failover import with_directory
from ..directory.reading import read_snapshot
from ..errors import HrisError, Warn
from ..garbage_collection import nothing_to_collect
from ..model.findings import INFO
from ..model.plan_json import finding_to_json
from ..option_names import option_name
from ..planning.causes import causes_of, finding_lines, spread
from ..planning.contact_lines import FirstContact
from ..planning.first_contact import first_contact
from ..planning.summary import finding_line
from ..private_file import write_private
from ..reporting.contact_page import contact_markdown, contact_page
from ..reporting.contact_view import ContactView, contact_sheet, contact_view
from ..reporting.links_file import links_file
from ..rules.compile_ruleset import moment
from ..rules.people import people_of_sources
from ..run.bounds import bounded_lines
from ..run.report_files import write_texts
from ..run.result import Result
from ..run.source_options import SourceOptions, compile_sources, given_feeds

MOST = 100  # the highest confidence
ARGUMENTS: dict[str, Any] = dict(
    confidence=dict(
        type="dict",
        apply_defaults=True,
        options=dict(least=dict(type="int", default=30), sure=dict(type="int", default=80)),
    ),
    dest=dict(type="path"),
    format=dict(type="list", elements="str", choices=["html", "markdown", "csv"], default=["html"]),
    links_dest=dict(type="path"),
    report_limit=dict(type="int", default=100),
)


@frozen
class _Options:
    """The options of the module beside the sources."""

    directory: dict[str, Any]  # of directory/options.py
    as_of: str | None
    confidence: dict[str, int]  # least and sure
    dest: str | None  # a path
    format: list[str]
    links_dest: str | None  # a path
    report_limit: int  # lines of each list at most

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Self:
        """The options. Raises HrisError for a confidence that is none."""
        values = {field.name: params[field.name] for field in fields(cls)}
        for name, value in values["confidence"].items():
            if not 0 <= value <= MOST:
                raise HrisError(
                    f"{value} is not between 0 and {MOST}", option_name(f"confidence.{name}")
                )
        return cls(**values)


def run(params: Mapping[str, Any], _check_mode: bool, warn: Warn) -> Result:
    """Compare. RETURN of hris.ad.first_contact_info describes the result. Raises HrisError."""
    options = _Options.from_params(params)
    sources = compile_sources(params["sources"])
    files = _links_files(sources, options.links_dest)
    with nothing_to_collect():
        found = _compared(sources, options, warn)
        view = contact_view(found, [name for one in sources for name in one.rules.redact])
        result = _result(view, options)
        if options.dest:
            result["dest"] = write_texts(options.dest, _texts(view, options))
    for source, path in files.items():
        exceptions = next(one.rules.exceptions for one in sources if one.rules.source == source)
        sure = options.confidence["sure"]
        write_private(path, [links_file(found, source, exceptions, sure)])
    return result | ({"links_dest": files} if files else {})


def _links_files(sources: Sequence[SourceOptions], path: str | None) -> dict[str, str]:
    """{source: its file of proposals}; of several sources each has its name before the ending.

    Raises HrisError for one that exists: a human may have decided in it.
    """
    if not path:
        return {}
    names = [one.rules.source for one in sources]
    files = {names[0]: path}
    if len(names) > 1:
        start, ending = os.path.splitext(path)
        files = {name: f"{start}-{name.replace('/', '_')}{ending}" for name in names}
    for file in files.values():
        if os.path.lexists(file):
            hint = f"Name another file in {option_name('links_dest')}, or move this one"
            raise HrisError("the file exists, and may have decisions of a human", file, hint)
    return files


def _compared(sources: Sequence[SourceOptions], options: _Options, warn: Warn) -> FirstContact:
    as_of = moment(options.as_of, datetime.now(timezone.utc))
    feeds = given_feeds(sources)
    rulesets = [one.rules for one in sources]
    attributes = [name for rules in rulesets for name in rules.attributes]
    attributes += [
        name for rules in rulesets for rule in rules.proposals for name in rule.attributes
    ]
    read = partial(read_snapshot, attributes=attributes, keys={rules.key for rules in rulesets})
    snapshot = with_directory(options.directory, read, warn)
    people = people_of_sources(feeds, as_of)
    return first_contact(people, snapshot, as_of, options.confidence["least"])


def _texts(view: ContactView, options: _Options) -> dict[str, str]:
    makers: dict[str, Callable[[ContactView], str]] = {
        "html": contact_page,
        "markdown": lambda shown: contact_markdown(shown, options.report_limit),
        "csv": contact_sheet,
    }
    return {name: makers[name](view) for name in options.format}


def _result(view: ContactView, options: _Options) -> Result:
    """What is right, which is nearly everything, is only counted here."""
    most = options.report_limit
    told = [one for one in view.findings if one.severity != INFO]
    lines = finding_lines(told, lambda one: finding_line(one, view.sources), view.sources)
    message = f"{', '.join(view.sources)}: {view.verdict.text}"
    return {
        "changed": False,
        "msg": f"{message}.",
        "counts": view.totals,
        "findings": [finding_to_json(one) for one in spread(causes_of(told), most)],
        "findings_total": len(told),
        "report": [message, *_numbers(view), *bounded_lines(lines, most)],
    }


def _numbers(view: ContactView) -> list[str]:
    return [f"{words}: {count:,}" for words, count in view.counts.items()]
