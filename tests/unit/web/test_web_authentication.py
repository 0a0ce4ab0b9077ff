"""The option group `auth`: what each type sends, what it refuses, and that no message holds what it knows."""
from __future__ import annotations

import base64
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.web.authentication import authenticate
from ansible_collections.hris.ad.plugins.module_utils._hris.web.client import Client
from ansible_collections.hris.ad.plugins.module_utils._hris.web.options import HttpOptions
from hr_server import OPTIONS, answer, serving

SECRET = "s3cr3t/ü&x"
PLAIN = "s3cr3t-plain"
NOW = 1_800_000_000.0
BASIC = "Basic " + base64.b64encode(f"anna:{SECRET}".encode()).decode()


def jwt(**payload) -> str:
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in ({"alg": "HS256"}, payload)]
    return ".".join([*parts, "c2lnbmF0dXJl"])


ICEHRM = jwt(expire=NOW + 86400 * 90)


def made(url, warn=pytest.fail, **auth) -> Client:
    client = Client(url, HttpOptions.from_params(OPTIONS), warn)
    authenticate(client, auth, warn, clock=lambda: NOW)
    return client


@pytest.mark.parametrize(("auth", "header", "value", "query"), [
    ({"type": "none"}, "authorization", None, {}),
    ({}, "authorization", None, {}),
    ({"type": "none", "key": None, "username": ""}, "authorization", None, {}),
    ({"type": "api_key", "key": PLAIN}, "x-api-key", PLAIN, {}),
    ({"type": "api_key", "key": f"Token {PLAIN}", "key_name": "Authorization"}, "authorization", f"Token {PLAIN}", {}),
    ({"type": "api_key", "key": PLAIN, "key_name": "code", "key_location": "query"}, "x-api-key", None, {"code": PLAIN}),
    ({"type": "basic", "username": "anna", "password": SECRET}, "authorization", BASIC, {}),
    ({"type": "bearer", "token": PLAIN}, "authorization", f"Bearer {PLAIN}", {}),
    ({"type": "icehrm", "token": ICEHRM}, "authorization", f"Bearer {ICEHRM}", {}),
])
def test_what_is_sent(auth, header, value, query):
    with serving(lambda request: answer([])) as server:
        made(server.url, **auth).get("/people", {"page": 1})
    assert server.seen[0]["headers"].get(header) == value
    assert server.seen[0]["query"] == {"page": "1", **query}


@pytest.mark.parametrize(("kind", "variables", "header", "value"), [
    ("api_key", {"HRIS_AUTH_KEY": PLAIN}, "x-api-key", PLAIN),
    ("basic", {"HRIS_AUTH_USERNAME": "anna", "HRIS_AUTH_PASSWORD": SECRET}, "authorization", BASIC),
    ("bearer", {"HRIS_AUTH_TOKEN": PLAIN, "HRIS_ICEHRM_TOKEN": "another"}, "authorization", f"Bearer {PLAIN}"),
    ("icehrm", {"HRIS_AUTH_TOKEN": "another", "HRIS_ICEHRM_TOKEN": ICEHRM}, "authorization", f"Bearer {ICEHRM}"),
])
def test_what_is_not_given_comes_from_the_environment(kind, variables, header, value, monkeypatch):
    for name, text in variables.items():
        monkeypatch.setenv(name, text)
    with serving(lambda request: answer([])) as server:
        made(server.url, type=kind).get("/people")
    assert server.seen[0]["headers"][header] == value


@pytest.mark.parametrize(("auth", "expected"), [
    ({"type": "magic"}, "auth.type: there is no authentication type 'magic'."),
    ({"type": "api_key"}, "auth.key: it is not given. Set it, or the environment variable HRIS_AUTH_KEY."),
    ({"type": "api_key", "key": "a\nb"}, "auth.key: it holds characters that no header may have."),
    ({"type": "api_key", "key": "a", "key_name": "X Key"}, "auth.key_name: 'X Key' is not the name of a header."),
    ({"type": "basic", "username": "a:b", "password": "c"}, "auth.username: a user name for Basic holds no colon."),
    ({"type": "basic", "username": "a"}, "auth.password: it is not given."),
    ({"type": "bearer", "token": "Bearer x"}, "Give the token alone, without 'Bearer'."),
    ({"type": "bearer", "token": "x", "password": PLAIN}, "auth.password: authentication of the type bearer has no such option. Its options are token."),
    ({"token": PLAIN}, "auth.token: authentication of the type none has no such option. Set auth.type."),
    ({"type": "oauth2", "client_id": "a", "client_secret": PLAIN}, "auth.token_url: it is not given. Authentication of the type oauth2 needs it."),
    ({"type": "oauth2", "client_id": "a", "client_secret": PLAIN, "token_url": "https://h/token?x=1"},
     "auth.token_url: the address carries a query"),
    ({"type": "elmo", "client_id": "a"}, "auth.client_secret: it is not given. Set it, or the environment variable HRIS_ELMO_CLIENT_SECRET."),
    ({"type": "icehrm", "token": jwt(expire=NOW - 1)}, "auth.token: it expired on 2027-01-15"),
])
def test_what_cannot_work_is_told_before_any_request(auth, expected):
    with pytest.raises(HrisError) as error:
        made("https://hr.example.com", **auth)
    assert expected in str(error.value)
    assert PLAIN not in str(error.value)


class TokenServer:
    """Gives token-1, token-2, …; accepts only the newest."""

    def __init__(self):
        self.given = 0

    def __call__(self, request):
        if request["path"].endswith("/token"):
            self.given += 1
            return answer({"access_token": f"token-{self.given}", "expires_in": 1800})
        good = request["headers"].get("authorization") == f"Bearer token-{self.given}"
        return answer([]) if good else answer({"detail": "No"}, 401)


def form(body: bytes) -> dict:
    return {name: values[0] for name, values in parse_qs(body.decode()).items()}


@pytest.mark.parametrize(("auth", "path", "read", "sent", "header"), [
    ({"type": "elmo"}, "/oauth/token", json.loads, {"client_id": "lab", "client_secret": SECRET}, None),
    ({"type": "elmo", "token_encoding": "form"}, "/oauth/token", form, {"client_id": "lab", "client_secret": SECRET}, None),
    ({"type": "oauth2", "token_url": "/id/token", "scope": "a b", "token_parameters": {"audience": "hr"}}, "/id/token", form,
     {"client_id": "lab", "client_secret": SECRET, "scope": "a b", "audience": "hr"}, None),
    ({"type": "oauth2", "token_url": "/token", "client_authentication": "basic"}, "/token", form, {},
     "Basic " + base64.b64encode(b"lab:s3cr3t%2F%C3%BC%26x").decode()),
])
def test_a_token_is_asked_for(auth, path, read, sent, header):
    with serving(TokenServer()) as server:
        client = made(server.url, client_id="lab", client_secret=SECRET, **auth)
        assert server.seen == []
        client.get("/people")
        assert client.request("PUT", "/people/1", json={"a": 1}).status == 200
    asked = server.seen[0]
    assert (asked["method"], asked["path"]) == ("POST", path)
    assert read(asked["body"]) == {"grant_type": "client_credentials", **sent}
    assert asked["headers"].get("authorization") == header
    assert [request["path"] for request in server.seen[1:]] == ["/people", "/people/1"]


def test_of_many_requests_that_are_refused_one_renews_the_token():
    hr, lock = TokenServer(), threading.Lock()

    def respond(request):
        with lock:
            said = hr(request)
        time.sleep(0.02)
        return said
    with serving(respond) as server:
        client = made(server.url, type="elmo", client_id="lab", client_secret=SECRET)
        client.get("/people")
        with lock:
            hr.given += 1  # the token that is kept is refused from now on
        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(lambda number: client.get(f"/people/{number}"), range(8))) == [[]] * 8
    assert sum(request["path"] == "/oauth/token" for request in server.seen) == 2


SECRETIVE = {
    "api_key": {"type": "api_key", "key": PLAIN},
    "api_key in the query": {"type": "api_key", "key": "k&y/=" + PLAIN, "key_name": "code", "key_location": "query"},
    "basic": {"type": "basic", "username": "anna", "password": PLAIN},
    "bearer": {"type": "bearer", "token": PLAIN},
    "icehrm": {"type": "icehrm", "token": ICEHRM},
    "oauth2": {"type": "oauth2", "client_id": "lab", "client_secret": PLAIN, "token_url": "/token"},
    "oauth2 with Basic": {"type": "oauth2", "client_id": "lab", "client_secret": PLAIN, "token_url": "/token", "client_authentication": "basic"},
}


@pytest.mark.parametrize("name", SECRETIVE)
@pytest.mark.parametrize("status", [302, 400, 401, 404, 500])
def test_a_server_that_repeats_everything_gives_nothing_away(name, status):
    """The token server works, so that the token itself is repeated, too."""
    auth = SECRETIVE[name]
    secret = auth.get("key") or auth.get("password") or auth.get("token") or "given-t0ken"

    def respond(request):
        if request["path"] == "/token":
            return answer({"access_token": "given-t0ken", "expires_in": 60})
        told = json.dumps({"headers": request["headers"], "query": request["query"]})
        return answer({"detail": told}, status, Location=f"https://login.example.com/{secret}?of={secret}")
    with serving(respond) as server:
        client = made(server.url, **auth)
        with pytest.raises(HrisError) as error:
            client.get("/people")
    assert secret not in str(error.value)
    assert base64.b64encode(f"anna:{PLAIN}".encode()).decode() not in str(error.value)


def test_a_refused_token_request_gives_nothing_away():
    with serving(lambda request: answer({"error_description": f"{request['headers']} {request['body']}"}, 401)) as server:
        for name in ("oauth2", "oauth2 with Basic"):
            with pytest.raises(HrisError) as error:
                made(server.url, **SECRETIVE[name]).get("/people")
            assert PLAIN not in str(error.value)
            assert base64.b64encode(f"lab:{PLAIN}".encode()).decode() not in str(error.value)


def test_a_password_keeps_its_spaces_and_a_token_does_not():
    with serving(lambda request: answer([])) as server:
        made(server.url, type="basic", username=" anna ", password=" a ").get("/people")
        made(server.url, type="bearer", token=f" {PLAIN}\n").get("/people")
    assert base64.b64decode(server.seen[0]["headers"]["authorization"].partition(" ")[2]) == b"anna: a "
    assert server.seen[1]["headers"]["authorization"] == f"Bearer {PLAIN}"


def test_a_token_address_in_clear_text_is_warned_of():
    told = []
    made("https://hr.example.com", told.append, type="oauth2", client_id="a", client_secret=PLAIN, token_url="http://id.example.com/token")
    assert told == ["http://id.example.com/token is not https: the client secret travels unencrypted."]


def test_an_icehrm_token_that_is_no_jwt_is_tried_once():
    with serving(lambda request: answer(b"", 500)) as server:
        with pytest.raises(HrisError, match="HTTP 500, with an empty body"):
            made(server.url, type="icehrm", token="opaque").get("/employees")
        assert len(server.seen) == 1
