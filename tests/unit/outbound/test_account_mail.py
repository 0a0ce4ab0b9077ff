"""The mail about one account: what values of HR can and cannot do, and what is never in a mail."""
from __future__ import annotations

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.outbound.account_mail import (
    compile_mail,
    hidden_addresses,
    render_mail,
    shown_mail,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.outbound.mail_messages import (
    compose,
    parse_address,
)

ANN = {"givenName": "Ann", "mail": "ann@corp.example", "start": "2026-03-09", "employee": {"private": "ann@home.example", "note": None}, "manager_account": {}}


def rendered(record=(), **given):
    options = {"to": ["{employee.private}"], "subject": "Welcome, {givenName}", "text": "Dear {givenName}\nuntil {start}", "markup": None} | given
    return render_mail(compile_mail(**options), ANN | dict(record))


def test_a_mail_with_functions_and_html():
    mail = rendered({"givenName": "Ann <b>&\"'"}, to=["{employee.private}", "Desk <desk@corp.example>"],
                    subject="{upper(givenName)} starts\n", text="On {start}: {employee.note || 'no note'}", markup="<p title='{givenName}'>{givenName}</p>")
    assert [one.addr_spec for one in mail.to] == ["ann@home.example", "desk@corp.example"] and mail.to[1].display_name == "Desk"
    assert (mail.subject, mail.text) == ("ANN <B>&\"' starts", "On 2026-03-09: no note")
    assert mail.html == "<p title='Ann &lt;b&gt;&amp;&quot;&#x27;'>Ann &lt;b&gt;&amp;&quot;&#x27;</p>"
    message = compose(parse_address("Büro <hr@corp.example>", "from"), mail.to, mail.subject, mail.text, mail.html)
    assert [part.get_content_type() for part in message.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert message.as_bytes().isascii() and message.as_bytes().endswith(b"\r\n")


@pytest.mark.parametrize("address", [
    "ann@home.example\r\nBcc: thief@x.example", "ann@home.example, thief@x.example", "ann@home.example; thief@x.example", "ann@home.example thief@x.example",
    "=?utf-8?q?a=40x.example=2C?= <ann@home.example>", "Team: a@x.example, b@x.example;", "<a@x.example> <b@x.example>", "ann", "@home.example", "ann@", "ann@home.example>",
    "ann@home.example\x00", "änn@home.example", "Ann\u2028 <ann@home.example>", "ann@home.example (\r\n x)"])
def test_an_address_is_one_address_or_the_mail_is_refused(address):
    with pytest.raises(HrisError, match=r"^to\[0\]: "):
        rendered({"employee": {"private": address}})


@pytest.mark.parametrize("name", ["Ann\r\nBcc: thief@x.example", "Ann\nX", "Ann\rX", "Ann\u2028X", "Ann\x85X", "=?utf-8?q?Ann=0ABcc=3A_x?=", "\u202eAnn", "Ann\x00"])
def test_a_name_is_no_header(name):
    with pytest.raises(HrisError, match="subject: a value would end the subject"):
        rendered({"givenName": name})


def test_a_name_with_joiners_is_a_name():
    assert rendered({"givenName": "می\u200cخواهم"}).subject == "Welcome, می\u200cخواهم"


def test_a_value_is_no_line_of_the_text():
    mail = rendered({"givenName": "Ann\r\n\r\nPay here:\u2028\x1b[0m http://x.example"}, subject="Hello", markup="<p>{givenName}</p>")
    assert mail.text.splitlines() == ["Dear Ann Pay here: \\x1b[0m http://x.example", "until 2026-03-09"] and len(mail.html.splitlines()) == 1


@pytest.mark.parametrize("given, place, words", [
    ({"text": "{employee.initialPassword}"}, "text", "never has a password"), ({"text": "{employee.a[?b].passwd | [0]}"}, "text", "never has a password"),
    ({"subject": "{unicodePwd}"}, "subject", "never has a password"), ({"to": ["{employee.api_token}"]}, "to[0]", "never has a password"),
    ({"markup": "<p>{left(employee.secret, 3)}</p>"}, "html", "never has a password"), ({"text": "{to_string(@)}"}, "text", "may read any field"),
    ({"text": "{to_string(employee)}"}, "text", "may read any field"), ({"text": "{employee.* | [0]}"}, "text", "may read any field"),
    ({"to": []}, "to", "no recipient"), ({"text": "{left(}"}, "text", "does not parse")])
def test_templates_that_are_refused(given, place, words):
    with pytest.raises(HrisError) as caught:
        compile_mail(**{"to": ["{mail}"], "subject": "s", "text": "t"} | given)
    assert str(caught.value).startswith(f"{place}: ") and words in str(caught.value)


@pytest.mark.parametrize("given, words", [
    ({"to": ["{employee.note}"]}, "'{employee.note}' has no value"), ({"to": ["{employee.note || ''}"]}, "there is no address"),
    ({"text": "{manager_account.mail}"}, "'{manager_account.mail}' has no value")])
def test_what_is_missing_is_told(given, words):
    with pytest.raises(HrisError) as caught:
        rendered(**given)
    assert words in str(caught.value)


def test_what_a_result_shows():
    templates = compile_mail(["{employee.private}", "desk@corp.example"], "For {givenName}", "x" * 30, "<p>{mail}</p>")
    mail = render_mail(templates, ANN)
    assert shown_mail(templates, mail, ["MAIL"], 20) == {
        "to": ["ann@home.example", "desk@corp.example"], "subject": "For Ann", "text": "x" * 20 + "… (10 more characters)", "html": "********"}
    assert shown_mail(templates, mail, ["private"], 99)["to"] == ["********", "desk@corp.example"]
    assert shown_mail(templates, mail, ["employee"], 99)["to"] == ["********", "desk@corp.example"]


def test_what_is_hidden_is_in_no_message():
    templates = compile_mail(["{employee.private}", "{mail}"], "For {givenName}", "text")
    for redact in (["private"], ["Employee"]):
        with pytest.raises(HrisError) as caught:
            render_mail(templates, ANN | {"employee": {"private": "ann@home.example, b@x"}}, redact)
        assert str(caught.value) == "to[0]: a value is missing or refused; it is hidden."
        assert hidden_addresses(templates, render_mail(templates, ANN), redact) == ["ann@home.example"]
    with pytest.raises(HrisError, match="ann@home.example, b@x"):
        render_mail(templates, ANN | {"employee": {"private": "ann@home.example, b@x"}}, ["mail"])
