"""The door to HR systems: every way to fail is one clear error, and no message holds a secret."""
from __future__ import annotations

import contextlib
import gzip
import socket
import ssl
import subprocess
import threading
import time

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import (
    HrisError,
    RefusedError,
    RequestFailedError,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.web.client import Client, Credentials
from ansible_collections.hris.ad.plugins.module_utils._hris.web.options import HttpOptions
from hr_server import DROP, OPTIONS, answer, in_turn, serving

SECRET = "s3cr3t-t0ken"


def client(url, warnings=None, **options):
    made = Client(url, HttpOptions.from_params({**OPTIONS, **options}), (warnings if warnings is not None else []).append)
    made.secrets.append(SECRET)
    made.authentication = lambda refused: None if refused else Credentials(headers={"Authorization": f"Bearer {SECRET}"})
    return made


def failure(url, **options) -> str:
    with pytest.raises(HrisError) as error:
        client(url, **options).get("/people", {"page": 3, "email": "mia@example.com"})
    text = str(error.value)
    assert SECRET not in text
    assert "mia@example.com" not in text
    assert "object at 0x" not in text
    return text


BAD_ANSWERS = {
    "unauthorised": (answer({"detail": "Token expired"}, 401), "/people?page=3: HTTP 401: Token expired. The credentials are wrong"),
    "forbidden": (answer({"error": [[{"code": 403, "message": "Authorization bearer token is empty"}]]}, 403),
                  "HTTP 403: Authorization bearer token is empty."),
    "missing": (answer({"title": "An error occurred", "detail": "User not found"}, 404), "HTTP 404: User not found. Is the address right"),
    "violations": (answer({"title": "Invalid", "violations": [{"propertyPath": "page", "message": "too big"}]}, 422),
                   "HTTP 422: Invalid; page: too big."),
    "empty 500": (answer(b"", 500), "HTTP 500, 3 times in a row, with an empty body."),
    "web page as error": (answer("<html><head><title>Bad\ngateway</title>…", 502),
                          "HTTP 502, 3 times in a row: a web page titled 'Bad gateway'."),
    "redirect": (answer(b"", 302, Location="https://login.example.com/sign-in?return=abc"),
                 "the server redirects to https://login.example.com/sign-in instead of answering. Redirects are not followed"),
    "empty": (answer(b" "), "the answer is empty."),
    "html": (answer("<!DOCTYPE html><title>Sign &amp; in</title>"),
             "the answer is a web page titled 'Sign & in', not JSON. Is the address"),
    "sentence": (answer("REST is off"), "the answer is not JSON: 'REST is off'."),
    "cut json": (answer('{"data": [{"id": 1}, {"id'), "the answer breaks off after 25 characters: its JSON is cut."),
    "cut json between values": (answer('{"data": [{"id": 1},'), "the answer breaks off after 20 characters: its JSON is cut."),
    "broken json": (answer('{"data": [}, 1]}'), "the answer is broken JSON: Expecting value at character 10."),
    "not text": (answer(b'{"name": "\xff"}'), "the answer is not UTF-8 text (byte 10)."),
    "deep": (answer("[" * 100_000), "the answer cannot be read: it is nested too deeply."),
    "echoed secret": (answer({"detail": f"bad token {SECRET}"}, 400), "HTTP 400: bad token ********."),
}


@pytest.mark.parametrize("name", BAD_ANSWERS)
def test_a_bad_answer_is_one_clear_error(name):
    said, expected = BAD_ANSWERS[name]
    with serving(in_turn(said)) as server:
        assert expected in failure(server.url)


def test_a_long_answer_of_the_server_is_cut():
    with serving(in_turn(answer({"detail": "x" * 5000}, 400))) as server:
        assert len(failure(server.url)) < 500


def test_unreachable():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        assert "no connection: Connection refused. Is the address right" in failure(url)


def test_unknown_host():
    assert "no connection: " in failure("http://hr.invalid")


def test_silent_server():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        text = failure(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout=0.1, retries=1)
    assert "no answer within 0.1 seconds. Raise timeout" in text


def test_tls_where_there_is_none():
    with serving(in_turn(answer({}))) as server:
        assert "no TLS connection: " in failure(server.url.replace("http:", "https:"))


def test_proxy_that_is_not_there():
    with serving(in_turn(answer({}))) as server, socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        text = failure(server.url, proxy=f"http://user:{SECRET}@127.0.0.1:{unused.getsockname()[1]}")
    assert "the proxy does not accept the request: Connection refused. Check the option proxy" in text
    assert server.seen == []


def test_requests_go_through_the_proxy(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with serving(in_turn(answer({"through": "proxy"}))) as proxy:
        assert client("http://hr.invalid", proxy=proxy.url).get("/people") == {"through": "proxy"}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
                    "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "cert.pem"],
                   cwd=folder, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context, str(folder / "cert.pem")


def test_certificate_that_is_not_trusted_is_refused_at_once(certificate, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "")
    with serving(in_turn(answer({})), tls=certificate[0]) as server:
        text = failure(server.url, retry_backoff=60)
        assert "the server's certificate is not trusted: self" in text
        assert "Set ca_cert" in text
        assert server.seen == []


def test_certificate_of_another_name(certificate):
    with serving(in_turn(answer({})), tls=certificate[0]) as server:
        text = failure(server.url.replace("127.0.0.1", "localhost"), ca_cert=certificate[1])
    assert "the server's certificate is not trusted: Hostname mismatch, certificate is not valid for 'localhost'. Use the name" in text


def test_ca_cert_that_holds_no_certificate(tmp_path):
    (tmp_path / "ca.pem").write_text("hello")
    with pytest.raises(HrisError, match=r"ca.pem: the file holds no certificate that can be read. It must be a PEM file"):
        client("https://hr.example.com", ca_cert=str(tmp_path / "ca.pem"))


def test_certificate_that_is_trusted(certificate, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere.pem")
    with serving(in_turn(answer([1])), tls=certificate[0]) as server:
        assert client(server.url, ca_cert=certificate[1]).get("/people") == [1]


def test_certificate_that_is_not_verified(certificate, monkeypatch, recwarn):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", certificate[1])
    warnings = []
    with serving(in_turn(answer([1])), tls=certificate[0]) as server:
        assert client(server.url, warnings, validate_certs=False).get("/people") == [1]
    assert warnings == ["validate_certs is false: the identity of the server is not verified."]
    assert not recwarn.list


def test_ca_cert_that_is_missing():
    with pytest.raises(HrisError, match=r"^ca_cert /nowhere.pem: the file cannot be read: No such file"):
        client("https://hr.example.com", ca_cert="/nowhere.pem")


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_passing_trouble_is_tried_again(status):
    with serving(in_turn(answer("busy", status), answer("busy", status), answer({"ok": True}))) as server:
        made = client(server.url)
        assert made.get("/people") == {"ok": True}
        assert made.counts == {"requests": 3, "retries": 2}
        assert len(server.seen) == 3


@pytest.mark.parametrize("broken", [DROP, answer(b'{"data"', Content_Length="5000")], ids=["before the answer", "in its middle"])
def test_a_broken_connection_is_tried_again(broken):
    with serving(in_turn(broken, answer({"ok": True}))) as server:
        made = client(server.url)
        assert made.get("/people") == {"ok": True}
        assert made.counts == {"requests": 2, "retries": 1}


def test_connection_that_always_breaks():
    with serving(in_turn(DROP)) as server:
        assert "the server closed the connection without an answer" in failure(server.url)
        assert len(server.seen) == 3


def test_answer_that_always_breaks():
    with serving(in_turn(answer(b'{"data"', Content_Length="5000"))) as server:
        assert "the connection broke in the middle of the answer: fewer bytes came than were announced" in failure(server.url)
        assert len(server.seen) == 3


def test_kinds_of_errors_say_whether_the_server_has_the_request(certificate):
    def kind(url, **options):
        with pytest.raises(HrisError) as error:
            client(url, retries=0, **options).request("POST", "/people", json={})
        return type(error.value), error.value.sent
    with serving(in_turn(DROP)) as server:
        assert kind(server.url) == (RequestFailedError, True)
        assert kind(server.url.replace("http:", "https:")) == (RequestFailedError, False)
    assert kind(server.url) == (RequestFailedError, False)
    assert kind("http://hr.invalid") == (RequestFailedError, False)
    with serving(in_turn(answer({})), tls=certificate[0]) as server:
        assert kind(server.url) == (RequestFailedError, False)
    with serving(in_turn(answer({}))) as server:
        assert kind(server.url, proxy="http://127.0.0.1:1") == (RequestFailedError, False)
    with serving(in_turn(answer(b'{"data"', Content_Length="5000"))) as server:
        assert kind(server.url) == (RequestFailedError, True)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert kind(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout=0.1) == (RequestFailedError, True)


@pytest.mark.parametrize("status", [302, 400, 401, 422, 503])
def test_the_kind_of_a_refusal_has_its_status(status):
    with serving(in_turn(answer({}, status))) as server, pytest.raises(RefusedError) as error:
        client(server.url, retries=0).get("/people")
    assert error.value.status == status


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_lasting_trouble_is_not_tried_again(status):
    with serving(in_turn(answer({}, status))) as server:
        failure(server.url)
        assert len(server.seen) == 1


def test_a_status_that_is_an_answer_is_not_tried_again():
    with serving(lambda request: answer({}, 500 if request["path"] == "/gone" else 503)) as server:
        made = client(server.url)
        assert made.get("/gone", tolerate=(404, 500)) is None and len(server.seen) == 1
        response = made.request("GET", "/gone", final=(500,))
        assert (response.status, len(server.seen), response.repeatable) == (500, 2, False)
        assert made.request("GET", "/busy", final=(500,)).status == 503 and len(server.seen) == 5
        with pytest.raises(RefusedError, match="HTTP 500, 3 times in a row"):
            made.get("/gone")


def test_short_pause_that_the_server_asks_for():
    with serving(in_turn(answer("slow down", 429, Retry_After="0"), answer([]))) as server:
        assert client(server.url, retry_backoff=60).get("/people") == []


@pytest.mark.parametrize("pause", ["3600", "Wed, 01 Jan 2500 00:00:00 GMT"])
def test_long_pause_that_the_server_asks_for(pause):
    with serving(in_turn(answer("slow down", 429, Retry_After=pause))) as server:
        text = failure(server.url)
        assert "the server asks to come back in " in text
        assert "That is more than retry_after_max (1 seconds)" in text
        assert len(server.seen) == 1


def test_pause_that_nobody_understands():
    with serving(in_turn(answer("slow down", 429, Retry_After="soon"), answer([]))) as server:
        assert client(server.url).get("/people") == []


def test_rate_limit_that_stays():
    with serving(in_turn(answer({"detail": "Rate limit exceeded"}, 429))) as server:
        assert "HTTP 429, 3 times in a row: Rate limit exceeded. The server limits the number of requests" in failure(server.url)


def test_answer_too_large():
    with serving(in_turn(answer(json_of_megabytes(2)))) as server:
        assert "the answer is larger than 1 MiB. Raise max_response_mb" in failure(server.url, max_response_mb=1)


def json_of_megabytes(count) -> bytes:
    return b'"' + b"x" * (count * 1024 * 1024) + b'"'


def test_credentials_of_netrc_are_not_sent(tmp_path, monkeypatch):
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login root password toor\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    with serving(in_turn(answer({}))) as server:
        made = client(server.url)
        made.get("/people")
        made.request("POST", "/token", authenticated=False, json={})
    assert [request["headers"].get("authorization") for request in server.seen] == [f"Bearer {SECRET}", None]


def test_redirect_does_not_take_the_credentials_along():
    with serving(in_turn(answer({}))) as other, serving(in_turn(answer(b"", 307, Location=other.url))) as server:
        assert f"redirects to {other.url} instead" in failure(server.url)
        assert other.seen == []


@pytest.mark.parametrize(("url", "expected"), [
    ("", "not an http or https address"),
    ("hr.example.com/api", "not an http or https address"),
    ("ftp://hr.example.com", "not an http or https address"),
    ("https://hr.example.com:port", "not an http or https address"),
    ("https://root:toor@hr.example.com", "carries a user name or password"),
    ("https://hr.example.com/?token=x", "carries a query"),
])
def test_address_that_cannot_be_right(url, expected):
    with pytest.raises(HrisError) as error:
        client(url)
    assert str(error.value).startswith("base_url: ")
    assert expected in str(error.value)
    assert "toor" not in str(error.value)


def test_redirect_with_a_password_in_it():
    with serving(in_turn(answer(b"", 302, Location="https://root:toor@login.example.com/in"))) as server:
        assert "redirects to https://login.example.com/in instead" in failure(server.url)


def test_answer_with_a_byte_order_mark():
    with serving(in_turn(answer(b"\xef\xbb\xbf[1]"))) as server:
        assert client(server.url).get("/people") == [1]


def test_redirect_to_nowhere():
    with serving(in_turn(answer(b"", 302, Location="http://["))) as server:
        assert "redirects to an address that cannot be read instead" in failure(server.url)


@pytest.mark.parametrize(("option", "value"), [("timeout", 0.0), ("connect_timeout", -1.0), ("retries", -1), ("max_response_mb", 0)])
def test_number_that_makes_no_sense(option, value):
    with pytest.raises(HrisError, match=f"^{option}: {value} is too small. It is at least "):
        client("https://hr.example.com", **{option: value})


@pytest.mark.parametrize(("url", "warned"), [
    ("http://hr.example.com", True), ("https://hr.example.com", False), ("http://127.0.0.1:80", False)])
def test_clear_text_is_warned_of(url, warned):
    warnings = []
    client(url, warnings)
    assert bool(warnings) == warned


@pytest.mark.parametrize(("body", "content_type", "expected"), [
    ({"json": {"a": [1, "ü"]}}, "application/json", b'{"a": [1, "\\u00fc"]}'),
    ({"data": {"a": "b c", "d": ["1", "2"]}}, "application/x-www-form-urlencoded", b"a=b+c&d=1&d=2"),
    ({"data": "<a>ü</a>"}, "application/xml", "<a>ü</a>".encode()),
    ({}, "text/plain", b""),
])
@pytest.mark.parametrize("method", ["POST", "put", "PATCH", "DELETE"])
def test_any_request(method, body, content_type, expected):
    with serving(in_turn(answer({"id": 7}, 201, X_Request_Id="r1"))) as server:
        made = client(server.url)
        said = made.request(method, "/people", {"tag": ["a", "b"]}, {"Content-Type": content_type, "X-Mine": "1", "Accept": "text/plain"}, **body)
    seen = server.seen[0]
    assert (seen["method"], seen["body"], seen["headers"]["x-mine"], seen["headers"]["accept"]) == (method.upper(), expected, "1", "text/plain")
    assert seen["headers"]["content-type"] == content_type
    assert seen["headers"]["authorization"] == f"Bearer {SECRET}"
    assert (said.status, said.headers["x-request-id"], said.body, said.attempts) == (201, "r1", b'{"id": 7}', 1)
    assert made.decode(said) == {"id": 7}


@pytest.mark.parametrize(("repeat", "times"), [(None, 1), (False, 1), (True, 3)])
@pytest.mark.parametrize("said", [answer("busy", 503), DROP, answer(b'{"data"', Content_Length="5000")], ids=["busy", "dropped", "cut"])
def test_a_write_is_sent_again_only_where_it_may(repeat, times, said):
    with serving(in_turn(said)) as server:
        made = client(server.url)
        if said == answer("busy", 503):
            assert made.request("POST", "/people", repeat=repeat, json={}).attempts == times
        else:
            with pytest.raises(HrisError):
                made.request("POST", "/people", repeat=repeat, json={})
        assert len(server.seen) == times


@pytest.mark.parametrize("headers", [{"X-Name": "a\r\nX-Other: b"}, {"X-Name": "\u4e2d"}, {"X Name\n": "a"}])
def test_header_that_cannot_be_sent(headers):
    with serving(in_turn(answer({}))) as server:
        with pytest.raises(HrisError, match=r"the header 'X.Name.*' holds characters that no header may have"):
            client(server.url).request("GET", "/people", headers=headers)
        assert server.seen == []


@pytest.mark.parametrize(("content_type", "body", "expected"), [
    ("text/csv", "id;name\n1;Ann", "the answer is text/csv, not JSON: 'id;name 1;Ann'."),
    ("application/xml; charset=utf-8", "<people/>", "the answer is XML (application/xml), not JSON. Ask for JSON"),
    ("text/html", "<html><title>Log in</title>", "the answer is a web page titled 'Log in', not JSON"),
    ("application/pdf", b"%PDF-1.7 \xff", "the answer is not UTF-8 text"),
])
def test_wrong_content_type(content_type, body, expected):
    with serving(in_turn(answer(body, Content_Type=content_type))) as server:
        assert expected in failure(server.url)


def test_json_under_a_wrong_name_is_read():
    with serving(in_turn(answer([1], Content_Type="text/plain"))) as server:
        assert client(server.url).get("/people") == [1]


@pytest.mark.parametrize("chunked", [False, True])
def test_answer_that_never_ends(chunked):
    """A byte from time to time keeps the silence short for ever; the whole has an end of its own."""
    stop = threading.Event()

    def drip(connection):
        connection.recv(65536)
        how = b"Transfer-Encoding: chunked" if chunked else b"Content-Length: 1000000"
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + how + b"\r\n\r\n")
        with contextlib.suppress(OSError):
            while not stop.wait(0.02):
                connection.sendall(b"1\r\n \r\n" if chunked else b" ")
        connection.close()
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=lambda: drip(server.accept()[0]), daemon=True)
        thread.start()
        began = time.monotonic()
        text = failure(f"http://127.0.0.1:{server.getsockname()[1]}", max_response_seconds=0.2, retries=0)
        assert time.monotonic() - began < 2
        stop.set()
        thread.join(2)
    assert "the answer did not end within 0.2 seconds. Raise max_response_seconds" in text


def test_a_compressed_answer():
    with serving(in_turn(answer(gzip.compress(b'["' + b"x" * 300_000 + b'"]'), Content_Encoding="gzip"))) as server:
        assert client(server.url).get("/people") == ["x" * 300_000]


def test_a_compressed_answer_that_is_larger_than_it_looks():
    with serving(in_turn(answer(gzip.compress(json_of_megabytes(50)), Content_Encoding="gzip"))) as server:
        assert "the answer is larger than 1 MiB" in failure(server.url, max_response_mb=1)


def test_a_compressed_answer_that_is_none():
    with serving(in_turn(answer(b"not gzip at all", Content_Encoding="gzip"))) as server:
        assert "the connection broke in the middle of the answer" in failure(server.url, retries=0)
