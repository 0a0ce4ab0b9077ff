# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail servers: how they are reached, by SMTP, and one message that is handed over to them."""

from __future__ import annotations

import io
import smtplib
import ssl
import time
from email.message import EmailMessage

from .. import connection_errors, tls
from ..data_class import frozen
from ..errors import HrisError, Warn
from ..option_names import option_name, with_options
from ..reply_limits import Allowance, AllowedReader, ReplyLimitError
from ..secret_texts import CUT, without_secrets
from ..web import urls
from .options import Params

PORTS = {"start_tls": 587, "tls": 465, "none": 25}
_LONGEST_ANSWER = 200  # characters of the server's words in a message
_LARGEST_REPLY = 64 * 1024  # bytes: RFC 5321 has lines of 512, and few lines in a reply
_TIMEOUTS = 20  # how many times timeout the whole conversation may take
_CHECK_TLS_MODE = "Check that {mail.tls_mode} (start_tls or tls) fits the port"

# What smtplib raises where a server or a message cannot be used
UNUSABLE = (smtplib.SMTPException, OSError, UnicodeError)
Recipients = dict[str, tuple[int, bytes]]  # {address: (code, text) of the server}


@frozen
class MailServer:
    """How the mail server is reached: the option mail, and the options of the connection."""

    host: str
    port: int
    tls_mode: str  # start_tls, tls or none
    username: str | None
    password: str | None
    validate_certs: bool
    ca_cert: str | None  # path of a PEM file
    timeout: float  # seconds for each reply

    @classmethod
    def from_params(
        cls, mail: Params, validate_certs: bool, ca_cert: str | None, timeout: float
    ) -> MailServer:
        """mail: the option of this name. The others stand beside it."""
        return cls(
            host=mail["host"],
            port=mail["port"] or PORTS[mail["tls_mode"]],
            tls_mode=mail["tls_mode"],
            username=mail["username"],
            password=mail["password"],
            validate_certs=validate_certs,
            ca_cert=ca_cert,
            timeout=timeout,
        )

    @property
    def place(self) -> str:
        """The server in messages."""
        return f"mail server {self.host}:{self.port}"


class _EndlessError(smtplib.SMTPServerDisconnected):
    """The server does not end a reply. smtplib passes over it, as over a broken connection, where
    the message was taken already.
    """


class BoundedConnection(smtplib.SMTP):
    """A conversation in which each reply ends, and all those about one message."""

    _ends: float | None = None
    _reader: AllowedReader | None = None

    def begin_message(self) -> None:
        """The replies that follow are about another message."""
        self._ends = None

    def getreply(self) -> tuple[int, bytes]:
        """As of smtplib.SMTP. Raises _EndlessError."""
        now, longest = time.monotonic(), _TIMEOUTS * self.timeout
        if self._ends is None:
            self._ends = now + longest
        try:
            if now > self._ends:
                raise ReplyLimitError(f"the mail was not taken within {longest:g} seconds")
            return self._bounded_reply()
        except ReplyLimitError as error:
            self.close()
            raise _EndlessError(error.message) from None

    def _bounded_reply(self) -> tuple[int, bytes]:
        allowance = Allowance(self.timeout, _LARGEST_REPLY)
        if self.file is None and self.sock:  # at the start, and after STARTTLS
            self._reader = AllowedReader(self.sock, allowance)
            self.file = io.BufferedReader(self._reader)
        elif self._reader:
            self._reader.allowance = allowance
        reply = super().getreply()
        if self.sock:
            self.sock.settimeout(self.timeout)
        return reply


class _BoundedTls(BoundedConnection, smtplib.SMTP_SSL):
    """The same with TLS from the start."""


def send(server: MailServer, message: EmailMessage, warn: Warn) -> None:
    """Hand the message over. Raises HrisError when the server does not take it for everybody."""
    context = checked_context(server, warn)
    try:
        with open_connection(server, context) as connection:
            refused = connection.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        raise recipients_refused(error.recipients, server) from None
    except UNUSABLE as error:
        raise explained(error, server) from None
    if refused:
        raise recipients_refused(refused, server)


def checked_context(server: MailServer, warn: Warn) -> ssl.SSLContext | None:
    """How the server's certificate is verified; None without TLS. Raises HrisError for options
    that cannot be used.
    """
    _check(server)
    return _tls_context(server, warn)


def open_connection(server: MailServer, context: ssl.SSLContext | None) -> BoundedConnection:
    """A connection that a message can be sent by: with TLS and the login, as the options say.

    Raises HrisError, or one of UNUSABLE.
    """
    connection = _connect(server, context)
    try:
        if server.tls_mode == "start_tls" and context:
            _start_tls(connection, context, server)
        if server.username and server.password:
            connection.login(server.username, server.password)
        connection.ehlo_or_helo_if_needed()
    except BaseException:
        connection.close()
        raise
    return connection


def _check(server: MailServer) -> None:
    if not server.host.strip():
        raise HrisError(
            "the option is empty",
            option_name("mail.host"),
            "Set it, or the environment variable HRIS_MAIL_HOST",
        )
    for option, given, other in (
        ("username", server.username, server.password),
        ("password", server.password, server.username),
    ):
        if other and not given:
            raise HrisError(
                "user name and password go together", option_name(f"mail.{option}"), "Set both"
            )


def _tls_context(server: MailServer, warn: Warn) -> ssl.SSLContext | None:
    """How the server's certificate is verified; None without TLS."""
    if server.tls_mode == "none":
        if server.host not in urls.LOOPBACK:
            warn(
                f"{server.place}: {option_name('mail.tls_mode')} is none: the message and the "
                "password travel unencrypted."
            )
        return None
    if not server.validate_certs:
        option = option_name("validate_certs")
        warn(f"{server.place}: {option} is false: the server's certificate is not verified.")
    return tls.client_context(server.validate_certs, server.ca_cert)


def _connect(server: MailServer, context: ssl.SSLContext | None) -> BoundedConnection:
    if server.tls_mode == "tls":
        return _BoundedTls(server.host, server.port, timeout=server.timeout, context=context)
    return BoundedConnection(server.host, server.port, timeout=server.timeout)


def _start_tls(connection: smtplib.SMTP, context: ssl.SSLContext, server: MailServer) -> None:
    try:
        connection.starttls(context=context)
    except smtplib.SMTPNotSupportedError:
        raise HrisError(
            "the server offers no STARTTLS",
            server.place,
            f"Set {option_name('mail.tls_mode')} to tls for a port with TLS from the start, or to"
            " none to send in clear",
        ) from None


def recipients_refused(recipients: Recipients, server: MailServer) -> HrisError:
    """The error about addresses that the server does not take."""
    answers = [
        f"{recipient}: {_scrub(_answer(code, text), server)}"
        for recipient, (code, text) in sorted(recipients.items())
    ]
    return HrisError(
        f"the server does not accept the message for {'; '.join(answers)}",
        server.place,
        "Check these addresses; only they are affected",
    )


def explained(error: Exception, server: MailServer) -> HrisError:
    """The error for one of UNUSABLE, without the password."""
    hint = None
    if isinstance(error, smtplib.SMTPException):
        message, hint = _smtp_reason(error)
    elif isinstance(error, UnicodeError):
        message = "the server accepts user names, passwords and addresses in plain ASCII only"
    else:
        failure = connection_errors.explain(error, server.timeout)
        message, hint = failure.message, failure.hint
        if not isinstance(error, ssl.SSLCertVerificationError):
            hint = f"{hint}? {with_options(_CHECK_TLS_MODE)}"
    return HrisError(_scrub(message, server), server.place, hint)


def _scrub(text: str, server: MailServer) -> str:
    """A text of the server without the password, which it may repeat in Base64 as it came."""
    return without_secrets(text, [server.password or ""])


def _smtp_reason(error: smtplib.SMTPException) -> tuple[str, str | None]:
    """What is wrong, and what to do, of a reply or a break that smtplib reports."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        answer = _answer(error.smtp_code, error.smtp_error)
        return f"user name and password are refused: {answer}", None
    if isinstance(error, smtplib.SMTPResponseException):
        return f"the server refuses: {_answer(error.smtp_code, error.smtp_error)}", None
    if isinstance(error, _EndlessError):
        return str(error), "Is it a mail server? If it is only slow, raise timeout"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "the server closed the connection", with_options(_CHECK_TLS_MODE)
    return f"the server refuses: {str(error).rstrip('.')}", None


def _answer(code: int, text: bytes | str) -> str:
    """A reply of the server on one line."""
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    line = " ".join(f"{code} {text}".split()).rstrip(".")
    return line if len(line) <= _LONGEST_ANSWER else line[:_LONGEST_ANSWER] + CUT
