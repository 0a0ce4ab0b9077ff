# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Policies: the rules that are plain choices. Names, choices and defaults are those of
options.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from ..ad_values.dn import normal
from ..data_class import frozen
from ..errors import HrisError, did_you_mean
from ..option_names import option_name

Options = Mapping[str, Any]  # options of a module, checked against its argument spec


@frozen
class Ownership:
    """Which accounts are ours."""

    bases: tuple[str, ...]  # normal DNs: accounts below them; none means the whole domain
    attribute: str  # keeps the mark of ownership
    adopt: bool  # whether an account without a mark becomes ours
    # manage or keep: the groups that an account without a mark is in
    adopted_groups: str
    # logon names, DNs, SIDs and objectGUIDs of groups, accounts and OUs that are never changed
    protected: tuple[str, ...]
    deletion_protection: str  # keep or lift: of accounts that are to be moved or deleted


@frozen
class Joiner:
    """What happens around the first day."""

    create_days_before: int
    enable: str  # on_start or on_create
    moved_start: str  # report or disable: an enabled account whose first day moved into the future
    must_change_password: bool


@frozen
class Leave:
    """What happens during a leave."""

    account: str  # keep or disable


@frozen
class Leaver:
    """What happens after the last day."""

    disable: str  # end_of_day: the last day is worked; start_of_day: locked when it begins
    groups: str  # keep, remove_managed or remove_all
    record: str | None  # the attribute that remembers the removed groups
    move_to: str | None  # DN of an OU
    attributes: Options | None  # a mapping, compiled in the ruleset
    scramble_password: bool
    reenabled: str  # disable or report: a leaver whose account was enabled by hand
    account_expires: bool
    delete_after_days: int | None
    bridge_days: int  # the longest gap between two records in which nothing changes


ALL, GROUPS = "all", "groups"  # what a rehire gets back


@frozen
class Rehire:
    """What happens at a return: days since the first day without access. None: never."""

    groups_within: int | None  # removed groups come back when the leaver was away no longer
    all_within: int | None  # the same for everything that the leaver rules changed


@frozen
class OutOfScope:
    """What happens to accounts of people who work here, but have no record in scope."""

    action: str  # report, leaver or keep
    grace_days: int  # leaver: how long they keep access


@frozen
class Absent:
    """What happens to accounts of people who are no longer in the feed."""

    grace_days: int
    action: str  # report or disable


@frozen
class PersonException:
    """A decision of a human about a single person."""

    key: str
    action: str  # exclude, link, join, separate or confirm
    account: str | None  # link: logon name, DN or objectGUID
    other: str | None  # join and separate: the other key
    other_source: str | None  # the source of the other key; None: the same source
    reason: str
    until: str | None  # last day, ISO 8601

    def counts_on(self, day: str) -> bool:
        """Whether the exception has not ended before the day (ISO 8601)."""
        return not self.until or day <= self.until


@frozen
class Limit:
    """How much one run may do."""

    count: float | None
    percent: float | None


HELD_PERCENT = 5.0  # limits.held where it is not set: a broken rule holds many people at once
# A limit is set for an action, for "absent", "held" or "out_of_scope", or for one attribute:
# ("attribute", name)
Limits = dict["str | tuple[str, str]", Limit]


def compile_ownership(options: Options) -> Ownership:
    """The policy of the option ownership."""
    bases = tuple(normal(base) for base in options["bases"])
    protected = tuple(text.strip() for text in options["protected"])
    return Ownership(
        bases,
        options["attribute"],
        options["adopt"],
        options["adopted_groups"],
        protected,
        options["deletion_protection"],
    )


def compile_rehire(bands: list[Options]) -> Rehire:
    """The policy of the option rehire.restore. Raises HrisError for a band that says nothing."""
    within: dict[str, int] = {}
    for index, band in enumerate(bands):
        days, what = band["within_days"], band["what"]
        place = option_name(f"rehire.restore[{index}]")
        if days < 0:
            place = f"{place}.within_days"
            raise HrisError("the number of days is negative", place, "Give 0 or more")
        if what in within:
            raise HrisError(f"there are two bands for {what}", place, "Keep one of them")
        within[what] = days
    every, groups = within.get(ALL), within.get(GROUPS)
    if every is not None and groups is not None and groups <= every:
        raise HrisError(
            f"groups within {groups} days says nothing, because {ALL} within {every} days has them",
            option_name("rehire.restore"),
            f"Give groups more days than {ALL}, or remove it",
        )
    return Rehire(every if groups is None else groups, every)


def compile_exceptions(entries: list[Options]) -> tuple[PersonException, ...]:
    """The exceptions. Raises HrisError for a date that is none and for a link without an
    account.
    """
    exceptions = []
    for index, entry in enumerate(entries):
        exception = PersonException(**entry)
        _check_exception(exception, option_name(f"exceptions[{index}]"))
        exceptions.append(exception)
    return tuple(exceptions)


def check_day(text: str, place: str) -> None:
    """Raise HrisError for text that is no day."""
    try:
        date.fromisoformat(text)
    except ValueError:
        raise HrisError(f"{text!r} is not a date", place, "Write it as YYYY-MM-DD") from None


def _check_exception(exception: PersonException, place: str) -> None:
    if exception.until:
        check_day(exception.until, f"{place}.until")
    if exception.action == "link" and not exception.account:
        raise HrisError(
            "a link needs the account",
            place=f"{place}.account",
            hint="Give its logon name, DN or objectGUID",
        )
    if exception.action in ("join", "separate") and not exception.other:
        raise HrisError(
            f"the action {exception.action} needs a second key",
            place=f"{place}.other",
            hint="Give the key of the other employee",
        )


def compile_source_limits(options: Options, attributes: list[str]) -> Limits:
    """The limits of a source: those that are set, and the default ones. As compile_limits."""
    held = {"held": Limit(None, HELD_PERCENT)}
    return held | compile_limits(options, attributes, option_name("limits"))


def compile_limits(options: Options, attributes: list[str], place: str) -> Limits:
    """The limits that are set. attributes: those that the rules name. place: the option.

    Raises HrisError for an unknown attribute and for what is not a limit.
    """
    limits: Limits = {}
    for action, limit in options.items():
        if limit and action != "attributes":
            limits[action] = Limit(limit.get("count"), limit.get("percent"))
    for name, limit in (options.get("attributes") or {}).items():
        of_attribute = f"{place}.attributes.{name}"
        if name not in attributes:
            hint = did_you_mean(name, attributes)
            raise HrisError(f"unknown attribute '{name}'", place=of_attribute, hint=hint)
        _check_limit(limit, of_attribute)
        limits["attribute", name] = Limit(limit.get("count"), limit.get("percent"))
    return limits


def _check_limit(limit: Any, place: str) -> None:
    if not isinstance(limit, dict) or not limit or set(limit) - {"count", "percent"}:
        raise HrisError(
            "a limit has a count, a percent or both", place=place, hint="Write {percent: 40}"
        )
    for word, value in limit.items():
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0:
            raise HrisError(f"{value!r} is not a number", place=f"{place}.{word}")
