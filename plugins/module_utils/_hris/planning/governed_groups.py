# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups of the rules that the cloud governs: domain controllers refuse to change their members."""

from __future__ import annotations

from collections.abc import Iterator

from ..model.findings import WARNING, Finding
from .context import Context


def governed_group_findings(context: Context) -> Iterator[Finding]:
    """Yield a finding for each group of each rule that the cloud governs."""
    governed = context.memberships.governed
    for rule in context.rules.groups:
        for name in rule.groups:
            if name in governed:
                message = (
                    f"the group '{name}' is governed by Entra ({governed[name]}): nobody is added "
                    "to it or removed from it here. Decide about its members in Entra, and remove "
                    "it from the rules."
                )
                yield Finding(
                    "governed_group", message, place=f"{rule.place}.groups", severity=WARNING
                )
