# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The values of one existing account that differ from what the rules want."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ..model.directory import Account
from ..model.findings import INFO, Finding
from ..model.people import LEAVER, Person
from ..model.plan import ValueChanges
from ..rules.desired_state import DesiredState
from . import compare, ownership, transitions
from .context import Context
from .given_back import undone_values
from .hand_over import ended_expiry
from .ownership import Mark
from .summary import HIDDEN
from .transitions import FOLLOW, Step
from .value_checks import refused_values


def differing_values(
    context: Context,
    person: Person,
    account: Account,
    mark: Mark | None,
    step: Step,
    desired: DesiredState,
) -> tuple[ValueChanges, list[Finding]]:
    """(the values that are written, findings about those that are only reported)."""
    authority = context.authority
    if person.state == LEAVER:
        authority = {}  # leaver.attributes are always written
    written, reported = compare.split_authority(authority, desired.attributes)
    found = compare.differences(written, account, context.definitions, context.merged)
    findings: list[Finding] = []
    if found:
        after = {name: values.after for name, values in found.items()}
        refused = refused_values(context, person, after)
        if refused:
            found, findings = without(found, refused), list(refused.values())
    if reported:
        for name, values in compare.differences(reported, account, context.definitions).items():
            now, wanted = _shown(context, name, values.before), _shown(context, name, values.after)
            message = f"{name} is {now}, but HR has {wanted}."
            place = context.written_by.get(name)
            findings.append(Finding("drift", message, key=person.key, place=place, severity=INFO))
    if mark and step.care == FOLLOW:
        found |= ended_expiry(context, account, mark)
    if mark and _returns(account, mark, step):
        # Somebody may have enabled it by hand before HR did: the attributes of a leaver are undone
        # all the same.
        found |= undone_values(context, person, account, mark)
    return found, findings


def _returns(account: Account, mark: Mark, step: Step) -> bool:
    """Whether an account that we locked belongs to somebody who works here again."""
    if mark.state != ownership.DISABLED or step.care != FOLLOW or step.switch == transitions.LOCK:
        return False
    return account.enabled or step.switch == transitions.ENABLE


def _shown(context: Context, name: str, values: Sequence[str]) -> str:
    """Values for a finding; those of personal attributes are hidden."""
    if values and name.casefold() in context.rules.redact:
        return HIDDEN
    return "; ".join(values) or "empty"


def without(changes: ValueChanges, left: Collection[str]) -> ValueChanges:
    """The changes but for those of some attributes."""
    return {name: values for name, values in changes.items() if name not in left}
