# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings: something in the data that a human must see."""

from __future__ import annotations

from ..data_class import mutable
from ..errors import HrisError

ERROR = "error"  # a person is held until this is corrected
WARNING = "warning"  # the run goes on, but a human should look
INFO = "info"  # left alone on purpose
SEVERITIES = (ERROR, WARNING, INFO)


@mutable
class Finding:
    """One finding: what is wrong, where, and what to do."""

    kind: str  # a stable word for grouping, such as missing_key
    message: str  # one or two sentences
    key: str | None = None  # of the person
    place: str | None = None  # the rule or the attribute
    severity: str = ERROR
    name: str | None = None  # of the person; None where it is hidden or not known


def held(error: HrisError, key: str) -> Finding:
    """The finding about a person who is held because of an error."""
    message = f"{error} Until then nothing is done for this person."
    return Finding("held", message, key=key, place=error.place)


def identity(finding: Finding) -> tuple[str | None, ...]:
    """What is equal for the same finding in two plans."""
    return finding.kind, finding.key, finding.place, finding.message
