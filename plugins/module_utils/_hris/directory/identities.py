# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The forms in which a person can name an object of the directory."""

from __future__ import annotations

import re

from ..ad_values import dn as names
from ..ad_values.binary_ids import guid_bytes, sid_bytes
from ..data_class import frozen
from ..model.directory import AttributeDefinition
from .filters import escape_bytes, escape_text
from .values import encoder

GUID, SID, DN, UPN, LOGON_NAME = "guid", "sid", "dn", "upn", "logon_name"
_GUID = re.compile(r"\{?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\}?", re.I)
_SID = re.compile(r"S-1(-\d+)+", re.I)
_DN = re.compile(r"[A-Za-z][A-Za-z0-9-]*\s*=")


@frozen
class Identity:
    """The name of an object, its form recognised."""

    form: str  # GUID, SID, DN, UPN or LOGON_NAME
    value: str  # without braces, and without the domain of DOMAIN\\name

    @property
    def search_filter(self) -> str:
        """The filter that finds the object; '' for a DN, which is read where it is."""
        if self.form == GUID:
            return f"(objectGUID={escape_bytes(guid_bytes(self.value))})"
        if self.form == SID:
            return f"(objectSid={escape_bytes(sid_bytes(self.value))})"
        if self.form == UPN:
            return f"(userPrincipalName={escape_text(self.value)})"
        if self.form == LOGON_NAME:
            return f"(sAMAccountName={escape_text(self.value)})"
        return ""


def parse(identity: str) -> Identity:
    """The form and value of an identity. Raises HrisError for a DN with a wrong form."""
    text = identity.strip()
    guid = _GUID.fullmatch(text)
    if guid:
        return Identity(GUID, guid[1].lower())
    if _SID.fullmatch(text):
        return Identity(SID, text.upper())
    if _DN.match(text):
        names.parse(text)
        return Identity(DN, text)
    if "@" in text:
        return Identity(UPN, text)
    return Identity(LOGON_NAME, text.rpartition("\\")[2])


def attribute_filter(definition: AttributeDefinition, text: str) -> str:
    """The filter that finds objects by a value of one attribute.

    Raises HrisError for a text that does not have the form of the attribute.
    """
    value = escape_text(text)
    if definition.syntax in ("sid", "binary"):
        value = escape_bytes(encoder(definition.name, definition.syntax)(text))
    return f"({definition.name}={value})"
