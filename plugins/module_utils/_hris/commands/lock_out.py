# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module lock_out: one account loses access now, before HR has the leaving. It is disabled first,
whatever becomes of the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timezone
from functools import partial
from itertools import chain
from typing import Any

from ..ad_values.dn import escape_value, normal, parent, split
from ..ad_values.sid import rid
from ..argument_checks import checked_option
from ..data_class import field, mutable
from ..directory import lookup
from ..directory.connection import Connection
from ..directory.deletion_protection import liftable
from ..directory.failover import with_directory
from ..errors import HrisError, foreseen
from ..model import actions
from ..model.directory import Group
from ..model.plan import Change
from ..option_names import option_name
from ..planning.deletion_protection import settle_protection
from ..planning.group_names import GroupNames
from ..planning.lock_out_findings import words_of
from ..planning.lock_outs import (
    LockOut,
    change_of,
    disabling,
    has_old_password,
    lock_out_of,
    lost_groups,
    reason_of,
    removals,
    scrambling,
    with_lock_out,
)
from ..planning.names import LAST_NUMBER
from ..planning.ownership import Mark
from ..rules.naming import NUMBER_FROM, common_name
from ..run.lock_out_recent import LockOutRecent
from ..run.lock_out_run import (
    Found,
    find,
    in_bases,
    is_disabled,
    make,
    plan_of,
    refusals,
    result_of,
)
from ..run.lock_out_sources import LockOutSource, lock_out_sources
from ..run.result import Result
from ..run.run_files import RunFiles, name_of_run, run_files
from ..user_files import folder_of

AGAIN = "Run it again when that is corrected."


@mutable
class _Rest:
    """What follows the disabling."""

    changes: list[Change] = field(default_factory=list)
    not_done: list[str] = field(default_factory=list)  # why parts of it are not planned
    dn: str = ""  # of the account afterwards


def run(params: Mapping[str, Any], check_mode: bool, warn: Callable[[str], None]) -> Result:
    """The work of module hris.ad.lock_out, whose RETURN describes the result.

    Raises HrisError before the first write: nobody or several people are named, the account is
    privileged, or it is not ours.
    """
    sources = lock_out_sources(params["sources"], checked_option)
    now = datetime.now(timezone.utc)
    at = now.strftime("%Y-%m-%dT%H:%M:%SZ")
    # The folder of the state is made where it is missing: a lock-out may be the first to use it
    state = folder_of(params["recent"]) if params["recent"] else None
    files = run_files(params, name_of_run(["lock-out"], now, None), state, [params["recent"]])
    recent = LockOutRecent(files)

    def work(connection: Connection) -> Result:
        by = params["asked_by"] or connection.bound_as
        lock_out = lock_out_of(at, by, params["reason"], params["ticket"])
        return _lock_out(connection, files, sources, lock_out, check_mode, recent)

    return with_directory(recent.preferred(params["directory"]), work, warn)


def _lock_out(
    connection: Connection,
    files: RunFiles,
    sources: Sequence[LockOutSource],
    lock_out: LockOut,
    check_mode: bool,
    recent: LockOutRecent,
) -> Result:
    params = files.params
    recent.check(connection)
    found = find(connection, params["who"], sources)
    _check_owned(found, params["unowned"])
    subject, reason = found.subject, reason_of(lock_out)
    most = found.schema[subject.attribute.lower()].upper
    mark = with_lock_out(subject, lock_out, found.password_set, most)
    changes = disabling(subject, mark, reason)
    if has_old_password(subject.mark, found.password_set):
        changes.append(scrambling(subject, reason))
    rest = _rest(connection, found, lock_out.at[:10], reason)
    plan = plan_of(found, [*changes, *rest.changes])
    result = result_of(found, plan, rest.dn)
    result["locked_out"] = _shown(mark, lock_out)
    not_done = rest.not_done + _unwritable(files) + recent.problems
    if check_mode or not plan.changes:
        return _told(result, subject.account.dn, mark, not_done, check_mode)
    entries = [text for source in sources for text in source.ownership.protected]
    recent.note(connection, subject.account.guid)
    executed, problems = make(connection, plan, files, entries, needs_journal=False)
    result["changed"] = bool(executed.made)
    if executed.journal:
        result["journal"] = executed.journal
    not_done = rest.not_done + refusals(executed) + problems + recent.problems
    if not is_disabled(executed):
        result |= {"failed": True, "not_done": not_done}
        result["msg"] = f"{subject.account.dn} CAN STILL LOG ON: {'; '.join(not_done)}"
        return result
    return _told(result, subject.account.dn, mark, not_done, check_mode)


def _check_owned(found: Found, unowned: bool) -> None:
    """Raise HrisError for an account that no source owns, unless that is allowed."""
    account, mark = found.subject.account, found.subject.mark
    bases = found.sources[0].ownership.bases if found.sources else ()
    if unowned or (mark and in_bases(account.dn, _with_leavers(bases, found.sources))):
        return
    why = "has no mark of a source"
    if mark:
        why = f"is not below any of {option_name('ownership.bases')}"
    raise HrisError(
        f"the account {why}, so it is not one of HR's",
        place=option_name("who"),
        hint=f"Check who is meant. To disable it all the same, set {option_name('unowned')}",
    )


def _with_leavers(bases: Sequence[str], sources: Sequence[LockOutSource]) -> Sequence[str]:
    """The bases with the OU of leavers, where there are any."""
    if not bases:
        return bases
    try:
        ou = sources[0].leaver().move_to
    except HrisError:
        return bases  # it is said with the rest
    return [*bases, normal(ou)] if ou else bases


def _rest(connection: Connection, found: Found, day: str, reason: str) -> _Rest:
    """The groups and the move, as far as the rules can be read. An account that is not ours keeps
    both.
    """
    subject = found.subject
    rest = _Rest(dn=subject.account.dn)
    mark = subject.mark
    if mark is None:
        return rest
    known = [source.name for source in found.sources]
    missing = [name for name in mark.sources if name not in known]
    if missing:
        names = ", ".join(missing)
        rest.not_done.append(f"the groups of {names}: its rules are not in this run")
    if mark.source in missing:
        rest.not_done.append(f"the move: the rules of {mark.source} are not in this run")
        return rest
    wrong: dict[str, list[str]] = {}
    for part, name in ((_add_groups, "the groups"), (_add_move, "the move")):
        try:
            foreseen(part, connection, found, rest, day, reason)
        except HrisError as error:
            wrong.setdefault(str(error).rstrip("."), []).append(name)
    rest.not_done += [f"{' and '.join(names)}: {why}" for why, names in wrong.items()]
    return rest


def _add_groups(_connection: Connection, found: Found, rest: _Rest, day: str, reason: str) -> None:
    """Add the changes that take groups."""
    subject, rules = found.subject, found.sources[0].leaver()
    managed = _managed(found, rest)
    privileged = found.protected.groups
    lost = lost_groups(subject.account, found.groups, managed, privileged, rules.groups)
    primary = [one.dn for one in found.groups if rid(one.sid) == subject.account.primary_group]
    if primary and normal(primary[0]) in managed:
        rest.not_done.append(f"{primary[0]}: nobody can be taken from the primary group")
    record = found.spelled(rules.record)
    if rules.record and record is None:
        raise HrisError(
            f"this directory has no attribute '{rules.record}'", option_name("leaver.record")
        )
    rest.changes += removals(subject, lost, record, day, reason)


def _managed(found: Found, rest: _Rest) -> set[str]:
    """The normal DNs of the groups that the rules of the account's sources manage."""
    names = GroupNames(found.groups)
    managed: set[str] = set()
    for source in found.sources:
        for name in source.groups():
            group: Group | None = names.find(name)
            if group is None:
                rest.not_done.append(f"the group '{name}' of {source.name}: there is none")
            else:
                managed.add(normal(group.dn))
    return managed


def _add_move(connection: Connection, found: Found, rest: _Rest, _day: str, reason: str) -> None:
    """Add the move to the OU of leavers."""
    subject, source = found.subject, found.sources[0]
    wanted = source.leaver().move_to
    if not wanted or normal(parent(subject.account.dn)) == normal(wanted):
        return
    ou = lookup.existing_dn(connection, wanted, option_name("leaver.move_to"))
    change = change_of(subject, actions.MOVE, reason)
    change.to = _free_dn(connection, subject.account.dn, ou)
    policy = {source.name: source.ownership.deletion_protection}
    made, kept_there = settle_protection([change], partial(liftable, connection), policy)
    rest.not_done += [finding.message for finding in kept_there]
    if made:
        rest.changes += made
        rest.dn = change.to


def _free_dn(connection: Connection, dn: str, ou: str) -> str:
    """The DN of the account below an OU, with a number where another object has it."""
    name = split(dn)[0]
    numbers = range(NUMBER_FROM, LAST_NUMBER + 1)
    for text in chain([name], (common_name(name, number) for number in numbers)):
        found = f"CN={escape_value(text)},{ou}"
        if lookup.object_at(connection, found) is None:
            return found
    raise HrisError(
        f"every common name like '{name}' is taken in {ou}", option_name("leaver.move_to")
    )


def _unwritable(files: RunFiles) -> list[str]:
    """Which files of the run cannot be written."""
    problems = []
    try:
        files.check([files.params["journal"]])
    except HrisError as error:
        problems.append(f"the journal: {error}")
    try:
        files.check([], [files.params["audit"]])
    except HrisError as error:
        problems.append(f"the audit log: {error}")
    return problems


def _shown(mark: Mark | None, lock_out: LockOut) -> dict[str, str | None]:
    """The lock-out in the result: that of the mark, or of an account that has none."""
    if mark is None:
        return {name: getattr(lock_out, name) for name in ("at", "by", "reason", "ticket")}
    return {"at": mark.locked_out, "by": mark.by, "reason": mark.reason, "ticket": mark.ticket}


def _told(
    result: Result, dn: str, mark: Mark | None, not_done: list[str], check_mode: bool
) -> Result:
    """The result with its message; it fails where something was not done."""
    words = "disabled. It has no mark: runs see it as disabled by hand"
    if mark:
        words = words_of(mark)
    state = "would be" if check_mode and result["changed"] else "is"
    result["msg"] = f"{dn} {state} {words}"
    result["not_done"] = not_done
    if not_done:
        result["failed"] = True
        parts = "; ".join(text.rstrip(".") for text in not_done)
        result["msg"] += f". But this was not done: {parts}. {AGAIN}"
    return result
