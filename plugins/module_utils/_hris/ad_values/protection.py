# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is never changed: privileged accounts and groups, the domain's own containers, what is
governed in the cloud, and what an administrator protects (ownership.protected).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from ..model.directory import Account, Domain, Group
from ..option_names import option_name
from .dn import normal, normal_once, split_written
from .sid import FIRST_ORDINARY_RID, PRIVILEGED_DOMAIN_RIDS, is_privileged_group, rid

# Its RID is another one in each domain. Its members can load code into every domain controller.
DNS_ADMINS = "dnsadmins"
REMEMBERED = 1 << 16  # containers, and combinations of groups
# Containers directly below the domain that belong to the domain itself, or to computers. They
# cannot be renamed or moved, and their names are the same in every language ([MS-ADTS] 6.1.1.4).
OWN_CONTAINERS = (
    "CN=Builtin",
    "CN=Computers",
    "CN=Configuration",
    "CN=Deleted Objects",
    "CN=ForeignSecurityPrincipals",
    "CN=Infrastructure",
    "CN=Keys",
    "CN=LostAndFound",
    "CN=Managed Service Accounts",
    "CN=NTDS Quotas",
    "CN=Program Data",
    "CN=System",
    "CN=TPM Devices",
    "OU=Domain Controllers",
)


class Protected:
    """What is protected in one domain."""

    def __init__(
        self,
        groups: frozenset[str],
        rids: frozenset[int],
        places: frozenset[str],
        accounts: frozenset[str],
        governed: Mapping[str, str] | None = None,
    ):
        """groups: normal DNs of privileged groups, and of every group inside one. rids: their RIDs,
        because the membership in a primary group is known by its RID only. places: normal DNs of
        containers: nothing in them is changed or created. accounts: objectGUIDs, SIDs, logon names
        and normal DNs, in lower case. governed: {normal DN of a group that the cloud governs: what
        says so}. Nobody is added to it or removed from it; its members are ordinary accounts.
        """
        self.governed = governed or {}
        self.groups, self.rids, self.places, self.accounts = groups, rids, places, accounts
        self._suffixes = tuple(f",{place}" for place in sorted(places))
        # As holds, for containers: thousands of accounts are in one
        self.holds_container = lru_cache(REMEMBERED)(self.holds)
        # Whether one of these groups is privileged: thousands of accounts are in the same groups
        self.is_privileged = lru_cache(REMEMBERED)(self._is_privileged)

    def holds(self, dn: str) -> bool:
        """Whether a DN is a protected container, or is below one."""
        name = normal_once(dn)
        return name.endswith(self._suffixes) or name in self.places

    def _is_privileged(self, dns: tuple[str, ...]) -> bool:
        return any(normal(dn) in self.groups for dn in dns)


def protected_in(groups: Sequence[Group], domain_dn: str, entries: Iterable[str] = ()) -> Protected:
    """What is protected in a domain.

    groups: all of the domain. entries: of ownership.protected. An entry can be a group, an account
    or a container: a logon name, DN, SID or objectGUID. Raises HrisError for a text with "=" that
    is no DN.
    """
    texts = frozenset(normal(text) if "=" in text else text.casefold() for text in entries)
    named = frozenset(text for text in texts if "=" in text)
    own = frozenset(normal(f"{name},{domain_dn}") for name in OWN_CONTAINERS)
    privileged = _with_inner_groups(groups, Protected(frozenset(), frozenset(), named, texts))
    rids = frozenset(rid(group.sid) for group in groups if normal(group.dn) in privileged)
    governed = {normal(group.dn): group.governed for group in groups if group.governed}
    return Protected(privileged, rids, named | own, texts, governed)


def _with_inner_groups(groups: Sequence[Group], named: Protected) -> frozenset[str]:
    """The normal DNs of the privileged groups and of every group that is inside one of them at any
    depth.

    Samba never sets adminCount on new members, and Windows does so only within the hour (measured).
    So nested memberships are judged here.
    """
    inside = {normal(group.dn) for group in groups if _is_privileged(group, named)}
    parents = {normal(group.dn): {normal(dn) for dn in group.groups} for group in groups}
    grown = True
    while grown:
        more = {dn for dn, above in parents.items() if dn not in inside and above & inside}
        inside |= more
        grown = bool(more)
    return frozenset(inside)


def _is_privileged(group: Group, named: Protected) -> bool:
    if is_privileged_group(group.sid) or group.name.casefold() == DNS_ADMINS:
        return True
    names = (group.name.casefold(), group.guid.casefold(), group.sid.casefold())
    return any(name in named.accounts for name in names) or named.holds(group.dn)


def protection(account: Account, protected: Protected, domain: Domain) -> str | None:
    """Why an account is never changed; None for an ordinary one."""
    if account.governed:
        return f"it is governed by Entra ({account.governed})"
    if account.admin_count:
        return "adminCount is 1"
    if account.critical or rid(account.sid) < FIRST_ORDINARY_RID:
        return "it is a built-in account"
    if account.primary_group in PRIVILEGED_DOMAIN_RIDS or account.primary_group in protected.rids:
        return "its primary group is privileged"
    if protected.is_privileged(tuple(account.groups)):
        return "it is a member of a privileged group"
    if _is_bind_account(account, domain):
        return "this run is bound with it"
    if protected.accounts and _is_named(account, protected.accounts):
        return f"{option_name('ownership.protected')} names it"
    if protected.holds_container(split_written(account.dn)[1]):
        return "the container that it is in is protected"
    return None


def _is_named(account: Account, texts: frozenset[str]) -> bool:
    logon_names = account.attributes.get("sAMAccountName", ())
    names = [account.guid, account.sid, *logon_names]
    return any(name.casefold() in texts for name in names) or normal(account.dn) in texts


def _is_bind_account(account: Account, domain: Domain) -> bool:
    if domain.bound_sid:
        return account.sid == domain.bound_sid
    return _has_name(account, (domain.bound_as or "").strip().casefold())


def _has_name(account: Account, name: str) -> bool:
    """Whether a name, in lower case, is one with which this account can bind."""
    if "=" in name:
        return normal(account.dn) == normal(name)
    for text in account.attributes.get("userPrincipalName", ()):
        if text.casefold() == name:
            return True
    # CORP\name, or name@REALM of a Kerberos ticket
    bare = name.rpartition("\\")[2].partition("@")[0]
    logon_names = account.attributes.get("sAMAccountName", ())
    return bare != "" and bare in [text.casefold() for text in logon_names]
