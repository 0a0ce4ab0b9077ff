# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a connection to a server failed, explained the same way for HTTP, LDAP and mail.

The cause is recognised by the types and numbers of errors, never by their texts.
"""

from __future__ import annotations

import errno
import socket
import ssl

from .data_class import frozen
from .option_names import option_name

# Numbers of OpenSSL's verification results (x509_vfy.h)
_CERTIFICATE_TIMES = (9, 10)  # not yet valid, expired
_CERTIFICATE_NAMES = (62, 63, 64)  # of another host, mail address or IP address
_NOT_CONNECTED = (errno.ECONNREFUSED, errno.ENETUNREACH, errno.EHOSTUNREACH)


@frozen
class ConnectionFailure:
    """What went wrong with a connection.

    message: what is wrong, as a sentence without its full stop.
    hint: what to do about it, in the same form.
    sent: whether the server may have received something beyond the start of the connection.
    """

    message: str
    hint: str
    sent: bool


def explain(error: BaseException, timeout: float, options: str = "") -> ConnectionFailure:
    """Explain what ssl, socket or a library on top of them raised.

    timeout: seconds that the connection was given for each response. options: what the names of
        its options begin with: directory.timeout.
    """
    cause = root_cause(error)
    words = reason(cause)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return ConnectionFailure(
            f"the server's certificate is not trusted: {words}",
            _certificate_hint(cause, options),
            False,
        )
    if isinstance(cause, ssl.SSLError):
        return ConnectionFailure(
            f"no TLS connection: {words}", "Does the server speak TLS on this port", False
        )
    if isinstance(cause, TimeoutError):
        return ConnectionFailure(
            f"no answer within {timeout:g} seconds",
            f"Raise {option_name(f'{options}timeout')} if the server is that slow",
            True,
        )
    return ConnectionFailure(
        f"no connection: {words}", "Is the address right, and does the server run", _sent(cause)
    )


def root_cause(error: BaseException) -> BaseException:
    """The innermost error that says why: the outer ones of a library repeat whole addresses."""
    chain: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and current not in chain:
        chain.append(current)
        current = _inner(current)
    for item in reversed(chain):
        if isinstance(item, OSError) and isinstance(item.strerror, str):
            return item
    return chain[-1]


def reason(cause: BaseException) -> str:
    """The words of the operating system or of TLS for an error, without addresses."""
    if isinstance(cause, ssl.SSLCertVerificationError) and cause.verify_message:
        return cause.verify_message.rstrip(".")
    if isinstance(cause, TimeoutError):
        return "timed out"
    if isinstance(cause, ssl.SSLError):
        name = getattr(cause, "reason", None)  # WRONG_VERSION_NUMBER; missing in some errors
        return (name or "the handshake failed").replace("_", " ").lower()
    if isinstance(cause, OSError) and cause.strerror:
        return cause.strerror
    return type(cause).__name__


def _inner(error: BaseException) -> BaseException | None:
    """The error that this one wraps, as its argument, its reason (urllib3) or its cause."""
    for part in (getattr(error, "reason", None), *error.args):
        if isinstance(part, BaseException):
            return part
    if error.__suppress_context__:
        return error.__cause__
    return error.__cause__ or error.__context__


def _certificate_hint(cause: ssl.SSLCertVerificationError, options: str) -> str:
    code = getattr(cause, "verify_code", None)  # missing where a library raised the error anew
    if code in _CERTIFICATE_NAMES:
        return "Use the name that the certificate is issued for"
    if code in _CERTIFICATE_TIMES:
        return "The server needs a new certificate, unless the clock of this machine is wrong"
    option = option_name(f"{options}ca_cert")
    return f"Set {option} to the certificate of the authority that signed it"


def _sent(cause: BaseException) -> bool:
    if isinstance(cause, socket.gaierror):
        return False
    return not (isinstance(cause, OSError) and cause.errno in _NOT_CONNECTED)
