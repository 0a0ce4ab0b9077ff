# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The domain: password policy, recycle bin, and the attributes that the rules name."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from ..data_class import frozen
from ..errors import as_sentence, did_you_mean
from ..model.directory import AttributeDefinition
from ..rules.ruleset import Ruleset
from .checks import ERROR, WARNING, Check, good

_CLASSES_NEEDED = 3  # of characters, by the rule of complexity


@frozen
class PasswordPolicy:
    """What the domain, or a password settings object, asks of passwords."""

    name: str
    shortest: int  # characters
    is_complex: bool


@frozen
class Generator:
    """The passwords that a run makes."""

    length: int
    classes: Collection[str]


def check_passwords(policies: Collection[PasswordPolicy], made: Generator) -> Iterator[Check]:
    """Yield the policies that would refuse the passwords of a run, or one line that none does."""
    is_good = True
    for policy in policies:
        faults = []
        if policy.shortest > made.length:
            faults.append(f"asks for {policy.shortest} characters, and passwords get {made.length}")
        if policy.is_complex and len(set(made.classes)) < _CLASSES_NEEDED:
            faults.append(f"asks for {_CLASSES_NEEDED} classes of characters")
        for fault in faults:
            is_good = False
            remedy = "Change passwords.length or passwords.classes (lifecycle_passwords)."
            yield Check("passwords", ERROR, f"The policy of {policy.name} {fault}.", remedy)
    if is_good and policies:
        longest = max(policy.shortest for policy in policies)
        message = f"Passwords of {made.length} characters satisfy the policies: at least {longest}."
        yield good("passwords", message)


def check_recycle_bin(has_one: bool, rules: Ruleset) -> Check:
    """Whether deleted accounts can be restored wholly."""
    if has_one:
        return good("recycle_bin", "The recycle bin is enabled.")
    message = "The recycle bin of Active Directory is not enabled"
    if rules.leaver.delete_after_days is None:
        return good("recycle_bin", f"{message}; the rules delete no accounts.")
    remedy = (
        "Enable it before accounts are deleted: Enable-ADOptionalFeature 'Recycle Bin Feature' "
        "-Scope ForestOrConfigurationSet -Target <domain>. It cannot be disabled again."
    )
    message = f"{message}, and leaver.delete_after_days deletes accounts."
    return Check("recycle_bin", WARNING, message, remedy)


def check_schema(
    rules: Ruleset, definitions: Mapping[str, AttributeDefinition], written: Collection[str]
) -> Iterator[Check]:
    """Yield the attributes of the rules that the schema does not have, or that cannot be written.

    written: those that a run writes.
    """
    is_good = True
    for name in rules.attributes:
        definition = definitions.get(name.lower())
        if definition is None:
            is_good = False
            similar = did_you_mean(name, [one.name for one in definitions.values()])
            remedy = (
                f"Correct the rules. {as_sentence(similar)}" if similar else "Correct the rules."
            )
            message = f"The schema has no attribute '{name}', which the rules name."
            yield Check("schema", ERROR, message, remedy)
        elif not definition.writable and name in written:
            is_good = False
            message = f"Nobody can write {definition.name}, which the rules write."
            yield Check("schema", ERROR, message, "Take it out of the rules.")
    if is_good:
        yield good("schema", f"It has the {len(rules.attributes)} attributes of the rules.")
