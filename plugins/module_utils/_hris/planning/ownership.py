# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose account it is: the mark that we leave on our accounts, and the accounts that nobody may touch."""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType

from ..ad_values.dn import normal
from ..ad_values.sid import (
    FIRST_ORDINARY_RID,
    PRIVILEGED_DOMAIN_RIDS,
    is_privileged_group,
    rid,
)

PREFIX = "hris.ad"
# The last state that we gave an account. Only what we disabled ourselves (prepared, leave, disabled) is ever enabled again.
ACTIVE, PREPARED, LEAVE, DISABLED = "active", "prepared", "leave", "disabled"


@lru_cache(maxsize=1 << 14)
def write_mark(source: str, state: str, since: str | None = None, absent: str | None = None) -> str:
    """The text of the mark: ``hris.ad source=elmo state=disabled since=2026-03-02``.

    since: the first day without access. absent: the day of the first run that missed the employee in the feed.
    """
    days = "".join(f" {word}={day}" for word, day in (("since", since), ("absent", absent)) if day)
    return f"{PREFIX} source={source} state={state}{days}"


@lru_cache(maxsize=1 << 14)  # most accounts carry the same few marks
def read_mark(text: str | None) -> MappingProxyType | None:
    """{"source", "state", "since", "absent"} of a mark, None for a text that is no mark of ours."""
    words = (text or "").split()
    if not words or words[0] != PREFIX:
        return None
    pairs = dict(word.split("=", 1) for word in words[1:] if "=" in word)
    if not pairs.get("source"):
        return None
    mark = {
        "source": pairs["source"],
        "state": pairs.get("state", ACTIVE),
        "since": pairs.get("since"),
        "absent": pairs.get("absent"),
    }
    return MappingProxyType(mark)


def mark_of(account: dict, attribute: str) -> dict | None:
    """The account's mark, which the attribute keeps."""
    values = account["attributes"].get(attribute)
    return read_mark(values[0]) if values else None


def privileged_groups(groups: list[dict]) -> set[str]:
    """The normal DNs of the privileged groups and of every group that is inside one of them at any depth.

    Samba never sets adminCount on new members and Windows does so only within the hour (measured), so nested membership is
    judged here.
    """
    inside = {normal(group["dn"]) for group in groups if is_privileged_group(group["sid"])}
    parents = {normal(group["dn"]): {normal(dn) for dn in group["groups"]} for group in groups}
    grown = True
    while grown:
        more = {dn for dn, above in parents.items() if dn not in inside and above & inside}
        inside |= more
        grown = bool(more)
    return inside


def protection(account: dict, privileged: set[str], domain: dict) -> str | None:
    """Why nobody may touch this account; None for an ordinary one.

    privileged: what privileged_groups gave. domain: of the snapshot; ``bound_as`` is the name that the run is bound with, in
    any form that AD accepts, ``bound_sid`` its SID where the server tells it.
    """
    if account["admin_count"]:
        return "adminCount is 1"
    if account["critical"] or rid(account["sid"]) < FIRST_ORDINARY_RID:
        return "it is a built-in account"
    if account["primary_group"] in PRIVILEGED_DOMAIN_RIDS:
        return "its primary group is privileged"
    if any(normal(dn) in privileged for dn in account["groups"]):
        return "it is a member of a privileged group"
    if _is_bind_account(account, domain):
        return "it is the account that this run is bound with"
    return None


def _is_bind_account(account: dict, domain: dict) -> bool:
    if domain.get("bound_sid"):
        return account["sid"] == domain["bound_sid"]
    return _is_called(account, (domain["bound_as"] or "").strip().casefold())


def _is_called(account: dict, name: str) -> bool:
    """Whether the name, in lower case, is the account's in one of the forms that a bind takes."""
    if "=" in name:
        return normal(account["dn"]) == normal(name)
    attributes = account["attributes"]
    for text in attributes.get("userPrincipalName", ()):
        if text.casefold() == name:
            return True
    bare = name.rpartition("\\")[2].partition("@")[
        0
    ]  # CORP\name, or name@REALM of a Kerberos ticket
    return bare != "" and bare in [text.casefold() for text in attributes.get("sAMAccountName", ())]
