# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module lift_lock_out: an account that was locked out before HR had the leaving gets back what the
lock-out took.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from ..argument_checks import checked_option
from ..directory.connection import Connection
from ..directory.failover import with_directory
from ..directory.initial_passwords import PasswordOptions, check_password_options
from ..errors import HrisError
from ..model import actions
from ..model.plan import Change, ValueChange
from ..option_names import option_name
from ..planning import ownership
from ..planning.compare import uac_change
from ..planning.lock_out_findings import words_of
from ..planning.lock_outs import (
    change_of,
    has_old_password,
    is_enabled_by_lifting,
    lock_out_of,
    marked,
    reason_of,
    restorations,
    restored_groups,
    without_lock_out,
)
from ..planning.ownership import Mark
from ..run.kept_state import KeptStateOptions, check_passwords
from ..run.lock_out_run import Found, find, make, plan_of, refusals, result_of
from ..run.lock_out_sources import LockOutSource, lock_out_sources
from ..run.recent_file import RecentOptions
from ..run.recent_writes import RecentWrites
from ..run.result import Result
from ..run.run_files import RunFiles, name_of_run, run_files

_HR = "HR has the leaving of this person, so HR decides: correct it there, and run hris.ad.sync"


def run(params: Mapping[str, Any], check_mode: bool, warn: Callable[[str], None]) -> Result:
    """The work of module hris.ad.lift_lock_out, whose RETURN describes the result.

    Raises HrisError before the first write.
    """
    sources = lock_out_sources(params["sources"], checked_option)
    check_password_options(params["passwords"])
    kept, dest = KeptStateOptions.from_params(params["kept_state"]), params["passwords"]["dest"]
    check_passwords(dest, kept)
    name = name_of_run(["lift-lock-out"], datetime.now(timezone.utc), None)
    recent = RecentWrites(RecentOptions.of_lock_out(params))
    files = run_files(params, name, kept.dir, [dest, recent.path])
    files.check([files.params["journal"], recent.path], [files.params["audit"], dest])

    def work(connection: Connection) -> Result:
        return _lift(connection, files, sources, check_mode, recent)

    return with_directory(recent.preferred(params["directory"]), work, warn)


def _lift(
    connection: Connection,
    files: RunFiles,
    sources: Sequence[LockOutSource],
    check_mode: bool,
    recent: RecentWrites,
) -> Result:
    params = files.params
    recent.use_for(connection.domain_dn)
    found = find(connection, params["who"], sources)
    account, mark = found.subject.account, found.subject.mark
    if mark is None or not mark.locked_out:
        result = result_of(found, plan_of(found, []), account.dn)
        return {**result, "msg": _not_locked_out(found)}
    if not found.sources or found.sources[0].name != mark.source:
        raise HrisError(
            f"the account belongs to the source {mark.source}, whose rules are not in this run",
            place=option_name("sources"),
            hint="Run it with this source",
        )
    plan = plan_of(found, _changes(found, mark, connection, params))
    result = result_of(found, plan, account.dn)
    gets_password = any(change.random_password for change in plan.changes)
    then = _what_follows(found, mark, params, gets_password)
    message = f"{account.dn} was {words_of(mark)}. {then}"
    if check_mode:
        return {**result, "msg": message}
    entries = [text for source in sources for text in source.ownership.protected]
    passwords = PasswordOptions.from_params(params["passwords"])
    files.make_folders([recent.path])
    recent.note_lock_out(account.guid, connection.server)
    executed, problems = make(connection, plan, files, entries, passwords)
    result["changed"] = bool(executed.made)
    if executed.journal:
        result["journal"] = executed.journal
    problems = refusals(executed) + problems
    if problems:
        message = f"{account.dn}: not all of the lock-out was lifted: {'; '.join(problems)}"
        result["failed"] = True
    return {**result, "msg": message}


def _not_locked_out(found: Found) -> str:
    account, mark = found.subject.account, found.subject.mark
    text = f"{account.dn} is not locked out: nothing to lift"
    if mark and mark.state == ownership.DISABLED and not account.enabled:
        text += f". {_HR}"
    return text


def _changes(
    found: Found, mark: Mark, connection: Connection, params: Mapping[str, Any]
) -> list[Change]:
    """The change that enables the account, then the groups, then the record of them."""
    subject, rules = found.subject, found.sources[0]
    by = params["asked_by"] or connection.bound_as
    at = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    lifting = lock_out_of(at, by, params["reason"], params["ticket"])
    reason = reason_of(lifting, "lock-out lifted")
    enables = is_enabled_by_lifting(mark)
    has_access = subject.account.enabled or enables
    switches = enables and not subject.account.enabled
    change = change_of(subject, actions.ENABLE if switches else actions.UPDATE, reason)
    change.attributes = marked(subject, without_lock_out(mark, has_access))
    if switches:
        change.attributes["userAccountControl"] = uac_change(subject.account.uac, True)
        if not has_old_password(mark, found.password_set):
            change.random_password = True
            if rules.joiner().must_change_password:
                change.attributes["pwdLastSet"] = ValueChange([], ["0"])
    changes = [change]
    if mark.state != ownership.DISABLED:  # what a leaver lost comes back with a rehire
        record = found.spelled(rules.leaver().record)
        privileged = found.protected.groups
        given = restored_groups(subject.account, record, found.groups, privileged)
        changes += restorations(subject, given, record, reason)
    return changes


def _what_follows(found: Found, mark: Mark, params: Mapping[str, Any], gets_password: bool) -> str:
    """What the account is after the lock-out was lifted, and what others have to do."""
    if not (found.subject.account.enabled or is_enabled_by_lifting(mark)):
        return "It stays disabled, as it was before: the next run of hris.ad.sync decides"
    text = "It can log on again. The next run of hris.ad.sync moves it back"
    if gets_password and params["passwords"]["certificate"]:
        return f"{text}. Its new password is in {params['passwords']['dest']}"
    if gets_password:
        return f"{text}. Nobody knows its password: a help desk has to reset it"
    return text
