# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Security identifiers (SIDs) in their text form, and the well-known ones."""

from __future__ import annotations

FIRST_ORDINARY_RID = 1000  # lower relative identifiers belong to built-in accounts and groups
DOMAIN_USERS_RID = 513  # the primary group that Active Directory gives a new user
DOMAIN_ADMINS_RID = 512
# Well-known privileged groups: [MS-ADTS] 6.1.1.6, [MS-DTYP] 2.4.2.4, and the protected groups of
# AdminSDHolder. Whoever is in one of them can get the rights of an administrator of the domain.
PRIVILEGED_DOMAIN_RIDS = frozenset(
    (
        498,  # Enterprise Read-only Domain Controllers
        DOMAIN_ADMINS_RID,
        516,  # Domain Controllers
        517,  # Cert Publishers
        518,  # Schema Admins
        519,  # Enterprise Admins
        520,  # Group Policy Creator Owners
        521,  # Read-only Domain Controllers
        526,  # Key Admins
        527,  # Enterprise Key Admins
    )
)
EVERYONE = "S-1-1-0"
BUILTIN_DOMAIN = "S-1-5-32"
# Administrators, Account, Server, Print and Backup Operators, Replicator, Incoming Forest Trust
# Builders
PRIVILEGED_BUILTIN = frozenset(
    f"{BUILTIN_DOMAIN}-{rid}" for rid in (544, 548, 549, 550, 551, 552, 557)
)


def rid(sid: str | None) -> int:
    """The relative identifier, which is the last part of a SID; 0 where there is none."""
    tail = (sid or "").rpartition("-")[2]
    return int(tail) if tail.isdigit() else 0


def is_privileged_group(sid: str) -> bool:
    """Whether the SID is that of a well-known privileged group."""
    if sid in PRIVILEGED_BUILTIN:
        return True
    return sid.startswith("S-1-5-21-") and rid(sid) in PRIVILEGED_DOMAIN_RIDS
