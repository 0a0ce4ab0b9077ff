# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups that an account keeps although the rules take them, because they are its primary group.

A primary group is no value of ``member``, so no change of a membership can take it ([MS-SAMR]
3.1.1.8.2).
"""

from __future__ import annotations

from ..ad_values.sid import DOMAIN_USERS_RID
from ..model.directory import Account
from ..model.findings import WARNING, Finding
from ..model.people import Person
from ..option_names import option_name
from .context import Context
from .decisions import Decision
from .transitions import FOLLOW, LEAVE_CARE


def primary_group_findings(
    context: Context, person: Person, account: Account, decision: Decision
) -> list[Finding]:
    """The finding about a primary group that the rules would take; [] for nearly everybody."""
    if account.primary_group == DOMAIN_USERS_RID:
        return []
    known, care = context.memberships, decision.step.care
    group = known.by_rid.get(account.primary_group)
    if group is None or not (care == FOLLOW or _takes(context, group, decision)):
        return []
    others = decision.contribution
    wanted = known.dns_of(decision.groups) | others.given | others.wanted
    is_managed = group in known.managed or group in others.managed
    if care == FOLLOW and (group in wanted or not is_managed):
        return []
    message = (
        f"{account.dn} keeps {known.by_dn[group].dn}, because it is the primary group, which no "
        "change of memberships can take. Make another group the primary one (such as Domain Users)."
    )
    place = option_name("leaver.groups" if care == LEAVE_CARE else "groups")
    return [Finding("primary_group", message, key=person.key, place=place, severity=WARNING)]


def _takes(context: Context, group: str, decision: Decision) -> bool:
    """Whether a leaver loses the group."""
    policy, known = context.rules.leaver.groups, context.memberships
    if decision.step.care != LEAVE_CARE or policy == "keep" or group in known.untouched:
        return False
    return policy == "remove_all" or group in known.managed | decision.contribution.managed
