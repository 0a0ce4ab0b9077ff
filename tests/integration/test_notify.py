"""The module notify against a real mail server and a real HTTP server: what arrives, what fails clearly, and that no secret is shown."""
from __future__ import annotations

import json

import pytest
from mail_server import PASSWORD, REFUSED, USER, certificate, mailing
from module_process import run_module
from receiver import DROP, receiving, said

HOOK = "/services/T0815/s3cr3t-r00m"
TOKEN = "t0k3n-4711-4711"
TEXT = "elmo, 2026-03-02: 3 accounts created, 1 disabled. Müller & Söhne."


@pytest.fixture
def call(tmp_path):
    """call(check=False, **options) -> the module's result; no output ever holds a secret."""
    def run(check=False, **options):
        given = {"subject": "hris.ad elmo", "text": TEXT, "ca_cert": str(certificate(tmp_path)), "timeout": 5, "connect_timeout": 5, **options}
        result = run_module(tmp_path, "notify", {name: value for name, value in given.items() if value is not None}, check)
        shown = json.dumps({name: value for name, value in result.items() if name != "invocation"})
        assert not [secret for secret in (PASSWORD, TOKEN, "s3cr3t-r00m", "T0815", "sig-4711") if secret in shown] and "Traceback" not in shown, result
        assert PASSWORD not in json.dumps(result) and HOOK not in json.dumps(result), "not in the invocation either"
        return result
    return run


def mail(server, **more):
    return {"host": "127.0.0.1", "port": server.port, "username": USER, "password": PASSWORD, "from": "Jörg Büro <hr@example.com>",
            "to": ["Zoë Ek <zoe@example.com>", "desk@example.com"]} | more


def test_both_ways_at_once_and_check_mode_sends_nothing(call, tmp_path):
    report = tmp_path / "elmo.html"
    report.write_text("<p>é</p>", encoding="utf-8")
    with mailing(tmp_path) as post, receiving() as chat:
        options = {"mail": mail(post), "webhook": {"url": chat.url + HOOK}, "details": ["error: E1: ü", "warning: E2: b"], "attachments": [str(report)]}
        checked = call(check=True, **options)
        assert checked["changed"] and post.seen == [] == chat.seen
        assert (checked["mail"]["status"], checked["webhook"]["status"]) == ("would_send", "would_send")
        done = call(**options)
        assert done["changed"] and not done.get("failed") and done["webhook"]["body"] == checked["webhook"]["body"]
        assert call(check=True, send_in_check_mode=True, **options)["mail"]["status"] == "sent" and len(post.seen) == len(chat.seen) == 2
    seen, message = post.seen[0], post.seen[0]["message"]
    assert seen["tls"] and seen["user"] == USER and seen["from"] == "hr@example.com" and seen["to"] == ["zoe@example.com", "desk@example.com"]
    assert message["Subject"] == "hris.ad elmo" and message["From"].addresses[0].display_name == "Jörg Büro" and message["Auto-Submitted"] == "auto-generated"
    assert message.get_body().get_content().splitlines() == [TEXT, "", *options["details"]]
    attached = list(message.iter_attachments())
    assert [(part.get_filename(), part.get_content_type(), part.get_payload(decode=True)) for part in attached] == [("elmo.html", "text/html", "<p>é</p>".encode())]
    assert message["Date"] and message["Message-ID"].endswith("@example.com>")
    assert (chat.seen[0]["method"], chat.seen[0]["path"], chat.seen[0]["json"]) == ("POST", HOOK, {"text": TEXT})


def test_no_text_becomes_a_header(call, tmp_path):
    with mailing(tmp_path) as post:
        call(mail=mail(post), subject="Überschrift\r\nBcc: thief@example.com\n\nbody", text="a\n.\nQUIT\n.\r\nb")
        refused = [call(mail=mail(post, to=[text])) for text in (
            "a@example.com\nBcc: thief@example.com", "a@example.com, thief@example.com", "not an address", "@example.com", "")]
        wrong = call(mail=mail(post, **{"from": "hr@example.com\nX: y"}))
    message = post.seen[0]["message"]
    assert message["Subject"] == "Überschrift Bcc: thief@example.com body" and message["Bcc"] is None and post.seen[0]["to"] == ["zoe@example.com", "desk@example.com"]
    assert message.get_content().splitlines() == ["a", ".", "QUIT", ".", "b"] and len(post.seen) == 1
    assert all(result["failed"] and result["msg"].startswith("mail.to[0]: ") for result in refused) and wrong["msg"].startswith("mail.from: ")


def test_tls_from_the_start_and_no_tls(call, tmp_path):
    with mailing(tmp_path, "tls", auth=False) as post:
        assert not call(mail=mail(post, tls_mode="tls", username=None, password=None)).get("failed") and post.seen[0]["tls"]
    with mailing(tmp_path, "none", auth=False) as post:
        assert not call(mail=mail(post, tls_mode="none", username=None, password=None)).get("failed") and not post.seen[0]["tls"]


@pytest.mark.parametrize(("mode", "options", "words"), [
    ("start_tls", {"password": "wr0ng"}, ["user name and password are refused", "535"]),
    ("start_tls", {"password": "wröng"}, ["plain ASCII"]),
    ("start_tls", {"username": None}, ["mail.username", "go together"]),
    ("start_tls", {"username": None, "password": None}, ["the server refuses", "530"]),
    ("start_tls", {"host": "localhost"}, ["certificate is not trusted", "the name that the certificate is issued for"]),
    ("start_tls", {"tls_mode": "tls"}, ["no TLS connection", "tls_mode"]),
    ("none", {}, ["no STARTTLS", "tls_mode"]),
    ("start_tls", {"port": 1}, ["no connection: Connection refused"]),
    ("start_tls", {"host": ""}, ["mail.host", "HRIS_MAIL_HOST"]),
    ("start_tls", {"to": ["desk@example.com", REFUSED]}, [REFUSED, "550 5.1.1 no such user"]),
    ("start_tls", {"to": [REFUSED]}, [REFUSED, "550 5.1.1 no such user"]),
])
def test_mail_that_fails_says_why_and_the_webhook_goes_out(call, tmp_path, mode, options, words):
    with mailing(tmp_path, mode) as post, receiving() as chat:
        result = call(mail={name: value for name, value in mail(post, **options).items() if value is not None}, webhook={"url": chat.url + HOOK})
    assert result["failed"] and result["changed"] and all(word in result["msg"] for word in words), result["msg"]
    assert (result["mail"]["status"], result["webhook"]["status"], len(chat.seen)) == ("failed", "sent", 1)
    taken = [recipient for seen in post.seen for recipient in seen["to"]]
    assert taken == (["desk@example.com"] if "desk@example.com" in options.get("to", ()) else [])


def test_an_untrusted_certificate_and_whoever_asks_for_it(call, tmp_path):
    with mailing(tmp_path) as post:
        result = call(mail=mail(post), ca_cert=None)
        assert result["failed"] and "certificate is not trusted" in result["msg"] and "ca_cert" in result["msg"] and post.seen == []
        result = call(mail=mail(post), ca_cert=None, validate_certs=False)
        assert not result.get("failed") and "validate_certs is false" in str(result["warnings"]) and len(post.seen) == 1
    assert "cannot be read" in call(mail=mail(post), attachments=["/nowhere/report.html"])["msg"]


@pytest.mark.parametrize(("answer", "url", "words"), [
    (said({"error": f"no room {HOOK}"}, status=404), HOOK, ["HTTP 404", "no room ********"]),
    (DROP, HOOK, ["closed the connection"]),
    (said("<html>Log in</html>", content_type="text/html"), HOOK, ["login page"]),
    (said({}, status=302, Location="https://login.example.com/"), HOOK, ["redirects to https://login.example.com"]),
    (said(status=500), HOOK + "?api-version=1&sig=sig-4711", ["HTTP 500"]),
    (said(), HOOK + "?a=1&a=2", ["webhook.url", "twice"]),
    (said(), HOOK + "/{x}", ["webhook.url", "brace"]),
    (said(), HOOK + "#x", ["webhook.url", "fragment"]),
])
def test_a_webhook_that_fails_says_why_and_the_mail_goes_out(call, tmp_path, answer, url, words):
    with mailing(tmp_path) as post, receiving(lambda request: answer) as chat:
        result = call(mail=mail(post), webhook={"url": chat.url + url})
        assert result["failed"] and all(word in result["msg"] for word in words), result["msg"]
        assert (result["mail"]["status"], result["webhook"]["status"]) == ("sent", "failed") and len(post.seen) == 1 and len(chat.seen) <= 1
        warned = call(mail=mail(post), webhook={"url": chat.url + url}, on_failure="warn")
        assert not warned.get("failed") and "A notification was not sent" in str(warned["warnings"]) and words[0] in str(warned["warnings"])


def test_bodies_authentication_and_queries(call):
    variables = {"failed": True, "changes": {"create": 3}}
    with receiving() as server:
        call(webhook={"url": f"{server.url}/v1/spaces?key=k%2Fy+1&token=sig-4711", "body": {"summary": "{subject}: {text}", "bad": "{failed}", "n": "{changes.create}"}},
             auth={"type": "bearer", "token": TOKEN}, variables=variables)
        call(webhook={"url": server.url, "message_type": "text", "method": "PUT", "headers": {"X-Source": "{subject}"}})
        wrong = call(webhook={"url": server.url + HOOK, "body": {"text": "{txt}"}})
        form = call(webhook={"url": server.url, "message_type": "form"}, text='a&b="c" {not an expression}')
    first, second = server.seen[:2]
    assert first["json"] == {"summary": f"hris.ad elmo: {TEXT}", "bad": True, "n": 3} and first["headers"]["authorization"] == f"Bearer {TOKEN}"
    assert (first["path"], first["query"]) == ("/v1/spaces", {"key": ["k/y 1"], "token": ["sig-4711"]})
    assert (second["method"], second["body"].decode(), second["headers"]["x-source"]) == ("PUT", TEXT, "hris.ad elmo")
    assert wrong["failed"] and "body.text: there is no 'txt'. Did you mean 'text'" in wrong["msg"]
    assert form["webhook"]["status"] == "sent" and server.seen[2]["body"] == b"text=a%26b%3D%22c%22+%7Bnot+an+expression%7D" and len(server.seen) == 3


def test_the_address_and_the_login_may_come_from_the_environment(call, tmp_path, monkeypatch):
    with mailing(tmp_path) as post, receiving() as chat:
        for name, value in {"HRIS_NOTIFY_URL": chat.url + HOOK, "HRIS_MAIL_HOST": "127.0.0.1", "HRIS_MAIL_USERNAME": USER, "HRIS_MAIL_PASSWORD": PASSWORD}.items():
            monkeypatch.setenv(name, value)
        done = call(webhook={}, mail={"port": post.port, "from": "hr@example.com", "to": ["desk@example.com"]})
    assert (done["webhook"]["status"], done["mail"]["status"]) == ("sent", "sent") and post.seen[0]["user"] == USER and chat.seen[0]["path"] == HOOK


def test_one_of_the_two_is_needed_and_what_is_wrong_is_told_in_check_mode(call):
    assert "mail, webhook" in call()["msg"]
    assert call(check=True, webhook={"url": "ftp://x/y"})["msg"].startswith("webhook.url: this is not an http or https address")
