# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a domain controller says about itself and its domain."""

from __future__ import annotations

from datetime import datetime, timezone

from ..ad_values.binary_ids import sid_text
from ..data_class import frozen
from ..errors import HrisError
from . import ldap_messages
from .ldap_stream import LdapStream
from .search_entries import RawAttributes

# In supportedCapabilities of a read-only domain controller ([MS-ADTS] 3.1.1.3.4.3)
_READ_ONLY = b"1.2.840.113556.1.4.1920"
_FITNESS = ("supportedCapabilities", "isSynchronized")


class UnfitServerError(HrisError):
    """A domain controller that answers, and whose answers a run must not rely on."""


@frozen
class RootDse:
    """What rootDSE says ([MS-ADTS] 3.1.1.3.2)."""

    domain_dn: str  # defaultNamingContext
    schema_dn: str  # schemaNamingContext
    bound_sid: str | None  # first SID of the access token: the account's own
    # All SIDs of the access token, also of Everyone and the like; empty: the server hides them
    token: frozenset[str]


@frozen
class ServerFacts:
    """What a server says about itself, for people."""

    clock: datetime | None
    level: int | None  # domainFunctionality


def read_facts(stream: LdapStream) -> ServerFacts:
    """The clock and the level of a server; None for what it does not say."""
    names = ("currentTime", "domainFunctionality")
    for _dn, raw in stream.search("", ldap_messages.BASE, "(objectClass=*)", names):
        time, level = (raw.get(name, [b""])[0].decode("ascii", "replace") for name in names)
        return ServerFacts(_moment(time), int(level) if level.isdigit() else None)
    return ServerFacts(None, None)


def _check_fitness(raw: RawAttributes) -> None:
    """Raise UnfitServerError for a server that shows less than the domain has: what it lacks would
    be created again, or taken for empty.
    """
    capabilities, synchronized = (raw.get(name, ()) for name in _FITNESS)
    if _READ_ONLY in capabilities:
        raise UnfitServerError(
            "it is a read-only domain controller: it takes no writes, and may lack attributes",
            hint="Name domain controllers that can be written",
        )
    if b"FALSE" in synchronized:
        raise UnfitServerError(
            "it is not synchronized yet (isSynchronized), so it may lack a part of the domain",
            hint="Name another domain controller, or wait until this one is synchronized",
        )


def _moment(text: str) -> datetime | None:
    """A generalized time, such as 20260302080000.0Z; None for another text."""
    try:
        return datetime.strptime(text[:14], "%Y%m%d%H%M%S").replace(tzinfo=timezone.utc)
    except ValueError:
        return None


def read_root(stream: LdapStream) -> RootDse:
    """What rootDSE says. Raises HrisError for a server that is not a domain controller,
    UnfitServerError for one of which another one must be used.
    """
    names = ("defaultNamingContext", "schemaNamingContext", "tokenGroups", *_FITNESS)
    for _dn, raw in stream.search("", ldap_messages.BASE, "(objectClass=*)", names):
        domain, schema = raw.get(names[0]), raw.get(names[1])
        if domain and schema:
            _check_fitness(raw)
            token = [sid_text(value) for value in raw.get("tokenGroups", ())]
            bound_sid = token[0] if token else None
            names_of = (domain[0].decode(), schema[0].decode())
            return RootDse(*names_of, bound_sid, frozenset(token))
    raise HrisError(
        "the server shows no domain, so it is not an Active Directory domain controller",
        place=stream.server,
        hint="Name a domain controller",
    )
