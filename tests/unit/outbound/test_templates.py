"""Texts, bodies, the loop guard and the comparison, as tables."""
from __future__ import annotations

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.outbound import (
    comparison,
    feedback_loops,
    objects,
    redaction,
    request_bodies,
    templates,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.outbound.webhook_options import (
    CompareOptions,
    SuccessOptions,
    WebhookOptions,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.outbound.webhook_template import (
    compile_webhook,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.expressions import compile_rule

ANN = {"mail": "ann@example.com", "names": ["a", "b"], "n": 7, "yes": True, "slash": "a/b?c", "dots": ".."}


@pytest.mark.parametrize(("source", "expected"), [
    ("plain  text\n", "plain  text\n"), ("<{mail}>", "<ann@example.com>"), ("{n}/{yes}", "7/true"), ("{none}", None), ("a {none} b", None),
    ("{none || ''}", ""), ("{join(',', names)}", "a,b"), ("{'{'}{mail}", "{ann@example.com"),
])
def test_texts(source, expected):
    assert templates.compile_text(source, "x").evaluate(ANN) == expected


@pytest.mark.parametrize(("source", "expected"), [("{names}", ["a", "b"]), ("{n}", 7), ("{none}", None), (" {n}", " 7"), ("x", "x"), ("{yes}", True)])
def test_a_lone_expression_keeps_its_kind(source, expected):
    leaves = []
    assert templates.compile_tree({"a": [source, 1, None]}, "body", leaves).evaluate(ANN) == {"a": [expected, 1, None]}
    assert [leaf.place for leaf in leaves] == ["body.a[0]"]


@pytest.mark.parametrize(("url", "relative", "expected"), [
    ("https://x.example/u/{slash}/y", False, "https://x.example/u/a%2Fb%3Fc/y"), ("/u/{n}", True, "/u/7"), ("https://x.example", False, "https://x.example"),
])
def test_addresses(url, relative, expected):
    assert templates.compile_url(url, "url", relative).evaluate(ANN) == expected


@pytest.mark.parametrize(("url", "relative"), [
    ("https://{mail}/x", True), ("{mail}", True), ("//evil.example/x", True), ("/x", False), ("ftp://x.example/", True), ("https://x.example/a?b={n}", False),
    ("https://u:p@x.example/", False), ("https://x.example/#{n}", False), ("", True), ("https://x.example{mail}/", False),
])
def test_addresses_that_lead_elsewhere_are_refused(url, relative):
    with pytest.raises(HrisError) as error:
        templates.compile_url(url, "url", relative)
    assert error.value.place == "url" and "ann" not in str(error.value)


def test_dots_are_no_part_of_a_path():
    with pytest.raises(HrisError):
        templates.compile_url("https://x.example/u/{dots}", "url", False).evaluate(ANN)


def test_without_empty():
    assert request_bodies.without_empty({"a": None, "b": {"c": "", "d": [None]}, "e": 0, "f": [{"g": False}, {}]}) == {"e": 0, "f": [{"g": False}]}


@pytest.mark.parametrize(("current", "wanted", "differs"), [
    ("7", 7, False), (None, "", False), ("a ", "a", False), ("A", "a", True), ([1, "2"], ["1", 2], False), (["a", "b"], ["b", "a"], True), (True, "TRUE", False),
])
def test_comparison(current, wanted, differs):
    assert bool(comparison.differences({"f": current}, [comparison.WantedValue("f", compile_rule("f", "x"), wanted)])) is differs


@pytest.mark.parametrize(("mapping", "written", "words"), [
    ({"mail": "work_email"}, {"work_email": "mail"}, "mail is mapped from work_email and written back to work_email"),
    ({"MAIL": "lower(work_email)"}, {"work_email": "{mail}"}, "MAIL is mapped from"),
    ({"title": "job_title.display"}, {"job_title": "title"}, "title is mapped from job_title"),
    ({"title": {"from": "a || b", "empty": "clear"}}, {"b": "upper(title)"}, "title is mapped from b"),
])
def test_a_loop_is_refused(mapping, written, words):
    with pytest.raises(HrisError, match=words):
        feedback_loops.check_loops(mapping, {name: compile_rule(rule, f"mapping.{name}") for name, rule in written.items()})


@pytest.mark.parametrize(("mapping", "written", "warnings"), [
    ({"mail": {"from": "work_email", "apply": "on_create"}}, {"work_email": "mail"}, 0), ({"mail": "private_email"}, {"work_email": "mail"}, 0),
    ({"info": "work_email"}, {"work_email": "mail"}, 1), (None, {"work_email": "mail"}, 0), ({"company": {"constant": "x"}}, {"work_email": "company"}, 0),
])
def test_no_loop(mapping, written, warnings):
    found = feedback_loops.check_loops(mapping, {name: compile_rule(rule, f"mapping.{name}") for name, rule in written.items()})
    assert len(found) == warnings


def test_what_is_hidden():
    shown = redaction.redacted({"Authorization": "x", "X-API-Key": "x", "Set-Cookie": "x", "sig": "x", "X-Name": "see me", "list": ["me", 1]},
                            lambda text: text.replace("me", "**"))
    assert shown == {"Authorization": "********", "X-API-Key": "********", "Set-Cookie": "********", "sig": "********", "X-Name": "see **", "list": ["**", "1"]}
    assert redaction.body_text(b"x" * 30, 10, str) == "xxxxxxxxxx… (20 more characters)"


def test_well_known_attributes_have_the_spelling_of_the_schema():
    given = {"samaccountname": "ann", "attributes": {"MAIL": ["a@example.com"], "extensionattribute7": ["x"]}, "before": {"Title": ["Clerk"]}, "key": "E1"}
    found = objects.of_mapping(given)
    assert (found["sAMAccountName"], found["mail"], found["before"], found["key"]) == ("ann", "a@example.com", {"title": "Clerk"}, "E1")
    assert found["extensionattribute7"] == "x" and "samaccountname" not in found


@pytest.mark.parametrize("optional", [(), ("extensionAttribute7",)])
def test_an_attribute_in_another_spelling_is_an_error_and_not_null(optional):
    items = [objects.of_mapping({"extensionattribute7": "x"})]
    with pytest.raises(HrisError, match="no object has the field 'extensionAttribute7'.*'extensionattribute7'"):
        objects.check_names([compile_rule("extensionAttribute7", "body.a")], items, optional)
    objects.check_names([compile_rule("mobile", "body.a")], items)


def test_keys_that_nobody_has():
    items = [objects.of_mapping({"key": "E1"}), objects.of_mapping({"key": "e2"})]
    assert [item["key"] for item in objects.with_keys(items, ["E2 "])] == ["e2"]
    with pytest.raises(HrisError, match="no account of the file has the key 'E3'"):
        objects.with_keys(items, ["E1", "E3"])


@pytest.mark.parametrize(("options", "words"), [
    ({"success": SuccessOptions(["2xx"], "boddy.ok")}, "a response has no 'boddy'. Did you mean 'body'"),
    ({"success": SuccessOptions(["2xx"], "headers.\"Location\"")}, "in lower case: 'location'"),
])
def test_a_condition_of_success_reads_what_a_response_has(options, words):
    with pytest.raises(HrisError, match=words):
        compile_webhook(WebhookOptions("test", "https://x.example/a", "PUT", "json", **options))


def test_conditions_read_their_own_attributes():
    compare = CompareOptions("fail", verify=False, unchanged_when="current.phone == telephoneNumber")
    webhook = compile_webhook(WebhookOptions("test", "https://x.example/a", "PUT", "json", body={"a": 1}, compare=compare,
                                             success=SuccessOptions(["2xx"], "body.title == object.title")))
    assert {path for leaf in webhook.leaves for path in leaf.paths} == {("telephoneNumber",), ("title",)}


def test_a_value_of_a_diff_is_one_short_line():
    assert redaction.shown_value("a\nmemberOf: x\u202e\u2028") == "a\\nmemberOf: x\\u202e\\u2028"
    assert redaction.shown_value("Zoë 日本") == "Zoë 日本" and redaction.shown_value(None) == "" and redaction.shown_value(["a"]) == '["a"]'
    assert redaction.shown_value("x" * 10_000_000) == "x" * 500 + "… (9999500 more characters)"
