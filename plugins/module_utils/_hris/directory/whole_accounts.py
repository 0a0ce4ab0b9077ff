# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All that is known of accounts that will be deleted, so that an undo can put it back.

Without a recycle bin, a deleted object keeps its SID, its objectGUID and a few names only
([MS-ADTS] 3.1.1.5.5.1.1). Also the accounts that name it lose the value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ..ad_values.binary_ids import guid_text
from ..ad_values.dn import normal
from ..model import actions
from ..model.directory import Account, AttributeValues
from ..model.plan import Change, Referrer, ValueChange
from . import account_entries, ldap_messages, range_retrieval, reading, referring, schema
from .connection import Connection
from .drift import BATCH, guid_condition

# The server keeps these itself: they are neither compared nor written
_OF_THE_SERVER = frozenset(
    (
        "admincount",
        "badpasswordtime",
        "badpwdcount",
        "codepage",
        "dscorepropagationdata",
        "instancetype",
        "lastlogoff",
        "lastlogon",
        "lastlogontimestamp",
        "lockouttime",
        "logoncount",
        "ntsecuritydescriptor",
        "objectclass",
        "primarygroupid",
        "pwdlastset",
    )
)


def with_whole_accounts(
    connection: Connection, changes: Sequence[Change], also: Iterable[str]
) -> tuple[list[Change], dict[str, Account]]:
    """(the changes, those that delete with all values of the account and the accounts that name it;
    {objectGUID: an account that names one of them}). also: attributes that are read of the latter.
    """
    deleted = {change.guid: change for change in changes if change.action == actions.DELETE}
    guids = [guid for guid in deleted if guid]
    if not guids:
        return list(changes), {}
    attributes = _attributes_of(connection, guids)
    dns = [change.dn for change in deleted.values()]
    naming = referring.referring_accounts(connection, dns, also)
    others = {one.guid: one for found in naming.values() for one in found}
    for guid in guids:
        others.pop(guid, None)  # it comes back with what it names itself

    def whole(change: Change) -> Change:
        if change.action != actions.DELETE:
            return change
        return replace(
            change,
            attributes={**change.attributes, **_removed(attributes.get(change.guid or "", {}))},
            referrers=_referrers(change.dn, naming[normal(change.dn)], others),
        )

    return list(map(whole, changes)), others


def _removed(values: AttributeValues) -> dict[str, ValueChange]:
    return {name: ValueChange(texts, []) for name, texts in sorted(values.items())}


def _attributes_of(connection: Connection, guids: Sequence[str]) -> dict[str, AttributeValues]:
    """{objectGUID: the values of all attributes that a client can write}."""
    found = {}
    for start in range(0, len(guids), BATCH):
        conditions = "".join(map(guid_condition, guids[start : start + BATCH]))
        for _dn, raw in range_retrieval.search(
            connection.stream,
            connection.domain_dn,
            ldap_messages.SUBTREE,
            f"(&{reading.USERS}(|{conditions}))",
            ["*"],
        ):
            known = {
                name: one
                for name, one in schema.read(connection, raw).items()
                if one.writable and one.syntax != "other" and name not in _OF_THE_SERVER
            }
            values = account_entries.texts_of(raw, account_entries.decoders_of(known))
            found[guid_text(raw["objectGUID"][0])] = values
    return found


def _referrers(
    dn: str, accounts: Iterable[Account], others: Mapping[str, Account]
) -> list[Referrer]:
    """Which attributes of which other accounts name a DN."""
    name = normal(dn)
    return [
        Referrer(account.guid, account.dn, attribute)
        for account in {one.guid: one for one in accounts if one.guid in others}.values()
        for attribute in referring.ATTRIBUTES
        if name in map(normal, account.attributes.get(attribute, ()))
    ]
