# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""In how many accounts each attribute differs from HR: which rule is not right yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ..model import actions
from ..model.plan import Change, ValueChange
from .ownership import PREFIX

_WHOLE = (actions.CREATE, actions.DELETE, actions.RESTORE)  # of them no attribute differs


def attribute_counts(changes: Iterable[Change]) -> dict[str, int]:
    """{attribute: accounts that get another value}, the most frequent first.

    What we note in an account for ourselves is not from HR, and whether it is enabled is an action.
    """
    differing = {
        (name, change.guid)
        for change in changes
        if change.action not in _WHOLE
        for name, values in change.attributes.items()
        if name != "userAccountControl" and not _is_note(values)
    }
    counts = Counter(name for name, _guid in differing)
    return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0])))


def _is_note(values: ValueChange) -> bool:
    """Whether only texts of ours differ: the mark, or what is noted about groups."""
    different = set(values.before) ^ set(values.after)
    return bool(different) and all(text.startswith(f"{PREFIX} ") for text in different)
