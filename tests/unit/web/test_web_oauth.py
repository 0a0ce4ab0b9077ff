"""Tokens by client credentials: asked for once, renewed in time, and refused with advice."""
from __future__ import annotations

import json
from urllib.parse import parse_qs

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.web.client import Client
from ansible_collections.hris.ad.plugins.module_utils._hris.web.oauth import (
    ClientCredentials,
    TokenRequest,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.web.options import HttpOptions
from hr_server import OPTIONS, answer, serving

SECRET = "s3cr3t"


class Hr:
    """Gives token-1, token-2, …; accepts only the newest that was not revoked."""

    def __init__(self, **token_answer):
        self.given, self.revoked, self.token_answer = 0, False, token_answer

    def __call__(self, request):
        if request["path"] == "/oauth/token":
            self.given, self.revoked = self.given + 1, False
            return answer({"access_token": f"token-{self.given}", "token_type": "Bearer", **self.token_answer})
        if self.revoked or request["headers"].get("authorization") != f"Bearer token-{self.given}":
            return answer({"detail": "Invalid or expired access token"}, 401)
        return answer([])


def connected(server, encoding="json", clock=lambda: 0.0):
    client = Client(server.url, HttpOptions.from_params(OPTIONS), [].append)
    client.secrets.append(SECRET)
    fields = {"grant_type": "client_credentials", "client_id": "lab", "client_secret": SECRET}
    client.authentication = ClientCredentials(client, TokenRequest("/oauth/token", fields, {}, encoding, "No token was given: check client_id"), clock)
    return client


def test_one_token_serves_until_shortly_before_its_end():
    now, hr = [0.0], Hr(expires_in=1800)
    with serving(hr) as server:
        client = connected(server, clock=lambda: now[0])
        for moment, tokens in ((0, 1), (1, 1), (1739, 1), (1740, 2), (3479, 2), (3480, 3)):
            now[0] = float(moment)
            client.get("/users")
            assert hr.given == tokens, moment


def test_short_token_is_not_asked_for_with_each_request():
    now, hr = [0.0], Hr(expires_in=30)
    with serving(hr) as server:
        client = connected(server, clock=lambda: now[0])
        for moment, tokens in ((0, 1), (14, 1), (15, 2)):
            now[0] = float(moment)
            client.get("/users")
            assert hr.given == tokens


def test_token_without_an_end_is_renewed_after_a_401():
    hr = Hr()
    with serving(hr) as server:
        client = connected(server, clock=lambda: 1e9)
        client.get("/users")
        client.get("/users")
        assert hr.given == 1
        hr.revoked = True
        client.get("/users")
        assert hr.given == 2


def test_a_401_that_a_new_token_does_not_cure_is_an_error():
    def always_refused(request):
        return answer({"access_token": "token", "expires_in": 60}) if request["path"] == "/oauth/token" else answer({"detail": "No"}, 401)
    with serving(always_refused) as server:
        with pytest.raises(HrisError, match="HTTP 401: No"):
            connected(server).get("/users")
        assert [request["path"] for request in server.seen] == ["/oauth/token", "/users", "/oauth/token", "/users"]


@pytest.mark.parametrize(("encoding", "read"), [
    ("json", json.loads),
    ("form", lambda body: {name: values[0] for name, values in parse_qs(body.decode()).items()}),
])
def test_encodings(encoding, read):
    with serving(Hr()) as server:
        connected(server, encoding).get("/users")
    assert read(server.seen[0]["body"]) == {"grant_type": "client_credentials", "client_id": "lab", "client_secret": SECRET}


@pytest.mark.parametrize(("said", "expected"), [
    (answer({"error": "invalid_client", "error_description": f"Client {SECRET} unknown"}, 401),
     "/oauth/token: HTTP 401: Client ******** unknown. No token was given: check client_id"),
    (answer({"error": "invalid_request"}, 400), "HTTP 400: invalid_request. No token was given"),
    (answer({"token": "x"}), "the answer holds no usable access_token. Is this the token address"),
    (answer({"access_token": "a\r\nb"}), "the answer holds no usable access_token"),
    (answer({"access_token": "x", "token_type": "mac"}), "the token is of the type 'mac', not Bearer"),
    (answer("<html><title>Sign in</title>"), "a web page titled 'Sign in'"),
    (answer(b"", 404), "HTTP 404, with an empty body"),
])
def test_no_token(said, expected):
    with serving(lambda request: said) as server, pytest.raises(HrisError) as error:
        connected(server).get("/users")
    assert expected in str(error.value)
    assert SECRET not in str(error.value)
    assert len(server.seen) == 1


def test_asking_for_a_token_is_tried_again():
    said = [answer("busy", 503), answer({"access_token": "x"})]
    with serving(lambda request: said.pop(0) if said else answer([])) as server:
        assert connected(server).get("/users") == []
        assert len(server.seen) == 3
