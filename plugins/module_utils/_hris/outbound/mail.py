# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail: one message, handed over to a mail server by SMTP."""

from __future__ import annotations

import io
import mimetypes
import os
import smtplib
import ssl
import time
from email.headerregistry import Address, HeaderRegistry
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import localtime, make_msgid

from .. import connection_errors, tls
from ..data_class import frozen
from ..errors import HrisError, Warn
from ..option_names import option_name, with_options
from ..reply_limits import Allowance, AllowedReader, ReplyLimitError
from ..secret_texts import CUT, without_secrets
from ..user_files import open_to_read
from ..web import urls

PORTS = {"start_tls": 587, "tls": 465, "none": 25}
_LONGEST_ANSWER = 200  # characters of the server's words in a message
_LARGEST_REPLY = 64 * 1024  # bytes: RFC 5321 has lines of 512, and few lines in a reply
_TIMEOUTS = 20  # how many times timeout the whole conversation may take
_CHECK_TLS_MODE = "Check that {mail.tls_mode} (start_tls or tls) fits the port"

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

    @property
    def place(self) -> str:
        """The server in messages."""
        return f"mail server {self.host}:{self.port}"


class _EndlessError(smtplib.SMTPServerDisconnected):
    """The server does not end a reply. smtplib passes over it, as over a broken connection, where
    the message was taken already.
    """


class _Bounded(smtplib.SMTP):
    """A conversation in which each reply ends, and the whole of it."""

    _ends: float | None = None
    _reader: AllowedReader | None = None

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


class _BoundedTls(_Bounded, smtplib.SMTP_SSL):
    """The same with TLS from the start."""


def make_message(
    sender: str, recipients: list[str], subject: str, text: str, attachments: list[str]
) -> EmailMessage:
    """The message. attachments: paths. Raises HrisError for a wrong address or unreadable file."""
    message = EmailMessage(policy=SMTP)
    from_address = parse_address(sender, option_name("mail.from"))
    message["From"] = from_address
    message["To"] = [
        parse_address(recipient, option_name(f"mail.to[{index}]"))
        for index, recipient in enumerate(recipients)
    ]
    message["Subject"] = _encodable(" ".join(subject.split()))
    message["Date"] = localtime()
    message["Message-ID"] = make_msgid(domain=from_address.domain)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: keeps out-of-office replies away
    text = _encodable(text)
    message.set_content(text if text.endswith("\n") else text + "\n")
    for path in attachments:
        media_type = mimetypes.guess_type(path)[0] or "application/octet-stream"
        main, _slash, sub = media_type.partition("/")
        message.add_attachment(
            _content(path), maintype=main, subtype=sub, filename=os.path.basename(path)
        )
    return message


def _encodable(text: str) -> str:
    """The text with a question mark for each half of a character, which no encoding has."""
    return text.encode("utf-8", "replace").decode("utf-8")


def parse_address(text: str, place: str) -> Address:
    """One address: 'anna@example.com' or 'Anna Lee <anna@example.com>'. Raises HrisError."""
    hint = "Write one address, such as anna@example.com or HR Systems <hr@example.com>"
    if not text.isprintable():
        raise HrisError("the address has a character that is not allowed in it", place, hint)
    invalid = HrisError(f"'{text}' is not an address", place, hint)
    header = HeaderRegistry()("To", text)
    addresses = header.addresses  # type: ignore[attr-defined]  # every header of addresses has it
    if len(addresses) != 1 or header.defects:
        raise invalid
    [address] = addresses
    if not address.username or not address.domain:
        raise invalid
    try:
        domain = address.domain.encode("idna").decode("ascii")
    except UnicodeError:
        raise invalid from None
    return Address(address.display_name, address.username, domain)


def _content(path: str) -> bytes:
    try:
        with open_to_read(path) as file:
            return file.read()
    except HrisError as error:
        raise error.at(f"attachments {path}") from None


def send(server: MailServer, message: EmailMessage, warn: Warn) -> None:
    """Hand the message over. Raises HrisError when the server does not take it for everybody."""
    _check(server)
    context = _tls_context(server, warn)
    try:
        with _connect(server, context) as connection:
            if server.tls_mode == "start_tls" and context:
                _start_tls(connection, context, server)
            if server.username and server.password:
                connection.login(server.username, server.password)
            refused = connection.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        raise _recipients_refused(error.recipients, server) from None
    except (smtplib.SMTPException, OSError, UnicodeError) as error:
        raise _explained(error, server) from None
    if refused:
        raise _recipients_refused(refused, server)


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


def _connect(server: MailServer, context: ssl.SSLContext | None) -> smtplib.SMTP:
    if server.tls_mode == "tls":
        return _BoundedTls(server.host, server.port, timeout=server.timeout, context=context)
    return _Bounded(server.host, server.port, timeout=server.timeout)


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


def _recipients_refused(recipients: Recipients, server: MailServer) -> HrisError:
    answers = [
        f"{recipient}: {_scrub(_answer(code, text), server)}"
        for recipient, (code, text) in sorted(recipients.items())
    ]
    return HrisError(
        f"the server does not accept the message for {'; '.join(answers)}",
        server.place,
        "Check these addresses; only they are affected",
    )


def _explained(error: Exception, server: MailServer) -> HrisError:
    """The error for what smtplib raises, without the password."""
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
