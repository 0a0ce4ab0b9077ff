# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which groups one user joins and leaves: option `groups` of module user."""

from __future__ import annotations

from ..ad_values import dn as names
from ..ad_values.sid import DOMAIN_USERS_RID
from ..errors import HrisError
from . import lookup


def changes(connection, wish: dict, account: dict | None, new_dn: str | None) -> list[dict]:
    """The membership changes for wish ({"add", "remove", "set"}: lists of groups, None where not given).

    account: the existing user (reading.read_snapshot), None for one that is to be created as new_dn. The primary group counts as a
    membership, though memberOf does not show it. Raises HrisError for an unknown group, and for leaving the primary group.
    """
    found = {
        kind: [
            lookup.find_group(connection, name, f"groups.{kind}") for name in wish.get(kind) or []
        ]
        for kind in ("add", "remove", "set")
    }
    primary = account["primary_group"] if account else DOMAIN_USERS_RID
    current = {names.normal(dn): dn for dn in (account["groups"] if account else [])}
    joining = [
        group["dn"]
        for group in [*found["add"], *found["set"]]
        if names.normal(group["dn"]) not in current and not _is_primary(group, primary, account)
    ]
    leaving = [group["dn"] for group in found["remove"] if names.normal(group["dn"]) in current]
    for group in found["remove"]:
        if _is_primary(group, primary, account):
            raise HrisError(
                f"'{group['dn']}' is the primary group of the user, which nobody can leave",
                place="groups.remove",
                hint="Make another group the primary one first (attribute primaryGroupID)",
            )
    if wish.get("set") is not None:
        kept = {names.normal(group["dn"]) for group in found["set"]}
        leaving += [dn for key, dn in current.items() if key not in kept]
    twice = {names.normal(dn) for dn in joining} & {names.normal(dn) for dn in leaving}
    both = {names.normal(group["dn"]) for group in found["add"]} & {
        names.normal(group["dn"]) for group in found["remove"]
    }
    if twice or both:
        raise HrisError(f"the user shall both join and leave '{min(twice | both)}'", place="groups")
    who = {
        "key": None,
        "guid": account["guid"] if account else None,
        "dn": account["dn"] if account else new_dn,
        "reason": "hris.ad.user",
    }
    return [
        {**who, "action": action, "group": dn}
        for action, dns in (("group_add", joining), ("group_remove", leaving))
        for dn in dict.fromkeys(dns)
    ]


def _is_primary(group: dict, primary: int, account: dict | None) -> bool:
    """Whether a group is the user's primary one: the domain's SID with the user's primaryGroupID behind it."""
    domain, _dash, rid = group["sid"].rpartition("-")
    return (
        rid == str(primary)
        and (account is None or domain == account["sid"].rpartition("-")[0])
        and not domain.startswith("S-1-5-32")
    )
