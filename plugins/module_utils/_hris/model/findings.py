# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings: what a human must see, as plain data."""

from __future__ import annotations

ERROR = "error"  # somebody is held until this is mended
WARNING = "warning"  # the run went on, but a human should look
INFO = "info"  # left alone on purpose


def finding(
    kind: str,
    message: str,
    *,
    key: str | None = None,
    place: str | None = None,
    severity: str = ERROR,
) -> dict:
    """One finding.

    kind: a stable word for grouping, such as ``missing_key``.
    message: what was found and what to do, in one or two sentences.
    key: the employee's key where it is known. place: the rule or attribute.
    """
    return {"severity": severity, "kind": kind, "key": key, "place": place, "message": message}


def held(error: Exception, key: str) -> dict:
    """The finding about a person whom an error (HrisError) holds back."""
    return finding(
        "held", f"{error} Nothing is done for this employee until then.", key=key, place=error.place
    )
