# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What lock_out and lift_lock_out share: the account that is meant, what may be changed, how the
changes are made and told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

from ..ad_values.dn import normal
from ..ad_values.protection import Protected, protected_in, protection
from ..data_class import frozen
from ..directory import reading, schema
from ..directory.connection import Connection
from ..directory.initial_passwords import PasswordOptions
from ..directory.named_accounts import only_account
from ..errors import HrisError
from ..model import actions
from ..model.directory import AttributeDefinition, Domain, Group
from ..model.plan import APPLIED, Change, Plan, PlanOwnership
from ..option_names import option_name, with_options
from ..planning.lock_outs import Subject
from ..planning.ownership import mark_of
from ..planning.permissions import owner_of
from ..planning.plan import plan_domain
from ..planning.plan_file import digest_of
from ..planning.summary import diffs
from .execution import NEVER_EXPIRES, Executed, execute
from .execution_options import ExecutionOptions
from .lock_out_sources import ARGUMENTS as SOURCES
from .lock_out_sources import LockOutSource, sources_in
from .result import Result
from .run_files import RunFiles
from .write_checks import Allowed

PASSWORD_SET = "pwdLastSet"
ARGUMENTS: dict[str, Any] = dict(
    who=dict(type="str", required=True),
    reason=dict(type="str", default=""),
    ticket=dict(type="str", default=""),
    asked_by=dict(type="str", default=""),
    sources=SOURCES,
    journal=dict(type="path"),
    audit=dict(type="path"),
    recent=dict(type="path"),
    plan_key=dict(type="str", no_log=True),
)


@frozen
class Found:
    """The account that is meant, and the domain around it."""

    subject: Subject
    domain: Domain
    groups: Sequence[Group]
    protected: Protected
    sources: Sequence[LockOutSource]  # that the mark names, the owner first
    schema: Mapping[str, AttributeDefinition]  # {attribute in lower case: definition}

    @property
    def password_set(self) -> str | None:
        """When the password was set, as the directory keeps it; None where it cannot be seen."""
        return next(iter(self.subject.account.attributes.get(PASSWORD_SET, ())), None)

    def spelled(self, name: str | None) -> str | None:
        """The name of an attribute as the directory spells it; None for one that it lacks."""
        if not name:
            return None
        definition = self.schema.get(name.lower())
        return definition.name if definition else None


def find(connection: Connection, who: str, sources: Sequence[LockOutSource]) -> Found:
    """The one account that is meant. Raises HrisError for none, for several, and for one that is
    never changed.
    """
    keys = list(dict.fromkeys(source.key for source in sources))
    mark = sources[0].ownership.attribute
    records = [source.record for source in sources if source.record]
    known = schema.read(connection, {*keys, mark, PASSWORD_SET, *reading.ALWAYS, *records})
    _check_known(known, [*keys, mark])
    account = only_account(connection, who, keys, mark, known)
    domain, groups = reading.read_domain(connection), reading.read_groups(connection)
    entries = [text for source in sources for text in source.ownership.protected]
    protected = protected_in(groups, connection.domain_dn, entries)
    reason = protection(account, protected, domain)
    if reason:
        raise HrisError(
            f"the account is privileged or protected, so it is never changed here: {reason}",
            place=option_name("who"),
            hint="A domain administrator must do it by hand, with other tools; in Entra, where the "
            "account is governed there",
        )
    attribute = known[mark.lower()].name
    found = mark_of(account, attribute)
    named = sources_in(found, sources)
    key = next((account.attributes.get(known[one.key.lower()].name) for one in named), None)
    subject = Subject(account, attribute, found, next(iter(key or ()), None))
    return Found(subject, domain, groups, protected, named, known)


def _check_known(known: Mapping[str, AttributeDefinition], names: Sequence[str]) -> None:
    for name in names:
        if name.lower() not in known:
            raise HrisError(
                f"this directory has no attribute '{name}'",
                place=option_name("sources"),
                hint=with_options("Correct {correlation.key} or {ownership.attribute}"),
            )


def plan_of(found: Found, changes: list[Change]) -> Plan:
    """The changes as a plan, so that they are journalled and checked as those of every run."""
    subject = found.subject
    keys = [subject.key] if subject.key else []
    plan = Plan(
        sources=[subject.mark.source] if subject.mark else [],
        as_of=_now(),
        domain=plan_domain(found.domain),
        changes=changes,
        findings=[],
        limits=[],
        people={},
        counts=dict(sorted(Counter(change.action for change in changes).items())),
        matched={},
        made=_now(),
        expires=NEVER_EXPIRES,
        mark=subject.attribute,
        ownership={owner.name: _ownership(found, owner) for owner in found.sources[:1]},
        owners={subject.account.guid: owner_of(subject.mark, keys)},
    )
    plan.digest = digest_of(plan)
    return plan


def _ownership(found: Found, owner: LockOutSource) -> PlanOwnership:
    """What may be changed: this account wherever it is, and the place where it goes."""
    key = found.spelled(owner.key) or owner.key
    return PlanOwnership([], key, list(owner.ownership.protected))


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


def make(
    connection: Connection,
    plan: Plan,
    files: RunFiles,
    entries: Sequence[str],
    passwords: PasswordOptions | None = None,
    needs_journal: bool = True,
) -> tuple[Executed, list[str]]:
    """(what became of the changes, what else went wrong). entries: what administrators protect.

    needs_journal: whether nothing is written where the journal cannot be. Raises HrisError before
    the first write.
    """
    params, problems = files.params, []
    journal = params["journal"]
    try:
        files.make_folders([journal, params["audit"], passwords.dest if passwords else None])
    except HrisError as error:
        if needs_journal:
            raise
        problems.append(f"the journal: {error}")
        journal = None
    options = _without_stops(params, journal, len(plan.changes))
    allowed = Allowed(plan.mark, plan.ownership, plan.owners, (), entries)
    try:
        executed = execute(connection, plan, plan.changes, options, passwords, allowed=allowed)
    except HrisError as error:
        is_note = error.place in {options.journal, options.audit} - {None}
        if needs_journal or not is_note or connection.stream.has_written:
            raise
        problems.append(f"the journal or the audit log: {error}")
        options = replace(options, journal=None, audit=None)
        executed = execute(connection, plan, plan.changes, options, passwords, allowed=allowed)
    if executed.failure:
        problems.append(executed.failure)
    return executed, problems


def _without_stops(
    params: Mapping[str, Any], journal: str | None, report_limit: int
) -> ExecutionOptions:
    """How the changes are made: whatever fails, the others are tried, and no plan undoes them."""
    return ExecutionOptions(
        journal=journal,
        audit=params["audit"],
        undo_dest=None,
        own_undo=False,
        plan_key=params["plan_key"],
        canary=0,
        stop_first=0,
        stop_percent=100,
        report_limit=report_limit,
    )


def refusals(executed: Executed) -> list[str]:
    """What was not, or not wholly, written."""
    pairs = zip(executed.changes, executed.outcomes, strict=True)
    return [
        f"{_words(change)}: {outcome.message or outcome.status}"
        for change, outcome in pairs
        if outcome.status != APPLIED or outcome.message
    ]


def _words(change: Change) -> str:
    """A change for people, as something that was to be done."""
    if change.random_password and not change.attributes:
        return "a random password"
    if change.group:
        return f"{change.action} of {change.group}"
    return f"{change.action} to {change.to}" if change.to else change.action


def result_of(found: Found, plan: Plan, dn: str) -> Result:
    """What both modules return. dn: of the account afterwards."""
    account, subject = found.subject.account, found.subject
    names = account.attributes
    return {
        "changed": bool(plan.changes),
        "account": {
            "source": subject.mark.source if subject.mark else None,
            "key": subject.key,
            "guid": account.guid,
            "dn": dn,
            "sAMAccountName": next(iter(names.get("sAMAccountName", ())), None),
            "userPrincipalName": next(iter(names.get("userPrincipalName", ())), None),
        },
        "changes": plan.counts,
        "diff": diffs(plan.changes, frozenset(), len(plan.changes) + 1),
    }


def in_bases(dn: str, bases: Sequence[str]) -> bool:
    """Whether a DN is below one of the bases (normal DNs); without bases every one is."""
    name = normal(dn)
    return not bases or any(name.endswith(f",{base}") for base in bases)


def is_disabled(executed: Executed) -> bool:
    """Whether no change that disables the account failed."""
    pairs = zip(executed.changes, executed.outcomes, strict=True)
    return all(
        outcome.status == APPLIED and "userAccountControl" not in outcome.incomplete
        for change, outcome in pairs
        if change.action == actions.DISABLE
    )
