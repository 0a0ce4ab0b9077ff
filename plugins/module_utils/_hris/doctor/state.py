# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The folder of what runs keep, and the token of HR."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from ..run.kept_state import KeptStateOptions, loss_of
from ..wording import counted
from .checks import ERROR, WARNING, Check, good

_DAY = 86400  # seconds
_SOON = 14  # days of a token


def check_state(options: KeptStateOptions) -> Check:
    """Whether what a run leaves is there for the next one."""
    if not options.dir:
        message = "No folder is named for what runs keep, such as plans, undo plans and journals."
        return Check("state", WARNING, message, "Set lifecycle_state.dir to a lasting place.")
    loss = loss_of(options.dir, options)
    if loss:
        until = "with the job" if loss.with_job else "with the next restart"
        message = f"What runs keep is lost {until}: {options.dir} {loss.why}."
        remedy = "Mount a lasting place there, or name it in lifecycle_state.lasting."
        return Check("state", ERROR if loss.with_job else WARNING, message, remedy)
    nearest = _nearest(options.dir)
    if not os.access(nearest, os.W_OK | os.X_OK):
        message = f"{nearest} cannot be written, so nothing can be kept in {options.dir}."
        return Check("state", ERROR, message, "Give the user of the run the right to write there.")
    what = "is there" if os.path.isdir(options.dir) else "will be made by the first run"
    return good("state", f"{options.dir} {what}.")


def _nearest(path: str) -> str:
    """The path, or the nearest folder above it that is there."""
    while not os.path.exists(path) and os.path.dirname(path) != path:
        path = os.path.dirname(path)
    return path


def check_token(claims: Mapping[str, Any] | None, now: datetime) -> Check:
    """How long a token of HR is valid. claims: its payload; None: it is not a JWT."""
    remedy = "Make a new one in HR, and store it where the run takes it from."
    expire = (claims or {}).get("expire", (claims or {}).get("exp"))
    try:
        seconds = float(expire if expire is not None else "")
        ends = datetime.fromtimestamp(seconds, timezone.utc)
    except (TypeError, ValueError, OverflowError, OSError):
        return good("hr_token", "The token does not say when it expires.")
    days = (ends - now).total_seconds() / _DAY
    left = counted(round(days), "day", "days")
    message = f"The token of HR expires on {ends:%Y-%m-%d %H:%M} UTC, in {left}."
    if days <= 0:
        message = f"The token of HR expired on {ends:%Y-%m-%d %H:%M} UTC."
        return Check("hr_token", ERROR, message, remedy)
    if days < _SOON:
        return Check("hr_token", WARNING, message, remedy)
    return good("hr_token", message)
