# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one domain controller that all parts of a plan are written to: the PDC emulator.

Two domain controllers do not know of each other's new accounts and OUs until they have replicated.
Parts are processes on several machines that cannot ask each other, but each of them can ask its
domain controller for the owner of a role that only one has.
"""

from __future__ import annotations

from ..ad_values import dn
from ..errors import HrisError
from ..option_names import option_name
from .connection import Connection
from .ldap_messages import BASE


def check_single_writer(connection: Connection) -> None:
    """Raise HrisError unless the connection is to the PDC emulator of the domain."""
    here = _value(connection, "", "dsServiceName")
    owner = _value(connection, connection.domain_dn, "fSMORoleOwner")
    if here is None or owner is None:
        raise HrisError(
            "the server does not say whether it is the PDC emulator of the domain, and all parts "
            "of a plan are written to this one domain controller",
            place=connection.server,
            hint="Let the account read dsServiceName of rootDSE, and fSMORoleOwner of the domain",
        )
    if dn.normal(here) == dn.normal(owner):
        return
    servers = option_name("directory.servers")
    # The owner is the NTDS settings of a server: CN=NTDS Settings,CN=DC1,CN=Servers,…
    server = dn.parent(owner)
    name = _value(connection, server, "dNSHostName") or dn.parse(server)[0][1]
    raise HrisError(
        f"{connection.server} is not the PDC emulator of the domain, {name} is. All parts of a "
        "plan are written to that one, because two domain controllers could create the same "
        "account or OU before they know of each other. Nothing was written",
        place=servers,
        hint=f"Set {servers} to {name}, for all parts and for the run after them",
    )


def _value(connection: Connection, name: str, attribute: str) -> str | None:
    """The first value of an attribute of one object; None where the server shows none."""
    for _dn, raw in connection.stream.search(name, BASE, "(objectClass=*)", [attribute]):
        if raw.get(attribute):
            return raw[attribute][0].decode()
    return None
