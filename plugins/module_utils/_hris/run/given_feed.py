# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The feed that a module is given, as a list or as a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import HrisError, Warn
from ..option_names import option_name, said
from ..sources.files import FeedFile, given_feed, told_path

LEFT_OUT = "Nothing in the run that made the file reads it. Name it there in {kept_for.fields}"
MOST_NAMED = 10  # fields in a warning
LONGEST_NAME = 60  # characters of each


def feed_of(params: Mapping[str, Any]) -> FeedFile:
    """The feed of the options src and employees. Raises HrisError for an empty one, unless an
    option allows it.
    """
    feed = given_feed(params)
    if not feed.employees and not params.get("allow_empty"):
        hint = "An empty feed is taken for a broken one"
        if "allow_empty" in params:
            hint += f". Where it is right, set {option_name('allow_empty')}"
        raise HrisError(
            "the feed has no employee",
            told_path(params["src"]) if params["src"] else option_name("employees"),
            hint,
        )
    return feed


def keep_all_fields() -> str:
    """How to have all fields in a feed file, as a part of a sentence."""
    return said("leave kept_for out", "set lifecycle_keep_all_fields")


def warn_of_left_out(feed: FeedFile, warn: Warn) -> None:
    """Warn where whole employees are looked at, and the feed does not have all of their fields."""
    if feed.left_out:
        paths = feed.left_out[:MOST_NAMED]
        names = ", ".join(".".join(path)[:LONGEST_NAME] for path in paths)
        more = f" and {len(feed.left_out) - len(paths)} more" if feed.left_out[MOST_NAMED:] else ""
        warn(
            f"The feed does not have {len(feed.left_out)} fields of HR ({names}{more}): nothing in"
            f" the run that made it reads them. For all fields, {keep_all_fields()} there."
        )
