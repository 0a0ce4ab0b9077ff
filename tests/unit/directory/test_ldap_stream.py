"""The connection's own behaviour, over a socket pair whose other end the test plays: directory/ldap_stream.py, pipeline.py."""
from __future__ import annotations

import base64
import contextlib
import socket
import threading
from collections import deque

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.directory import (
    ldap_messages,
    ldap_stream,
    pipeline,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.ldap_stream import LdapStream
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.password import secret_forms
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.stream_errors import (
    ConnectionLostError,
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
    stream.send(ldap_messages.delete("CN=2"))
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


@pytest.mark.parametrize(("scope", "pages"), [("BASE", False), ("LEVEL", True), ("SUBTREE", True)])
def test_one_object_has_no_pages(ends, scope, pages):
    stream, theirs = ends
    theirs.sendall(answer(65537, 0x65))
    assert list(stream.search("DC=x", scope, "(cn=*)", ["cn"])) == []
    assert (b"1.2.840.113556.1.4.319" in theirs.recv(65536)) is pages


def test_tasks_keep_the_window_and_their_own_order(ends):
    stream, theirs = ends
    done = []

    def task(name):
        for step in range(2):
            result = yield pipeline.Request(ldap_messages.delete(f"CN={name}{step}"))
            done.append((name, step, result.code))

    tasks = deque(task(name) for name in range(40))
    send = stream.send
    outstanding = []

    def sending(*request):
        number = send(*request)
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
            yield pipeline.Request(ldap_messages.delete(f"CN={name}"))
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


@contextlib.contextmanager
def sending_on(theirs, data, pause=0.0):
    """The server sends this again and again, until the test has ended."""
    over = threading.Event()

    def serve():
        with contextlib.suppress(OSError):
            while not over.wait(pause):
                theirs.sendall(data)
    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield
    over.set()
    theirs.close()
    thread.join()


def intermediate(number):
    return tlv(0x30, tlv(2, number.to_bytes(4, "big")) + tlv(0x79, b""))


@pytest.mark.parametrize("noise", [answer(5), entry(5, "CN=a"), intermediate(5), intermediate(65537), answer(99999)])
def test_noise_does_not_keep_a_run_waiting(ends, noise):
    """What nobody asked for neither counts as an answer nor is kept."""
    stream, theirs = ends
    number = stream.send(ldap_messages.delete("CN=1"))
    with sending_on(theirs, noise), pytest.raises(ConnectionLostError, match="did not answer within 1 seconds"):
        stream.receive(number)
    assert not stream._waiting


@pytest.mark.parametrize("wanted", [True, False])
def test_an_answer_among_noise(ends, wanted):
    stream, theirs = ends
    number = stream.send(ldap_messages.delete("CN=1"))
    theirs.sendall(answer(5) + intermediate(number) + answer(number, text="done") + answer(number, text="again"))
    assert stream.result(stream.receive(number if wanted else None)).message == "done"
    with pytest.raises(ConnectionLostError):
        stream.receive()


def test_an_answer_of_a_byte_now_and_then(ends):
    stream, theirs = ends
    number = stream.send(ldap_messages.delete("CN=1"))
    theirs.sendall(b"\x30\x84\x00\x00\xff\xff")
    with sending_on(theirs, b"\x00", 0.3), pytest.raises(ConnectionLostError, match="did not answer within 1 seconds"):
        stream.receive(number)


@pytest.mark.parametrize("data", [
    b"\x30\x84\x7f\xff\xff\xff", b"\x30\xfe" + b"\xff" * 126, b"HTTP/1.1 400 Bad Request\r\n\r\n" * 9, b"\x30\x00", b"\x30\x02\x02\x00", b"\x00" * 400])
def test_what_is_no_ldap(ends, data):
    stream, theirs = ends
    number = stream.send(ldap_messages.delete("CN=1"))
    theirs.sendall(data)
    theirs.shutdown(socket.SHUT_WR)
    with pytest.raises(ConnectionLostError) as error:
        stream.receive(number)
    assert any(words in str(error.value) for words in ("what is no answer of LDAP", "closed the connection"))


def test_an_entry_or_a_result_that_is_none(ends):
    stream, theirs = ends
    theirs.sendall(tlv(0x30, tlv(2, (65537).to_bytes(4, "big")) + tlv(0x64, b"\x04\x05CN")) + answer(65537, 0x65))
    with pytest.raises(ConnectionLostError, match="what is no answer of LDAP"):
        list(stream.search("DC=x", "SUBTREE", "(cn=*)", ["cn"]))
    number = stream.send(ldap_messages.delete("CN=1"))
    theirs.sendall(tlv(0x30, tlv(2, number.to_bytes(4, "big")) + tlv(0x67, b"")))
    with pytest.raises(ConnectionLostError, match="what is no answer of LDAP"):
        stream.result(stream.receive(number))


def page_end(number, cookie):
    control = tlv(0x30, tlv(4, b"1.2.840.113556.1.4.319") + tlv(4, tlv(0x30, tlv(2, b"\x00") + tlv(4, cookie))))
    done = tlv(0x65, tlv(0x0A, b"\x00") + tlv(4, b"") + tlv(4, b""))
    return tlv(0x30, tlv(2, number.to_bytes(4, "big")) + done + tlv(0xA0, control))


def test_pages_that_do_not_end(ends, monkeypatch):
    stream, theirs = ends
    first = 65537
    theirs.sendall(b"".join(entry(first, f"CN={name}") for name in "abc"))
    with pytest.raises(ConnectionLostError, match="did not end a page of 2 entries"):
        list(stream.search("DC=x", "SUBTREE", "(cn=*)", ["cn"], page=2))
    monkeypatch.setattr(ldap_stream, "_EMPTY_PAGES", 3)
    stream._buffer.clear()
    stream._position = 0
    theirs.sendall(b"".join(page_end(first + 1 + page, b"more") for page in range(9)))
    with pytest.raises(ConnectionLostError, match=r"did not end the search for \(cn=\*\)"):
        list(stream.search("DC=x", "SUBTREE", "(cn=*)", ["cn"]))


def test_a_page_of_one_entry_now_and_then(ends, monkeypatch):
    stream, theirs = ends
    monkeypatch.setattr(ldap_stream, "_LONGEST_PAGE", 1)
    with sending_on(theirs, entry(65537, "CN=a"), 0.3), pytest.raises(ConnectionLostError, match="did not end a page of a search"):
        list(stream.search("DC=x", "SUBTREE", "(cn=*)", ["cn"]))


NEW = "N3w-P4ssword-x7"


@pytest.mark.parametrize("echo", [NEW, *secret_forms(NEW), f"unicodePwd: {NEW}", base64.b64encode(NEW.encode()).decode(), "b1nd-s3cret-42", NEW.encode("utf-16-le").hex()])
@pytest.mark.parametrize("code", [19, 53, 80])
def test_a_refusal_does_not_repeat_a_password(code, echo):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        stream = LdapStream(ours, "ldaps://dc1:636", 1, ["b1nd-s3cret-42"])
        told = []

        def task():
            result = yield pipeline.Request(ldap_messages.delete("CN=1"), b"", secret_forms(NEW))
            told.append(result)
        said = f"0000052D: AtrErr {echo}"
        assert len(said) < 110, "the parts of an answer here are short"
        theirs.sendall(answer(65537, code=code, text=said))
        pipeline.run_tasks(stream, deque([task()]))
        shown = told[0].message
        assert told[0].code == code and shown.startswith("0000052D: AtrErr ") and "********" in shown and len(shown) < 45, shown
        stream.send(ldap_messages.delete("CN=2"), b"", secret_forms(NEW))
        theirs.sendall(answer(0, 0x78, 52, said))
        with pytest.raises(ConnectionLostError) as error:
            stream.receive()
        assert echo not in str(error.value) and "********" in str(error.value)
