"""Many mails over one connection: a server that refuses some, that closes in between, and that dies in the middle."""
from __future__ import annotations

import contextlib
import re
import socket
import threading
from types import SimpleNamespace

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.outbound.mail import MailServer
from ansible_collections.hris.ad.plugins.module_utils._hris.outbound.mail_messages import (
    compose,
    parse_address,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.outbound.mail_session import MailSession

SENDER = parse_address("hr@corp.example", "from")
DIE = None  # in place of an answer: the connection ends


USUAL = {"ehlo": "250 mail", "quit": "221 bye"}


def take_text(client, lines, script, to, seen):
    """The text of a message, and the answer to its end."""
    client.sendall(b"354 go\r\n")
    text = b""
    while not text.endswith(b"\r\n.\r\n"):
        text += lines.readline()
    answer = script("end", "", len(seen.took))
    if answer == "":
        seen.took.append(to)
        seen.texts.append(text)
    return answer


def converse(client, script, seen):
    to, lines = [], client.makefile("rb")
    client.sendall(b"220 mail\r\n")
    for line in lines:
        verb, _space, argument = line.decode().strip().partition(" ")
        verb = verb.lower()
        seen.verbs.append(verb)
        answer = script(verb, argument, len(seen.took))
        if verb == "data" and answer == "":
            answer = take_text(client, lines, script, to, seen)
        if answer is DIE:
            return
        if verb == "rcpt" and not answer:
            to.append(argument[4:-1])
        if verb in ("mail", "rset"):
            to = []
        client.sendall((answer or USUAL.get(verb, "250 ok")).encode() + b"\r\n")
        if verb == "quit":
            return


@contextlib.contextmanager
def server(*scripts):
    """A mail server with one script for each connection: script(verb, argument, how many messages it has) -> answer, DIE, or "" for the usual one.
    After the last script, no connection is taken. It gives port, connections, and took: the recipients of each message."""
    seen = SimpleNamespace(port=0, connections=0, took=[], verbs=[], texts=[])
    with socket.create_server(("127.0.0.1", 0)) as listener:
        def serve():
            for script in scripts:
                with contextlib.suppress(OSError):
                    client, _address = listener.accept()
                    with client:
                        seen.connections += 1
                        converse(client, script, seen)
            listener.close()
        seen.port = listener.getsockname()[1]
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield seen


def send(seen, people, problem_at=None):
    """[(status, whether it may have arrived)] of the mails to these people, whose addresses can be several: "a,b"; and the session."""
    begun, found = [], []

    def begin(who):
        if who == problem_at:
            raise HrisError("the disk is full", "ledger")
        begun.append(who)
    session = MailSession(MailServer("127.0.0.1", seen.port, "none", None, None, validate_certs=True, ca_cert=None, timeout=2), lambda _text: None)
    with session:
        for who in people:
            to = [parse_address(f"{one}@x.example", "to") for one in who.split(",")]
            message = compose(SENDER, to, who, f"For {who}\n.\n..\n.dot")
            outcome = session.send(message, SENDER.addr_spec, [one.addr_spec for one in to], lambda who=who: begin(who))
            found.append((outcome.status, outcome.possibly_delivered, outcome.reason))
    return [one[:2] for one in found], begun, [one[2] for one in found], session


def fine(_verb, _argument, _count):
    return ""


SENT, FAILED, UNSURE, NOT_SENT = ("sent", False), ("failed", False), ("failed", True), ("not_sent", False)


def test_all_go_over_one_connection():
    with server(fine) as seen:
        found, begun, _reasons, _session = send(seen, ["a", "b,c", "d"])
    assert found == [SENT] * 3 and begun == ["a", "b,c", "d"] and seen.connections == 1
    assert seen.took == [["a@x.example"], ["b@x.example", "c@x.example"], ["d@x.example"]] and seen.verbs.count("ehlo") == 1
    assert b"For a\r\n..\r\n...\r\n..dot\r\n.\r\n" in seen.texts[0]


@pytest.mark.parametrize("answers, found, took", [
    ({"rcpt b": "550 5.1.1 no such user"}, [SENT, FAILED, SENT], ["a", "c"]),
    ({"rcpt b": "450 4.7.1 try again later"}, [SENT, FAILED, SENT], ["a", "c"]),
    ({"data 1": "554 no"}, [SENT, FAILED, FAILED], ["a"]),
    ({"end 1": "552 too large"}, [SENT, FAILED, FAILED], ["a"]),
])
def test_what_is_refused_stops_its_own_mail(answers, found, took):
    def script(verb, argument, count):
        if verb == "rcpt":
            return answers.get(f"rcpt {argument[4]}", "")
        return answers.get(f"{verb} {count}", "")
    with server(script) as seen:
        got, _begun, reasons, session = send(seen, ["a", "b", "c"])
    assert got == found and [one[0][0] for one in seen.took] == took and session.problem is None and seen.connections == 1
    assert str(next(iter(answers.values())).split()[0]) in reasons[1]


def test_a_mail_goes_to_all_its_recipients_or_to_none():
    def script(verb, argument, _count):
        return "550 no such user" if argument.lower() == "to:<c@x.example>" else ""  # Python 3.13 writes it small
    with server(script) as seen:
        found, begun, reasons, _session = send(seen, ["a", "b,c", "d"])
    assert found == [SENT, FAILED, SENT] and begun == ["a", "d"] and [one[0][0] for one in seen.took] == ["a", "d"] and "c@x.example: 550" in reasons[1]


def test_a_server_that_closes_after_some_messages_is_asked_again():
    def one_only(verb, _argument, count):
        return "421 too many messages" if verb == "mail" and count == 1 else ""

    def idle(verb, _argument, count):
        return DIE if verb == "mail" and count == 2 else ""
    with server(one_only, idle, fine) as seen:
        found, _begun, _reasons, _session = send(seen, ["a", "b", "c"])
    assert found == [SENT] * 3 and seen.connections == 3


@pytest.mark.parametrize("at, found", [
    ("mail", [SENT, NOT_SENT, NOT_SENT]), ("rcpt", [SENT, FAILED, NOT_SENT]), ("data", [SENT, FAILED, NOT_SENT]), ("end", [SENT, UNSURE, NOT_SENT])])
def test_a_server_that_dies_in_the_middle(at, found):
    """What it has taken is known; what it may have is told apart from what it cannot have; the rest is not tried."""
    with server(lambda verb, _argument, count: DIE if verb == at and count == 1 else "") as seen:
        got, _begun, reasons, session = send(seen, ["a", "b", "c"])
    assert got == found and seen.took == [["a@x.example"]] and session.problem
    assert all("mail server 127.0.0.1" in reason for reason in reasons[1:]) and ("an earlier message failed" in reasons[2]) is (at == "mail")


def test_an_unsure_one_does_not_stop_the_others():
    with server(lambda verb, _argument, count: DIE if verb == "end" and count == 1 else "", fine) as seen:
        assert send(seen, ["a", "b", "c"])[0] == [SENT, UNSURE, SENT] and seen.connections == 2


def test_a_sender_that_is_refused_stops_all():
    with server(lambda verb, _argument, _count: "550 not you" if verb == "mail" else "") as seen:
        found, begun, reasons, _session = send(seen, ["a", "b"])
    assert found == [NOT_SENT] * 2 and begun == [] and "550 not you" in reasons[0] and seen.verbs.count("mail") == 1


def test_without_a_server_nothing_is_sent():
    with server() as seen:
        found, begun, reasons, _session = send(seen, ["a", "b"])
    assert found == [NOT_SENT] * 2 and begun == [] and reasons[0].startswith("mail server 127.0.0.1")


def test_what_cannot_be_noted_is_not_sent():
    with server(fine) as seen:
        found, _begun, reasons, _session = send(seen, ["a", "b", "c"], problem_at="b")
    assert found == [SENT, FAILED, SENT] and "the disk is full" in reasons[1]
    assert re.findall("mail|data", " ".join(seen.verbs)) == ["mail", "data", "mail", "mail", "data"]
