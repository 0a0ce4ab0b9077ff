# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which fields of HR a feed file keeps: those that something in the run reads.

This is the one place where all readers come together: the rules of the source, webhooks, write-back
and steps, and fields that somebody names. Where one of them may read any field, all are kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..data_class import frozen
from ..errors import HrisError, Warn
from ..model.record_fields import Path, kept_part, tree_of
from ..model.records import Record
from ..option_names import option_name
from ..outbound.definitions import definitions_of
from ..outbound.employee_fields import employee_reads
from ..rules.compile_ruleset import compile_ruleset
from ..rules.expressions import compile_rule
from ..rules.feed_profile import profile_of, profile_to_json, without_values
from ..rules.fields import check_fields
from ..rules.kept_fields import fields_read
from ..rules.records import TELLING, keys_of
from ..rules.ruleset import Ruleset
from ..run.given_feed import keep_all_fields
from ..sources.delivery import Selection
from ..sources.files import FeedFile
from .rule_options import checked_rules

ARGUMENTS: dict[str, Any] = dict(
    kept_for=dict(
        type="dict",
        options=dict(
            rules=dict(type="dict", required=True),
            guard=dict(type="bool", default=False),
            webhooks=dict(type="dict", default={}),
            steps=dict(type="list", elements="dict", default=[]),
            fields=dict(type="list", elements="str", default=[]),
            unknown=dict(type="str"),
        ),
    )
)
MOST_REASONS = 5  # in a warning


@frozen
class _Readers:
    """What reads the employees of a file."""

    rules: Mapping[str, Any]
    guard: bool
    webhooks: Mapping[str, Any]
    steps: list[Record]
    fields: list[str]
    unknown: str | None = None  # why it is not known what webhooks and steps read


def selection_of(params: Mapping[str, Any], warn: Warn) -> Selection | None:
    """What the file keeps, by the option kept_for; None where it keeps all fields.

    Raises HrisError for a name in its fields that does not parse.
    """
    if params["kept_for"] is None:
        return None
    readers = _Readers(**params["kept_for"])
    named = [compile_rule(one, option_name("kept_for.fields")) for one in readers.fields]
    try:
        rules = compile_ruleset(checked_rules(readers.rules))
    except HrisError:
        return None  # the run will refuse them, and say why
    with definitions_of(readers.rules):
        outbound = employee_reads(readers.webhooks, readers.steps)
    read = fields_read([*rules.record_expressions, *outbound.expressions, *named])
    reasons = [f"{one.place} ({one.source}) may read any field" for one in read.whole]
    reasons += outbound.unknown
    if readers.unknown:
        reasons.append(f"what webhooks and steps read is not known yet ({readers.unknown})")
    if reasons:
        _warn(reasons, warn)
        return None
    tree = tree_of([*read.paths, *((name,) for name in TELLING)])

    def select(employees: list[Record]) -> FeedFile:
        check_fields([*named, *outbound.named], employees, rules.optional_fields)
        left_out: dict[Path, None] = {}
        kept = [kept_part(employee, tree, left_out) for employee in employees]
        profile = _profile(employees, rules, list(left_out)) if readers.guard else None
        return FeedFile(kept, list(left_out), profile)

    return select


def _profile(employees: list[Record], rules: Ruleset, left_out: list[Path]) -> Record:
    """What the guard counts of whole employees, without values of fields that nobody reads."""
    profile = profile_of(employees, keys_of(employees, rules.key_line))
    return profile_to_json(without_values(profile, left_out))


def _warn(reasons: list[str], warn: Warn) -> None:
    more = f"; and {len(reasons) - MOST_REASONS} more" if len(reasons) > MOST_REASONS else ""
    warn(
        "All fields of HR stay in the file of employees:"
        f" {'; '.join(reasons[:MOST_REASONS])}{more}."
        " Name fields in place of @ and *. To keep all fields without this warning,"
        f" {keep_all_fields()}."
    )
