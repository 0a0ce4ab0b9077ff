# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One bound connection to one domain controller, for the whole run.

ldap3 connects, does TLS and binds; then the socket belongs to wire.py. ldap3 speaks neither signing nor sealing, so after the bind
the stream is plain LDAP inside TLS and nothing of ldap3 is needed on it.
"""

from __future__ import annotations

import functools
import ssl

from ..ad_values import dn
from ..errors import HrisError
from . import ldap_errors, ldap_messages
from .ldap_stream import Wire
from .values import sid_text

try:
    import ldap3
    from ldap3.core.exceptions import LDAPCommunicationError, LDAPExceptionError
except ImportError:  # the edge says so before anything here is called
    ldap3 = LDAPCommunicationError = LDAPExceptionError = None

_PORTS = {"ldaps": 636, "start_tls": 389}
_ROOT = (
    "defaultNamingContext",
    "schemaNamingContext",
    "dnsHostName",
    "highestCommittedUSN",
    "tokenGroups",
)
_KERBEROS_HINT = (
    "Is there a valid ticket (klist), is the server named by its host name, has that name a service principal ldap/name, and "
    "does the server accept SASL inside TLS without channel binding"
)


class Connection:
    """The directory as the other files of this room take it.

    wire: Wire. server: URL. bound_as: the user name of the bind (Kerberos: the principal). bound_sid: objectSid of that account.
    domain_dn, schema_dn: naming contexts. base: where searches begin. schema: {lower-case name: entry of schema.read}, filled as asked.
    """

    def __init__(self, wire: Wire, bound_as: str, root: dict, base: str | None):
        self.wire = wire
        self.server = wire.server
        self.bound_as = bound_as
        self.bound_sid = root["bound_sid"]
        self.domain_dn = root["domain_dn"]
        self.schema_dn = root["schema_dn"]
        self.base = base or self.domain_dn
        self.schema: dict = {}

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        self.wire.close()


def connect(options: dict) -> Connection:
    """Bind once to the first of the servers that answers and return the Connection (a context manager).

    options: the option group of options.ARGUMENTS. A server that refuses the log-on ends the attempts: the others would refuse it as
    well, and each refusal counts towards the account's lockout. Raises HrisError naming every server tried and why.
    """
    bind = _credentials(options)
    if options["timeout"] < 1:
        raise HrisError("at least one second is needed", place="directory.timeout")
    if options.get("base"):
        dn.normal(options["base"])
    failures = []
    for server in options["servers"]:
        host, port, url = _address(server, options)
        try:
            connection = _open(host, port, options, bind)
            bound_as = _bind(connection, url, options)
        except (LDAPExceptionError, OSError, ValueError) as error:
            failures.append(
                f"{url}: {ldap_errors.connect_failure(error, options['tls_mode'], options['timeout'])}"
            )
            continue
        wire = Wire(connection.socket, url, options["timeout"])
        return Connection(wire, bound_as, _root(wire), options.get("base"))
    if not failures:
        raise HrisError(
            "no server is given",
            place="directory.servers",
            hint="Name a domain controller, or set HRIS_AD_SERVERS",
        )
    raise HrisError(
        "no domain controller could be used. " + "; ".join(failures), place="directory.servers"
    )


def _credentials(options: dict) -> dict:
    """The bind's arguments for ldap3.Connection. Raises HrisError for options that cannot work."""
    if options["auth_protocol"] == "kerberos":
        try:
            import gssapi  # noqa: F401  pylint: disable=unused-import,import-outside-toplevel
        except ImportError as error:
            raise HrisError(
                f"Kerberos needs the Python library gssapi, which cannot be loaded here ({error})",
                place="directory.auth_protocol",
                hint="Install gssapi where the module runs (it needs MIT krb5 as well), or use simple",
            ) from error
        if options.get("password"):
            raise HrisError(
                "Kerberos takes the ticket that kinit has got, not a password",
                place="directory.password",
                hint="Leave the password out, or set auth_protocol to simple",
            )
        return {
            "authentication": ldap3.SASL,
            "sasl_mechanism": ldap3.KERBEROS,
            "user": options.get("username") or None,
        }
    if not options.get("username"):
        raise HrisError(
            "a user name is needed", place="directory.username", hint="Set it, or HRIS_AD_USERNAME"
        )
    if not options.get("password"):
        # RFC 4513 5.1.2: a server takes a bind with an empty password as anonymous and reports success.
        raise HrisError(
            "a password is needed, an empty one would be an anonymous log-on",
            place="directory.password",
            hint="Set it, or HRIS_AD_PASSWORD",
        )
    return {
        "authentication": ldap3.SIMPLE,
        "user": options["username"],
        "password": options["password"],
    }


def _address(server: str, options: dict) -> tuple[str, int, str]:
    """(host, port, URL) of an entry of servers: host, host:port, [IPv6] or [IPv6]:port."""
    text = server.strip()
    host, port = text, options.get("port") or _PORTS[options["tls_mode"]]
    if text.startswith("["):
        host, _bracket, rest = text[1:].partition("]")
        tail = rest[1:] if rest.startswith(":") else ""
    elif text.count(":") == 1:
        host, _colon, tail = text.partition(":")
    else:
        tail = ""
    if tail:
        if not tail.isdecimal() or not 0 < int(tail) < 65536:
            raise HrisError(
                f"'{server}' has no valid port",
                place="directory.servers",
                hint="Write host or host:port, without ldaps://",
            )
        port = int(tail)
    if not host or "/" in host:
        raise HrisError(
            f"'{server}' is not a server",
            place="directory.servers",
            hint="Write host or host:port, without ldaps://",
        )
    scheme = "ldaps" if options["tls_mode"] == "ldaps" else "ldap"
    return host, port, f"{scheme}://{'[' + host + ']' if ':' in host else host}:{port}"


def _open(host: str, port: int, options: dict, bind: dict):
    """A connected ldap3.Connection inside verified TLS, not yet bound. Raises what ldap3 raises."""
    timeout = options["timeout"]
    tls = ldap3.Tls(validate=ssl.CERT_REQUIRED if options["validate_certs"] else ssl.CERT_NONE)
    # ldap3 compares names itself, and from Python 3.12 on without IP addresses; the ssl module does it right, within the handshake.
    tls.wrap_socket = functools.partial(_wrap, _context(options))
    server = ldap3.Server(
        host,
        port=port,
        use_ssl=options["tls_mode"] == "ldaps",
        tls=tls,
        get_info=ldap3.NONE,
        connect_timeout=timeout,
    )
    connection = ldap3.Connection(
        server,
        client_strategy=ldap3.SYNC,
        auto_referrals=False,
        auto_bind=ldap3.AUTO_BIND_NONE,
        receive_timeout=timeout,
        **bind,
    )
    connection.open(read_server_info=False)
    if options["tls_mode"] == "start_tls" and not connection.start_tls(read_server_info=False):
        raise ValueError("StartTLS was refused")
    return connection


def _context(options: dict) -> ssl.SSLContext:
    """How certificates are verified. Raises HrisError for a file of authorities that cannot be used."""
    ca_cert = options.get("ca_cert")
    try:
        context = ssl.create_default_context(cafile=ca_cert)
    except OSError as error:  # a missing file, or one without certificates (ssl.SSLError)
        raise HrisError(
            f"the file {ca_cert} cannot be used ({error})",
            place="directory.ca_cert",
            hint="It holds the certificates of authorities in PEM form",
        ) from error
    if not options["validate_certs"]:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _wrap(context: ssl.SSLContext, connection, do_handshake: bool = False) -> None:
    """What ldap3.Tls.wrap_socket does, by the context alone."""
    connection.socket = context.wrap_socket(
        connection.socket,
        server_hostname=connection.server.host,
        do_handshake_on_connect=do_handshake,
    )


def _bind(connection, url: str, options: dict) -> str:
    """Bind; the name under which the server knows us.

    Raises HrisError when the log-on is refused, what ldap3 raises (or OSError) when another server may do better.
    """
    username = options.get("username") or "the holder of the Kerberos ticket"
    try:
        bound = connection.bind(read_server_info=False)
    except (LDAPCommunicationError, OSError):
        raise
    except Exception as error:  # gssapi's errors share no base with ldap3's
        raise HrisError(
            f"the log-on failed ({' '.join(str(error).split())})",
            place=url,
            hint=_KERBEROS_HINT if options["auth_protocol"] == "kerberos" else None,
        ) from error
    code, text = connection.result["result"], connection.result["message"]
    if not bound and code in (51, 52):  # busy, unavailable
        raise OSError(f"the server takes no log-on now: {ldap_errors.code_name(code)} {text}")
    if not bound:
        raise HrisError(ldap_errors.bind_refusal(code, text, username), place=url)
    return username if options.get("username") else _principal()


def _principal() -> str:
    """The principal of the default Kerberos ticket."""
    import gssapi  # pylint: disable=import-outside-toplevel

    return str(gssapi.Credentials(usage="initiate").name)


def _root(wire: Wire) -> dict:
    """What rootDSE tells of the domain. bound_sid: the first SID of the access token, which is the account's own."""
    for _name, found in wire.search("", ldap_messages.BASE, "(objectClass=*)", _ROOT):
        if "defaultNamingContext" in found:
            tokens = found.get("tokenGroups")
            return {
                "domain_dn": found["defaultNamingContext"][0].decode(),
                "schema_dn": found["schemaNamingContext"][0].decode(),
                "bound_sid": sid_text(tokens[0]) if tokens else None,
            }
    raise HrisError(
        "the server shows no domain, so it is not an Active Directory domain controller",
        place=wire.server,
    )
