# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sources of a run: their rules, their feeds, and why a feed cannot be used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..data_class import frozen
from ..errors import HrisError
from ..option_names import option_name
from ..planning.plan_file import data_digest
from ..planning.step_days import ARGUMENTS as STEPS
from ..private_file import file_digest
from ..rules.compile_ruleset import compile_ruleset
from ..rules.options import ARGUMENTS as RULES
from ..rules.people import Feed, check_feed
from ..rules.policies import Limits, compile_limits
from ..rules.ruleset import Ruleset
from ..sources.files import ARGUMENTS as FEED
from .feed_guard import ARGUMENTS as GUARD
from .feed_guard import FeedGuard
from .given_feed import feed_of

STOP, LEAVE_OUT = "stop", "leave_out"  # what happens where a source is bad
# What an outcome file has besides the accounts
MANAGER_ACCOUNT, NOT_DUE = "manager_account", "not_due"
OF_RULES = {name: spec for name, spec in RULES.items() if name != "as_of"}
ARGUMENTS: dict[str, Any] = dict(
    type="list",
    elements="dict",
    required=True,
    options={
        **OF_RULES,
        **FEED,
        "allow_empty": dict(type="bool", default=False),
        "guard": GUARD,
        "failed": dict(type="str"),
        "ledger": dict(type="path"),
        "steps": STEPS,
        "outcome_dest": dict(type="path"),
        "outcome_also": dict(
            type="list", elements="str", choices=[MANAGER_ACCOUNT, NOT_DUE], default=[]
        ),
    },
    mutually_exclusive=[("employees", "src")],
    required_one_of=[("employees", "src", "failed")],
)
# The same where nothing is written: no state is kept, and without a feed there is nothing to do
SIMULATED: dict[str, Any] = dict(
    type="list",
    elements="dict",
    required=True,
    options={**OF_RULES, **FEED, "allow_empty": dict(type="bool", default=False)},
    mutually_exclusive=[("employees", "src")],
)
# The same for a forecast, which also tells the days of steps
FORESEEN: dict[str, Any] = {**SIMULATED, "options": {**SIMULATED["options"], "steps": STEPS}}


@frozen
class SourceOptions:
    """One source, as the options describe it."""

    rules: Ruleset
    options: Mapping[str, Any]  # of ARGUMENTS


@frozen
class CheckedFeed:
    """The feed of a source that can be used."""

    feed: Feed
    guard: FeedGuard


def compile_sources(entries: Sequence[Mapping[str, Any]]) -> list[SourceOptions]:
    """The sources with their rules. Raises HrisError naming the source and the rule."""
    if not entries:
        raise HrisError("no source is given", option_name("sources"), "Give at least one")
    found: list[SourceOptions] = []
    for entry in entries:
        try:
            rules = compile_ruleset(entry)
        except HrisError as error:
            raise _located(error, entry["source"], len(entries)) from None
        if any(rules.source == one.rules.source for one in found):
            hint = "Give each source a name of its own"
            raise HrisError(
                f"two sources have the name '{rules.source}'", option_name("sources"), hint
            )
        found.append(SourceOptions(rules, entry))
    return found


def domain_limits(given: Mapping[str, Any] | None, sources: Sequence[SourceOptions]) -> Limits:
    """The limits of the whole domain. Raises HrisError."""
    attributes = [name for source in sources for name in source.rules.attributes]
    return compile_limits(given or {}, attributes, option_name("domain_limits"))


def _located(error: HrisError, name: str, sources: int) -> HrisError:
    """The error; where there are several sources, it names the one that it is about."""
    if sources == 1:
        return error
    return error.at(f"{name}: {error.place}" if error.place else name)


def read_feeds(
    sources: Sequence[SourceOptions], on_bad_source: str, key: str | None
) -> tuple[list[CheckedFeed], dict[str, str]]:
    """(the feeds that can be used, {source whose feed cannot: why}).

    key: the secret that profiles of feeds are signed with.
    Raises HrisError where no feed can be used, and for the first bad one under the policy STOP.
    """
    feeds: list[CheckedFeed] = []
    bad: dict[str, str] = {}
    for source in sources:
        name = source.rules.source
        try:
            feeds.append(_read(source, key))
        except HrisError as error:
            bad[name] = str(error).rstrip(".")
            if on_bad_source == STOP or len(bad) == len(sources):
                raise _located(error, name, len(sources)) from None
    return feeds, bad


def check_read(sources: Sequence[SourceOptions], on_bad_source: str) -> None:
    """Raise HrisError for the first source of which HR could not be read, under the policy STOP:
    the directory is not asked then.
    """
    for source in sources:
        if on_bad_source == STOP and source.options["failed"]:
            raise _located(_unread(source), source.rules.source, len(sources))


def given_feeds(sources: Sequence[SourceOptions]) -> list[Feed]:
    """The feeds of all sources. Raises HrisError for the first one that cannot be used."""
    feeds = []
    for source in sources:
        try:
            feeds.append(_given(source))
        except HrisError as error:
            raise _located(error, source.rules.source, len(sources)) from None
    return feeds


def _given(source: SourceOptions) -> Feed:
    given = feed_of(source.options)
    feed = Feed(source.rules, given.employees, given.left_out)
    check_feed(feed)
    return feed


def _unread(source: SourceOptions) -> HrisError:
    return HrisError(f"HR could not be read: {source.options['failed'].rstrip('.')}")


def _read(source: SourceOptions, key: str | None) -> CheckedFeed:
    options = source.options
    if options["failed"]:
        raise _unread(source)
    given = feed_of(options)
    feed = Feed(source.rules, given.employees, given.left_out)
    check_feed(feed)
    guard = FeedGuard(options["guard"], given.employees, source.rules, key, given.profile)
    return CheckedFeed(feed, guard)


def digests_of(sources: Sequence[SourceOptions], used: Sequence[CheckedFeed]) -> dict[str, str]:
    """The digests of what the plan is made from: the feeds that are used, and their rules."""
    names = {checked.feed.rules.source for checked in used}
    given = [source.options for source in sources if source.rules.source in names]
    feeds = [_feed_digest(options) for options in given]
    rules = [{name: options[name] for name in OF_RULES} for options in given]
    return {
        "feed": feeds[0] if len(feeds) == 1 else data_digest(feeds),
        "rules": data_digest(rules[0] if len(rules) == 1 else rules),
    }


def _feed_digest(options: Mapping[str, Any]) -> str:
    if options["src"]:
        return file_digest(options["src"])
    return data_digest(options["employees"])
