# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Leaves out the findings that somebody has looked at, and says how many these are."""

from __future__ import annotations

from collections.abc import Sequence

from ..model.findings import INFO, WARNING, Finding
from ..rules.ruleset import Ruleset
from ..rules.silences import Silence


def without_silenced(
    findings: list[Finding], rulesets: Sequence[Ruleset], today: str
) -> list[Finding]:
    """The findings that are left, and one for each entry of silenced. today: ISO 8601."""
    for rules in rulesets:
        for silence in rules.silenced:
            findings = _applied(silence, findings, rules.source, today)
    return findings


def _applied(silence: Silence, findings: list[Finding], source: str, today: str) -> list[Finding]:
    if today > silence.until:
        message = (
            f"the entry for {silence.kind} has ended on {silence.until} ({silence.reason}). Look "
            "at these findings again, and remove the entry or give it another day."
        )
        return [*findings, _about(silence, source, WARNING, message)]
    left = [one for one in findings if one.source != source or not silence.covers(one)]
    number = len(findings) - len(left)
    if not number:
        message = f"no finding is silenced by the entry for {silence.kind} ({silence.reason})."
    else:
        noun = "finding is" if number == 1 else "findings are"
        message = (
            f"{number:,} {noun} silenced until {silence.until}: {silence.kind} ({silence.reason})."
        )
    return [*left, _about(silence, source, INFO, message)]


def _about(silence: Silence, source: str, severity: str, message: str) -> Finding:
    return Finding("silenced", message, place=silence.place, severity=severity, source=source)
