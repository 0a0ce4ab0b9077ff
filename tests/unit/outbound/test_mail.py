"""What a mail server says, in messages."""
from __future__ import annotations

import base64
import smtplib

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.outbound import mail, mail_messages

PASSWORD = "s3cr3t-p4ss"
SERVER = mail.MailServer("mail.example.com", 587, "start_tls", "hr", PASSWORD, validate_certs=True, ca_cert=None, timeout=2)
PLAIN = base64.b64encode(f"\0hr\0{PASSWORD}".encode())


@pytest.mark.parametrize("said", [
    PASSWORD.encode(), PLAIN, base64.b64encode(PASSWORD.encode()), b"x" * 190 + b" " + PASSWORD.encode(), b"x" * 185 + b" " + PLAIN])
@pytest.mark.parametrize("kind", [smtplib.SMTPAuthenticationError, smtplib.SMTPSenderRefused, smtplib.SMTPDataError])
def test_the_password_is_in_no_message(kind, said):
    given = (535, b"AUTH PLAIN " + said, "hr@example.com")[: 3 if kind is smtplib.SMTPSenderRefused else 2]
    told = str(mail.explained(kind(*given), SERVER))
    refused = str(mail.recipients_refused({"a@example.com": (550, said)}, SERVER))
    for text in (told, refused):
        assert "535" in text or "550" in text
        assert all(part[:6] not in text for part in (PASSWORD, PLAIN.decode()[8:], base64.b64encode(PASSWORD.encode()).decode())), text


def test_half_of_a_character_does_not_end_a_notification():
    message = mail_messages.make_message("hr@example.com", ["a@example.com"], "Run \ud800", "Ann\udfff left", [])
    assert b"Ann? left" in message.as_bytes()
