# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said of a change of an account's switch, and of an account that is left as it is."""

from __future__ import annotations

from ..model.findings import INFO, WARNING
from ..rules.lifecycle_state import LEAVER
from . import steps
from .transitions import DISABLED_BY_HAND, START_MOVED, Step

WORDS = {
    DISABLED_BY_HAND: (
        "is disabled, and not by us: it stays so. Enable it by hand when that is right.",
        INFO,
    ),
    START_MOVED: (
        "is enabled, but its first day is ahead: it stays so. Disable it by hand, or set joiner.moved_start.",
        WARNING,
    ),
    steps.REENABLED: (
        "is a leaver's and was enabled by hand: it is left alone. Disable it by hand, or set leaver.reenabled.",
        WARNING,
    ),
}
REASONS = {"enable": "works here", "pause": "is on leave", steps.UNSTART: "the first day was moved"}


def reason(person: dict, step: Step) -> str:
    """Why an account is enabled or disabled, in a few words."""
    if step.switch == "lock":
        if person["end"]:
            return f"left on {person['end']}"
        return "has left" if person["state"] == LEAVER else "absent from the feed for too long"
    return (
        f"started {person['start']}"
        if step.switch == "enable" and person["start"]
        else REASONS[step.switch]
    )
