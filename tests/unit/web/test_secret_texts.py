"""No message holds a secret, in whatever form a server repeats it, and none that it gives."""
from __future__ import annotations

import base64
import html
import json
import re
import time
from urllib.parse import quote, quote_plus

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris import secret_texts
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.web.authentication import authenticate
from ansible_collections.hris.ad.plugins.module_utils._hris.web.client import Client
from ansible_collections.hris.ad.plugins.module_utils._hris.web.options import HttpOptions
from hr_server import OPTIONS, answer, serving

SECRETS = ["s3cr3t-T0ken.0815", 'p/a+s&s "w<o>r\'d\\ä', "tab\tand  blanks", "äöü€!?"]
FORMS = {
    "plain": str,
    "address": lambda text: quote(text, safe=""),
    "address in lower case": lambda text: re.sub("%..", lambda match: match[0].lower(), quote(text, safe="")),
    "path": quote,
    "form": quote_plus,
    "address twice": lambda text: quote(quote(text, safe=""), safe=""),
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON of PHP": lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    "JSON in UTF-8": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "JSON in JSON": lambda text: json.dumps(json.dumps(text)[1:-1])[1:-1],
    "markup": html.escape,
    "Base64": lambda text: base64.b64encode(text.encode()).decode(),
    "Base64 without padding": lambda text: base64.b64encode(text.encode()).decode().rstrip("="),
    "Base64 for addresses": lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
    "Base64 in an address": lambda text: quote(base64.b64encode(text.encode()).decode(), safe=""),
    "Basic": lambda text: "Basic " + base64.b64encode(f"me:{text}".encode()).decode(),
    "Basic, longer": lambda text: base64.b64encode(f"client.id:{text}:more".encode()).decode(),
    "hex": lambda text: text.encode().hex(),
}


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("form", FORMS)
def test_a_secret_in_each_form(secret, form):
    shown = FORMS[form](secret)
    told = secret_texts.without_secrets(f"refused <{shown}> and '{shown}', see the log", [secret])
    assert secret_texts.HIDDEN in told and told.startswith("refused <") and told.endswith("see the log")
    core = shown.removeprefix("Basic ")
    for size in range(6, len(core)):
        assert core[len(core) - size:] not in told and core[:size] not in told, told


@pytest.mark.parametrize("secret", SECRETS[:2])
def test_a_secret_that_is_cut(secret):
    for size in range(4, len(secret)):
        told = secret_texts.without_secrets(f"HTTP 400: it was {secret[:size]}…. Try again", [secret])
        assert told == "HTTP 400: it was ********…. Try again"
    assert secret_texts.without_secrets("HTTP 400: it was as…. Try again", [secret]) == "HTTP 400: it was as…. Try again"


RECEIVED = "caseToken.Abc-123"
BODIES = {
    "a call": f'callback({{"access_token": "{RECEIVED}", "token_type": "Bearer", "expires_in": 1800}});',
    "cut": f'{{"access_token": "{RECEIVED}',
    "another dialect": f"{{'refresh_token': '{RECEIVED}'}}",
    "Ruby": f'{{"api_key" => "{RECEIVED}"}}',
    "JSON in JSON": json.dumps(json.dumps({"x": {"id_token": RECEIVED}})),
    "a form": f"scope=all&access_token={RECEIVED}&token_type=bearer",
    "YAML": f"access_token: {RECEIVED}\ntoken_type: bearer",
    "XML": f"<r><access_token>{RECEIVED}</access_token></r>",
    "a header": f"Authorization: Bearer {RECEIVED}",
    "words": f"the bearer {RECEIVED} is not valid",
    "Cookie": f"Set-Cookie: sid{RECEIVED}=x; Path=/",
    "an address": f"see https://x.example/a?client_secret={RECEIVED}#top",
}


@pytest.mark.parametrize("name", BODIES)
def test_a_secret_that_was_received(name):
    told = secret_texts.without_secrets(" ".join(BODIES[name].split()), ())
    assert RECEIVED not in told and "Abc-123" not in told and secret_texts.HIDDEN in told, told


@pytest.mark.parametrize("text", [
    "Authorization bearer token is empty", "password: This value should not be blank.", "Bearer authentication required",
    "HTTP 401: The credentials are wrong, revoked or expired", '"token_type": "Bearer", "token_expires_at": "2026-11-30T00:00:00Z"',
    "the answer holds no usable access_token", "token_encoding=json", "Basic details: name 12345678 missing", '{"secretary": "Ann Lee", "passport": "none"}',
    "auth.token: it is not given. Set it, or the environment variable HRIS_AUTH_TOKEN", "client_id=lab&page=2",
])
def test_words_stay(text):
    assert secret_texts.without_secrets(text, ["another-s3cret"]) == text


def test_a_jwt_is_known_by_its_look():
    token = "eyJhbGciOiJIUzI1NiJ9.eyJ0b2tlbiI6IngifQ.c2lnbmF0dXJl"
    assert secret_texts.without_secrets(f"it is {token}!", ()) == "it is ********!"


def test_structures_are_redacted_by_name():
    value = {"ticket": 7, "access_token": "abc", "pin": {"api-key": 12345, "token_type": "Bearer", "text": "of me"}, "list": [{"password": ""}, None]}
    assert secret_texts.structure_without_secrets(value, lambda text: text.replace("me", "********")) == {
        "ticket": 7, "access_token": "********", "pin": {"api-key": "********", "token_type": "Bearer", "text": "of ********"}, "list": [{"password": ""}, None]}
    deep = []
    for _level in range(400):
        deep = [deep]
    with pytest.raises(ValueError, match="nested"):
        secret_texts.structure_without_secrets(deep, str)


def test_a_hostile_text_takes_no_time():
    began = time.monotonic()
    for text in ("A" * 1_000_000, '"token' * 100_000, "eyJ" * 200_000, "Authorization: " * 50_000, "a.token" * 100_000, "…" * 20_000, "<token " * 100_000):
        secret_texts.without_secrets(text, SECRETS)
    assert time.monotonic() - began < 20


@pytest.mark.parametrize("body", [*BODIES.values(), RECEIVED, f'"{RECEIVED}"', f"\n {RECEIVED}  x{RECEIVED}"])
def test_no_message_quotes_what_a_token_server_gave(body):
    with serving(lambda request: answer(body)) as server:
        client = Client(server.url, HttpOptions.from_params({**OPTIONS, "retries": 0}), lambda text: None)
        authenticate(client, {"type": "oauth2", "token_url": "/token", "client_id": "lab", "client_secret": SECRETS[0]}, lambda text: None)
        with pytest.raises(HrisError) as error:
            client.get("/people")
    assert RECEIVED not in str(error.value) and "Abc-123" not in str(error.value), error.value


@pytest.mark.parametrize("status", [200, 400, 500])
@pytest.mark.parametrize("body", ["{value}", '{{"detail": "{value}"}}', "x" * 285 + " {value}"])
def test_what_was_given_is_hidden_like_what_was_sent(status, body):
    """The secret of the client and every token of the answer, in a later answer that is no JSON."""
    given = {"access_token": "first-t0ken-7", "refresh_token": "second-t0ken-8", "token_type": "Bearer"}

    def respond(request):
        if request["path"] == "/token":
            return answer(given)
        return answer("no " + body.format(value=" ".join([base64.b64encode(f"lab:{SECRETS[0]}".encode()).decode(), *given.values()])), status)
    with serving(respond) as server:
        client = Client(server.url, HttpOptions.from_params({**OPTIONS, "retries": 0}), lambda text: None)
        authenticate(client, {"type": "oauth2", "token_url": "/token", "client_id": "lab", "client_secret": SECRETS[0]}, lambda text: None)
        with pytest.raises(HrisError) as error:
            client.get("/people")
    told = str(error.value)
    assert "t0ken-" not in told and base64.b64encode(b"lab:s3cr").decode()[:8] not in told, told
