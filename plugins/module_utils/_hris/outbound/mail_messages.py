# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages of mail: their addresses, headers, texts and attachments."""

from __future__ import annotations

import mimetypes
import os
from collections.abc import Sequence
from email.errors import MessageError
from email.headerregistry import Address, HeaderRegistry
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import localtime, make_msgid

from ..errors import HrisError
from ..option_names import option_name
from ..user_files import open_to_read

_POLICY = SMTP.clone(cte_type="7bit")  # every server takes such a message
# What Python's own parser raises for texts such as "ann@"
_PARSER_ERRORS = (MessageError, AttributeError, LookupError, TypeError, ValueError)
_ENCODED_WORD = "=?"  # how headers hide characters (RFC 2047): also those that end a header


def make_message(
    sender: str, recipients: list[str], subject: str, text: str, attachments: list[str]
) -> EmailMessage:
    """A message for people that the options name. attachments: paths. Raises HrisError for a wrong
    address or unreadable file.
    """
    to = [
        parse_address(recipient, option_name(f"mail.to[{index}]"))
        for index, recipient in enumerate(recipients)
    ]
    from_address = parse_address(sender, option_name("mail.from"))
    message = compose(from_address, to, " ".join(subject.split()), text)
    for path in attachments:
        media_type = mimetypes.guess_type(path)[0] or "application/octet-stream"
        main, _slash, sub = media_type.partition("/")
        message.add_attachment(
            _content(path), maintype=main, subtype=sub, filename=os.path.basename(path)
        )
    return message


def compose(
    sender: Address, recipients: Sequence[Address], subject: str, text: str, html: str | None = None
) -> EmailMessage:
    """A message. subject: on one line. html: the same as text, for who can read it."""
    message = EmailMessage(policy=_POLICY)
    message["From"] = sender
    message["To"] = recipients
    message["Subject"] = _encodable(subject)
    message["Date"] = localtime()
    message["Message-ID"] = make_msgid(domain=sender.domain)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: keeps out-of-office replies away
    message.set_content(_ended(_encodable(text)))
    if html is not None:
        message.add_alternative(_ended(_encodable(html)), subtype="html")
    return message


def _ended(text: str) -> str:
    return text if text.endswith("\n") else text + "\n"


def has_encoded_word(text: str) -> bool:
    """Whether mail programs read other characters in a header than those that stand there."""
    return _ENCODED_WORD in text


def _encodable(text: str) -> str:
    """The text with a question mark for each half of a character, which no encoding has."""
    return text.encode("utf-8", "replace").decode("utf-8")


def parse_address(text: str, place: str) -> Address:
    """One address: 'anna@example.com' or 'Anna Lee <anna@example.com>'. Raises HrisError."""
    hint = "Write one address, such as anna@example.com or HR Systems <hr@example.com>"
    if not text.isprintable() or has_encoded_word(text):
        raise HrisError("the address has a character that is not allowed in it", place, hint)
    invalid = HrisError(f"'{text}' is not an address", place, hint)
    try:
        header = HeaderRegistry()("To", text)
    except _PARSER_ERRORS:
        raise invalid from None
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
