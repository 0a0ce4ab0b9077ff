# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the directory's schema says of attributes: form, limits, one value or many, writable or not."""

from __future__ import annotations

import re

from ..errors import HrisError
from . import ldap_messages

# [MS-ADTS] 3.1.1.2.2.2: attributeSyntax and oMSyntax name the form together; None: whatever the second is.
_SYNTAX = {
    "2.5.5.1": "dn",
    "2.5.5.2": "text",
    "2.5.5.3": "text",
    "2.5.5.4": "text",
    "2.5.5.5": "text",
    "2.5.5.6": "text",
    "2.5.5.7": "other",
    "2.5.5.8": "boolean",
    "2.5.5.9": "integer",
    "2.5.5.10": "binary",
    "2.5.5.11": "time",
    "2.5.5.12": "text",
    "2.5.5.13": "other",
    "2.5.5.14": "other",
    "2.5.5.15": "binary",
    "2.5.5.16": "large_integer",
    "2.5.5.17": "sid",
}
_ASKED = (
    "lDAPDisplayName",
    "attributeSyntax",
    "isSingleValued",
    "rangeLower",
    "rangeUpper",
    "systemOnly",
    "systemFlags",
    "linkID",
)
_CONSTRUCTED = 0x4
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
# systemOnly does not say it, yet the server computes these and refuses what clients write (measured; [MS-ADTS] 3.1.1.5.3.2).
_COMPUTED = frozenset(
    (
        "whencreated",
        "whenchanged",
        "usncreated",
        "usnchanged",
        "distinguishedname",
        "objectcategory",
        "samaccounttype",
        "name",
        "cn",
    )
)
# What holds for users although the schema says it wider: [MS-SAMR] 3.1.1.6 (logon names of users are at most 20 long, a description is one
# value on accounts). Windows enforces both.
_FOR_USERS = {"samaccountname": {"max": 20}, "description": {"single": True}}


def read(connection, names) -> dict:
    """{lower-case name: {"name", "single", "max", "min", "syntax", "writable", "linked"}} of the attributes that exist among names.

    max and min: characters (binary: bytes; integer: the value itself) or None. syntax: text, dn, integer, boolean, time,
    large_integer, binary, sid or other. linked: "forward" (member, manager), "back" (memberOf, directReports) or None.
    What has been read once stays in connection.schema. Raises HrisError for a name that cannot be an attribute's.
    """
    wanted = {name.lower(): name for name in names}
    missing = sorted(name for key, name in wanted.items() if key not in connection.schema)
    for name in missing:
        if not _NAME.fullmatch(name):
            raise HrisError(f"'{name}' cannot be the name of an attribute")
    for start in range(0, len(missing), 100):
        _ask(connection, missing[start : start + 100])
    for name in missing:
        connection.schema.setdefault(name.lower(), None)
    return {key: connection.schema[key] for key in wanted if connection.schema[key]}


def _ask(connection, names) -> None:
    """Read the schema's entries of names into connection.schema, in one search."""
    search_filter = "(|" + "".join(f"(lDAPDisplayName={name})" for name in names) + ")"
    for _dn, found in connection.wire.search(
        connection.schema_dn, ldap_messages.ONE_LEVEL, search_filter, _ASKED
    ):
        info = _entry({name: values[0].decode("utf-8") for name, values in found.items() if values})
        connection.schema[info["name"].lower()] = info


def _entry(found: dict) -> dict:
    """An entry of read() from an attributeSchema object's values as text."""
    name = found["lDAPDisplayName"]
    link = int(found.get("linkID", "0"))
    linked = None if not link else "back" if link % 2 else "forward"
    computed = (
        found.get("systemOnly") == "TRUE"
        or int(found.get("systemFlags", "0")) & _CONSTRUCTED
        or linked == "back"
    )
    info = {
        "name": name,
        "single": found.get("isSingleValued") == "TRUE",
        "max": int(found["rangeUpper"]) if "rangeUpper" in found else None,
        "min": int(found["rangeLower"]) if "rangeLower" in found else None,
        "syntax": _SYNTAX.get(found.get("attributeSyntax"), "other"),
        "writable": not computed and name.lower() not in _COMPUTED,
        "linked": linked,
    }
    return {**info, **_FOR_USERS.get(name.lower(), {})}
