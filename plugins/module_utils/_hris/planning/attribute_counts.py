# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""In how many accounts each attribute differs from HR: which rule is not right yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ..model import actions
from ..model.plan import Change

_WHOLE = (actions.CREATE, actions.DELETE, actions.RESTORE)  # of them no attribute differs


def attribute_counts(changes: Iterable[Change], mark: str) -> dict[str, int]:
    """{attribute: accounts that get another value}, the most frequent first. mark: the attribute of
    the mark. It is not from HR and does not count, and whether an account is enabled is an action.
    """
    differing = {
        (name, change.guid)
        for change in changes
        if change.action not in _WHOLE
        for name in change.attributes
        if name not in (mark, "userAccountControl")
    }
    counts = Counter(name for name, _guid in differing)
    return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0])))
