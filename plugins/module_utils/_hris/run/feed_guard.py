# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guard of a source: its feed is compared with the last good one.

The profile of the last good feed is kept in a file, or handed from run to run.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from ..errors import HrisError
from ..json_files import read_json
from ..model.findings import Finding
from ..model.records import Record
from ..option_names import option_name, with_options
from ..private_file import write_private
from ..rules.feed_profile import (
    FeedProfile,
    GuardLimits,
    compare_profiles,
    profile_from_json,
    profile_of,
    profile_to_json,
    remembered,
)
from ..rules.records import keys_of
from ..rules.ruleset import Ruleset
from ..seals import check_seal, seal_of

ARGUMENTS: dict[str, Any] = dict(
    type="dict",
    options=dict(
        file=dict(type="path"),
        last=dict(type="dict"),
        fewer=dict(type="float", default=10),
        empty=dict(type="float", default=20),
        duplicate_keys=dict(type="int", default=10, no_log=False),
        new_values=dict(type="str", choices=["report", "stop", "ignore"], default="report"),
        accept=dict(type="bool", default=False),
    ),
)
_BEGIN_ANEW = "When the feed is right, set {guard.accept} for one run, which makes a new one"


class FeedGuard:
    """A feed beside the last good one. Raises HrisError for a feed that is not trusted."""

    def __init__(
        self,
        options: Mapping[str, Any] | None,
        records: Sequence[Record],
        rules: Ruleset,
        key: str | None,
        profile: Record | None = None,
    ):
        """options: the option guard; without it nothing is compared. key: with it, profiles are
        signed, and no other one is believed. profile: that of the whole records, where the records
        lack fields of HR.
        """
        self.findings: list[Finding] = []
        self._file: str | None = None
        self._key = key
        self._profile: FeedProfile | None = None
        self._last: FeedProfile | None = None
        if not options:
            return
        self._file = options["file"]
        self._profile = _profile_of(records, rules, profile)
        last = _trusted_profile(options, key)
        self._last = None if options["accept"] else last
        if last is not None:
            self._compare(self._profile, last, options)

    def _compare(self, profile: FeedProfile, last: FeedProfile, options: Mapping[str, Any]) -> None:
        limits = GuardLimits(
            fewer=options["fewer"],
            empty=options["empty"],
            duplicate_keys=options["duplicate_keys"],
            new_values=options["new_values"],
        )
        verdict = compare_profiles(profile, last, limits)
        if verdict.stops and not options["accept"]:
            raise HrisError(
                "the feed is not like the last good one: " + "; ".join(verdict.stops),
                place=option_name("guard"),
                hint=with_options(
                    "Nothing was written. When the feed is right, set {guard.accept} for one run"
                ),
            )
        self.findings = verdict.findings

    def remember(self) -> dict[str, Any]:
        """Keep the profile, because the feed was good. The profile as JSON, {} without a guard."""
        if self._profile is None:
            return {}
        today = datetime.now(timezone.utc).date()
        data = profile_to_json(remembered(self._profile, self._last, today))
        if self._key:
            data["seal"] = seal_of(data, self._key)
        if self._file:
            write_private(self._file, [json.dumps(data, indent=1), "\n"])
        return data


def _profile_of(records: Sequence[Record], rules: Ruleset, profile: Record | None) -> FeedProfile:
    known = profile_from_json(profile, "the feed file") if profile else None
    return known or profile_of(records, keys_of(records, rules.key_line))


def _last_profile(options: Mapping[str, Any], key: str | None) -> FeedProfile | None:
    """The profile of the last good feed; None where there is none yet."""
    path = options["file"]
    if options["last"]:
        data, place = options["last"], option_name("guard.last")
    elif path and os.path.exists(path):
        data, place = read_json(path, trusted=True), path
    else:
        return None
    if key or (isinstance(data, dict) and "seal" in data):
        check_seal(data, key, "the profile", place, with_options(_BEGIN_ANEW))
    profile = profile_from_json(data, place)
    if profile is None:
        raise HrisError(
            "there is no profile of a feed in it",
            place=place,
            hint=with_options(_BEGIN_ANEW),
        )
    return profile


def _trusted_profile(options: Mapping[str, Any], key: str | None) -> FeedProfile | None:
    """The same; None as well where the feed is believed whatever the profile says."""
    try:
        return _last_profile(options, key)
    except HrisError:
        if options["accept"]:
            return None
        raise
