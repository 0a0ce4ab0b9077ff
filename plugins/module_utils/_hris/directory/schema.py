# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the schema of the directory says about attributes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ..ad_values.attribute_checks import LOGON_NAME_MAX
from ..ad_values.binary_ids import guid_text
from ..errors import HrisError, did_you_mean
from ..model.directory import AttributeDefinition
from . import filters, ldap_messages
from .connection import Connection

# {attributeSyntax: syntax of AttributeDefinition}, [MS-ADTS] 3.1.1.2.2.2
_SYNTAXES = {
    "2.5.5.1": "dn",
    "2.5.5.2": "text",
    "2.5.5.3": "exact_text",
    "2.5.5.4": "text",
    "2.5.5.5": "exact_text",
    "2.5.5.6": "exact_text",
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
_PROPERTIES = (
    "lDAPDisplayName",
    "attributeSyntax",
    "isSingleValued",
    "rangeLower",
    "rangeUpper",
    "systemOnly",
    "systemFlags",
    "linkID",
    "searchFlags",
)
_GUIDS = ("schemaIDGUID", "attributeSecurityGUID")
_NO_GUID = guid_text(bytes(16))
_CONFIDENTIAL = 0x80  # in searchFlags ([MS-ADTS] 2.2.9)
_CONSTRUCTED = 0x4  # in systemFlags
_BATCH = 100  # attributes in one search
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
# The server computes these and refuses what clients write, although they are not systemOnly
# (measured; [MS-ADTS] 3.1.1.5.3.2)
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


def read(connection: Connection, names: Iterable[str]) -> dict[str, AttributeDefinition]:
    """{attribute in lower case: definition} of the attributes among names that exist.

    Each attribute is read once for a connection. Raises HrisError for a name that no attribute can
    have.
    """
    wanted = {name.lower(): name for name in names}
    missing = sorted(name for key, name in wanted.items() if key not in connection.schema)
    for name in missing:
        if not _NAME.fullmatch(name):
            raise HrisError(
                f"'{name}' cannot be the name of an attribute",
                hint="A name has letters, digits and hyphens, and begins with a letter",
            )
    for start in range(0, len(missing), _BATCH):
        _read_definitions(connection, missing[start : start + _BATCH])
    for name in missing:
        connection.schema.setdefault(name.lower(), None)
    definitions = {}
    for key in wanted:
        definition = connection.schema[key]
        if definition:
            definitions[key] = definition
    return definitions


def read_one(connection: Connection, name: str, place: str) -> AttributeDefinition:
    """The definition of one attribute. Raises HrisError when it does not exist."""
    definition = read(connection, [name]).get(name.lower())
    if not definition:
        raise unknown_attribute(name, place)
    return definition


def unknown_attribute(name: str, place: str, similar: Iterable[str] = ()) -> HrisError:
    """The error for an attribute that does not exist. similar: names that may be meant."""
    return HrisError(
        f"the schema of the directory has no attribute '{name}'",
        place=place,
        hint=did_you_mean(name, similar),
    )


def _read_definitions(connection: Connection, names: Sequence[str]) -> None:
    """Read the definitions of attributes into connection.schema, in one search."""
    search_filter = filters.any_of([f"(lDAPDisplayName={name})" for name in names])
    for _dn, raw in connection.stream.search(
        connection.schema_dn, ldap_messages.ONE_LEVEL, search_filter, (*_PROPERTIES, *_GUIDS)
    ):
        guids = [guid_text(raw.pop(name, [bytes(16)])[0]) for name in _GUIDS]
        properties = {name: values[0].decode("utf-8") for name, values in raw.items() if values}
        definition = _definition(properties)
        definition.schema_id, definition.property_set = (
            "" if guid == _NO_GUID else guid for guid in guids
        )
        connection.schema[definition.name.lower()] = definition


def _definition(properties: dict[str, str]) -> AttributeDefinition:
    """The definition in an attributeSchema object; properties: _PROPERTIES that have a value."""
    name = properties.pop("lDAPDisplayName")
    linked = _linked(int(properties.get("linkID", "0")))
    system_only = properties.get("systemOnly") == "TRUE"
    constructed = int(properties.get("systemFlags", "0")) & _CONSTRUCTED
    computed = name.lower() in _COMPUTED
    return _for_users(
        AttributeDefinition(
            name=name,
            syntax=_SYNTAXES.get(properties.get("attributeSyntax", ""), "other"),
            single=properties.get("isSingleValued") == "TRUE",
            lower=_number(properties.get("rangeLower")),
            upper=_number(properties.get("rangeUpper")),
            writable=not (system_only or constructed or computed or linked == "back"),
            linked=linked,
            confidential=bool(int(properties.get("searchFlags", "0")) & _CONFIDENTIAL),
        )
    )


def _linked(link: int) -> str | None:
    """The direction of a link by its linkID ([MS-ADTS] 3.1.1.1.6)."""
    if not link:
        return None
    if link % 2:
        return "back"
    return "forward"


def _number(text: str | None) -> int | None:
    if text is None:
        return None
    return int(text)


def _for_users(definition: AttributeDefinition) -> AttributeDefinition:
    """A definition, narrowed to what Windows accepts for users ([MS-SAMR] 3.1.1.6)."""
    name = definition.name.lower()
    if name == "samaccountname":
        definition.upper = LOGON_NAME_MAX
    if name == "description":
        definition.single = True
    return definition
