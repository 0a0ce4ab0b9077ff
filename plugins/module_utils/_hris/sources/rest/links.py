# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The header Link (RFC 8288), as far as it leads to the next page."""

from __future__ import annotations

import re
from collections.abc import Mapping

# One target with its parameters. No repetition here can begin where another one ends: a header that
# means no good takes no longer than another.
_LINK = re.compile(r"<([^<>]*)>((?:\s*;[^,;\"]*(?:\"[^\"]*\")?)*)")
_NEXT = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s;\"]+))", re.IGNORECASE)


def next_link(headers: Mapping[str, str]) -> str | None:
    """The address of the next page as the server writes it. headers: with names in lower case."""
    for target, parameters in _LINK.findall(headers.get("link", "")):
        for relations in _NEXT.findall(parameters):
            if "next" in " ".join(relations).lower().split():
                return target
    return None
