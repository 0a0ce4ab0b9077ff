# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One bound connection to one domain controller, for the whole run.

ldap3 opens the socket and binds, the ssl module verifies the server. Then the socket belongs to an
LdapStream: no log-on here signs or seals, so after the bind the stream is plain LDAP inside TLS.
"""

from __future__ import annotations

import contextlib
import os
import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Self

from .. import connection_errors
from ..connection_errors import ConnectionFailure
from ..errors import HrisError
from ..model.directory import AttributeDefinition
from ..option_names import option_name
from ..reply_limits import Allowance, AllowedSocket, ReplyLimitError
from ..secret_texts import without_secrets
from ..tls import client_context
from . import ldap_errors
from .ldap_messages import LdapResult
from .ldap_stream import LdapStream
from .options import KERBEROS, START_TLS, DirectoryOptions, ServerAddress
from .root_dse import RootDse, UnfitServerError, read_root
from .stream_errors import (
    ConnectionLostError,
    LogOnRefusedError,
)

with contextlib.suppress(ImportError):  # module_runner reports a missing library before the work
    import ldap3
    from ldap3.core.exceptions import LDAPCommunicationError, LDAPExceptionError

_LARGEST_ANSWER = 1 << 20  # bytes: of an answer until the log-on, which has no entries
_START_TLS_OID = "1.3.6.1.4.1.1466.20037"  # RFC 4511, 4.14
_ERRNO = re.compile(r"\[Errno (\d+)\]")
_PORT_HINT = "The port of ldaps is 636; for port 389 set tls_mode to start_tls"


class Connection:
    """A bound connection, and what all searches need to know about the domain."""

    def __init__(
        self,
        stream: LdapStream,
        bound_as: str,
        root: RootDse,
        options: DirectoryOptions,
        position: int,
    ):
        self.stream = stream
        self.position = position  # of the server among those of the options
        self.server = stream.server  # URL
        self.bound_as = bound_as  # the user name of the bind; Kerberos: the principal
        self.bound_sid = root.bound_sid  # objectSid of that account; None: the server hides it
        self.token = root.token  # SIDs of that account and of all its groups
        self.domain_dn = root.domain_dn  # the domain's naming context
        self.schema_dn = root.schema_dn
        self.base = options.base or self.domain_dn  # where searches begin
        self.cloud_governed = options.cloud_governed
        # What schema.read has read: {attribute in lower case: definition, None for an unknown one}
        self.schema: dict[str, AttributeDefinition | None] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stream.close()


class _ServerUnusableError(Exception):
    """A server cannot be used, but another one may."""

    def __init__(self, failure: ConnectionFailure):
        super().__init__(failure.message)
        self.failure = failure


def connect(params: Mapping[str, Any]) -> Connection:
    """Bind once, to the first of the servers that answers. The result is a context manager.

    params: the option group `directory` (options.ARGUMENTS). A server that refuses the log-on ends
    the attempts: the others would refuse it as well, and each refusal counts towards the lockout of
    the account. Raises HrisError that names every server tried and why it cannot be used.
    """
    options = DirectoryOptions.from_params(params)
    if options.auth_protocol == KERBEROS:
        # Only here: it loads libraries; pylint: disable-next=import-outside-toplevel
        from .kerberos import check_libraries

        check_libraries()
    context = client_context(
        options.validate_certs, options.ca_cert, option_name("directory.ca_cert")
    )
    problems: list[str] = []
    hints: list[str] = []
    for position, server in enumerate(options.servers):
        address = ServerAddress.parse(server, options)
        try:
            stream, bound_as = _bound_stream(address, options, context)
        except _ServerUnusableError as error:
            problems.append(f"{address.url}: {error.failure.message}")
            hints.append(error.failure.hint)
            continue
        try:
            root = read_root(stream)
        except (ConnectionLostError, UnfitServerError) as error:  # after the log-on
            stream.close()
            problems.append(f"{address.url}: {error.message}")
            hints.append(error.hint or "Try again later")
            continue
        return Connection(stream, bound_as, root, options, position)
    raise HrisError(
        "no domain controller could be used. " + "; ".join(problems),
        place=option_name("directory.servers"),
        hint=". ".join(dict.fromkeys(hints)),
    )


def _bound_stream(
    address: ServerAddress, options: DirectoryOptions, context: ssl.SSLContext
) -> tuple[LdapStream, str]:
    """(stream, name under which the server knows this client).

    Raises HrisError for a refused log-on, _ServerUnusableError.
    """
    connection = _open(address, options)
    try:
        if options.tls_mode == START_TLS:
            with _answering(connection, options.timeout):
                _start_tls(connection, options.timeout)
        _secure(connection, context, address.host, options.timeout)
        with _answering(connection, options.timeout):
            bound_as = _bind(connection, address, options)
    except ReplyLimitError as error:
        connection.socket.close()
        option = option_name("directory.timeout")
        hint = f"Is it a domain controller? If it is only slow, raise {option}"
        raise _ServerUnusableError(ConnectionFailure(error.message, hint, sent=True)) from error
    except HrisError as error:  # its words are the server's, which may repeat the password
        raise error.rewritten(partial(without_secrets, secrets=[options.password or ""])) from None
    secrets = [options.password] if options.password else []
    return LdapStream(connection.socket, address.url, options.timeout, secrets), bound_as


@contextlib.contextmanager
def _answering(connection: ldap3.Connection, timeout: int) -> Iterator[None]:
    """While ldap3 waits for answers: all of them end within the time-out, and are small."""
    sock = connection.socket
    connection.socket = AllowedSocket(sock, Allowance(timeout, _LARGEST_ANSWER))
    try:
        yield
    finally:
        connection.socket = sock


def _open(address: ServerAddress, options: DirectoryOptions) -> ldap3.Connection:
    """A connection without TLS and bind."""
    try:
        # ldap3 does not say why a name cannot be resolved
        socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise _unusable(error, options.timeout) from error
    server = ldap3.Server(
        address.host, port=address.port, get_info=ldap3.NONE, connect_timeout=options.timeout
    )
    connection = ldap3.Connection(
        server,
        client_strategy=ldap3.SYNC,
        auto_referrals=False,
        auto_bind=ldap3.AUTO_BIND_NONE,
        receive_timeout=options.timeout,
        **_bind_arguments(options),
    )
    try:
        connection.open(read_server_info=False)
    except (LDAPExceptionError, OSError) as error:
        raise _unusable(_socket_error(error), options.timeout) from error
    return connection


def _bind_arguments(options: DirectoryOptions) -> dict[str, Any]:
    """The keyword arguments of ldap3.Connection for the bind."""
    if options.auth_protocol == KERBEROS:
        return {"authentication": ldap3.SASL, "sasl_mechanism": ldap3.GSSAPI}
    return {
        "authentication": ldap3.SIMPLE,
        "user": options.username,
        "password": options.password,
    }


def _socket_error(error: Exception) -> OSError:
    """The error of the socket. ldap3 raises it anew, with its number in the text only."""
    number = _ERRNO.search(str(error))
    if number:
        return OSError(int(number[1]), os.strerror(int(number[1])))
    if isinstance(error, TimeoutError):
        return TimeoutError("timed out")
    return OSError(str(error))


def _start_tls(connection: ldap3.Connection, timeout: int) -> None:
    """Ask the server for TLS. Raises _ServerUnusableError when it does not agree."""
    try:
        accepted = connection.extended(_START_TLS_OID)
        reason = connection.result["description"]
    except TimeoutError as error:
        raise _unusable(error, timeout) from error
    except (LDAPExceptionError, OSError, ValueError) as error:
        accepted, reason = False, " ".join(str(error).split())
    if not accepted:
        raise _ServerUnusableError(
            ConnectionFailure(
                f"the server does not accept StartTLS on this port ({reason})",
                "The port of start_tls is 389; for port 636 set tls_mode to ldaps",
                sent=False,
            )
        )


def _secure(connection: ldap3.Connection, context: ssl.SSLContext, host: str, timeout: int) -> None:
    """Put TLS on the connection. Raises _ServerUnusableError, also for an untrusted certificate."""
    try:
        # Not by ldap3: it compares names itself, from Python 3.12 on without IP addresses
        connection.socket = context.wrap_socket(connection.socket, server_hostname=host)
    except ssl.SSLCertVerificationError as error:
        raise _unusable(error, timeout) from error
    except (ssl.SSLError, ConnectionError) as error:
        reason = connection_errors.reason(error)
        raise _ServerUnusableError(
            ConnectionFailure(f"no TLS connection: {reason}", _PORT_HINT, sent=False)
        ) from error
    except OSError as error:
        raise _unusable(error, timeout) from error


def _bind(connection: ldap3.Connection, address: ServerAddress, options: DirectoryOptions) -> str:
    """Bind; the name under which the server knows this client.

    Raises HrisError for a refused log-on, _ServerUnusableError when another server may accept it.
    """
    try:
        if options.auth_protocol == KERBEROS:
            result, bound_as = _kerberos_bind(connection, address, options)
        else:
            result, bound_as = _simple_bind(connection), options.username or ""
    except (ReplyLimitError, HrisError):
        raise
    except (LDAPCommunicationError, OSError) as error:
        raise _unusable(error, options.timeout) from error
    except Exception as error:  # ldap3 raises what its decoder meets
        raise LogOnRefusedError(
            f"the log-on failed ({' '.join(str(error).split())})", place=address.url
        ) from error
    if result.code:
        raise _bind_error(result, bound_as, address.url, options)
    return bound_as


def _simple_bind(connection: ldap3.Connection) -> LdapResult:
    connection.bind(read_server_info=False)
    return LdapResult(connection.result["result"], connection.result["message"] or "")


def _kerberos_bind(
    connection: ldap3.Connection, address: ServerAddress, options: DirectoryOptions
) -> tuple[LdapResult, str]:
    # Only here: it loads libraries; pylint: disable-next=import-outside-toplevel
    from .kerberos import bind

    return bind(connection, address.host, address.url, options)


def _bind_error(
    result: LdapResult, bound_as: str, url: str, options: DirectoryOptions
) -> HrisError | _ServerUnusableError:
    """The error for a refused bind."""
    if result.code in (ldap_errors.BUSY, ldap_errors.UNAVAILABLE):
        refusal = ldap_errors.refusal(result)
        words = without_secrets(refusal.message, [options.password or ""])
        return _ServerUnusableError(
            ConnectionFailure(f"no log-on now: {words}", "Try again later", sent=False)
        )
    return LogOnRefusedError(ldap_errors.bind_refusal(result, bound_as), place=url)


def _unusable(error: BaseException, timeout: int) -> _ServerUnusableError:
    return _ServerUnusableError(connection_errors.explain(error, timeout, "directory."))
