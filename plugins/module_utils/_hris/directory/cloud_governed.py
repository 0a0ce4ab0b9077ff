# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users and groups that the cloud governs: domain controllers refuse other writes to them.

Cloud Sync writes the text "Cloud" into msDS-ObjectSoa ([MS-ADA2]) of each object that it governs.
Where the domain enforces that (a preview of 2026, for Windows Server 2022 and later), a domain
controller refuses every change and move of the object, and its restore, except by the accounts that
the policy names. See "Configure AD user and group enforcement" in Microsoft's documentation of
Entra Cloud Sync.
"""

from __future__ import annotations

from typing import NamedTuple

from . import schema
from .connection import Connection
from .search_entries import Texts


class CloudMark(NamedTuple):
    """What an object has that the cloud governs."""

    attribute: str  # as the schema spells it
    values: frozenset[str]  # in lower case


def cloud_mark(connection: Connection) -> CloudMark | None:
    """The mark to look for; None where the schema lacks the attribute, or no value is given."""
    option = connection.cloud_governed
    if not option.marks:
        return None
    known = schema.read(connection, [option.attribute])
    definition = known.get(option.attribute.lower())
    if definition is None:
        return None
    return CloudMark(definition.name, frozenset(value.casefold() for value in option.marks))


def governed_by(texts: Texts, mark: CloudMark) -> str:
    """What says that the cloud governs an object, "msDS-ObjectSoa is Cloud"; "" where nothing does.

    texts: its values, with those of the mark's attribute.
    """
    for text in texts.get(mark.attribute, ()):
        if text.casefold() in mark.values:
            return f"{mark.attribute} is {text}"
    return ""
