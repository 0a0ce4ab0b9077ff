# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The groups of a directory by the names that people use: the logon name or the DN."""

from __future__ import annotations

from collections.abc import Iterable

from ..ad_values.dn import normal
from ..model.directory import Group


class GroupNames:
    """Finds the group that a name means."""

    def __init__(self, groups: Iterable[Group]):
        self._by_name: dict[str, Group] = {}
        self._by_dn: dict[str, Group] = {}
        for group in groups:
            self._by_name[group.name.casefold()] = group
            self._by_dn[normal(group.dn)] = group

    def find(self, name: str) -> Group | None:
        """The group with this logon name or DN, in any case; None where there is none.

        Raises HrisError for text with "=" that is not a DN.
        """
        group = self._by_name.get(name.casefold())
        if group is None and "=" in name:
            return self._by_dn.get(normal(name))
        return group
