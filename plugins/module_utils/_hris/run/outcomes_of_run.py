# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The account outcomes of one run of module sync, with the objectGUIDs of new accounts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ..directory.connection import Connection
from ..directory.lookup import guids_of
from ..model.directory import Snapshot
from ..model.outcomes import AccountOutcome
from ..model.plan import Change
from ..planning.account_outcomes import ShownAccount, account_outcomes
from ..planning.manager_accounts import add_managers
from .domain_plan import DomainPlan
from .source_options import MANAGER_ACCOUNT, NOT_DUE, SourceOptions


def outcomes_of_run(
    domain: DomainPlan,
    made: Iterable[Change],
    sources: Sequence[SourceOptions],
    snapshot: Snapshot,
) -> list[AccountOutcome]:
    """What the run did to each account; with the option outcome_dest of a source, every account,
    and what outcome_also says.
    """
    rulesets = [source.rules for source in domain.people]
    names = [name for one in rulesets for name in (one.ownership.attribute, one.leaver.record)]
    own = frozenset(name.casefold() for name in names if name)
    everyone = any(source.options["outcome_dest"] for source in sources)
    not_due = {one.rules.source for one in sources if NOT_DUE in one.options["outcome_also"]}
    decided = domain.planned.decided
    outcomes = list(account_outcomes(decided, made, own, everyone, not_due))
    if any(MANAGER_ACCOUNT in source.options["outcome_also"] for source in sources):
        add_managers(outcomes, decided, snapshot.accounts)
    return outcomes


def set_guids(
    connection: Connection,
    outcomes: Iterable[AccountOutcome],
    accounts: Mapping[str, Sequence[ShownAccount]],
    everyone: bool,
) -> None:
    """Give new accounts the objectGUIDs that the directory made, as far as they are shown or
    written.
    """
    shown = [account for found in accounts.values() for account in found if not account["guid"]]
    names = {account["sAMAccountName"] or "" for account in shown}
    new = [outcome for outcome in outcomes if everyone and outcome.guid is None]
    names.update(_logon_name(outcome) for outcome in new)
    names.discard("")
    guids = guids_of(connection, sorted(names)) if names else {}
    for account in shown:
        account["guid"] = guids.get((account["sAMAccountName"] or "").lower())
    for outcome in new:
        outcome.guid = guids.get(_logon_name(outcome).lower())


def _logon_name(outcome: AccountOutcome) -> str:
    return next(iter(outcome.attributes.get("sAMAccountName", ())), "")
