# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A message by mail: made by email.message, so that no text becomes a header, and handed to one server over TLS."""

from __future__ import annotations

import mimetypes
import os
import smtplib
import ssl
from email.headerregistry import Address, HeaderRegistry
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import localtime, make_msgid

from .. import tls
from ..errors import HrisError
from ..web import urls

PORTS = {"start_tls": 587, "tls": 465, "none": 25}


def make_message(mail: dict, subject: str, text: str, attachments: list[str]) -> EmailMessage:
    """The message. mail: {"from", "to": [text]}. Raises HrisError for an address that is none and a file that cannot be read."""
    message = EmailMessage(policy=SMTP)
    sender = address(mail["from"], "mail.from")
    message["From"] = sender
    message["To"] = [address(text, f"mail.to[{number}]") for number, text in enumerate(mail["to"])]
    message["Subject"] = " ".join(subject.split())
    message["Date"] = localtime()
    message["Message-ID"] = make_msgid(domain=sender.domain)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence answers it
    message.set_content(text if text.endswith("\n") else text + "\n")
    for path in attachments:
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        main, _slash, sub = kind.partition("/")
        message.add_attachment(
            _content(path), maintype=main, subtype=sub, filename=os.path.basename(path)
        )
    return message


def address(text: str, place: str) -> Address:
    """One address, 'anna@example.com' or 'Anna Lee <anna@example.com>'. Raises HrisError for anything else."""
    hint = "Write one address, such as anna@example.com or HR Systems <hr@example.com>"
    if not text.isprintable():
        raise HrisError("the address holds a character that no address may have", place, hint)
    found = HeaderRegistry()("To", text)
    known = found.addresses
    if len(known) != 1 or found.defects or not known[0].username or not known[0].domain:
        raise HrisError(f"'{text}' is not an address", place, hint)
    try:
        domain = known[0].domain.encode("idna").decode("ascii")
    except UnicodeError:
        raise HrisError(f"'{text}' is not an address", place, hint) from None
    return Address(known[0].display_name, known[0].username, domain)


def _content(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise HrisError(
            f"the file cannot be read: {error.strerror}", f"attachments {path}"
        ) from error


def send(mail: dict, options: dict, message: EmailMessage, warn) -> None:
    """Hand the message over. Raises HrisError when the server did not take it for every recipient.

    mail: {"host", "port", "tls_mode", "username", "password"}. options: {"validate_certs", "ca_cert", "timeout"}.
    """
    if not mail["host"].strip():
        raise HrisError(
            "it is not given", "mail.host", "Set it, or the environment variable HRIS_MAIL_HOST"
        )
    port = mail["port"] or PORTS[mail["tls_mode"]]
    place = f"mail server {mail['host']}:{port}"
    if bool(mail["username"]) != bool(mail["password"]):
        raise HrisError(
            "a user name and a password go together",
            "mail.username" if mail["password"] else "mail.password",
        )
    context = _context(mail, options, place, warn)
    try:
        with _connected(mail, port, options["timeout"], context) as server:
            if mail["tls_mode"] == "start_tls":
                server.starttls(context=context)
            if mail["username"]:
                server.login(mail["username"], mail["password"])
            refused = server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        raise _refused(error.recipients, place) from None
    except (smtplib.SMTPException, OSError, UnicodeError) as error:
        reason, hint = _reason(error, options)
        raise HrisError(reason.replace(mail["password"] or "\0", "********"), place, hint) from None
    if refused:
        raise _refused(refused, place)


def _connected(mail: dict, port: int, timeout: float, context) -> smtplib.SMTP:
    if mail["tls_mode"] == "tls":
        return smtplib.SMTP_SSL(mail["host"], port, timeout=timeout, context=context)
    return smtplib.SMTP(mail["host"], port, timeout=timeout)


def _context(mail: dict, options: dict, place: str, warn):
    """What the server is verified with; None where there is no TLS."""
    if mail["tls_mode"] == "none":
        if mail["host"] not in urls.LOOPBACK:
            warn(f"{place}: tls_mode is none: the message and the password travel unencrypted.")
        return None
    if not options["validate_certs"]:
        warn("validate_certs is false: the identity of the server is not verified.")
    return tls.client_context(options["validate_certs"], options["ca_cert"])


def _refused(recipients: dict, place: str) -> HrisError:
    told = "; ".join(
        f"{recipient}: {_answer(*answer)}" for recipient, answer in sorted(recipients.items())
    )
    return HrisError(
        f"the server does not take the message for {told}",
        place,
        "Nobody else is concerned: check these addresses",
    )


def _reason(error: Exception, options: dict) -> tuple[str, str | None]:
    """(what went wrong, what to do) of what smtplib raises."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return (
            f"the server's certificate is not trusted: {error.verify_message.rstrip('.')}",
            "Set ca_cert to the certificate of the authority that signed it, and host to the name that it is made for",
        )
    if isinstance(error, ssl.SSLError):
        return (
            f"no TLS connection: {error.reason or 'the handshake failed'}",
            "Does tls_mode fit the port: start_tls or tls",
        )
    if isinstance(error, TimeoutError):
        return (
            f"no answer within {options['timeout']:g} seconds",
            "Does tls_mode fit the port, and does a firewall stand between",
        )
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return (
            f"user name and password are refused: {_answer(error.smtp_code, error.smtp_error)}",
            None,
        )
    if isinstance(error, smtplib.SMTPNotSupportedError):
        if "STARTTLS" in str(error):
            return (
                "the server offers no STARTTLS",
                "Set tls_mode to tls for a port with TLS from the start, or to none to do without",
            )
        return f"the server cannot do what is needed: {str(error).rstrip('.')}", None
    if isinstance(error, smtplib.SMTPResponseException):
        return f"the server refuses: {_answer(error.smtp_code, error.smtp_error)}", None
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "the server closed the connection", "Does tls_mode fit the port: start_tls or tls"
    if isinstance(error, UnicodeError):
        return "the server takes user names, passwords and addresses in plain ASCII only", None
    if isinstance(error, OSError):
        return (
            f"no connection: {error.strerror or type(error).__name__}",
            "Is the address right, and does the server run",
        )
    return f"the server refuses: {str(error).rstrip('.')}", None


def _answer(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return " ".join(f"{code} {text}".split()).rstrip(".")[:200]
