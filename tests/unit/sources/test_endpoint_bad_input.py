"""Whatever a server does instead of answering is one clear error, from the first page to a dependent call, and without the secret."""
from __future__ import annotations

import contextlib
import socket
import ssl
import subprocess
import threading

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.sources.rest import source
from hr_server import DROP, answer, serving
from test_source_endpoint import settings

SECRET = "s3cr3t-k3y"
TOKEN = "g1ven-t0ken"
AUTHS = {
    "in a header": {"type": "api_key", "key": SECRET},
    "in the query": {"type": "api_key", "key": SECRET, "key_name": "code", "key_location": "query"},
    "Basic": {"type": "basic", "username": "anna", "password": SECRET},
    "Bearer": {"type": "bearer", "token": SECRET},
    "OAuth": {"type": "oauth2", "client_id": "lab", "client_secret": SECRET, "token_url": "/token"},
}


def said(request, kind):
    """The answers that are none, each repeating whatever it was asked with."""
    echoed = f"{request['headers']} {request['query']} {SECRET}"
    return {
        "refused": lambda: answer({"detail": f"Not with {echoed}"}, 403),
        "not known": lambda: answer({"message": echoed}, 401),
        "redirect to a login page": lambda: answer(b"", 302, Location=f"https://login.example.com/{SECRET}?back={SECRET}"),
        "login page": lambda: answer(f"<html><title>Log in {SECRET}</title></html>", Content_Type="text/html"),
        "CSV": lambda: answer(f"id;{SECRET}", Content_Type="text/csv"),
        "XML": lambda: answer(f"<people of='{SECRET}'/>", Content_Type="application/xml"),
        "picture": lambda: answer(b"\x89PNG\xff", Content_Type="image/png"),
        "nothing": lambda: answer(b""),
        "cut": lambda: answer('[{"id": 1}, {"id'),
        "oversized": lambda: answer(b"[" + b" " * 2_000_000 + b"]"),
        "dropped": lambda: DROP,
        "busy": lambda: answer({"message": echoed}, 503),
        "an hour's pause": lambda: answer({}, 429, Retry_After="3600"),
        "no list": lambda: answer({"items": {"a": SECRET}}),
        "an error as an answer": lambda: answer({"error": f"No {SECRET}"}),
    }[kind]()


EXPECTED = {
    "refused": "HTTP 403: Not with ",
    "not known": "HTTP 401: ",
    "redirect to a login page": "the server redirects to https://login.example.com/******** instead of answering. Redirects are not followed",
    "login page": "the answer is a web page titled 'Log in ********', not JSON",
    "CSV": "the answer is text/csv, not JSON: 'id;********'",
    "XML": "the answer is XML (application/xml), not JSON",
    "picture": "the answer is not UTF-8 text",
    "nothing": "the answer is empty",
    "cut": "the answer breaks off after 16 characters: its JSON is cut",
    "oversized": "the answer is larger than 1 MiB. Raise max_response_mb",
    "dropped": "the server closed the connection without an answer",
    "busy": "HTTP 503, 3 times in a row: ",
    "an hour's pause": "the server asks to come back in 3600 seconds",
    "no list": "one object, not a list of records, is the answer of endpoint ",
    "an error as an answer": "the answer is an error: No ********",
}


def failure(url, auth=None, **more) -> str:
    """The one error of three endpoints: a list in pages, and one called for each of its records."""
    warnings = []
    described = [{"name": "people", "url": "/people", "key": "id", "paging": {"type": "page", "stop": "length(@) < `2`"}},
                 {"name": "badges", "url": "/badges/{value}", "into": "badges", "many": True, "dependent": {"of": "people", "value": "id"}}]
    with pytest.raises(HrisError) as error:
        source.fetch({**settings(base_url=url, endpoints=described, auth=auth or AUTHS["in a header"]), **more}, warnings.append)
    text = " ".join([str(error.value), *warnings])
    assert SECRET not in text and TOKEN not in text
    assert "object at 0x" not in text and "Traceback" not in text
    return str(error.value)


@pytest.mark.parametrize("auth", AUTHS)
@pytest.mark.parametrize("kind", EXPECTED)
def test_on_the_second_page(kind, auth):
    def respond(request):
        if request["path"] == "/token":
            return answer({"access_token": TOKEN})
        return answer([{"id": 1}, {"id": 2}]) if request["query"].get("page") == "1" else said(request, kind)
    with serving(respond) as server:
        text = failure(server.url, AUTHS[auth], max_response_mb=1)
    assert EXPECTED[kind] in text
    assert "/people?page=2: " in text or "people" in text


@pytest.mark.parametrize("kind", EXPECTED)
def test_in_a_dependent_call(kind):
    def respond(request):
        return answer([{"id": 1}]) if request["path"] == "/people" else said(request, kind)
    with serving(respond) as server:
        text = failure(server.url, max_response_mb=1)
    assert EXPECTED[kind] in text
    assert text.startswith("endpoint badges, ")


@pytest.mark.parametrize("kind", [kind for kind in EXPECTED if kind not in ("no list", "an error as an answer")])
def test_where_a_token_is_asked_for(kind):
    with serving(lambda request: said(request, kind)) as server:
        text = failure(server.url, AUTHS["OAuth"], max_response_mb=1)
    assert EXPECTED[kind] in text


def test_silence():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        text = failure(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout=0.1, retries=0)
    assert "no answer within 0.1 seconds. Raise timeout" in text


def test_an_answer_without_an_end():
    stop = threading.Event()

    def drip(connection):
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[")
        with contextlib.suppress(OSError):
            while not stop.wait(0.02):
                connection.sendall(b" ")
        connection.close()
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=lambda: drip(server.accept()[0]), daemon=True)
        thread.start()
        text = failure(f"http://127.0.0.1:{server.getsockname()[1]}", max_response_seconds=0.2, retries=0)
        stop.set()
        thread.join(2)
    assert "the answer did not end within 0.2 seconds" in text


AUTHORITY = """
[ca]
default_ca = own
[own]
database = index
serial = serial
new_certs_dir = .
default_md = sha256
policy = any
x509_extensions = names
[any]
commonName = supplied
[names]
subjectAltName = {names}
"""


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """{name: (certificate, key)}: one that nobody knows, one for another name, one that has ended; all signed by themselves."""
    found = {}
    for name, names, start, end in (("unknown", "IP:127.0.0.1", "20250101000000Z", "21000101000000Z"),
                                    ("another", "DNS:elsewhere.example", "20250101000000Z", "21000101000000Z"),
                                    ("ended", "IP:127.0.0.1", "20200101000000Z", "20200201000000Z")):
        folder = tmp_path_factory.mktemp(name)
        (folder / "config").write_text(AUTHORITY.format(names=names))
        (folder / "index").write_text("")
        (folder / "serial").write_text("01")
        for command in (["req", "-new", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=lab", "-keyout", "key.pem", "-out", "request.pem"],
                        ["ca", "-batch", "-selfsign", "-config", "config", "-keyfile", "key.pem", "-in", "request.pem", "-startdate", start,
                         "-enddate", end, "-notext", "-out", "cert.pem"]):
            subprocess.run(["openssl", *command], cwd=folder, check=True, capture_output=True)
        found[name] = (folder / "cert.pem", folder / "key.pem")
    return found


@pytest.mark.parametrize(("name", "trusted", "expected"), [
    ("unknown", False, "the server's certificate is not trusted: self-signed certificate. Set ca_cert to the certificate of the authority"),
    ("another", True, "the server's certificate is not trusted: IP address mismatch"),
    ("ended", True, "the server's certificate is not trusted: certificate has expired. The server needs a new certificate"),
])
def test_certificates(certificates, name, trusted, expected):
    certificate, key = certificates[name]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with serving(lambda request: answer([]), tls=context) as server:
        text = failure(server.url, ca_cert=str(certificate) if trusted else None, retries=0)
        assert server.seen == []
    assert expected in text


@pytest.mark.parametrize(("where", "expected"), [
    ({"base_url": f"https://anna:{SECRET}@hr.example.com"}, "base_url: the address carries a user name or password. Give credentials in their own"),
    ({"base_url": f"https://hr.example.com/?code={SECRET}"}, "base_url: the address carries a query or a fragment."),
    ({"url": f"/people?code={SECRET}"}, "endpoints[0] (people).url: the address carries a query. Give what stands behind the question mark as params."),
    ({"url": f"https://hr.example.com/people#{SECRET}"}, "endpoints[0] (people).url: the address carries a query or a fragment."),
    ({"url": f"https://x:{SECRET}@hr.example.com/people"}, "endpoints[0] (people).url: the address carries a user name or password."),
    ({"auth": {"type": "oauth2", "client_id": "a", "client_secret": "b", "token_url": f"https://hr.example.com/t?key={SECRET}"}},
     "auth.token_url: the address carries a query or a fragment."),
])
def test_a_secret_in_an_address(where, expected):
    with pytest.raises(HrisError) as error:
        source.fetch(settings(base_url=where.get("base_url", "https://hr.example.com"), auth=where.get("auth", {"type": "none"}),
                                endpoints=[{"name": "people", "url": where.get("url", "/people")}]), [].append)
    assert expected in str(error.value)
    assert SECRET not in str(error.value)
