# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one account that somebody means: by a key of HR, a logon name, a user principal name or a
mail address. A name that is not just one account's is an error, which tells nothing about others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..errors import HrisError
from ..model.directory import Account, AttributeDefinition
from ..option_names import option_name
from ..visible_text import visible
from . import filters, identities, lookup
from .connection import Connection

_NAMES = "key, logon name, user principal name, mail address or objectGUID"


def only_account(
    connection: Connection,
    who: str,
    keys: Iterable[str],
    mark: str,
    definitions: Mapping[str, AttributeDefinition],
) -> Account:
    """The account that who stands for, below the connection's base. Raises HrisError.

    keys: the attributes that hold the keys of HR. mark: the attribute with the mark, which may have
    another key of the person. definitions: of the attributes that the account gets.
    """
    text = who.strip()
    if not text:
        raise HrisError(
            "nobody is named", place=option_name("who"), hint=f"Give the {_NAMES} of one account"
        )
    found = lookup.search(connection, _condition(connection, text, keys), definitions)
    if not found:
        other_key = f"({mark}=*{filters.escape_text(f' key={text}')})"
        found = lookup.search(connection, other_key, definitions)
    if len(found) == 1:
        return found[0]
    if not found:
        raise HrisError(
            f"no account has the {_NAMES} '{visible(text)}'",
            place=option_name("who"),
            hint="Correct it. Nothing was written",
        )
    raise HrisError(
        f"{len(found)} accounts have the {_NAMES} '{visible(text)}'",
        place=option_name("who"),
        hint="Give the user principal name or the objectGUID of one. Nothing was written",
    )


def _condition(connection: Connection, text: str, keys: Iterable[str]) -> str:
    """The filter that finds the accounts with one of the names."""
    identity = identities.parse(text) if "=" not in text else None
    if identity and identity.form == identities.GUID:
        return identity.search_filter
    value = filters.escape_text(text)
    names = [*dict.fromkeys(keys), "userPrincipalName", "mail"]
    conditions = [f"({name}={value})" for name in names]
    logon_names = [text.rpartition("\\")[2]]
    name, _at, suffix = text.partition("@")
    if suffix.casefold() == lookup.domain_name(connection).casefold():
        logon_names.append(name)  # the implied user principal name
    conditions += [f"(sAMAccountName={filters.escape_text(one)})" for one in logon_names]
    return filters.any_of(conditions)
