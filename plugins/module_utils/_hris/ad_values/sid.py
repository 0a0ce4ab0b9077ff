# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Security identifiers (SIDs) in their text form, and the well-known ones."""

from __future__ import annotations

FIRST_ORDINARY_RID = 1000  # lower relative identifiers belong to built-in accounts and groups
DOMAIN_USERS_RID = 513  # the primary group that Active Directory gives a new user
# Well-known privileged groups: [MS-ADTS] 6.1.1.6 and the protected groups of AdminSDHolder
DOMAIN_ADMINS_RID = 512
PRIVILEGED_DOMAIN_RIDS = frozenset((DOMAIN_ADMINS_RID, 516, 518, 519, 520))
BUILTIN_DOMAIN = "S-1-5-32"
PRIVILEGED_BUILTIN = frozenset(f"{BUILTIN_DOMAIN}-{rid}" for rid in (544, 548, 549, 550, 551))


def rid(sid: str | None) -> int:
    """The relative identifier, which is the last part of a SID; 0 where there is none."""
    tail = (sid or "").rpartition("-")[2]
    return int(tail) if tail.isdigit() else 0


def is_privileged_group(sid: str) -> bool:
    """Whether the SID is that of a well-known privileged group."""
    if sid in PRIVILEGED_BUILTIN:
        return True
    return sid.startswith("S-1-5-21-") and rid(sid) in PRIVILEGED_DOMAIN_RIDS
