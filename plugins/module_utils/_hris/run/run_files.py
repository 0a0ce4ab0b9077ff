# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of one run: their names in folders, and the folders that it makes for them.

A destination that ends with a slash is a folder, in which each run has a file of its own.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from ..data_class import frozen
from ..user_files import check_destinations, check_makeable, folder_of, make_folder

# {option: the end of the names in its folder}, so that all may be in one folder
_ENDINGS = {
    "plan_dest": ".json",
    "held_plan_dest": "-held.json",
    "journal": "-journal.jsonl",
    "undo_dest": "-undo.json",
}
_UNUSUAL = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST = 120  # characters of the names of sources


@frozen
class RunFiles:
    """The options of a module in which each folder is a file, and the folders to be made."""

    params: Mapping[str, Any]
    own: frozenset[str]  # options whose file no other run has
    made: frozenset[str]  # folders that the run makes where they are missing

    def for_report(self, name: str) -> str | None:
        """A file that only the report needs, in the folder for them; None without one."""
        folder = self.params.get("report_folder")
        return os.path.join(folder, name) if folder else None

    def check(self, replaced: Iterable[str | None], grown: Iterable[str | None] = ()) -> None:
        """Raise HrisError for files that the run could not write at its end. replaced: files that
        are written anew. grown: files that lines are added to.
        """
        given = [*filter(None, replaced)], [*filter(None, grown)]
        missing = {
            folder
            for path in [*given[0], *given[1]]
            if (folder := folder_of(path)) in self.made and not os.path.lexists(folder)
        }
        for folder in sorted(missing):
            check_makeable(folder)
        check_destinations(
            *([path for path in paths if folder_of(path) not in missing] for paths in given)
        )

    def make_folders(self, paths: Iterable[str | None]) -> None:
        """Make the folders of these files, as far as the run makes them. Raises HrisError."""
        for folder in sorted({folder_of(path) for path in paths if path} & self.made):
            make_folder(folder)


def name_of_run(sources: Sequence[str], now: datetime, shard: Mapping[str, int] | None) -> str:
    """A name for the files of a run: ``20260302T040506.789Z-elmo``. It sorts by time."""
    moment = f"{now:%Y%m%dT%H%M%S}.{now.microsecond // 1000:03}Z"
    names = _UNUSUAL.sub("_", "-".join(sources))[:_LONGEST]
    part = f"-part-{shard['part']}-of-{shard['of']}" if shard else ""
    return f"{moment}-{names}{part}"


def run_files(
    params: Mapping[str, Any], name: str, folder: str | None, paths: Iterable[str | None]
) -> RunFiles:
    """The files of a run. name: of name_of_run(). folder: of the state of the domain; what is below
    it is made. paths: of all other files.
    """
    named = {
        option: os.path.join(params[option], name + ending)
        for option, ending in _ENDINGS.items()
        if (params.get(option) or "").endswith("/")
    }
    files = {**params, **named}
    folders = {folder_of(path) for path in named.values()}
    if folder:
        below = os.path.join(os.path.abspath(folder), "")
        every = [*(files.get(option) for option in (*_ENDINGS, "audit")), *paths]
        of_files = (folder_of(path) for path in every if path)
        folders.update(one for one in of_files if os.path.join(one, "").startswith(below))
    return RunFiles(files, frozenset(named), frozenset(folders))
