# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail servers that do not end what they say: each ends a notification soon, and says why."""

from __future__ import annotations

import contextlib
import socket
import threading

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.outbound import mail, mail_messages

MESSAGE = mail_messages.make_message("hr@example.com", ["a@example.com"], "Run", "Done", [])
EHLO, OK, DATA, BYE = b"250 mail\r\n", b"250 ok\r\n", b"354 go\r\n", b"221 bye\r\n"
POLITE = [b"220 mail\r\n", EHLO, OK, OK, DATA, OK, BYE]  # greeting, EHLO, MAIL, RCPT, DATA, the message, QUIT


@contextlib.contextmanager
def talking(replies, last, pause):
    """A mail server (its port, what it was sent) that says the last thing again and again."""
    over, heard = threading.Event(), []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        def serve():
            with contextlib.suppress(OSError):
                client, _address = listener.accept()
                with client:
                    client.settimeout(5)
                    for reply in replies:
                        client.sendall(reply)
                        wanted = b"\r\n.\r\n" if reply == DATA else b"\r\n"
                        said = b""
                        while not said.endswith(wanted):
                            data = client.recv(65536)
                            if not data:
                                return
                            said += data
                        heard.append(said)
                    while not over.wait(pause):
                        client.sendall(last)
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1], heard
        over.set()
    thread.join()


def send(port, timeout=1.0):
    server = mail.MailServer("127.0.0.1", port, "none", None, None, validate_certs=True, ca_cert=None, timeout=timeout)
    mail.send(server, MESSAGE, lambda _text: None)


@pytest.mark.parametrize("until", range(6), ids=["greeting", "ehlo", "mail", "rcpt", "data", "message"])
@pytest.mark.parametrize("last, pause, words", [
    (b"2", 0.3, "the answer did not end within 1 seconds"),
    (b"250-again\r\n", 0, "the answer is larger than 64 KiB"),
    (b"250-again\r\n", 0.3, "the answer did not end within 1 seconds"),
])
def test_a_reply_that_does_not_end(until, last, pause, words):
    with talking(POLITE[:until], last, pause) as (port, _heard), pytest.raises(HrisError) as error:
        send(port)
    assert words in str(error.value) and "Is it a mail server" in str(error.value) and f"127.0.0.1:{port}" in error.value.place


def test_a_conversation_that_does_not_end(monkeypatch):
    """Each reply ends in time, but there is no last one: the RCPT of the thousandth recipient, say."""
    monkeypatch.setattr(mail, "_TIMEOUTS", 0)
    with talking(POLITE[:4], OK, 0.3) as (port, _heard), pytest.raises(HrisError, match="the mail was not taken within 0 seconds"):
        send(port)


@pytest.mark.parametrize("last, pause", [(b"2", 0.3), (b"250-again\r\n", 0)])
def test_a_mail_that_was_taken_is_sent(last, pause):
    """Only the answer to QUIT does not end."""
    with talking(POLITE[:6], last, pause) as (port, heard):
        send(port)
    assert any(b"Done" in said for said in heard)


def test_a_slow_and_polite_server():
    with talking(POLITE, b"", 0.1) as (port, heard):
        send(port, timeout=5.0)
    assert heard[-1].upper().startswith(b"QUIT")
