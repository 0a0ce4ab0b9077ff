# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits: how much one run may do, checked for the whole plan before the first write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ..model import actions
from ..model.plan import Change, LimitVerdict
from ..rules.policies import Limit, Limits

# A percent limit does not stop the first few: one leaver of ten people is 10 % and still one
# leaver.
PERCENT_FLOOR = 3
ABSENT = "absent"
OF_PEOPLE = (
    actions.CREATE,
    actions.CREATE_OU,
)  # their percentage is taken of the people in the feed


def judge_limits(
    limits: Limits, changes: Iterable[Change], absent: int, people: int, owned: int
) -> list[LimitVerdict]:
    """The verdict for every limit that is set.

    absent: accounts of this source without a person. people: how many are in the feed; owned: how
    many accounts the source has.
    """
    counts: Counter[str | tuple[str, str]] = Counter()
    concerned = {(change.key or change.dn, change.action) for change in changes}
    counts.update(action for _account, action in concerned)
    counts[ABSENT] = absent
    for change in changes:
        if change.action not in (actions.CREATE, actions.DELETE):
            counts.update(("attribute", name) for name in change.attributes)
    return [
        _verdict(limited, limit, counts[limited], people if limited in OF_PEOPLE else owned)
        for limited, limit in sorted(limits.items(), key=str)
    ]


def _verdict(limited: str | tuple[str, str], limit: Limit, changes: int, of: int) -> LimitVerdict:
    share = 100 * changes / of if of else 0.0
    reasons = []
    if limit.count is not None and changes > limit.count:
        reasons.append(f"at most {limit.count} are allowed")
    if limit.percent is not None and changes > PERCENT_FLOOR and share > limit.percent:
        reasons.append(f"at most {limit.percent:g} % are allowed")
    name, what = _words(limited)
    message = f"{changes} of {of} {what} ({share:.1f} %)"
    if reasons:
        message += ": " + " and ".join(reasons)
    return LimitVerdict(name, changes, of, limit.count, limit.percent, bool(reasons), message)


def _words(limited: str | tuple[str, str]) -> tuple[str, str]:
    """(the name of a limit, what it counts)."""
    if isinstance(limited, tuple):
        attribute = limited[1]
        return f"attribute {attribute}", f"accounts would get another {attribute}"
    if limited == ABSENT:
        return limited, "accounts are absent from the feed"
    return limited, f"accounts would get the action '{limited}'"
