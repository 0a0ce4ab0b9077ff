# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts whose attributes name other accounts, such as those of the people whom a manager has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..ad_values.dn import normal
from ..model.directory import Account
from . import ldap_messages, reading, schema
from .connection import Connection
from .filters import any_of, escape_text

ATTRIBUTES = ("manager", "assistant", "secretary", "managedBy")
BATCH = 50  # accounts in one search


def referring_accounts(
    connection: Connection, dns: Sequence[str], also: Iterable[str]
) -> dict[str, list[Account]]:
    """{normal DN: the accounts that name it in one of ATTRIBUTES}. also: attributes that are read
    of them.
    """
    known = schema.read(connection, {*ATTRIBUTES, *also} | set(reading.ALWAYS))
    present = [name for name in ATTRIBUTES if known.get(name.casefold())]
    found: dict[str, list[Account]] = {normal(dn): [] for dn in dns}
    for start in range(0, len(dns), BATCH):
        wanted = dns[start : start + BATCH]
        conditions = [f"({name}={escape_text(dn)})" for dn in wanted for name in present]
        search_filter = f"(&{reading.USERS}{any_of(conditions)})"
        for account in reading.read_accounts(
            connection, connection.domain_dn, ldap_messages.SUBTREE, search_filter, known
        ):
            for name in present:
                for dn in account.attributes.get(name, ()):
                    found.get(normal(dn), []).append(account)
    return found
