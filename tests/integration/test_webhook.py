"""Webhooks against real HTTP servers: what is rendered is what arrives, what fails is kept, and no secret is shown."""
from __future__ import annotations

import json
import os
import socket
import ssl
import subprocess
from xml.etree import ElementTree

import pytest
from module_process import run_module
from receiver import DROP, in_turn, receiving, said, slowly

SECRET = "s3cr3t-t0ken-0815"
QUICK = {"retries": 2, "retry_backoff": 0.001, "timeout": 2, "connect_timeout": 2}
ANN = {"sAMAccountName": "ann", "displayName": "Ann Lee", "mail": "ann@example.com", "proxyAddresses": ["SMTP:ann@example.com", "smtp:a@example.com"],
       "department": "R&D <x>", "employeeID": "7"}
BO = {"sAMAccountName": "bo", "displayName": 'Bo "Q" Ek/1'}


@pytest.fixture
def call(tmp_path):
    """call(server, check=False, **options) -> the module's result; no output ever holds SECRET."""
    def run(server, check=False, **options):
        given = {"name": "test", "url": f"{getattr(server, 'url', server)}/hook", "objects": [ANN], **QUICK, **options}
        result = run_module(tmp_path, "webhook", {name: value for name, value in given.items() if value is not None}, check, diff=True)
        result.pop("invocation", None)  # what the task says itself, which is shown with -vvv alone
        assert SECRET not in json.dumps(result) and "Traceback" not in json.dumps(result), result
        return result
    return run


def account(key, *events, before=None, **attributes):
    return {"key": key, "source": "test", "type": "user", "guid": f"00000000-0000-0000-0000-{int(key[1:]):012d}", "dn": f"CN={key},DC=x", "state": "active",
            "start": "2026-03-02", "end": None, "first_day_without_access": None, "timezone": None, "events": list(events), "before": before or {}, "groups_added": [],
            "groups_removed": [], "employee": {"id": int(key[1:]), "team": {"name": "Blue"}},
            "attributes": {name: value if isinstance(value, list) else [value] for name, value in attributes.items()}}


@pytest.fixture
def outcome(tmp_path):
    def write(*lines):
        path = tmp_path / "outcome.jsonl"
        path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        return str(path)
    return write


def test_check_mode_shows_the_very_request_that_is_sent(call):
    body = {"who": "{displayName}", "all": "{proxyAddresses}", "mobile": "{mobile}", "deep": [{"n": 7, "text": "a {employeeID} b"}], "plain": "a  b"}
    options = {"body": body, "headers": {"X-Who": "{sAMAccountName}", "X-None": "{mobile}"}, "params": {"id": "{employeeID}", "no": "{mobile}"}}
    with receiving() as server:
        checked = call(server, check=True, **options)
        assert checked["changed"] and checked["counts"]["would_send"] == 1 and server.seen == []
        done = call(server, **options)
    assert done["changed"] and done["counts"]["sent"] == 1 and len(server.seen) == 1
    seen, shown = server.seen[0], done["calls"][0]
    assert seen["json"] == shown["request"]["body"] == {
        "who": "Ann Lee", "all": ANN["proxyAddresses"], "mobile": None, "deep": [{"n": 7, "text": "a 7 b"}], "plain": "a  b"}
    assert (seen["method"], seen["path"], seen["query"]) == ("POST", "/hook", {"id": ["7"]})
    assert seen["headers"]["x-who"] == "ann" and "x-none" not in seen["headers"] and seen["headers"]["content-type"] == "application/json"
    assert checked["calls"][0]["request"] == shown["request"] and checked["calls"][0]["response"] is None
    assert shown["response"] | {"seconds": 0, "headers": {}} == {"status": 200, "headers": {}, "seconds": 0, "attempts": 1, "body": {"ok": True}}


def test_forms_and_text(call):
    with receiving() as server:
        call(server, message_type="form", body={"name": "{displayName}", "mail": "{proxyAddresses}", "none": "{mobile}", "fix": 1}, objects=[BO, ANN])
        call(server, message_type="text", body="Hello  {displayName},\n- {mail || 'no mail'}\n", objects=[BO])
        bad = call(server, message_type="text", body="{mail}", objects=[BO])
    assert server.seen[0]["body"] == b"name=Bo+%22Q%22+Ek%2F1&fix=1"
    assert server.seen[1]["body"] == b"name=Ann+Lee&mail=SMTP%3Aann%40example.com&mail=smtp%3Aa%40example.com&fix=1"
    assert server.seen[2]["body"] == b'Hello  Bo "Q" Ek/1,\n- no mail\n'
    assert bad["failed"] and "a part of the text has no value" in bad["msg"] and len(server.seen) == 3


def test_xml_cannot_be_broken_by_a_value(call):
    document = '<s:user xmlns:s="urn:x" id="{employeeID}"><s:dept>in {department}</s:dept><s:m>{mobile}</s:m></s:user>'
    with receiving() as server:
        assert call(server, message_type="xml", body=document)["counts"]["sent"] == 1
        assert call(server, message_type="xml", body={"user": {"@id": "{employeeID}", "dept": "{department}\x01", "mail": "{proxyAddresses}"}})["counts"]["sent"] == 1
        refused = [call(server, message_type="xml", body=text)["msg"] for text in ("<a><b></a>", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')]
    first, second = (ElementTree.fromstring(request["body"]) for request in server.seen)
    assert b"<s:dept>" in server.seen[0]["body"] and server.seen[0]["headers"]["content-type"].startswith("application/xml")
    assert first.get("id") == "7" and first.findtext("{urn:x}dept") == "in R&D <x>"
    assert second.findtext("dept") == "R&D <x>" and [item.text for item in second.findall("mail")] == ANN["proxyAddresses"]
    assert "the XML does not parse" in refused[0] and "neither a document type nor entities" in refused[1]


def test_a_value_stays_one_part_of_the_address(call):
    with receiving() as server:
        call(server, url=f"{server.url}/users/{{displayName}}/x", objects=[BO])
        assert server.seen[0]["path"] == "/users/Bo%20%22Q%22%20Ek%2F1/x"
        for name in ("..", "."):
            assert call(server, url=f"{server.url}/users/{{displayName}}", objects=[{"displayName": name}])["failed"]
        missing = call(server, url=f"{server.url}/users/{{mail}}", objects=[BO])
        assert missing["failed"] and "a part of the address has no value" in missing["msg"]
        header = call(server, headers={"X-Name": "{displayName}"}, objects=[{"displayName": "a\r\nX-Evil: 1"}])
        assert header["failed"] and "no header may have" in header["msg"]
    assert len(server.seen) == 1


@pytest.mark.parametrize(("change", "words"), [
    ({"body": {"a": "{mial}"}}, ["body.a", "no object has the field 'mial'", "Did you mean 'mail'"]),
    ({"body": {"a": "{lowre(mail)}"}}, ["body.a", "unknown function 'lowre'"]),
    ({"body": {"a": "{mail"}}, ["body.a", "'{' without '}'"]),
    ({"headers": {"X": "{secrets.typo}"}, "secrets": {"hook": "x"}}, ["headers.X", "secrets.typo"]),
    ({"when": "mial == 'x'"}, ["when", "'mial'"]),
    ({"url": "{mail}/x"}, ["url", "written out"]),
    ({"url": "https://{mail}/x"}, ["url", "written out"]),
    ({"url": "https://127.0.0.1/x?key=s3cr3t-t0ken-0815"}, ["url", "contains a query", "params"]),
    ({"url": "https://me:s3cr3t-t0ken-0815@127.0.0.1/x"}, ["url"]),
    ({"url": "/x"}, ["url", "base_url"]),
    ({"method": "GET", "body": {"a": 1}}, ["a GET request has no body"]),
    ({"success": {"status": ["okay"]}}, ["'okay' is not a status"]),
    ({"concurrency": 100}, ["concurrency"]),
    ({"variables": {"today": "x"}}, ["variables.today", "reserved"]),
    ({"variables": {"mail": "x"}}, ["variables.mail", "the objects have 'mail' themselves"]),
    ({"auth": {"type": "bearer"}}, ["auth.token"]),
    ({"body": "a", "message_type": "form"}, ["the body of a form"]),
    ({"body": {"a": 1, "b": 2}, "message_type": "xml"}, ["one root element"]),
    ({"base_url": "https://a.example/x", "url": "https://b.example/x", "auth": {"type": "bearer", "token": SECRET}}, ["would be sent to another server"]),
    ({"select": {"identities": ["x"]}, "objects": None}, ["directory: {}"]),
])
def test_a_wrong_webhook_is_one_clear_error(call, change, words):
    with receiving() as server:
        result = call(server, **change)
        assert result["failed"] and server.seen == [] and all(word in result["msg"] for word in words), result["msg"]


@pytest.mark.parametrize(("auth", "header", "expected"), [
    ({"type": "bearer", "token": SECRET}, "authorization", f"Bearer {SECRET}"),
    ({"type": "api_key", "key": SECRET, "key_name": "X-Key"}, "x-key", SECRET),
    ({"type": "basic", "username": "hook", "password": SECRET}, "authorization", "Basic aG9vazpzM2NyM3QtdDBrZW4tMDgxNQ=="),
])
def test_authenticated_and_no_secret_shown(call, auth, header, expected):
    def echo(request):
        return said({"you": request["headers"].get(header), "path": request["path"]}, X_Token=SECRET, Set_Cookie="session=abc")
    with receiving(echo) as server:
        done = call(server, auth=auth, secrets={"room": "hidden-room-1"}, url=server.url + "/hooks/{secrets.room}", params={"access_token": "zzz-1"},
                    headers={"X-Other": "{secrets.room}"})
        assert server.seen[0]["headers"][header] == expected and server.seen[0]["path"] == "/hooks/hidden-room-1"
        server.respond = in_turn(said({"error": f"no {SECRET} hidden-room-1"}, 400))
        failed = call(server, auth=auth, secrets={"room": "hidden-room-1"}, url=server.url + "/hooks/{secrets.room}")
    text = json.dumps(done["calls"]) + json.dumps(failed)
    assert "hidden-room-1" not in text and "zzz-1" not in json.dumps(done["calls"]) and "session=abc" not in text and "/hooks/****" in text
    assert failed["failed"] and "HTTP 400: no ********" in failed["msg"]


def test_oauth_token_is_renewed_once(call):
    tokens = iter(["one", "two"])

    def respond(request):
        if request["path"] == "/token":
            return said({"access_token": f"{SECRET}-{next(tokens)}", "expires_in": 3600})
        return said({"ok": 1}) if request["headers"]["authorization"].endswith("two") else said({"detail": "expired"}, 401)
    with receiving(respond) as server:
        result = call(server, auth={"type": "oauth2", "client_id": "me", "client_secret": SECRET, "token_url": "/token"}, objects=[ANN, BO])
    assert result["counts"]["sent"] == 2 and [request["path"] for request in server.seen].count("/token") == 2


def certificate(folder, name):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", folder / "key.pem", "-out", folder / "cert.pem", "-days", "2",
                    "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}"], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


BAD = {
    "refused": (said({"detail": "bad department"}, 422), "HTTP 422: bad department"),
    "login page": (said(b"", 302, Location="https://login.example.com/?next=abc"), "redirects to https://login.example.com/ instead"),
    "page with 200": (said("<!DOCTYPE html><title>Sign in</title>", content_type="text/html"), "a web page titled 'Sign in', probably a login page"),
    "gone": (said({"title": "no"}, 404), "HTTP 404: no"),
    "oversized": (said("x" * 1_200_000, content_type="text/plain"), "the answer is larger than 1 MiB"),
    "dropped": (DROP, "no connection"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_answer_is_a_failure_that_is_kept(call, tmp_path, name):
    answer, words = BAD[name]
    kept = tmp_path / "kept.jsonl"
    with receiving(in_turn(answer)) as server:
        result = call(server, body={"a": "{displayName}"}, undelivered_dest=str(kept), max_response_mb=1)
        assert result["failed"] and not result["changed"] and words in result["msg"], result["msg"]
        assert len(server.seen) == 1, "a POST is not repeated"
        line = json.loads(kept.read_text())
        assert oct(os.stat(kept).st_mode & 0o777) == "0o600" and line["object"]["displayName"] == "Ann Lee" and line["attempts"] == 1
        assert line["possibly_delivered"] is (name in ("dropped", "oversized", "page with 200"))


def test_what_never_arrived_is_known_not_to_have(call, tmp_path):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        refused = call(f"http://127.0.0.1:{unused.getsockname()[1]}")
    assert "Connection refused" in refused["msg"] and refused["failures"][0]["possibly_delivered"] is False
    with receiving() as server:
        clear = call(server.url.replace("http:", "https:"))
        assert "no TLS connection" in clear["msg"] and clear["failures"][0]["possibly_delivered"] is False
    with receiving(tls=certificate(tmp_path, "other.example")) as server:
        untrusted = call(server)
        assert "certificate is not trusted" in untrusted["msg"] and untrusted["failures"][0]["possibly_delivered"] is False
        mismatch = call(server, ca_cert=str(tmp_path / "cert.pem"))
        assert "certificate is not trusted" in mismatch["msg"] and server.seen == []
    with receiving(slowly(1)) as server:
        silent = call(server, timeout=0.2)
        assert "no answer within 0.2 seconds" in silent["msg"] and silent["failures"][0]["possibly_delivered"] is True


@pytest.mark.parametrize(("options", "sent"), [
    ({"method": "PUT"}, 3), ({"method": "DELETE"}, 3), ({"method": "GET"}, 3), ({"method": "POST"}, 1), ({"method": "PATCH"}, 1),
    ({"method": "POST", "idempotency": {}}, 3), ({"method": "PATCH", "idempotency": {"header": "X-Id", "key": "call-{employeeID}"}}, 3),
])
def test_only_what_is_safe_to_repeat_is_repeated(call, options, sent):
    with receiving(in_turn(said(None, 503), said(None, 503), said({"ok": 1}))) as server:
        result = call(server, **options)
    assert len(server.seen) == sent and bool(result.get("failed")) is (sent == 1)
    assert result["changed"] is (sent > 1 and options["method"] != "GET")
    if "idempotency" in options:
        keys = {request["headers"][options["idempotency"].get("header", "Idempotency-Key").lower()] for request in server.seen}
        assert len(keys) == 1 and (keys == {"call-7"} or len(keys.pop()) == 32)


def test_what_counts_as_success(call):
    with receiving(in_turn(said({"state": "queued"}, 202))) as server:
        assert call(server)["counts"]["sent"] == 1
        assert "HTTP 202 is not a status of success" in call(server, success={"status": [200, "400-404"]})["msg"]
        assert call(server, success={"when": "body.state == 'queued' && object.sAMAccountName == 'ann'"})["counts"]["sent"] == 1
        assert "the condition of success is not met" in call(server, success={"when": "body.state == 'done'"})["msg"]
        server.respond = in_turn(said({"detail": "exists"}, 409))
        assert call(server, success={"status": ["2xx", "409"]})["counts"]["sent"] == 1
        server.respond = in_turn(said({"error": [[{"code": None, "message": False}]]}))
        assert call(server)["counts"]["sent"] == 1
        token = "a.eyJleHBpcmUiOjk5OTk5OTk5OTk5fQ.c"
        assert "HTTP 200, with an error" in call(server, auth={"type": "icehrm", "token": token})["msg"]


def test_a_condition_that_is_neither_true_nor_false_is_a_failure_of_this_call_only(call):
    people = [ANN | {"title": "No"}, BO | {"title": None}, BO | {"title": True}]
    with receiving() as server:
        done = call(server, objects=people, when="title", body={"k": "{displayName}"})
        assert [seen["json"]["k"] for seen in server.seen] == [BO["displayName"]]
    assert (done["counts"]["sent"], done["counts"]["failed"]) == (1, 1) and done["failed"]
    assert "when: 'title' is 'No', and a condition needs true or false" in done["failures"][0]["reason"]


def test_over_the_accounts_of_a_run(call, outcome):
    path = outcome(account("E1", "created", mail="one@example.com", department="Sales"), account("E2", "updated", mail="two@example.com", department="Ops",
                   before={"department": ["Sales"]}), account("E3", mail="three@example.com", department="Ops"), account("E4", "created", department="Ops"))
    body = {"key": "{key}", "was": "{before.department}", "team": "{employee.team.name}", "on": "{events}", "mail": "{mail}"}
    with receiving() as server:
        result = call(server, objects=None, src=path, body=body)
        assert [request["json"]["key"] for request in server.seen] == ["E1", "E2", "E4"], result
        assert result["counts"]["objects"] == 3
        assert server.seen[1]["json"] == {"key": "E2", "was": "Sales", "team": "Blue", "on": ["updated"], "mail": "two@example.com"}
        server.seen.clear()
        call(server, objects=None, src=path, body={"k": "{key}", "d": "{today}", "v": "{greeting}"}, events=["created"], when="department == 'Ops'",
             variables={"greeting": "hi"}, as_of="2026-03-02")
        call(server, objects=None, src=path, body={"k": "{key}"}, unchanged=True, when="department == 'Ops'")
        assert [request["json"] for request in server.seen] == [{"k": "E4", "d": "2026-03-02", "v": "hi"}, {"k": "E2"}, {"k": "E3"}, {"k": "E4"}]
        server.seen.clear()
        call(server, objects=None, src=path, body={"k": "{key}", "team": "{of_team()}"}, events=["created"], when="of_team() == 'Blue'",
             definitions={"of_team": "team.name"})
        assert [request["json"] for request in server.seen] == [{"k": "E1", "team": "Blue"}, {"k": "E4", "team": "Blue"}], "named expressions read the employee"
        wrong = call(server, objects=None, src=path, body={"k": "{employee.taem.name}"})
        assert "no object has the field 'employee.taem'" in wrong["msg"] and "Did you mean 'team'" in wrong["msg"]


def test_a_file_that_cannot_be_written_is_noticed_before_anything_is_sent(call, tmp_path):
    with receiving() as server:
        for path in (tmp_path / "nowhere" / "kept.jsonl", tmp_path):
            assert call(server, undelivered_dest=str(path))["failed"]
        (tmp_path / "open.jsonl").touch(mode=0o644)
        assert "others may read this file" in call(server, undelivered_dest=str(tmp_path / "open.jsonl"))["msg"]
    assert server.seen == []


def test_nobody_is_told_of_what_a_run_in_check_mode_would_have_done(call, outcome):
    path = outcome(account("E1", "created", mail="m") | {"check_mode": True})
    with receiving() as server:
        assert call(server, check=True, objects=None, src=path)["counts"]["would_send"] == 1
        refused = call(server, objects=None, src=path)
        assert refused["failed"] and "the outcome of a run in check mode" in refused["msg"] and server.seen == []


def test_many_at_once_within_bounds(call, outcome):
    path = outcome(*(account(f"E{number}", "created", displayName=f"N {number}") for number in range(300)))
    with receiving(slowly(0.01)) as server:
        result = call(server, objects=None, src=path, body={"n": "{displayName}"}, concurrency=8)
    assert result["counts"]["sent"] == len(server.seen) == 300 and 2 <= server.most <= 8
    assert len({request["json"]["n"] for request in server.seen}) == 300
    assert len(result["calls"]) == 20 and len(json.dumps(result)) < 100_000
    assert [entry["object"] for entry in result["calls"]] == [f"E{number}" for number in range(20)]


def test_a_result_is_bounded_whatever_comes(call, outcome):
    path = outcome(*(account(f"E{number}", "created", info="y" * 30_000) for number in range(100)))
    with receiving(in_turn(said("x" * 100_000, content_type="text/plain"))) as server:
        result = call(server, objects=None, src=path, body={"n": "{info}"}, report_limit=100, body_limit=50_000, concurrency=4)
    assert result["counts"]["sent"] == 100 and len(json.dumps(result)) < 700_000


def test_stop_or_continue(call, outcome, tmp_path):
    path = outcome(*(account(f"E{number}", "created", mail="m") for number in range(5)))
    with receiving(lambda request: said(None, 400 if request["json"]["k"] == "E1" else 200)) as server:
        went_on = call(server, objects=None, src=path, body={"k": "{key}"})
        assert went_on["failed"] and went_on["changed"] and went_on["counts"]["sent"] == 4 and len(server.seen) == 5
        server.seen.clear()
        kept = tmp_path / "kept.jsonl"
        stopped = call(server, objects=None, src=path, body={"k": "{key}"}, on_failure="stop", undelivered_dest=str(kept))
    assert len(server.seen) == 2 and stopped["counts"] | {"requests": 0, "retries": 0} == {
        "objects": 5, "sent": 1, "would_send": 0, "unchanged": 0, "skipped": 0, "failed": 1, "not_sent": 3, "requests": 0, "retries": 0}
    assert [(line["object"]["key"], line["attempts"]) for line in map(json.loads, kept.read_text().splitlines())] == [("E1", 1), ("E2", 0), ("E3", 0), ("E4", 0)]


def test_undelivered_calls_are_sent_again_and_only_once(call, outcome, tmp_path):
    kept = tmp_path / "kept.jsonl"
    path = outcome(*(account(f"E{number}", "created", mail="m") for number in range(3)))
    template = {"body": {"k": "{key}", "at": "{now}"}, "idempotency": {}, "auth": {"type": "bearer", "token": SECRET}, "retries": 0, "objects": None}
    with receiving(lambda request: said(None, 200 if request["json"]["k"] == "E0" else 503)) as server:
        assert call(server, src=path, undelivered_dest=str(kept), **template)["counts"]["failed"] == 2
        assert SECRET not in kept.read_text()
        first = {request["json"]["k"]: request for request in server.seen}
        other = {**json.loads(kept.read_text().splitlines()[0]), "webhook": "other"}
        with kept.open("a") as file:
            file.write(json.dumps(other) + "\n")
        server.seen.clear()
        server.respond = lambda request: said(None, 200 if request["json"]["k"] == "E1" else 503)
        before = kept.read_text()
        checked = call(server, check=True, resend=str(kept), **template)
        assert checked["counts"]["would_send"] == 2 and server.seen == [] and kept.read_text() == before
        assert call(server, resend=str(kept), **template)["counts"] | {"requests": 0, "retries": 0} == {
            "objects": 2, "sent": 1, "would_send": 0, "unchanged": 0, "skipped": 0, "failed": 1, "not_sent": 0, "requests": 0, "retries": 0}
        for request in server.seen:
            assert request["body"] == first[request["json"]["k"]]["body"] and request["headers"]["idempotency-key"] == first[request["json"]["k"]]["headers"]["idempotency-key"]
        left = [json.loads(line) for line in kept.read_text().splitlines()]
        assert [(line["webhook"], line["object"]["key"], line["attempts"]) for line in left] == [("other", "E1", 1), ("test", "E2", 2)]
        server.respond = in_turn(said())
        assert call(server, resend=str(kept), **template)["counts"]["sent"] == 1
        assert [json.loads(line)["webhook"] for line in kept.read_text().splitlines()] == ["other"]
        assert call(server, resend=str(kept), **template)["changed"] is False


def test_what_may_have_arrived_is_sent_again_only_when_told_so(call, tmp_path):
    kept = tmp_path / "kept.jsonl"
    with receiving(in_turn(DROP, said())) as server:
        assert call(server, undelivered_dest=str(kept), body={"a": "{mail}"})["failures"][0]["possibly_delivered"]
        assert call(server, objects=None, resend=str(kept), body={"a": "{mail}"})["counts"]["objects"] == 0 and kept.read_text()
        assert call(server, objects=None, resend=str(kept), resend_possibly_delivered=True, body={"a": "{mail}"})["counts"]["sent"] == 1
        assert kept.read_text() == "" and len(server.seen) == 2
    kept.write_text('{"a": 1}\n')
    assert "the line is not an undelivered call" in call(server, objects=None, resend=str(kept))["msg"]


@pytest.mark.parametrize("response", [said({"ok": False}), said({}, 500)], ids=["200 without success", "500"])
def test_an_answer_that_does_not_refuse_is_not_sent_again_by_itself(call, tmp_path, response):
    kept, options = tmp_path / "kept.jsonl", {"body": {"a": "{mail}"}, "success": {"when": "body.ok"}}
    with receiving(in_turn(response, said({"ok": True}))) as server:
        failed = call(server, undelivered_dest=str(kept), **options)
        assert failed["failures"][0]["possibly_delivered"] and "The receiver may have 1 of them" in failed["msg"], failed["msg"]
        assert call(server, objects=None, resend=str(kept), **options)["counts"]["objects"] == 0 and len(server.seen) == 1
        assert call(server, objects=None, resend=str(kept), resend_possibly_delivered=True, **options)["counts"]["sent"] == 1
    kept.write_text(json.dumps({"webhook": "test", "object": {}, "today": "", "now": "", "idempotency_key": None, "reason": None, "status": None,
                                "possibly_delivered": None, "attempts": 1, "at": ""}) + "\n")
    with receiving() as server:
        assert "the line is not an undelivered call" in call(server, objects=None, resend=str(kept), **options)["msg"] and server.seen == []


def test_a_run_that_is_killed_while_it_sends_again_leaves_no_call_to_be_repeated(call, tmp_path):
    kept, during = tmp_path / "kept.jsonl", []
    options = {"body": {"a": "{mail}"}, "objects": [ANN, ANN | {"sAMAccountName": "eve"}]}

    def look(_request):
        during.append([json.loads(line)["possibly_delivered"] for line in kept.read_text().splitlines()])
        return said({}, 422)
    with receiving(lambda request: said({}, 422)) as server:
        call(server, undelivered_dest=str(kept), **options)
    with receiving(look) as server:
        call(server, resend=str(kept), **(options | {"objects": None}))
        call(server, resend=str(kept), **(options | {"objects": None, "idempotency": {}}))
    assert during[0] == [True, True] and during[-1] == [False, False], "what is safe to repeat is not marked"
    assert [json.loads(line)["possibly_delivered"] for line in kept.read_text().splitlines()] == [False, False]


class Store:
    """An API that keeps objects: GET and PUT or PATCH of /items/<id>."""

    def __init__(self, **items):
        self.items, self.deaf = items, False

    def __call__(self, request):
        name = request["path"].rpartition("/")[2]
        if request["method"] == "GET":
            return said({"data": [self.items[name]]}) if name in self.items else said({"detail": "none"}, 404)
        if not self.deaf:
            self.items.setdefault(name, {}).update(request["json"])
        return said(self.items.get(name))


def test_compare_makes_a_webhook_idempotent(call):
    store = Store(ann={"email": "old@example.com", "no": 7, "extra": "kept"})
    options = {"method": "PATCH", "body": {"email": "{mail}", "no": "{employeeID}", "mobile": "{mobile}"}, "omit_empty": True, "compare": {"from": "data[0]"}}
    with receiving(store) as server:
        url = server.url + "/items/{sAMAccountName}"
        checked = call(server, url=url, check=True, **options)
        assert checked["changed"] and [request["method"] for request in server.seen] == ["GET"]
        assert (checked["diff"][0]["before"], checked["diff"][0]["after"]) == ("email: old@example.com\n", "email: ann@example.com\n")
        done = call(server, url=url, **options)
        assert done["changed"] and done["diff"] == checked["diff"] and store.items["ann"] == {"email": "ann@example.com", "no": "7", "extra": "kept"}
        server.seen.clear()
        again = call(server, url=url, **options)
        assert not again["changed"] and again["counts"]["unchanged"] == 1 and [request["method"] for request in server.seen] == ["GET"]
        fields = {**options, "compare": {"from": "data[0]", "fields": {"email": "lower(mail)", "mobile": "mobile"}}}
        assert not call(server, url=url, **fields)["changed"]
        when = {**options, "compare": {"from": "data[0]", "unchanged_when": "current.email == mail"}}
        assert not call(server, url=url, **when)["changed"]
        for missing, status in (("fail", "failed"), ("skip", "skipped"), ("write", "sent")):
            gone = call(server, url=url, objects=[BO | {"mail": "bo@example.com", "employeeID": "8"}], **{**options, "compare": {"from": "data[0]", "missing": missing}})
            assert gone["counts"][status] == 1, gone
        store.deaf = True
        store.items["ann"]["email"] = "old"
        deaf = call(server, url=url, **options)
        assert deaf["failed"] and "read again, these still differ: email" in deaf["msg"]


def test_the_loop_guard(call):
    mapping = {"mail": "email", "title": {"from": "position.title", "apply": "on_create"}}
    options = {"method": "PATCH", "inbound_mapping": mapping, "compare": {"from": "data[0]"}}
    with receiving(Store(hook={"email": "x"})) as server:
        result = call(server, body={"email": "{mail}"}, **options)
        assert result["failed"] and "mail is mapped from email and written back to email" in result["msg"] and server.seen == []
        assert call(server, body={"phone": "{mail}"}, **options)["counts"]["sent"] == 1


def test_selected_users_and_groups_of_the_directory(clean, module, service):
    users = [{"name": f"Hook {number}", "sam_account_name": f"hook{number}", "path": "OU=Staff,DC=corp,DC=example", "department": "Sales" if number else "Ops",
              "groups": {"add": ["All Staff"]}} for number in range(3)]
    for user in users:
        assert module("user", **user)["changed"]
    with receiving() as server:
        options = {"name": "test", "url": server.url + "/hook", "directory": service, **QUICK}
        body = {"n": "{sAMAccountName}", "d": "{department}", "g": "{groups}", "on": "{enabled}", "t": "{type}", "dn": "{dn}"}
        checked = module("webhook", check=True, select={"filter": "department=Sales"}, body=body, **options)
        assert checked["counts"]["would_send"] == 2 and server.seen == []
        assert module("webhook", select={"filter": "department=Sales"}, body=body, **options)["counts"]["sent"] == 2
        assert server.seen[0]["json"] == {"n": "hook1", "d": "Sales", "g": ["CN=All Staff,OU=Groups,DC=corp,DC=example"], "on": True, "t": "user",
                                          "dn": "CN=Hook 1,OU=Staff,DC=corp,DC=example"}
        server.seen.clear()
        module("webhook", select={"identities": ["hook2", "CN=Hook 0,OU=Staff,DC=corp,DC=example"]}, body={"n": "{sAMAccountName}"}, **options)
        group = {"n": "{cn}", "l": "{sAMAccountName}", "g": "{guid}", "o": "{objectGUID}", "k": "{groupType}", "m": "{length(member)}", "t": "{type}", "mail": "{mail}"}
        module("webhook", select={"type": "group", "identities": ["All Staff"]}, body=group, **options)
        sent = [request["json"] for request in server.seen]
        guid = sent[2].pop("g")
        assert sent == [{"n": "hook0"}, {"n": "hook2"}, {"n": "All Staff", "l": "All Staff", "o": guid, "k": "-2147483646", "m": 3, "t": "group", "mail": None}]
        nobody = module("webhook", select={"identities": ["nobody-here"]}, **options)
        assert nobody["failed"] and "select.identities 'nobody-here': there is no such object" in nobody["msg"]
        wrong = module("webhook", select={"identities": ["hook1"]}, body={"a": "{departement}"}, **options)
        assert wrong["failed"] and "no attribute 'departement'" in wrong["msg"]
