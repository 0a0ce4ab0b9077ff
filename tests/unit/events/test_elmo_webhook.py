"""ELMO's webhooks over a real server: what is accepted, and what hostile callers get."""
from __future__ import annotations

import asyncio
import base64
import contextlib
import gzip
import json
import logging
import ssl
import time

import elmo_keys
import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.events.refusals import Refusals
from ansible_collections.hris.ad.plugins.module_utils._hris.events.seen_before import SeenBefore
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from sources_under_test import EVERYBODY, free_port, running

KEY, OTHER = elmo_keys.rsa_key(), elmo_keys.rsa_key()
BODY = json.dumps({"event": "user.updated", "id": "evt-1", "data": {"employeeNumber": "E10001", "firstName": "Aroha"}}).encode()


@pytest.fixture
def args(tmp_path):
    """Arguments that find changes at once; the port is free."""
    (tmp_path / "elmo.pem").write_bytes(elmo_keys.certificate(KEY))
    (tmp_path / "elmo.pem").chmod(0o600)
    return {"elmo_certificate": str(tmp_path / "elmo.pem"), "port": free_port(), "collect_seconds": 0, "min_interval_seconds": 0}


def run(scenario, args, first=True):
    """The result of scenario(port, events) beside a running source, whose event of the start was taken."""
    async def beside():
        async with running("elmo_webhook", args) as events:
            assert await events.next() == {"source": args.get("source", "elmo"), **EVERYBODY}
            return await scenario(args["port"], events)
    return asyncio.run(beside())


async def send(port, raw, context=None, pause=0.0, parts=1):
    """What a server answers to raw bytes: (status, all of the answer); (None, b"") when it closes the connection without a word."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
    try:
        size = -(-len(raw) // parts)
        for start in range(0, len(raw), size):
            writer.write(raw[start:start + size])
            with contextlib.suppress(ConnectionError):
                await writer.drain()
            await asyncio.sleep(pause)
        async with asyncio.timeout(20):
            with contextlib.suppress(ConnectionError):
                said = await reader.read()
                return (int(said.split(b" ", 2)[1]), said) if said else (None, b"")
        return None, b""
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            await writer.wait_closed()


def request(body=BODY, path="/elmo", method="POST", signed_with=KEY, length=None, **headers):
    """The bytes of a request."""
    lines = {"Host": "localhost", "Content-Length": str(len(body) if length is None else length), "Connection": "close"}
    if signed_with:
        lines["elmo-webhook-signature"] = elmo_keys.signature(signed_with, body)
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value is not None)
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body


def answer(args, *raw, **options):
    """[status] of requests one after the other, and the events that came of them."""
    async def scenario(port, events):
        statuses, found = [], []
        for one in raw:
            statuses.append((await send(port, one, **options))[0])
            if statuses[-1] == 200:
                found.append(await events.next(5))
        await events.none_within(0.1)
        return statuses, found
    return run(scenario, args)


def test_a_signed_webhook_says_that_something_changed(args):
    statuses, events = answer(args, request())
    assert (statuses, events) == ([200], [{"source": "elmo", **EVERYBODY}])


def test_an_option_says_where_the_key_is(args):
    statuses, events = answer({**args, "key": "data.employeeNumber", "source": "elmo_au"}, request())
    assert events == [{"source": "elmo_au", "kind": "changed", "everybody": False, "only": ["E10001"], "changes": [{"key": "E10001", "kind": "changed"}]}]


@pytest.mark.parametrize("body", [
    b"not json", b"", b"[]", b"null", b'{"data": 7}', b'{"data": {"employeeNumber": null}}', b'{"data": {"employeeNumber": {"a": 1}}}', b"\xff\xfe",
    b'{"data": {"employeeNumber": "{{ 1 }}"}}', b'{"data": {"employeeNumber": "' + b"7" * 300 + b'"}}', b"[" * 50_000, b'{"data": {"employeeNumber": ' + b"9" * 5000 + b"}}",
], ids=range(12))
def test_a_signed_body_without_a_key_is_about_everybody(args, body):
    statuses, events = answer({**args, "key": "data.employeeNumber"}, request(body))
    assert (statuses, events) == ([200], [{"source": "elmo", **EVERYBODY}])


def test_a_number_is_a_key_too(args):
    assert answer({**args, "key": "id"}, request(b'{"id": 7}'))[1][0]["only"] == ["7"]


def raw_signature(text):
    return request(signed_with=None, elmo_webhook_signature=text)


@pytest.mark.parametrize("raw", [
    request(signed_with=None),
    request(signed_with=OTHER),
    raw_signature("!!! not base64"),
    raw_signature(""),
    raw_signature("A" * 6000),
    raw_signature(base64.b64encode(b"\0" * 256).decode()),
    raw_signature(elmo_keys.signature(KEY, BODY + b" ")),
    raw_signature(elmo_keys.signature(KEY, BODY, hashes.SHA1())),
    raw_signature(elmo_keys.signature(KEY, BODY, hashes.SHA512())),
    raw_signature(elmo_keys.signature(KEY, BODY, scheme=padding.PSS(padding.MGF1(hashes.SHA256()), 32))),
    raw_signature(elmo_keys.signature(KEY, BODY) + "\r\nelmo-webhook-signature: " + elmo_keys.signature(OTHER, BODY)),
], ids=["none", "other key", "no base64", "empty", "long", "zeros", "other body", "sha1", "sha512", "pss", "two"])
def test_a_wrong_signature_is_refused_without_detail(args, raw):
    async def scenario(port, events):
        status, said = await send(port, raw)
        await events.none_within(0.1)
        return status, said
    status, said = run(scenario, args)
    assert status == 403
    assert said.endswith(b"\r\n\r\n"), "no body"
    assert b"Aroha" not in said and b"ignature" not in said


def test_two_certificates_while_elmo_changes_its_key(args, tmp_path):
    (tmp_path / "elmo.pem").write_bytes(elmo_keys.certificate(OTHER) + elmo_keys.certificate(KEY))
    assert answer(args, request(), request(b"2", signed_with=OTHER), request(b"3", signed_with=elmo_keys.rsa_key()))[0] == [200, 200, 403]


def test_a_replay_is_refused(args):
    assert answer(args, request(), request(), request(BODY + b" "))[0] == [200, 409, 200]


def test_an_identifier_in_the_body(args):
    with_id = {**args, "identifier": "id"}
    same = request(b'{"id": "evt-1", "try": 2}')
    assert answer(with_id, request(), same, request(b'{"id": "evt-2"}'), request(b'{"a": 1}'), request(b'{"a": 1}'))[0] == [200, 409, 200, 200, 409]


def test_a_replay_is_forgotten_after_a_while(args):
    async def scenario(port, events):
        found = []
        for pause in (0, 0, 1.2):
            await asyncio.sleep(pause)
            found.append((await send(port, request()))[0])
            if found[-1] == 200:
                await events.next()
        return found
    assert run(scenario, {**args, "replay_seconds": 1}) == [200, 409, 200]
    assert answer({**args, "replay_seconds": 0, "port": free_port()}, request(), request())[0] == [200, 200]


def test_what_was_seen_is_bounded(monkeypatch):
    monkeypatch.setattr("ansible_collections.hris.ad.plugins.module_utils._hris.events.seen_before.MOST", 3)
    seen = SeenBefore(100)
    assert [seen.is_new(str(number).encode()) for number in range(5)] == [True] * 5
    assert not seen.is_new(b"4") and seen.is_new(b"0")


def test_a_refused_webhook_is_not_remembered(args):
    assert answer(args, request(signed_with=OTHER), request())[0] == [403, 200]


@pytest.mark.parametrize("path", ["/", "/elmo/", "/elmo/../elmo", "/%65lmo/..", "/../../etc/passwd", "/elmo%2f", "//elmo", "/elm"])
def test_any_other_path_is_not_found(args, path):
    assert answer(args, request(path=path))[0] == [404]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD", "OPTIONS"])
def test_any_other_method_is_refused(args, method):
    assert answer(args, request(method=method))[0] == [405]


@pytest.mark.parametrize(("header", "status"), [
    (None, 401), ("Bearer wrong", 401), ("Basic s3cret-token", 401), ("Bearer s3cret-token ", 200), ("Bearer s3cret-token", 200), ("bearer s3cret-tokeñ", 401)])
def test_a_token_in_addition(args, header, status):
    assert answer({**args, "token": "s3cret-token"}, request(Authorization=header))[0] == [status]


def test_the_token_comes_from_the_environment_and_stays_out_of_the_log(args, monkeypatch, caplog):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("HRIS_ELMO_WEBHOOK_TOKEN", "s3cret-token")
    assert answer(args, request(), request(Authorization="Bearer s3cret-token"))[0] == [401, 200]
    assert "s3cret-token" not in caplog.text and "Aroha" not in caplog.text and "E10001" not in caplog.text
    assert "Refused requests: 1 (401 Unauthorized)" in caplog.text


@pytest.mark.parametrize("raw", [
    request(b"x" * 10_000_000),
    request(b"x" * 300_000),
    request(b"x", length=10_000_000_000),
    request(b"%x\r\n%s\r\n0\r\n\r\n" % (400_000, b"x" * 400_000), Content_Length=None, Transfer_Encoding="chunked"),
], ids=["10 MB", "300 KB", "announced", "chunked"])
def test_a_large_body_is_refused(args, raw):
    began = time.monotonic()
    assert answer(args, raw)[0] == [413]
    assert time.monotonic() - began < 8


def test_a_compressed_body_is_never_decompressed(args):
    """200 KB of gzip that are 200 MB; what is signed is what was sent."""
    body = gzip.compress(b"0" * 200_000_000, 9)
    assert len(body) < 250_000
    assert answer({**args, "key": "id"}, request(body, Content_Encoding="gzip"))[0] == [200]


def test_a_slow_body_is_cut_off(args):
    began = time.monotonic()
    assert answer({**args, "body_seconds": 0.5}, request(length=len(BODY) + 5))[0] == [408]
    assert time.monotonic() - began < 5


def test_slow_headers_are_cut_off(args):
    began = time.monotonic()
    assert answer({**args, "request_seconds": 1}, request(), pause=0.2, parts=15)[0] == [None]
    assert time.monotonic() - began < 20


@pytest.mark.parametrize("raw", [
    request(X_Long="a" * 100_000), request(**{f"X-{number}": "a" for number in range(3000)}), b"POST " + b"/" * 100_000 + b" HTTP/1.1\r\n\r\n",
    b"\0\xff\xfe garbage\r\n\r\n", request(Content_Length="-5"), request(Content_Length="7, 9"), request(Transfer_Encoding="chunked"),
], ids=["long header", "many headers", "long path", "garbage", "negative", "two lengths", "smuggling"])
def test_what_is_no_proper_request_is_refused(args, raw, caplog):
    statuses, _events = answer(args, raw)
    assert statuses[0] in (400, 414, 431)
    assert "Traceback" not in caplog.text


def test_a_body_that_breaks_off(args):
    async def scenario(port, events):
        _reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request(length=len(BODY) + 100))
        await writer.drain()
        writer.transport.abort()
        await events.none_within(0.2)
        return (await send(port, request()))[0]
    assert run(scenario, args) == 200


def test_more_requests_than_are_received_at_the_same_time(args, caplog):
    async def scenario(port, events):
        slow = [asyncio.create_task(send(port, request(length=len(BODY) + 5))) for _number in range(30)]
        found = [status for status, _said in await asyncio.gather(*slow)]
        return sorted(found), (await send(port, request()))[0]
    found, accepted = run(scenario, {**args, "max_concurrent": 5, "body_seconds": 1})
    assert (found, accepted) == ([408] * 5 + [503] * 25, 200)
    assert "Traceback" not in caplog.text


def test_connections_that_say_nothing(args, caplog):
    """They take all the places there are, for a while."""
    async def scenario(port, events):
        silent = [await asyncio.open_connection("127.0.0.1", port) for _number in range(60)]
        found = [(await send(port, request()))[0] for _number in range(5)]
        ends = [await reader.read() for reader, _writer in silent]
        accepted = (await send(port, request()))[0]
        for _reader, writer in silent:
            writer.close()
        return found, ends, accepted
    assert run(scenario, {**args, "max_connections": 50, "request_seconds": 2}) == ([None] * 5, [b""] * 60, 200)
    assert "Traceback" not in caplog.text


def test_a_flood_of_refusals_is_one_line_at_a_time(monkeypatch):
    """The last ones are told too, although no request comes after them."""
    monkeypatch.setattr("ansible_collections.hris.ad.plugins.module_utils._hris.events.refusals.EVERY", 0.2)
    lines = []

    async def flood():
        refusals = Refusals(lines.append)
        for reason in ["403 Forbidden"] * 1000 + ["409 Conflict"]:
            refusals.add(reason)
        assert lines == ["Refused requests: 1 (403 Forbidden)"]
        await asyncio.sleep(0.5)
        assert lines[1:] == ["Refused requests: 999 (403 Forbidden), 1 (409 Conflict)"]
        refusals.add("409 Conflict")
    asyncio.run(flood())
    assert lines[2:] == ["Refused requests: 1 (409 Conflict)"]


@pytest.fixture
def tls(args, tmp_path):
    """Arguments with TLS, and a client's context that trusts the server."""
    key = elmo_keys.rsa_key()
    (tmp_path / "server.pem").write_bytes(elmo_keys.certificate(key))
    (tmp_path / "server.key").write_bytes(elmo_keys.private_pem(key, b"hidden"))
    context = ssl.create_default_context(cafile=str(tmp_path / "server.pem"))
    context.check_hostname = False
    return {**args, "certfile": str(tmp_path / "server.pem"), "keyfile": str(tmp_path / "server.key"), "password": "hidden"}, context


def test_over_tls(tls):
    args, context = tls
    assert answer(args, request(), context=context)[0] == [200]


def test_no_plain_http_beside_tls(tls):
    args, _context = tls
    assert answer(args, request())[0] == [None]


def test_a_client_shows_a_certificate(tls, tmp_path):
    args, context = tls
    key = elmo_keys.rsa_key()
    (tmp_path / "client.pem").write_bytes(elmo_keys.certificate(key) + elmo_keys.private_pem(key))
    (tmp_path / "client-ca.pem").write_bytes(elmo_keys.certificate(key))
    args = {**args, "cafile": str(tmp_path / "client.pem")}

    async def without(port, events):
        with contextlib.suppress(ssl.SSLError, ConnectionError):
            return (await send(port, request(), context))[0]
    assert run(without, args) is None
    context.load_cert_chain(str(tmp_path / "client.pem"))
    assert answer({**args, "port": free_port()}, request(), context=context)[0] == [200]


def refused(args):
    with pytest.raises(HrisError) as caught:
        run(None, args)
    return str(caught.value)


def test_arguments_that_cannot_work(args, tls, tmp_path):
    assert refused({**args, "host": "0.0.0.0"}).startswith("host: others can reach this address")
    assert refused({**args, "keyfile": "/x"}).startswith("keyfile: without certfile there is no TLS")
    assert refused({**args, "prot": 1}).startswith("hris.ad.elmo_webhook: unknown argument prot. Supported")
    assert refused({"port": 1}).startswith("hris.ad.elmo_webhook: missing required arguments: elmo_certificate")
    assert refused({**args, "path": "/{x}"}).startswith("path: '/{x}' is no path")
    assert refused({**args, "key": "a ||"}).startswith("key: ")
    assert refused({**args, "port": 70000}).startswith("port: 70000 is no port")
    assert refused({**args, "max_body_kb": 0}).startswith("max_body_kb: 0 is too small")
    assert refused({**tls[0], "password": "wrong"}).startswith(f"certfile {tmp_path}/server.pem: certificate and private key cannot be used")
    assert "hidden" not in refused({**tls[0], "password": None})


def test_addresses_that_are_taken(args):
    async def scenario(port, events):
        with pytest.raises(HrisError, match=f"port {port}: the address cannot be used"):
            async with running("elmo_webhook", args) as others:
                await others.next(5)
    run(scenario, args)


@pytest.mark.parametrize(("content", "message"), [
    (b"nothing", "holds no certificate"), (elmo_keys.certificate(elmo_keys.ec_key()), "no RSA key"), (elmo_keys.certificate(elmo_keys.rsa_key(1024)), "has 1024 bits")])
def test_certificates_that_cannot_be_used(args, tmp_path, content, message):
    (tmp_path / "elmo.pem").write_bytes(content)
    said = refused(args)
    assert said.startswith(f"elmo_certificate {tmp_path}/elmo.pem: ") and message in said


def test_a_certificate_that_ended(args, tmp_path, caplog):
    (tmp_path / "elmo.pem").write_bytes(elmo_keys.certificate(KEY, days=-2))
    assert answer(args, request())[0] == [200]
    assert "the certificate ended on" in caplog.text


def test_a_certificate_that_others_may_write(args, tmp_path):
    (tmp_path / "elmo.pem").chmod(0o666)
    assert "others may write this file" in refused(args)
