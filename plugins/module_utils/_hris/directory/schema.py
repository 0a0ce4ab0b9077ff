# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the directory's schema says of attributes: form, limits, one value or many, writable or not."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..errors import HrisError
from ..model.directory import AttributeDefinition
from . import ldap_messages
from .connection import Connection

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
# What is true for users although the schema allows more ([MS-SAMR] 3.1.1.6): logon names of users have at most 20
# characters, and a description has one value on accounts. Windows enforces both.
_LOGON_NAME, _LOGON_NAME_MAX = "samaccountname", 20
_DESCRIPTION = "description"
_ASKED_AT_ONCE = 100  # attributes in one search


def read(connection: Connection, names: Iterable[str]) -> dict[str, AttributeDefinition]:
    """{attribute in lower case: definition} of the attributes that exist among names.

    What has been read once stays in connection.schema. Raises HrisError for text that cannot be the name of an
    attribute.
    """
    wanted = {name.lower(): name for name in names}
    missing = sorted(name for key, name in wanted.items() if key not in connection.schema)
    for name in missing:
        if not _NAME.fullmatch(name):
            raise HrisError(f"'{name}' cannot be the name of an attribute")
    for start in range(0, len(missing), _ASKED_AT_ONCE):
        _ask(connection, missing[start : start + _ASKED_AT_ONCE])
    for name in missing:
        connection.schema.setdefault(name.lower(), None)
    found = {}
    for key in wanted:
        definition = connection.schema[key]
        if definition is not None:
            found[key] = definition
    return found


def _ask(connection: Connection, names: Iterable[str]) -> None:
    """Read the definitions of names into connection.schema, in one search."""
    search_filter = "(|" + "".join(f"(lDAPDisplayName={name})" for name in names) + ")"
    for _dn, raw in connection.stream.search(
        connection.schema_dn, ldap_messages.ONE_LEVEL, search_filter, _ASKED
    ):
        texts = {name: values[0].decode("utf-8") for name, values in raw.items() if values}
        definition = _definition(texts)
        connection.schema[definition.name.lower()] = definition


def _definition(texts: dict[str, str]) -> AttributeDefinition:
    """The definition in the values of an attributeSchema object."""
    name = texts["lDAPDisplayName"]
    folded = name.lower()
    linked = None
    link = int(texts.get("linkID", "0"))
    if link:
        linked = "back" if link % 2 else "forward"
    is_constructed = int(texts.get("systemFlags", "0")) & _CONSTRUCTED
    is_computed = texts.get("systemOnly") == "TRUE" or is_constructed or linked == "back"
    definition = AttributeDefinition(
        name=name,
        syntax=_SYNTAX.get(texts.get("attributeSyntax", ""), "other"),
        single=texts.get("isSingleValued") == "TRUE" or folded == _DESCRIPTION,
        lower=_number(texts.get("rangeLower")),
        upper=_number(texts.get("rangeUpper")),
        writable=not is_computed and folded not in _COMPUTED,
        linked=linked,
    )
    if folded == _LOGON_NAME:
        definition.upper = _LOGON_NAME_MAX
    return definition


def _number(text: str | None) -> int | None:
    return None if text is None else int(text)
