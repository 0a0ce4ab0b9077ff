# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plan must say beyond its shape: names that exist, and values that can be understood."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime

from ..ad_values.dn import normal
from ..errors import HrisError, quoted
from ..model import actions
from ..model.findings import SEVERITIES
from ..model.plan import HIGH, LOW, Change, Plan

_NO_DN = "it is not a distinguished name"
_NO_DNS = "it has a text that is not a distinguished name"
# What an action cannot do without: a field of its change
_NEEDED = {
    actions.MOVE: "to",
    actions.RENAME: "to",
    actions.GROUP_ADD: "group",
    actions.GROUP_REMOVE: "group",
}


def check_content(plan: Plan, fault: str, place: str, hint: str) -> None:
    """Raise HrisError naming the place and the field of a plan whose content nobody could have
    planned. The parameters are those of shaped.
    """
    for path, message in _faults(plan):
        raise HrisError(f"{fault}: {path}: {message}", place, hint)


def check_objects(plan: Plan, fault: str, place: str, hint: str) -> None:
    """The same for the names of objects, before the directory is asked about them."""
    for path, message in _faults_of_objects(plan):
        raise HrisError(f"{fault}: {path}: {message}", place, hint)


def _faults(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield (field, what is wrong)."""
    for name in ("expires", "made"):
        text = getattr(plan, name)
        if text and not _is_moment(text):
            yield name, "it is not a moment with a time zone"
    for number, finding in enumerate(plan.findings):
        if finding.severity not in SEVERITIES:
            path = f"findings[{number}].severity"
            yield path, f"there is no severity {quoted(finding.severity)}"
    for number, change in enumerate(plan.changes):
        for name, message in _faults_of_change(change):
            yield f"changes[{number}].{name}", message


def _faults_of_change(change: Change) -> Iterator[tuple[str, str]]:
    if change.action not in actions.BY_NAME:
        yield "action", f"there is no action {quoted(change.action)}"
    if not change.dn:
        yield "dn", "it is empty"
    needed = _NEEDED.get(change.action)
    if needed and not getattr(change, needed):
        yield needed, f"the action {change.action} needs it"
    if change.risk not in (None, LOW, HIGH):
        yield "risk", f"there is no risk {quoted(change.risk)}"


def _faults_of_objects(plan: Plan) -> Iterator[tuple[str, str]]:
    if not _is_dn(plan.domain.dn):
        yield "domain.dn", _NO_DN
    for source, own in plan.ownership.items():
        names = [*own.bases, *(text for text in own.protected if "=" in text)]
        if not all(map(_is_dn, names)):
            yield f"ownership.{source[:40]}", _NO_DNS
    for number, change in enumerate(plan.changes):
        for name, message in _faults_of_names(change):
            yield f"changes[{number}].{name}", message


def _faults_of_names(change: Change) -> Iterator[tuple[str, str]]:
    if change.guid is not None and not _is_guid(change.guid):
        yield "guid", "it is not an objectGUID"
    for name in ("dn", "to", "group", "deleted_dn"):
        dn = getattr(change, name)
        if dn is not None and not _is_dn(dn):
            yield name, _NO_DN
    if not all(_is_guid(one.guid) and _is_dn(one.dn) for one in change.referrers):
        yield "referrers", "it has a name that is not that of an object"
    if not all(map(_is_dn, change.groups)):
        yield "groups", _NO_DNS


def _is_dn(text: str) -> bool:
    try:
        return bool(normal(text))
    except (HrisError, ValueError):
        return False


def _is_guid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False


def _is_moment(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
