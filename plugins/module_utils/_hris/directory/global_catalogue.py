# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The global catalogue: names that objects anywhere in the forest have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ..ad_values.dn import is_below
from ..ad_values.unique_names import (
    KEPT_FOR_GOOD,
    LOGON_ADDRESS,
    LOGON_NAME,
    UniqueName,
    comparable,
)
from ..data_class import frozen
from ..errors import HrisError
from . import filters, ldap_messages
from .connection import Connection, connect
from .options import LDAPS, START_TLS
from .values import plain_text

_PORTS = {LDAPS: 3269, START_TLS: 3268}
_FOREST = ""  # the base of a search that a global catalogue makes in all domains
_BATCH = 50  # names in one search
_SHORTEST_STEM = 3  # characters: a shorter one would find half of the forest
_HINT = (
    "Name servers that have a global catalogue in names.global_catalogue "
    "(lifecycle_names.global_catalogue)"
)


@frozen
class GlobalCatalogue:
    """How the global catalogue of a run is reached."""

    directory: Mapping[str, Any]  # the option group `directory`
    servers: Sequence[str]  # none: the domain controller of the run

    def holders(self, connection: Connection, names: Iterable[UniqueName]) -> dict[UniqueName, str]:
        """{name: DN of who has it} of these names and those like them with another number, without
        the objects that the run has read. It is one search for many names. Raises HrisError.
        """
        found: dict[UniqueName, str] = {}
        wanted = sorted({_condition(name) for name in names})
        with self._connect(connection) as catalogue:
            for start in range(0, len(wanted), _BATCH):
                condition = filters.any_of(wanted[start : start + _BATCH])
                for dn, raw in catalogue.stream.search(
                    _FOREST, ldap_messages.SUBTREE, condition, list(KEPT_FOR_GOOD)
                ):
                    if not is_below(dn, connection.base):
                        found.update(dict.fromkeys(_names_of(raw), dn))
        return found

    def _connect(self, connection: Connection) -> Connection:
        port = _PORTS[self.directory["tls_mode"]]
        own = connection.server.partition("://")[2].rpartition(":")[0]
        servers = self.servers or [own]
        params = {**self.directory, "servers": servers, "port": port, "base": None}
        try:
            return connect(params)
        except HrisError as error:
            message = f"the global catalogue cannot be asked: {error.message}"
            raise HrisError(message, "names.forest", _HINT) from error


def _condition(name: UniqueName) -> str:
    """The filter for a name, also with another number at the end of its first part."""
    local, at, domain = name.value.partition("@")
    stem = local.rstrip("0123456789")
    text = filters.escape_text(local)
    if len(stem) >= _SHORTEST_STEM:
        text = f"{filters.escape_text(stem)}*"
    text += filters.escape_text(f"{at}{domain}")
    if name.space == LOGON_NAME:
        return f"(sAMAccountName={text})"
    if name.space == LOGON_ADDRESS:
        return f"(userPrincipalName={text})"
    return filters.any_of([f"(mail={text})", f"(proxyAddresses=smtp:{text})"])


def _names_of(raw: Mapping[str, Sequence[bytes]]) -> Iterator[UniqueName]:
    folded = {name.casefold(): values for name, values in raw.items()}
    for name, space in KEPT_FOR_GOOD.items():
        for value in folded.get(name.casefold(), ()):
            yield UniqueName(space, comparable(plain_text(value)))
