# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The directory as it was read: accounts, groups, and what the schema says about attributes.

Attribute names are spelled as the schema of the directory spells them. Values are texts;
directory/values.py says in which form each syntax is written. An attribute without values is
absent.
"""

from __future__ import annotations

from ..data_class import mutable

AttributeValues = dict[str, list[str]]  # {attribute: [value, …]}


@mutable
class AttributeDefinition:
    """What the schema says about one attribute ([MS-ADTS] 3.1.1.2)."""

    name: str  # lDAPDisplayName
    # text (compared without case), exact_text, dn, integer, boolean, time, large_integer, binary,
    # sid or other
    syntax: str
    single: bool  # whether it holds one value at most
    lower: int | None  # fewest units of UTF-16 (binary: bytes; integer: the value itself)
    upper: int | None  # most units of UTF-16 (binary: bytes; integer: the value itself)
    writable: bool  # whether a client may write it
    linked: str | None  # "forward" (manager, member), "back" (directReports, memberOf) or None
    # GUIDs by which access lists name it: its own, and that of its set of attributes ("": none)
    schema_id: str = ""
    property_set: str = ""
    confidential: bool = False  # whether reading it needs a right of its own


@mutable
class Account:
    """One Active Directory user. Lists of values may be shared between accounts and are never
    changed.
    """

    guid: str  # objectGUID
    dn: str
    sid: str
    enabled: bool
    uac: int  # userAccountControl
    primary_group: int  # primaryGroupID, the RID of the primary group
    admin_count: bool  # whether adminCount is above 0
    critical: bool  # isCriticalSystemObject
    groups: list[str]  # memberOf: DNs of the groups that it is a direct member of
    attributes: AttributeValues
    governed: str = ""  # what says that the cloud governs it, such as "msDS-ObjectSoa is Cloud"


@mutable
class Group:
    """One group of the directory."""

    guid: str  # objectGUID
    dn: str
    sid: str
    name: str  # sAMAccountName
    cn: str
    groups: list[str]  # memberOf: DNs of the groups that it is a direct member of
    attributes: AttributeValues  # the addresses and names that must be unique
    governed: str = ""  # as that of an account


@mutable
class NamedObject:
    """A contact or a deleted user: only its names matter, because they cannot be given to somebody
    else.
    """

    dn: str
    attributes: AttributeValues


@mutable
class Domain:
    """The domain, and the account that reads and writes it."""

    dn: str
    name: str  # DNS name
    sid: str | None
    server: str  # the domain controller that was asked
    bound_as: str  # the name of the bind, in any form that Active Directory accepts
    bound_sid: str | None  # its SID, where the server says it


@mutable
class Snapshot:
    """Everything that planning needs to know about the directory, from one read."""

    domain: Domain
    schema: dict[str, AttributeDefinition]  # {attribute in lower case: definition}
    containers: list[str]  # DNs of organisational units and containers
    groups: list[Group]
    accounts: list[Account]
    contacts: list[NamedObject]
    deleted: list[
        NamedObject
    ]  # deleted users that can be restored; empty without the right to see them
    recycle_bin: bool | None = None  # whether deleted objects keep their values; None: not known
