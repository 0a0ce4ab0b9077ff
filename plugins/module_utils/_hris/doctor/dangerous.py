# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rights of the account that no rules need, and with which it could take the domain over."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from ..ad_values import rights
from ..ad_values.rights import Grant, Permissions, Right
from ..ad_values.security_descriptor import CONTROL_ACCESS, WRITE_DAC, WRITE_OWNER
from ..ad_values.sid import is_privileged_group
from ..model.directory import Group
from ..planning.needed_rights import MEMBER
from .checks import WARNING, Check, good

DANGEROUS = "dangerous_rights"
_SEPARATE = "Use an account of its own for hris.ad, with nothing but what the rules need."
_TAKE = "Take it away: no rules need it."
# Rights on the domain: (right, what it means)
_ON_DOMAIN = (
    (Right(CONTROL_ACCESS, rights.REPLICATE_ALL), "read all password hashes (DCSync)"),
    (Right(WRITE_DAC), "change the permissions of the domain"),
    (Right(WRITE_OWNER), "take the ownership of the domain"),
)
# Rights on all accounts of the domain, whatever OU they are in
_ON_ALL_ACCOUNTS = (
    (rights.RESET_PASSWORDS, "reset passwords in the whole domain"),
    (rights.write("userAccountControl"), "write accounts in the whole domain"),
)
_ON_GROUP = (rights.write(MEMBER), Right(WRITE_DAC), Right(WRITE_OWNER))


def privileged_groups(groups: Sequence[Group]) -> list[Group]:
    """The groups whose members can get the rights of an administrator."""
    return [group for group in groups if is_privileged_group(group.sid)]


def check_dangerous(
    permissions: Permissions, groups: Sequence[Group], domain_dn: str
) -> Iterator[Check]:
    """Yield a line for each dangerous right. groups: all of the domain; the permissions of the
    privileged ones were read.
    """
    found = [*_memberships(permissions.token, groups)]
    if not found:  # a member of these groups may do all the rest
        found += _on_domain(permissions, domain_dn)
        found += _on_groups(permissions, privileged_groups(groups))
    yield from found
    if not found:
        yield good(DANGEROUS, "The account has none of the dangerous rights that are looked for.")


def _memberships(token: Collection[str], groups: Sequence[Group]) -> Iterator[Check]:
    for group in privileged_groups(groups):
        if group.sid in token:
            message = f"The account is in the privileged group {group.name}, also through others."
            yield Check(DANGEROUS, WARNING, message, _SEPARATE)


def _on_domain(permissions: Permissions, domain_dn: str) -> Iterator[Check]:
    asked = [(Grant(rights.ON_CONTAINER, domain_dn, one), what) for one, what in _ON_DOMAIN]
    asked += [
        (Grant(rights.ON_NEW_ACCOUNT, domain_dn, one), what) for one, what in _ON_ALL_ACCOUNTS
    ]
    for grant, what in asked:
        if _has(permissions, grant):
            yield Check(DANGEROUS, WARNING, f"The account may {what}.", _TAKE)


def _on_groups(permissions: Permissions, groups: Sequence[Group]) -> Iterator[Check]:
    for group in groups:
        if any(_has(permissions, Grant(rights.ON_GROUP, group.dn, one)) for one in _ON_GROUP):
            message = f"The account controls the privileged group {group.name}."
            yield Check(DANGEROUS, WARNING, message, _TAKE)


def _has(permissions: Permissions, grant: Grant) -> bool:
    verdict = permissions.verdict(grant)
    return verdict is not None and verdict.allowed
