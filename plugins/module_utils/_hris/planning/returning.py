# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody whose account was locked comes back: the password that the lock may have scrambled."""

from __future__ import annotations

from ..model.directory import Account
from ..model.plan import Change, ValueChange
from . import transitions
from .context import Context
from .ownership import DISABLED, mark_of
from .transitions import Step


def add_new_password(context: Context, account: Account, step: Step, change: Change) -> None:
    """Give the change that enables a locked account a new password, like that of a new account,
    where a source of the account scrambles passwords: nobody knows the old one. So does a lock-out,
    whatever the state of the account was.
    """
    mark = mark_of(account, context.mark)
    if step.switch != transitions.ENABLE or mark is None:
        return
    if mark.state != DISABLED and not mark.is_scrambled:
        return
    sources = {mark.source, *mark.contributors, context.rules.source}
    rulesets = [context.sources[name].rules for name in sources if name in context.sources]
    if mark.is_scrambled or any(rules.leaver.scramble_password for rules in rulesets):
        change.random_password = True
        if context.rules.joiner.must_change_password:
            change.attributes["pwdLastSet"] = ValueChange([], ["0"])
