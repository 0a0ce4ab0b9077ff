"""The connection's own behaviour, over a socket pair whose other end the test plays: directory/wire.py, writing.pump."""
from __future__ import annotations

import contextlib
import socket
from collections import deque

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.directory import ldap_messages, writing
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.ldap_stream import (
    ConnectionLostError,
    RefusedError,
    Wire,
)


def tlv(tag, content):
    assert len(content) < 128
    return bytes([tag, len(content)]) + content


def answer(number, tag=0x67, code=0, text=""):
    """An LDAPMessage with a result; tag 0x67 is a ModifyResponse."""
    return tlv(0x30, tlv(2, number.to_bytes(4, "big")) + tlv(tag, tlv(0x0A, bytes([code])) + tlv(4, b"") + tlv(4, text.encode())))


def entry(number, name):
    return tlv(0x30, tlv(2, number.to_bytes(4, "big")) + tlv(0x64, tlv(4, name.encode()) + tlv(0x30, b"")))


@pytest.fixture
def ends():
    ours, theirs = socket.socketpair()
    theirs.settimeout(5)
    yield Wire(ours, "ldaps://dc1:636", 1), theirs
    ours.close()
    theirs.close()


def numbers(theirs, count):
    """The message numbers of the next requests."""
    data, found = b"", []
    while len(found) < count:
        size = ldap_messages.length(data)
        if not size or len(data) < size:
            data += theirs.recv(65536)
            continue
        found.append(ldap_messages.opened(data[:size])[0])
        data = data[size:]
    return found


def test_answers_out_of_order(ends):
    wire, theirs = ends
    one, two = wire.send(ldap_messages.delete("CN=1")), wire.send(ldap_messages.delete("CN=2"))
    assert numbers(theirs, 2) == [one, two]
    theirs.sendall(answer(two) + answer(one))
    assert wire.receive(one)[0] == one
    assert wire.receive()[0] == two


def test_an_answer_in_crumbs(ends):
    wire, theirs = ends
    number = wire.send(ldap_messages.delete("CN=1"))
    data = answer(number, text="some words") + answer(number + 1)
    for position in range(len(data)):
        theirs.sendall(data[position:position + 1])
    assert ldap_messages.result(wire.receive(number)[2])["text"] == "some words"
    assert wire.receive()[0] == number + 1


def test_silence_and_the_end(ends):
    wire, theirs = ends
    with pytest.raises(ConnectionLostError, match="did not answer within 1 seconds"):
        wire.receive()
    theirs.close()
    with pytest.raises(ConnectionLostError, match="closed the connection"):
        wire.receive()
    with pytest.raises(ConnectionLostError, match="the connection broke"):
        wire.send(ldap_messages.delete("CN=1"))
    wire.close()


def test_notice_of_disconnection(ends):
    wire, theirs = ends
    wire.send(ldap_messages.delete("CN=1"))
    theirs.sendall(answer(0, 0x78, 52, "shutting down"))
    with pytest.raises(ConnectionLostError, match=r"ended the connection \(shutting down\)"):
        wire.receive()


def test_a_search_passes_references_over_and_names_refusals(ends):
    wire, theirs = ends
    first = 65537
    reference = tlv(0x30, tlv(2, first.to_bytes(4, "big")) + tlv(0x73, tlv(4, b"ldap://other/")))
    theirs.sendall(entry(first, "CN=a") + reference + entry(first, "CN=b") + answer(first, 0x65))
    assert list(wire.search("DC=x", "SUBTREE", "(cn=*)", ["cn"])) == [("CN=a", {}), ("CN=b", {})]
    theirs.sendall(answer(first + 1, 0x65, 32, "0000208D: NameErr"))
    with pytest.raises(RefusedError, match="below 'DC=y' for .* was refused: the object or its parent does not exist") as error:
        list(wire.search("DC=y", "SUBTREE", "(cn=*)", ["cn"]))
    assert error.value.code == 32


def test_pump_keeps_its_window_and_the_order_in_a_line(ends):
    wire, theirs = ends
    done = []

    def line(name):
        for step in range(2):
            result = yield ldap_messages.delete(f"CN={name}{step}")
            done.append((name, step, result["code"]))

    lines = deque(line(name) for name in range(40))
    send = wire.send
    outstanding = []

    def sending(operation, controls=b""):
        number = send(operation, controls)
        outstanding.append(number)
        return number

    def receiving(number=None):
        assert len(outstanding) <= writing.WINDOW
        with contextlib.suppress(BlockingIOError):
            theirs.recv(65536)  # room for the next requests
        latest = outstanding.pop()  # the server answers the last one first
        theirs.sendall(answer(latest))
        return Wire.receive(wire, number)
    theirs.setblocking(False)
    wire.send, wire.receive = sending, receiving
    writing.pump(wire, lines)
    assert len(done) == 80
    for name in range(40):
        assert [step for who, step, _code in done if who == name] == [0, 1]


def test_pump_tells_every_line_that_waits_of_a_loss(ends):
    wire, theirs = ends
    told = []

    def line(name):
        try:
            yield ldap_messages.delete(f"CN={name}")
        except ConnectionLostError:
            told.append(name)
            raise
    lines = deque(line(name) for name in range(20))
    theirs.sendall(answer(65537))
    theirs.shutdown(socket.SHUT_WR)
    with pytest.raises(ConnectionLostError):
        writing.pump(wire, lines)
    assert sorted(told) == list(range(1, 17)), "the first was answered, sixteen were outstanding, three never sent"
    assert len(lines) == 3
