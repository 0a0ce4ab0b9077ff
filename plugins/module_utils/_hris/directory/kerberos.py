# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The log-on with Kerberos: SASL mechanism GSSAPI (RFC 4752), tied to the TLS connection.

ldap3 only carries the messages. Its own log-on (2.9.1) fails with certificates whose signature
names no hash, takes no password, and hides the answer of a server that refuses.
"""

from __future__ import annotations

import contextlib
import importlib

from ..errors import HrisError
from ..option_names import option_name
from .channel_bindings import tls_server_end_point
from .ldap_messages import LdapResult
from .options import DirectoryOptions
from .stream_errors import LogOnRefusedError

with contextlib.suppress(ImportError):  # module_runner reports a missing library before the work
    import ldap3
    from ldap3.protocol.sasl.sasl import send_sasl_negotiation
with contextlib.suppress(ImportError):  # check_libraries reports it
    import gssapi

_IN_PROGRESS = 14  # RFC 4511, 4.1.9: saslBindInProgress
# RFC 4752, 3.1: the layers that a server offers are bits of the first byte. Inside TLS,
# [MS-ADTS] 5.1.2.2 allows no layer that signs or encrypts.
_NO_LAYER = 1
_CHOICE = bytes((_NO_LAYER, 0, 0, 0))  # and no buffer, for messages in a layer that is not there
_KNOWN_REALM = "does krb5.conf (KRB5_CONFIG) or DNS say where the realm's domain controllers are"
_TICKET_HINT = (
    f"Is there a valid ticket (klist) or a keytab (KRB5_CLIENT_KTNAME), and {_KNOWN_REALM}"
)
_PASSWORD_HINT = (
    f"Is the password right, is the user name a principal (name@REALM), and {_KNOWN_REALM}"
)
_SERVICE_HINT = (
    "Is the server named by its host name, and does that name have a service principal ldap/name"
)


def check_libraries() -> None:
    """Raise HrisError where Kerberos cannot be used."""
    try:
        for library in ("gssapi", "cryptography"):
            importlib.import_module(library)
    except ImportError as error:
        raise HrisError(
            "Kerberos needs the Python libraries gssapi and cryptography, and one cannot be loaded "
            f"here ({error})",
            place=option_name("directory.auth_protocol"),
            hint="Install requirements-kerberos.txt where the module runs, or use simple",
        ) from error


def bind(
    connection: ldap3.Connection, host: str, url: str, options: DirectoryOptions
) -> tuple[LdapResult, str]:
    """Log on over a connection inside TLS; (last answer of the server, principal).

    An answer with another code than 0 is a refusal. Raises LogOnRefusedError where it does not come
    to one, and the errors of ldap3 and of the socket.
    """
    hint = _PASSWORD_HINT if options.password else _TICKET_HINT
    try:
        credentials = _credentials(options)
        principal = str(credentials.name)
        hint = _SERVICE_HINT
        context = _context(connection, host, credentials)
        return _negotiate(connection, context, url), principal
    except gssapi.exceptions.GSSError as error:
        raise LogOnRefusedError(f"the log-on failed ({_words(error)})", url, hint) from error


def _credentials(options: DirectoryOptions) -> gssapi.Credentials:
    """A ticket for the password, which is kept in memory; else the one of kinit, or of a keytab."""
    mechanisms = [gssapi.MechType.kerberos]
    name = None
    if options.username:
        name = gssapi.Name(_principal(options.username), gssapi.NameType.kerberos_principal)
    if options.password:
        acquired = gssapi.raw.acquire_cred_with_password(
            name, options.password.encode(), mechs=mechanisms, usage="initiate"
        )
        return gssapi.Credentials(acquired.creds)
    return gssapi.Credentials(name=name, mechs=mechanisms, usage="initiate")


def _principal(username: str) -> str:
    """The realm of a domain is its name in upper case, and a realm is compared with its case."""
    name, at, realm = username.rpartition("@")
    return f"{name}@{realm.upper()}" if at else username


def _context(
    connection: ldap3.Connection, host: str, credentials: gssapi.Credentials
) -> gssapi.SecurityContext:
    application_data = tls_server_end_point(connection.socket.getpeercert(binary_form=True))
    bindings = None
    if application_data:
        bindings = gssapi.raw.ChannelBindings(application_data=application_data)
    return gssapi.SecurityContext(
        name=gssapi.Name(f"ldap@{host}", gssapi.NameType.hostbased_service),
        creds=credentials,
        mech=gssapi.MechType.kerberos,
        flags=(
            gssapi.RequirementFlag.mutual_authentication
            | gssapi.RequirementFlag.out_of_sequence_detection
        ),
        channel_bindings=bindings,
        usage="initiate",
    )


def _negotiate(
    connection: ldap3.Connection, context: gssapi.SecurityContext, url: str
) -> LdapResult:
    """The answer that ends the log-on: first the tickets, then that there is no layer."""
    token = None
    while not context.complete:
        result, token = _send(connection, context.step(token) or b"")
        if not result.code:  # the server has not shown yet that it is the one of the ticket
            raise LogOnRefusedError("the server ended the log-on too early", url)
        if result.code != _IN_PROGRESS:
            return result
    offered = context.unwrap(token or b"").message
    if not offered or not offered[0] & _NO_LAYER:
        raise LogOnRefusedError("the server wants to sign inside TLS", url)
    result, _token = _send(connection, context.wrap(_CHOICE, False).message)
    return result


def _send(connection: ldap3.Connection, token: bytes) -> tuple[LdapResult, bytes | None]:
    """(the server's answer, its token)"""
    answer = send_sasl_negotiation(connection, None, token)
    return LdapResult(answer["result"], answer["message"] or ""), answer["saslCreds"]


def _words(error: gssapi.exceptions.GSSError) -> str:
    """What Kerberos says; GSSAPI's own words around it say nothing."""
    words = error.get_all_statuses(error.min_code, False) if error.min_code else []
    return " ".join(" ".join(words or [str(error)]).split())
