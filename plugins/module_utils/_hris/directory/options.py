# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The option group `directory`: how to reach Active Directory (doc_fragments/directory.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible.module_utils.basic import env_fallback

from ..ad_values import dn
from ..data_class import frozen
from ..errors import HrisError
from ..option_names import option_name

ARGUMENTS = {
    "directory": {
        "type": "dict",
        "apply_defaults": True,
        "options": {
            "servers": {
                "type": "list",
                "elements": "str",
                "required": True,
                "fallback": (env_fallback, ["HRIS_AD_SERVERS"]),
            },
            "tls_mode": {"type": "str", "choices": ["ldaps", "start_tls"], "default": "ldaps"},
            "port": {"type": "int"},
            "ca_cert": {"type": "path", "fallback": (env_fallback, ["HRIS_AD_CA_CERT"])},
            "validate_certs": {"type": "bool", "default": True},
            "auth_protocol": {
                "type": "str",
                "choices": ["simple", "kerberos"],
                "default": "simple",
                "fallback": (env_fallback, ["HRIS_AD_AUTH_PROTOCOL"]),
            },
            "username": {"type": "str", "fallback": (env_fallback, ["HRIS_AD_USERNAME"])},
            "password": {
                "type": "str",
                "no_log": True,
                "fallback": (env_fallback, ["HRIS_AD_PASSWORD"]),
            },
            "base": {"type": "str"},
            "timeout": {"type": "int", "default": 30},
            "cloud_governed": {
                "type": "dict",
                "apply_defaults": True,
                "options": {
                    "attribute": {"type": "str", "default": "msDS-ObjectSoa"},
                    "marks": {"type": "list", "elements": "str", "default": ["Cloud"]},
                },
            },
        },
    },
}
LDAPS, START_TLS = "ldaps", "start_tls"  # tls_mode
SIMPLE, KERBEROS = "simple", "kerberos"  # auth_protocol
_DEFAULT_PORTS = {LDAPS: 636, START_TLS: 389}
_SCHEMES = {LDAPS: "ldaps", START_TLS: "ldap"}


@frozen
class CloudGoverned:
    """The option group `cloud_governed`: how an object says that the cloud governs it."""

    attribute: str
    marks: Sequence[str]  # values of the attribute; none: nothing is governed


@frozen
class DirectoryOptions:
    """The values of ARGUMENTS."""

    servers: Sequence[str]  # host or host:port, in the order in which they are tried
    tls_mode: str  # LDAPS or START_TLS
    port: int | None  # of servers that name none; None: the default of tls_mode
    ca_cert: str | None  # path; None: the system's authorities
    validate_certs: bool
    auth_protocol: str  # SIMPLE or KERBEROS
    username: str | None  # Kerberos: the principal; None: that of the ticket or of the keytab
    password: str | None  # Kerberos: gets the ticket; None: kinit or a keytab does
    base: str | None  # DN below which searches begin; None: the whole domain
    timeout: int  # seconds
    cloud_governed: CloudGoverned

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> DirectoryOptions:
        """The checked options. Raises HrisError for values that cannot work."""
        options = cls(
            servers=params["servers"],
            tls_mode=params["tls_mode"],
            port=params.get("port"),
            ca_cert=params.get("ca_cert"),
            validate_certs=params["validate_certs"],
            auth_protocol=params["auth_protocol"],
            username=params.get("username") or None,
            password=params.get("password") or None,
            base=params.get("base") or None,
            timeout=params["timeout"],
            cloud_governed=CloudGoverned(**params["cloud_governed"]),
        )
        options._check()
        return options

    def _check(self) -> None:
        if not self.servers:
            raise HrisError(
                "no server is given",
                place=option_name("directory.servers"),
                hint="Name a domain controller, or set HRIS_AD_SERVERS",
            )
        if self.timeout < 1:
            raise HrisError(
                "it must be at least one second", place=option_name("directory.timeout")
            )
        if self.base:
            dn.normal(self.base)
        if self.auth_protocol == KERBEROS:
            self._check_kerberos()
        else:
            self._check_simple()

    def _check_kerberos(self) -> None:
        if self.password and not self.username:
            raise HrisError(
                "a password needs the user name that it belongs to",
                place=option_name("directory.username"),
                hint="Set it, or HRIS_AD_USERNAME. A ticket of kinit and a keytab need no password",
            )
        if self.username and ("=" in self.username or "\\" in self.username):
            raise HrisError(
                f"'{self.username}' is not the name of a Kerberos principal",
                place=option_name("directory.username"),
                hint="Write it as name@REALM. The realm is the name of the domain",
            )

    def _check_simple(self) -> None:
        if not self.username:
            raise HrisError(
                "a user name is needed",
                place=option_name("directory.username"),
                hint="Set it, or HRIS_AD_USERNAME",
            )
        if not self.password:
            # RFC 4513 5.1.2: to a server, a bind with an empty password is an anonymous one, and it
            # reports success
            raise HrisError(
                "a password is needed, an empty one would be an anonymous log-on",
                place=option_name("directory.password"),
                hint="Set it, or HRIS_AD_PASSWORD",
            )


@frozen
class ServerAddress:
    """One server of the option `servers`."""

    host: str  # name or IP address, without brackets
    port: int
    url: str  # for messages

    @classmethod
    def parse(cls, server: str, options: DirectoryOptions) -> ServerAddress:
        """The address in a text: host, host:port, [IPv6] or [IPv6]:port. Raises HrisError."""
        host, port_text = _split_port(server.strip())
        if not host or "/" in host:
            raise _server_error(f"'{server}' is not a server")
        port = options.port or _DEFAULT_PORTS[options.tls_mode]
        if port_text:
            if not port_text.isdecimal() or not 0 < int(port_text) < 65536:
                raise _server_error(f"'{server}' has no valid port")
            port = int(port_text)
        written = host
        if ":" in host:
            written = f"[{host}]"
        return cls(host, port, f"{_SCHEMES[options.tls_mode]}://{written}:{port}")


def _split_port(text: str) -> tuple[str, str]:
    """(host, port or '')"""
    if text.startswith("["):
        host, _bracket, rest = text[1:].partition("]")
        return host, rest.removeprefix(":")
    if text.count(":") == 1:
        host, _colon, port = text.partition(":")
        return host, port
    return text, ""


def _server_error(message: str) -> HrisError:
    return HrisError(
        message,
        place=option_name("directory.servers"),
        hint="Write host or host:port, without ldaps://",
    )
