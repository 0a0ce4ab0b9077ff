# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes that no rules ask for may not enable an account that is locked out."""

from __future__ import annotations

from collections.abc import Iterable

from ..ad_values.user_account_control import is_enabled
from ..directory import ldap_messages
from ..directory.connection import Connection
from ..directory.lookup import ANY_OBJECT
from ..errors import HrisError
from ..model.directory import Account
from ..model.plan import Change
from ..option_names import option_name
from ..planning.lock_out_findings import words_of
from ..planning.ownership import PREFIX, Mark, read_mark


def check_lock_out(connection: Connection, account: Account, changes: Iterable[Change]) -> None:
    """Raise HrisError where changes would enable an account that is locked out."""
    if account.enabled or not any(map(_enables, changes)):
        return
    mark = _mark_anywhere(connection, account.dn)
    if mark and mark.locked_out:
        raise HrisError(
            f"the user is {words_of(mark)}",
            place=option_name("enabled"),
            hint="Lift the lock-out with hris.ad.lift_lock_out",
        )


def _enables(change: Change) -> bool:
    values = change.attributes.get("userAccountControl")
    after = values.after if values else ()
    return any(text.isdigit() and is_enabled(int(text)) for text in after)


def _mark_anywhere(connection: Connection, dn: str) -> Mark | None:
    """The mark of an account, whichever attribute keeps it."""
    for _dn, raw in connection.stream.search(dn, ldap_messages.BASE, ANY_OBJECT, ["*"]):
        for values in raw.values():
            for value in values:
                if value.startswith(PREFIX.encode()):
                    mark = read_mark(value.decode(errors="replace"))
                    if mark:
                        return mark
    return None
