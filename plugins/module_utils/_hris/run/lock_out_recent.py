# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of recent writes as a lock-out uses it: whatever is wrong with the file, the account is
locked out all the same, and what is wrong is told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from ..directory.connection import Connection
from ..errors import HrisError
from .recent_file import RecentOptions
from .recent_writes import RecentWrites
from .run_files import RunFiles

_Value = TypeVar("_Value")


class LockOutRecent:
    """What is remembered of one lock-out."""

    def __init__(self, files: RunFiles):
        """files: with the parameters `recent` and `plan_key`."""
        self.problems: list[str] = []
        self._files = files
        options = RecentOptions.of_lock_out(files.params)
        self._writes = self._tried(lambda: RecentWrites(options), None)

    def preferred(self, directory: Mapping[str, Any]) -> Mapping[str, Any]:
        """The options of the directory with the server first that was written last: an account
        that was just created is there.
        """
        writes = self._writes
        return self._tried(lambda: writes.preferred(directory), directory) if writes else directory

    def check(self, connection: Connection) -> None:
        """See whether the file is of this domain, and can be written."""
        writes = self._writes
        if writes:
            self._tried(lambda: writes.use_for(connection.domain_dn), None)
            self._tried(lambda: self._files.check([writes.path]), None)

    def note(self, connection: Connection, guid: str) -> None:
        """Remember the account, before it is written."""
        writes = self._writes
        if writes and not self.problems:
            self._tried(lambda: self._files.make_folders([writes.path]), None)
            self._tried(lambda: writes.note_lock_out(guid, connection.server), None)

    def _tried(self, work: Callable[[], _Value], instead: _Value) -> _Value:
        try:
            return work()
        except HrisError as error:
            self.problems.append(f"remembering the domain controller: {error}")
            return instead
