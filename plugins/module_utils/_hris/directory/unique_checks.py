# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of one user that another object has already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from ..ad_values.unique_names import REFUSED_TWICE, comparable
from ..errors import HrisError
from ..model import actions
from ..model.directory import Account
from ..model.plan import Change
from ..option_names import option_name
from . import lookup
from .connection import Connection

_LOGON_NAME, _LOGON_ADDRESS = "sAMAccountName", "userPrincipalName"


def check_unique(connection: Connection, account: Account | None, changes: list[Change]) -> None:
    """Raise HrisError for a name that another object has, so that check mode reports it as well."""
    own_guid = None
    if account:
        own_guid = account.guid
    domain = lookup.domain_name(connection)
    unique = list(_unique_values(changes))
    for attribute, value in chain(unique, _implied(unique, domain)):
        for other in lookup.objects_with(connection, attribute, value):
            if other.guid != own_guid:
                raise HrisError(
                    f"the {attribute} '{value}' belongs to {other.dn}", hint="Choose another one"
                )
    for dn in _new_dns(changes):
        present = lookup.object_at(connection, dn)
        if present and present.guid != own_guid:
            raise HrisError(
                f"there is another object called {present.dn}",
                place=option_name("name"),
                hint="Choose another name or path",
            )


def _unique_values(changes: list[Change]) -> Iterator[tuple[str, str]]:
    """(attribute, value) of the names that changes write and that only one object may have."""
    for change in changes:
        for attribute, values in change.attributes.items():
            if attribute.casefold() in REFUSED_TWICE:
                known = set(map(comparable, values.before))
                new = (text for text in values.after if comparable(text) not in known)
                yield from ((attribute, text) for text in new)


def _implied(unique: Iterable[tuple[str, str]], domain: str) -> Iterator[tuple[str, str]]:
    """The names of other accounts that would say the same: an account can log on with its logon
    name at the domain (Samba refuses a second one, measured).
    """
    for attribute, value in unique:
        name, _at, suffix = value.rpartition("@")
        if attribute == _LOGON_NAME:
            yield _LOGON_ADDRESS, f"{value}@{domain}"
        elif attribute == _LOGON_ADDRESS and suffix.casefold() == domain.casefold():
            yield _LOGON_NAME, name


def _new_dns(changes: list[Change]) -> list[str]:
    """The DNs that changes give to objects."""
    created = [change.dn for change in changes if change.action == actions.CREATE]
    return created + [change.to for change in changes if change.to]
