# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an operation asks of the account of the run, for the message of a refusal."""

from __future__ import annotations

from ..ad_values.dn import parent
from . import operations
from .operations import Operation


def rights_asked(step: Operation, dn: str) -> str:
    """The rights that an operation needs, after ``the right to``. dn: of its object."""
    if step.kind == operations.ADD_OU:
        return f"create OUs in {parent(dn)}"
    if step.kind == operations.ADD:
        return f"create users in {parent(dn)}"
    if step.kind == operations.DELETE:
        return f"delete {dn}"
    if step.kind == operations.RESTORE:
        return "restore deleted objects (Reanimate Tombstones)"
    if step.kind == operations.PERMISSIONS:
        return f"change the permissions of {dn}"
    if step.kind == operations.RENAME and step.parent.casefold() == parent(dn).casefold():
        return f"write cn and name of {dn}"
    if step.kind == operations.RENAME:
        own = f"write cn and name of {dn}, to delete users in {parent(dn)}"
        return f"{own} and to create users in {step.parent}"
    texts = [f"write {', '.join(step.attributes)} of {dn}"] if step.attributes else []
    if step.random_password:
        texts.append(f"reset the password of {dn}")
    return " and to ".join(texts)
