# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the rules of another source have left on an account, and what ends with them."""

from __future__ import annotations

from ..ad_values.filetime import NEVER
from ..model.directory import Account
from ..model.plan import ValueChanges
from .compare import differences
from .context import Context
from .ownership import Mark

EXPIRY = "accountExpires"


def ended_expiry(context: Context, account: Account, mark: Mark) -> ValueChanges:
    """The change of accountExpires in a hand-over, where the former owner sets it and the new one
    does not: the last day there is not that of the person any more.
    """
    former = context.sources.get(mark.source)
    if former is None or mark.source == context.rules.source or _expiry_in(context):
        return {}
    name = _expiry_in(former)
    return differences({name: [NEVER[0]]}, account, former.definitions) if name else {}


def _expiry_in(context: Context) -> str | None:
    """The attribute as the rules spell it; None where they do not write it."""
    names = (name for name in context.written_by if name.casefold() == EXPIRY.casefold())
    return next(names, None)
