# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One person of a case after the run: what is compared with an expectation."""

from __future__ import annotations

from ..data_class import frozen
from ..model.directory import Account, Snapshot
from ..model.findings import Finding
from ..model.people import LEAVER, Person
from ..model.plan import Change
from ..planning.explain import Explanation, explain, find_person
from ..planning.plan import Planned
from ..rules.ruleset import Ruleset


@frozen
class CaseRun:
    """A case after its run."""

    rules: Ruleset
    people: list[Person]
    keys: list[str | None]  # of the employees of the case, in its order
    planned: Planned
    before: Snapshot  # the directory before the run
    after: Snapshot  # and after it


@frozen
class PersonOutcome:
    """One person of a case after the run."""

    run: CaseRun
    person: Person | None  # None: nobody has the key
    account: Account | None  # after the run
    changes: list[Change]
    findings: list[Finding]  # about the person, and those that are about nobody
    explanation: Explanation | None

    @property
    def state(self) -> str | None:
        """The state of the person."""
        if self.person is None:
            return None
        return self.person.state

    @property
    def dn(self) -> str | None:
        """The DN of the account after the run."""
        if self.account is None:
            return None
        return self.account.dn

    @property
    def enabled(self) -> bool | None:
        """Whether the account is enabled after the run."""
        if self.account is None:
            return None
        return self.account.enabled

    @property
    def groups(self) -> list[str]:
        """The DNs of the groups after the run."""
        if self.account is None:
            return []
        return self.account.groups

    @property
    def is_leaver(self) -> bool:
        """Whether the rules for leavers decide."""
        return self.state == LEAVER


def outcome_of(key: str | None, run: CaseRun) -> PersonOutcome:
    """What the run did for the person who has this key in one of the records."""
    plan, rules = run.planned.plan, run.rules
    person = find_person(run.people, key or "")
    keys = person.keys if person else [key]
    folded = (keys[0] or "").casefold()  # plans name people by the key of the primary record
    found = (account_with_key(run.before, one, rules) for one in keys)
    account_before = next(filter(None, found), None)
    for decided in run.planned.decided:
        if decided.person.key.casefold() == folded:
            person, account_before = person or decided.person, decided.account
            break
    explanation = None
    if person:
        explanation = explain(person, account_before, plan, rules, run.before)
    return PersonOutcome(
        run=run,
        person=person,
        account=_account_after(account_before, key, run),
        changes=[change for change in plan.changes if change.key and _is(change.key, folded)],
        findings=[finding for finding in plan.findings if _is(finding.key or folded, folded)],
        explanation=explanation,
    )


def account_with_key(snapshot: Snapshot, key: str | None, rules: Ruleset) -> Account | None:
    """The account that has the key of an employee."""
    if not key:
        return None
    attribute = snapshot.schema[rules.key.casefold()].name
    folded = key.casefold()
    for account in snapshot.accounts:
        if any(_is(text, folded) for text in account.attributes.get(attribute, ())):
            return account
    return None


def _account_after(before: Account | None, key: str | None, run: CaseRun) -> Account | None:
    if before is None:
        return account_with_key(run.after, key, run.rules)
    return next((account for account in run.after.accounts if account.guid == before.guid), None)


def _is(text: str, folded: str) -> bool:
    return text.casefold() == folded
