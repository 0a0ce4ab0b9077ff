# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A modify that the server refuses as a whole, because of one of its values. Pure.

What a plan can know, it has left out already; this is for what only the server knows, such as a
missing right or a name in another domain of the forest, and for all values of a restored account.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..ad_values.user_account_control import is_enabled
from ..model.plan import APPLIED, Outcome
from . import ldap_errors
from .operations import MODIFY, PASSWORD, RESTORE_VALUES, Operation

_UAC = "userAccountControl"
_ONCE = "the password was scrambled once only, so the former one may work for an hour"
# Another try would be refused as well
_NOT_ABOUT_VALUES = frozenset(
    map(
        ldap_errors.code_name,
        (ldap_errors.BUSY, ldap_errors.UNAVAILABLE, ldap_errors.NO_SUCH_OBJECT),
    )
)


def parts_of(step: Operation, refused: Outcome) -> list[tuple[str, Operation]]:
    """[(name, the operation that writes it alone)]: what disables the account comes first.

    [] where the operation has one part only, or enables the account: nobody gets access without
    everything else. A restored account was enabled before, so it is enabled again, after
    everything else.
    """
    if step.kind == RESTORE_VALUES:
        return _restored_parts(step)
    if step.kind != MODIFY or refused.code in _NOT_ABOUT_VALUES or _enables(step):
        return []
    names = sorted(step.attributes, key=lambda name: name != _UAC)
    parts = [_part(step, name) for name in names]
    if step.random_password:
        parts.append((PASSWORD, password_part(step)))
    return parts if len(parts) > 1 else []


def _restored_parts(step: Operation) -> list[tuple[str, Operation]]:
    """The password first, because an account without one cannot be enabled."""
    names = sorted(step.attributes, key=lambda name: name == _UAC)
    return [(PASSWORD, password_part(step)), *(_part(step, name) for name in names)]


def _enables(step: Operation) -> bool:
    uac = step.attributes.get(_UAC)
    return is_enabled(int(uac[0])) if uac else False


def _part(step: Operation, name: str) -> tuple[str, Operation]:
    return name, Operation(MODIFY, step.target, step.changes, {name: step.attributes[name]})


def password_part(step: Operation) -> Operation:
    """The operation that sets a random password, and nothing else."""
    return Operation(MODIFY, step.target, step.changes, random_password=True)


def scrambled(outcome: Outcome, again: Outcome) -> Outcome:
    """What became of an operation that scrambles a password. again: of the second password."""
    if again.status == APPLIED:
        return outcome
    texts = filter(None, [outcome.message, f"{_ONCE}: {again.message}"])
    return replace(outcome, message="; ".join(texts), code=outcome.code or again.code)


def new_name(step: Operation, back: Operation) -> Operation | None:
    """The operation that writes only the new values of what another one would give back; None where
    there are none.
    """
    names = {name: step.attributes[name] for name in back.attributes if name in step.attributes}
    return Operation(MODIFY, step.target, step.changes, names) if names else None


def whole(step: Operation, results: Sequence[tuple[str, Outcome]], refused: Outcome) -> Outcome:
    """What became of the operation, from what became of its parts. A restored account exists
    whatever became of its values.
    """
    missing = [(name, one) for name, one in results if one.status != APPLIED]
    if len(missing) == len(results) and step.kind != RESTORE_VALUES:
        return refused
    message = "; ".join(f"{name} not written: {one.message}" for name, one in missing)
    code = missing[0][1].code if missing else ""
    return Outcome(APPLIED, message, code, [name for name, _one in missing])


def to_take_back(step: Operation, outcome: Outcome) -> list[Operation]:
    """The operations that give an account the names back which it gave up for this operation, as
    far as that has not given it others.
    """
    return [
        back
        for back in step.on_refusal
        if outcome.status != APPLIED or not back.attributes.keys().isdisjoint(outcome.incomplete)
    ]
