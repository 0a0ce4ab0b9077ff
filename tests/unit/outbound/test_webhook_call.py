"""Whether a call is repeated: decided by the kind of an error, never by its text."""
from __future__ import annotations

import contextlib
import socket
import threading
import time

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris import errors
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import (
    HrisError,
    RefusedError,
    RequestFailedError,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.outbound import (
    dead_letters,
    delivery,
    webhook_call,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.outbound.delivery import PlannedCall
from ansible_collections.hris.ad.plugins.module_utils._hris.outbound.webhook_options import (
    CompareOptions,
    IdempotencyOptions,
    SuccessOptions,
    WebhookOptions,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.outbound.webhook_template import (
    compile_webhook,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.web import authentication
from ansible_collections.hris.ad.plugins.module_utils._hris.web.client import Client
from ansible_collections.hris.ad.plugins.module_utils._hris.web.options import HttpOptions
from hr_server import DROP, OPTIONS, answer, serving

# The texts of the former rule: none of them decides anything now.
TEXTS = ("no connection: Connection refused", "no answer within 2 seconds", "HTTP 502")
KINDS = [  # an error, whether the receiver may have the request
    (RequestFailedError, {"sent": False}, False),
    (RequestFailedError, {"sent": True}, True),
    (RequestFailedError, {}, True),
    (RefusedError, {"status": 422}, True),
    (RefusedError, {"status": 502}, True),
    (RefusedError, {}, True),
    (HrisError, {}, True),
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize(("kind", "facts", "expected"), KINDS)
def test_what_each_kind_of_error_says(kind, facts, expected, text):
    error = kind(text, "https://desk.example.com", **facts)
    assert webhook_call.may_have_arrived(error) is expected
    assert webhook_call.may_have_arrived(error.rewritten(str.upper)) is expected, "without secrets it is the same"


def test_the_table_has_every_kind():
    kinds = {item for item in vars(errors).values() if isinstance(item, type) and issubclass(item, HrisError)}
    assert kinds == {kind for kind, _facts, _expected in KINDS}


@contextlib.contextmanager
def nobody(_seen):
    """An address at which nobody listens."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{unused.getsockname()[1]}"


@contextlib.contextmanager
def unknown_name(_seen):
    yield "http://nobody.invalid"


def responding(respond, scheme="http"):
    @contextlib.contextmanager
    def server(seen):
        with serving(respond) as running:
            running.seen = seen
            yield running.url.replace("http:", f"{scheme}:")
    return server


@contextlib.contextmanager
def breaking(seen):
    """A server that closes the connection in the middle of each response."""
    def serve():
        while True:
            try:
                connection = listener.accept()[0]
            except OSError:
                return
            with connection:
                connection.recv(65536)
                seen.append("request")
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(2)


def slowly(_request):
    time.sleep(0.4)
    return answer({})


# what happens: the server, a header, how often a POST and a repeatable request reach it, and whether a POST may have arrived
FAILURES = {
    "nobody listens": (nobody, {}, 0, 0, False),
    "no such name": (unknown_name, {}, 0, 0, False),
    "no TLS": (responding(lambda request: answer({}), "https"), {}, 0, 0, False),
    "a header that cannot be sent": (responding(lambda request: answer({})), {"X-A": "a\nb"}, 0, 0, False),
    "closed without a response": (responding(lambda request: DROP), {}, 1, 3, True),
    "closed in the middle": (breaking, {}, 1, 3, True),
    "no response in time": (responding(slowly), {}, 1, 3, True),
    "a response that is too large": (responding(lambda request: answer("x" * 1_100_000)), {}, 1, 1, True),
    "refused": (responding(lambda request: answer({}, 422)), {}, 1, 1, False),
    "the server fails": (responding(lambda request: answer({"message": "not found"}, 500)), {}, 1, 3, True),
    "not implemented": (responding(lambda request: answer({}, 501)), {}, 1, 1, False),
    "done, see elsewhere": (responding(lambda request: answer({}, 303, Location="https://desk.example.com/7")), {}, 1, 1, True),
    "a login page with 200": (responding(lambda request: answer("<html><title>Log in</title>")), {}, 1, 1, True),
    "too many": (responding(lambda request: answer({}, 429)), {}, 1, 3, False),
    "the server is overloaded": (responding(lambda request: answer({}, 503)), {}, 1, 3, False),
    "a gateway got no response": (responding(lambda request: answer({}, 502)), {}, 1, 3, True),
    "a gateway got none in time": (responding(lambda request: answer({}, 504)), {}, 1, 3, True),
    "redirected": (responding(lambda request: answer({}, 302, Location="https://login.example.com")), {}, 1, 1, False),
}
TIMEOUTS = {"no response in time": 0.2}  # seconds; the others never wait, but a busy machine is slow
METHODS = [("POST", None, False), ("PATCH", None, False), ("POST", IdempotencyOptions("Idempotency-Key", None), True), ("PUT", None, True), ("GET", None, True)]


@pytest.mark.parametrize(("method", "idempotency", "repeatable"), METHODS)
@pytest.mark.parametrize("name", FAILURES)
def test_what_is_repeated_and_what_may_have_arrived(name, method, idempotency, repeatable):
    server, headers, once, repeated, may_have_arrived = FAILURES[name]
    seen = []
    with server(seen) as url:
        options = HttpOptions.from_params({**OPTIONS, "timeout": TIMEOUTS.get(name, 10.0), "max_response_mb": 1})
        webhook = compile_webhook(WebhookOptions("test", f"{url}/hook", method, "json", headers=headers, idempotency=idempotency))
        outcome = webhook_call.perform(Client(url, options, lambda text: None), webhook, {}, check_mode=False)
    assert outcome.status == webhook_call.FAILED and outcome.reason
    assert len(seen) == (repeated if repeatable else once), "how often the request was sent"
    assert outcome.possibly_delivered is (may_have_arrived and not repeatable)


def outcome_of(url, record=None, auth=None, **options):
    client = Client(url, HttpOptions.from_params({**OPTIONS, "retries": 0}), lambda text: None)
    if auth:
        authentication.authenticate(client, auth, lambda text: None)
    webhook = compile_webhook(WebhookOptions("test", f"{url}/hook", **{"method": "POST", "message_type": "json", **options}))
    return webhook_call.perform(client, webhook, record or {}, check_mode=False)


@pytest.mark.parametrize(("response", "success", "expected"), [
    (answer({"ok": False}), SuccessOptions(["2xx"], "body.ok"), True),
    (answer({"ok": True}), SuccessOptions(["201"]), True),
    (answer({"ok": False, "message": "HTTP 422, refused"}, 202), SuccessOptions(["2xx"], "body.ok"), True),
    (answer({"ok": False}, 404), SuccessOptions(["2xx", "404"], "body.ok"), False),
    (answer({"status": "ERROR", "message": "no"}), SuccessOptions(["2xx"]), True),
])
def test_a_success_that_does_not_count_may_have_arrived(response, success, expected):
    with serving(lambda request: response) as server:
        outcome = outcome_of(server.url, success=success, error_bodies=True)
    assert outcome.status == webhook_call.FAILED and outcome.possibly_delivered is expected


def test_what_is_read_first_may_be_sent_again():
    """The next run sees by itself what the receiver has."""
    with serving(lambda request: answer({"a": 1}) if request.method == "GET" else answer({}, 500)) as server:
        outcome = outcome_of(server.url, body={"a": 2}, compare=CompareOptions("fail", verify=True))
    assert outcome.status == webhook_call.FAILED and not outcome.possibly_delivered


def test_without_a_token_nothing_has_arrived():
    seen = []
    with serving(lambda request: seen.append(request) or answer({"error": "invalid_client"}, 500)) as server:
        outcome = outcome_of(server.url, auth={"type": "oauth2", "token_url": "/token", "client_id": "me", "client_secret": "it"})
    assert outcome.status == webhook_call.FAILED and not outcome.possibly_delivered
    assert [request["path"] for request in seen] == ["/token"]


def test_an_earlier_attempt_that_may_have_arrived_is_not_forgotten():
    letter = dead_letters.DeadLetter("test", {}, "2026-03-01", "2026-03-01T00:00:00Z", None, "timed out", None, True, 1, "2026-03-01T00:00:00Z")
    planned = PlannedCall({}, {"today": "2026-03-02", "now": "2026-03-02T00:00:00Z"}, letter)
    for status in (webhook_call.FAILED, webhook_call.NOT_SENT):
        assert delivery.dead_letter("test", planned, webhook_call.CallOutcome(status, "no token"), "2026-03-02T00:00:00Z").possibly_delivered


@pytest.mark.parametrize(("options", "words"), [
    ({"body": {"a": "{x}"}, "message_type": "form"}, None),
    ({"url": "/u/{x}"}, "half of a character"),
    ({"params": {"a": "{x}"}}, "a value cannot be used: UnicodeEncodeError"),
    ({"headers": {"X-A": "{x}"}}, "no header may have"),
    ({"body": {"a": "{n}"}}, "a number that JSON has not"),
])
def test_a_value_that_cannot_be_sent_is_a_failure_of_one_object(options, words):
    with serving(lambda request: answer({})) as server:
        client = Client(server.url, HttpOptions.from_params({**OPTIONS, "retries": 0}), lambda text: None)
        given = {"name": "test", "url": "/u", "method": "POST", "message_type": "json", "base_url": server.url} | options
        webhook = compile_webhook(WebhookOptions(**given))
        outcome = webhook_call.perform(client, webhook, {"x": "a\ud800b", "n": float("nan")}, check_mode=False)
        assert len(server.seen) == (words is None)
    if words is None:
        assert outcome.status == webhook_call.SENT
    else:
        assert outcome.status == webhook_call.FAILED and words in outcome.reason, outcome.reason


def test_a_key_that_each_run_computes_anew_is_noticed():
    given = {"name": "test", "url": "https://x.example/a", "method": "POST", "message_type": "json"}
    def noticed(idempotency, **body):
        return compile_webhook(WebhookOptions(**given, body=body, idempotency=idempotency)).has_unstable_key
    assert noticed(IdempotencyOptions("Key", None), at="{now}") and not noticed(IdempotencyOptions("Key", None), at="{start}")
    assert not noticed(IdempotencyOptions("Key", "key"), at="{now}") and not noticed(None, at="{now}")


@pytest.mark.parametrize(("body", "kind", "status", "delivered"), [
    ("REST Api is not enabled. Please set 'Api: REST Api Enabled' setting to true", "application/json", 200, False),
    ('{"a": 1', "application/problem+json", 201, False), ("ok", "application/json; charset=utf-8", 200, False),
    ("ok", "text/plain", 200, True), ("", "application/json", 204, True), ("null", "application/json", 200, True), ("1", "application/json", 200, True),
])
def test_a_body_that_is_not_what_its_type_says_is_no_success(body, kind, status, delivered):
    with serving(lambda request: answer(body, status, Content_Type=kind)) as server:
        outcome = outcome_of(server.url)
        with_condition = outcome_of(server.url, success=SuccessOptions(["2xx"], "status < `300`"))
    assert (outcome.status == webhook_call.SENT) is delivered and with_condition.status == webhook_call.SENT
    assert delivered or (outcome.possibly_delivered and "not the JSON that its type says" in outcome.reason)
