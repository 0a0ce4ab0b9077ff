# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts that are protected from accidental deletion: which they are, and how it is lifted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from ..ad_values import deletion_protection
from ..ad_values.binary_ids import guid_text
from ..ad_values.deletion_protection import Protection
from ..ad_values.security_descriptor import DACL_INFORMATION
from ..model.plan import APPLIED, Change, Outcome
from . import ldap_messages, operations, reading
from .connection import Connection
from .drift import BATCH, guid_condition
from .operations import Operation
from .pipeline import Making

_DESCRIPTOR, _RIGHTS = "nTSecurityDescriptor", "sDRightsEffective"


class ProtectedAccount(NamedTuple):
    """An account that is protected from accidental deletion."""

    protection: Protection
    may_lift: bool  # whether the bound account may take the protection away


def protected_from_deletion(
    connection: Connection, guids: Iterable[str]
) -> dict[str, ProtectedAccount]:
    """{objectGUID: how it is protected} of those accounts that are. It is one search for many."""
    found: dict[str, ProtectedAccount] = {}
    wanted = sorted(guids)
    for start in range(0, len(wanted), BATCH):
        conditions = "".join(map(guid_condition, wanted[start : start + BATCH]))
        for _dn, raw in connection.stream.search(
            connection.domain_dn,
            ldap_messages.SUBTREE,
            f"(&{reading.USERS}(|{conditions}))",
            ["objectGUID", _DESCRIPTOR, _RIGHTS],
            controls=ldap_messages.security_flags(DACL_INFORMATION),
        ):
            protection = _protection(raw.get(_DESCRIPTOR, [b""])[0])
            if protection:
                rights = int(raw.get(_RIGHTS, [b"0"])[0])
                may_write = bool(rights & DACL_INFORMATION)
                may_lift = may_write and protection.without is not None
                found[guid_text(raw["objectGUID"][0])] = ProtectedAccount(protection, may_lift)
    return found


def liftable(connection: Connection, changes: Sequence[Change]) -> dict[str, bool]:
    """{objectGUID: whether the bound account may lift it} of the accounts of these changes that are
    protected.
    """
    guids = {change.guid for change in changes if change.guid}
    found = protected_from_deletion(connection, guids)
    return {guid: account.may_lift for guid, account in found.items()}


def _protection(descriptor: bytes) -> Protection | None:
    """None too where the descriptor cannot be read: then the server decides."""
    try:
        return deletion_protection.protection_in(descriptor) if descriptor else None
    except ValueError:
        return None


def lifted_in(connection: Connection, changes: Sequence[Change]) -> dict[str, Protection]:
    """{operations.target: its protection} of the accounts for which changes lift it."""
    guids = {one.guid for one in changes if one.guid and one.lifts_protection}
    found = protected_from_deletion(connection, guids)
    return {f"<GUID={guid}>": account.protection for guid, account in found.items()}


def lifted(
    step: Operation, protections: Mapping[str, Protection], make: Callable[[Operation], Making]
) -> Making:
    """Make an operation for which the protection is lifted, and set it again.

    protections: of lifted_in. make: sends one operation. Other operations are just made.
    """
    protection = protections.get(step.target)
    if not step.lifts_protection or protection is None or protection.without is None:
        return (yield from make(step))
    outcome = yield from make(_permissions(step, protection.without))
    if outcome.status != APPLIED:
        message = f"the protection from accidental deletion was not lifted: {outcome.message}"
        return Outcome(outcome.status, message, outcome.code)
    outcome = yield from make(step)
    if step.kind == operations.DELETE and outcome.status == APPLIED:
        return outcome
    again = yield from make(_permissions(step, protection.descriptor))
    if again.status == APPLIED:
        return outcome
    message = f"the protection from accidental deletion was not set again: {again.message}"
    return Outcome(outcome.status, ". ".join(filter(None, (outcome.message, message))), again.code)


def _permissions(step: Operation, descriptor: bytes) -> Operation:
    return Operation(operations.PERMISSIONS, step.target, step.changes, descriptor=descriptor)
