# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The work of module user: from its options to changes, which are written like those of a plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..ad_values.dn import normal
from ..data_class import mutable
from ..directory import lookup, operations, reading, schema, user_attributes, user_changes, writing
from ..directory.connection import Connection
from ..directory.deletion_protection import protected_from_deletion
from ..directory.failover import with_directory
from ..directory.unique_checks import check_unique
from ..directory.user_changes import UserOptions
from ..errors import HrisError
from ..model import actions
from ..model.directory import Account
from ..model.plan import APPLIED, Change, Outcome
from ..option_names import option_name
from ..planning.deletion_protection import DENIED
from ..run.lock_out_checks import check_lock_out
from ..run.write_checks import Allowed, WriteChecks


@mutable
class _Result:
    """The result of the module but for its failure; RETURN of hris.ad.user describes it."""

    changed: bool
    object_guid: str | None
    distinguished_name: str | None
    sid: str | None
    diff: dict[str, dict[str, Any]]

    def as_dict(self) -> dict[str, Any]:
        return {
            "changed": self.changed,
            "object_guid": self.object_guid,
            "distinguished_name": self.distinguished_name,
            "sid": self.sid,
            "diff": self.diff,
        }


def run(params: dict[str, Any], check_mode: bool, warn: Callable[[str], None]) -> dict[str, Any]:
    """Make one user as the options say.

    Everything is looked up and checked before the first write, in check mode as well. Raises
    HrisError; then nothing was written.
    """
    options = UserOptions.from_params(params)
    return with_directory(
        params["directory"],
        lambda connection: _make(connection, params, options, check_mode),
        warn,
    )


def _make(
    connection: Connection, params: dict[str, Any], options: UserOptions, check_mode: bool
) -> dict[str, Any]:
    desired = user_attributes.desired_values(
        params, connection, lambda identity: _manager_dn(connection, identity)
    )
    if options.enabled is not None and "userAccountControl" in desired:
        raise HrisError(
            "userAccountControl and enabled say the same thing twice",
            place=option_name("enabled"),
            hint="Set one of them",
        )
    checks = WriteChecks(connection, Allowed(protected=params["protected"]))
    definitions = schema.read(connection, [*desired, *reading.ALWAYS])
    account = user_changes.find_user(connection, options, definitions)
    if params["state"] == "updated" and not account:
        raise user_changes.no_user(options)
    if params["state"] == "absent":
        changes = []
        if account:
            changes = user_changes.deletion(account)
        return _write(connection, check_mode, account, changes, None, checks)
    if account:
        changes = user_changes.modification(connection, options, account, desired)
        check_lock_out(connection, account, changes)
    else:
        changes = user_changes.creation(connection, options, desired)
    check_unique(connection, account, changes)
    password = params["password"]
    if account and params["update_password"] != "always":
        password = None
    if account and password:
        changes = user_changes.with_password(account, changes)
    return _write(connection, check_mode, account, changes, password, checks)


def _manager_dn(connection: Connection, identity: str) -> str:
    """The DN that the option manager stands for."""
    found = lookup.find_accounts(connection, identity, {})
    account = lookup.only_one(found, identity, "manager")
    if not account:
        raise HrisError(
            f"there is no user '{identity}'",
            place="manager",
            hint="Name the manager in any form that identity has",
        )
    return account.dn


def _write(
    connection: Connection,
    check_mode: bool,
    account: Account | None,
    changes: list[Change],
    password: str | None,
    checks: WriteChecks,
) -> dict[str, Any]:
    """Write the changes, unless in check mode; the result of the module.

    Raises HrisError for an account, a group or a place that is never changed.
    """
    result = _predicted(account, changes, bool(password))
    _check(checks, changes)
    _check_protection(connection, changes)
    if check_mode or not result.changed:
        return result.as_dict()
    passwords = {}
    if password:
        passwords[normal(operations.target(changes[0]))] = password
    stop = _refusal if password else None  # without its password, nothing else is done to a user
    outcomes = writing.apply(connection, changes, checks, passwords=passwords, stop=stop)
    problems = _problems(changes, outcomes)
    if problems:
        result.changed = any(outcome.status == APPLIED for outcome in outcomes)
        message = f"{result.distinguished_name}: {'; '.join(problems)}"
        return {**result.as_dict(), "failed": True, "msg": message}
    new = _creation_in(changes)
    if new:
        created = lookup.read_at(connection, new.dn, {})[0]
        result.object_guid, result.sid = created.guid, created.sid
        result.distinguished_name = created.dn
    return result.as_dict()


def _refusal(outcome: Outcome) -> str | None:
    return None if outcome.status == APPLIED else outcome.message


def _check(checks: WriteChecks, changes: Sequence[Change]) -> None:
    """Raise HrisError for a change that may not be made."""
    for reason in checks(changes, range(len(changes))).values():
        raise HrisError(
            reason, place=option_name("identity"), hint="Change it by hand, with other tools"
        )


def _check_protection(connection: Connection, changes: Sequence[Change]) -> None:
    """Raise HrisError for a user that is protected from accidental deletion, so that check mode
    says it as well.
    """
    denied = {one.guid for one in changes if one.guid and one.action in DENIED}
    if denied and protected_from_deletion(connection, denied):
        raise HrisError(
            "the user is protected from accidental deletion, so it is neither moved nor deleted",
            place=option_name("identity"),
            hint="Take the protection away first, with other tools",
        )


def _predicted(account: Account | None, changes: list[Change], password: bool) -> _Result:
    """The result as far as it is known before the changes are written."""
    result = _Result(bool(changes or password), None, None, None, _diff(changes, password))
    if account:
        result.object_guid, result.sid = account.guid, account.sid
        result.distinguished_name = account.dn
    for change in changes:
        if change.action == actions.CREATE:
            result.distinguished_name = change.dn
        if change.to:
            result.distinguished_name = change.to
    return result


def _creation_in(changes: list[Change]) -> Change | None:
    for change in changes:
        if change.action == actions.CREATE:
            return change
    return None


def _problems(changes: Sequence[Change], outcomes: Sequence[Outcome]) -> list[str]:
    """What was not, or not wholly, written, each once."""
    problems = [
        f"{change.action} was {outcome.status}: {outcome.message}"
        for change, outcome in zip(changes, outcomes, strict=True)
        if outcome.status != APPLIED or outcome.message
    ]
    return list(dict.fromkeys(problems))


def _diff(changes: list[Change], password: bool) -> dict[str, dict[str, Any]]:
    """What changes and nothing else; of a password only that it changes."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for change in changes:
        if change.action == actions.CREATE:
            after["distinguished_name"] = change.dn
        if change.action == actions.DELETE:
            before["distinguished_name"] = change.dn
        if change.to:
            before["distinguished_name"], after["distinguished_name"] = change.dn, change.to
        for name, values in change.attributes.items():
            if values.before:
                before[name] = values.before
            after[name] = values.after
        if change.group:
            side = before
            if change.action == actions.GROUP_ADD:
                side = after
            side.setdefault("groups", []).append(change.group)
    if password:
        before["password"], after["password"] = "unchanged", "changed"
    return {"before": before, "after": after}
