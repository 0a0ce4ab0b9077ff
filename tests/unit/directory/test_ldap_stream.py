"""The connection's own behaviour, over a socket pair whose other end the test plays: directory/ldap_stream.py, pipeline.py."""
from __future__ import annotations

import contextlib
import socket
from collections import deque

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.directory import ldap_messages, pipeline
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.ldap_stream import (
    ConnectionLostError,
    LdapStream,
    NoSuchObjectError,
    SearchRefusedError,
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
    yield LdapStream(ours, "ldaps://dc1:636", 1), theirs
    ours.close()
    theirs.close()


def numbers(theirs, count):
    """The message numbers of the next requests."""
    data, found = b"", []
    while len(found) < count:
        size = ldap_messages.message_length(data)
        if not size or len(data) < size:
            data += theirs.recv(65536)
            continue
        found.append(ldap_messages.decode_message(data[:size])[0])
        data = data[size:]
    return found


def test_answers_out_of_order(ends):
    stream, theirs = ends
    one, two = stream.send(ldap_messages.delete("CN=1")), stream.send(ldap_messages.delete("CN=2"))
    assert numbers(theirs, 2) == [one, two]
    theirs.sendall(answer(two) + answer(one))
    assert stream.receive(one)[0] == one
    assert stream.receive()[0] == two


def test_an_answer_in_crumbs(ends):
    stream, theirs = ends
    number = stream.send(ldap_messages.delete("CN=1"))
    data = answer(number, text="some words") + answer(number + 1)
    for position in range(len(data)):
        theirs.sendall(data[position:position + 1])
    assert ldap_messages.decode_result(stream.receive(number)[2]).message == "some words"
    assert stream.receive()[0] == number + 1


def test_silence_and_the_end(ends):
    stream, theirs = ends
    with pytest.raises(ConnectionLostError, match="did not answer within 1 seconds"):
        stream.receive()
    theirs.close()
    with pytest.raises(ConnectionLostError, match="closed the connection"):
        stream.receive()
    with pytest.raises(ConnectionLostError, match="the connection broke"):
        stream.send(ldap_messages.delete("CN=1"))
    stream.close()


def test_notice_of_disconnection(ends):
    stream, theirs = ends
    stream.send(ldap_messages.delete("CN=1"))
    theirs.sendall(answer(0, 0x78, 52, "shutting down"))
    with pytest.raises(ConnectionLostError, match=r"ended the connection \(shutting down\)"):
        stream.receive()


def test_a_search_ignores_references_and_names_refusals(ends):
    stream, theirs = ends
    first = 65537
    reference = tlv(0x30, tlv(2, first.to_bytes(4, "big")) + tlv(0x73, tlv(4, b"ldap://other/")))
    theirs.sendall(entry(first, "CN=a") + reference + entry(first, "CN=b") + answer(first, 0x65))
    assert list(stream.search("DC=x", "SUBTREE", "(cn=*)", ["cn"])) == [("CN=a", {}), ("CN=b", {})]
    theirs.sendall(answer(first + 1, 0x65, 32, "0000208D: NameErr"))
    with pytest.raises(NoSuchObjectError, match="below 'DC=y' for .* was refused: the object or its parent does not exist") as error:
        list(stream.search("DC=y", "SUBTREE", "(cn=*)", ["cn"]))
    assert error.value.code == 32
    theirs.sendall(answer(first + 2, 0x65, 50))
    with pytest.raises(SearchRefusedError, match="does not have the right") as error:
        list(stream.search("DC=z", "SUBTREE", "(cn=*)", ["cn"]))
    assert error.value.code == 50 and not isinstance(error.value, NoSuchObjectError)


def test_tasks_keep_the_window_and_their_own_order(ends):
    stream, theirs = ends
    done = []

    def task(name):
        for step in range(2):
            result = yield ldap_messages.delete(f"CN={name}{step}"), b""
            done.append((name, step, result.code))

    tasks = deque(task(name) for name in range(40))
    send = stream.send
    outstanding = []

    def sending(operation, controls=b""):
        number = send(operation, controls)
        outstanding.append(number)
        return number

    def receiving(number=None):
        assert len(outstanding) <= pipeline.WINDOW
        with contextlib.suppress(BlockingIOError):
            theirs.recv(65536)  # room for the next requests
        latest = outstanding.pop()  # the server answers the last one first
        theirs.sendall(answer(latest))
        return LdapStream.receive(stream, number)
    theirs.setblocking(False)
    stream.send, stream.receive = sending, receiving
    pipeline.run_tasks(stream, tasks)
    assert len(done) == 80
    for name in range(40):
        assert [step for who, step, _code in done if who == name] == [0, 1]


def test_every_waiting_task_learns_of_a_lost_connection(ends):
    stream, theirs = ends
    lost = []

    def task(name):
        try:
            yield ldap_messages.delete(f"CN={name}"), b""
        except ConnectionLostError:
            lost.append(name)
            raise
    tasks = deque(task(name) for name in range(20))
    theirs.sendall(answer(65537))
    theirs.shutdown(socket.SHUT_WR)
    with pytest.raises(ConnectionLostError):
        pipeline.run_tasks(stream, tasks)
    assert sorted(lost) == list(range(1, 17)), "the first was answered, sixteen were outstanding, three never sent"
    assert len(tasks) == 3
