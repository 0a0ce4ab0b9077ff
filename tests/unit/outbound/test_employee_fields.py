"""What webhooks, write-back and steps read of the employee of HR, told before any of them begins."""
from __future__ import annotations

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.outbound.employee_fields import (
    employee_reads,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.kept_fields import fields_read

URL = "https://desk.example.com/tickets"


def webhook(**options):
    return {"url": URL, **options}


@pytest.mark.parametrize("options, paths", [
    ({}, []),
    ({"url": URL + "/{employee.id}"}, ["id"]),
    ({"url": "/users/{employee.id}"}, ["id"]),  # below a base_url, which is an option of all webhooks
    ({"headers": {"X-Unit": "{employee.unit.code}", "X-Null": None}}, ["unit.code"]),
    ({"method": "GET", "params": {"q": "{employee.a || employee.b}"}}, ["a", "b"]),
    ({"body": {"x": ["{employee.a}", {"y": "Dear {employee.b.c}"}], "n": 7, "none": None}}, ["a", "b.c"]),
    ({"body": "hello {employee.a}", "message_type": "text"}, ["a"]),
    ({"body": "<a b='{employee.b}'>{employee.c}</a>", "message_type": "xml"}, ["b", "c"]),
    ({"body": {"a": {"@x": "{employee.b}", "#text": "{employee.c}"}}, "message_type": "xml"}, ["b", "c"]),
    ({"body": {"a": "{employee.a}"}, "message_type": "form"}, ["a"]),
    ({"when": "employee.a == 'x' && mail"}, ["a"]),
    ({"success": {"when": "body.id == object.employee.a"}}, ["a"]),
    ({"success": {"status": ["2xx", 409]}}, []),
    ({"success": {"status": 200, "when": "object.employee.a"}}, ["a"]),
    ({"success": {"status": "2xx,409"}, "omit_empty": "yes", "when": True}, []),
    ({"success": {"when": "body.employee.a"}}, []),  # of the response
    ({"idempotency": {"key": "k-{employee.a}"}}, ["a"]),
    ({"idempotency": {}}, []),
    ({"compare": {"url": URL + "/{employee.a}", "params": {"q": "{employee.b}"}, "from": "data[0]", "fields": {"theirs.x": "employee.c", "y": "{employee.d}"}}},
     ["a", "b", "c", "d"]),
    ({"compare": {"unchanged_when": "current.employee.z == employee.a"}}, ["a"]),
    ({"body": "{groups_added} {employees.a} {mail}", "message_type": "text"}, []),
])
def test_webhooks(options, paths):
    found = employee_reads({"w": webhook(**options)}, [])
    read = fields_read(found.expressions)
    assert not found.unknown and not read.whole
    assert sorted(".".join(path) for path in read.paths) == paths
    # The same in a step, and as write-back to ELMO
    for step in ({"name": "s", "webhook": webhook(**options)}, {"name": "s", "writeback": {"elmo": webhook(**options)}}):
        assert fields_read(employee_reads({}, [step]).expressions).paths == read.paths


@pytest.mark.parametrize("step, paths", [
    ({"webhook": "one"}, []),
    ({"webhook": "one", "when": "employee.a"}, ["a"]),
    ({"user": {"attributes": {"set": {"info": "{employee.a}"}}, "groups": {"add": ["{employee.b} Users"]}, "enabled": True, "path": "OU={employee.c},DC=x"}}, ["a", "b", "c"]),
    ({"writeback": {"icehrm": {"work_email": "mail", "custom": {"ad": "sAMAccountName"}}}}, []),
    ({"writeback": {"icehrm": {"work_email": "employee.a", "mobile_phone": {"from": "{employee.b}", "empty": "clear"}, "x": {"constant": "employee.z"},
                               "custom": {"ad": "employee.c"}}}, "key": "employee.d", "when": "employee.e"}, ["a", "b", "c", "d", "e"]),
    ({"tasks": "own.yml", "fields": []}, []),
    ({"tasks": "own.yml", "fields": ["a.b", "\"Cost Centre\""]}, ["Cost Centre", "a.b"]),
])
def test_steps(step, paths):
    found = employee_reads({}, [{"name": "s", **step}])
    read = fields_read(found.expressions)
    assert not found.unknown and not read.whole and sorted(".".join(path) for path in read.paths) == paths


@pytest.mark.parametrize("options", [
    {"body": "{employee}"}, {"body": {"who": "{employee}"}}, {"body": "{to_string(@)}", "message_type": "text"}, {"when": "length(employee) > `3`"},
    {"success": {"when": "is_present(object)"}}, {"compare": {"fields": {"x": "values(employee)[0]"}}}, {"params": {"x": "{join(',', keys(@))}"}},
])
def test_what_may_read_any_field(options):
    read = fields_read(employee_reads({"w": webhook(**options)}, []).expressions)
    assert [one.place.split(", ")[0] for one in read.whole] == ["the webhook w"]


@pytest.mark.parametrize("webhooks, steps, reason", [
    ({}, [{"name": "badge", "tasks": "badge.yml"}], "the tasks of the step badge may read any field (name those that they read in its fields)"),
    ({}, [{"name": "s", "tasks": "x.yml", "fields": ["employee.a"]}], "the step s cannot be judged (fields: 'employee.a' is not a field of HR. Leave employee out)"),
    ({}, [{"name": "s", "tasks": "x.yml", "fields": "badge,desk"}], "the step s cannot be judged (fields: it is not a list)"),
    ({}, [{"name": "s", "writeback": "elmo"}], "the step s cannot be judged (writeback: it is not an object)"),
    ({"w": {"url": URL, "headers": "a=b"}}, [], "the webhook w cannot be judged (headers: it is not an object)"),
    ({"w": {"url": URL, "compare": {"params": ["x"]}}}, [], "the webhook w cannot be judged ("),
    ({"w": {"url": URL, "compare": {"fields": 7}}}, [], "the webhook w cannot be judged ("),
    ({"w": {}}, [], "the webhook w cannot be judged (it has no url)"),
    ({"w": "text"}, [], "the webhook w cannot be judged (webhook: it is not an object)"),
    ({"w": {"url": URL, "body": "{employee."}}, [], "the webhook w cannot be judged (body"),
    ({}, [{"name": "s", "when": "employee.(("}], "the step s cannot be judged (when: the expression does not parse"),
    ({}, [{"name": "s", "writeback": {"icehrm": {"work_email": 7}}}], "the step s cannot be judged (writeback.work_email"),
    ({"w": {"url": URL, "success": "yes"}}, [], "the webhook w cannot be judged (success: it is not an object)"),
])
def test_what_cannot_be_judged_may_read_any_field(webhooks, steps, reason):
    found = employee_reads(webhooks, steps)
    assert len(found.unknown) == 1 and found.unknown[0].startswith(reason), found.unknown


def test_mail():
    mail = {"to": ["{employee.home}", "desk@x.example"], "subject": "{employee.a.b}", "text": "{mail} {employee.c}", "html": "<p>{employee.d}</p>"}
    found = employee_reads({}, [{"name": "s", "when": "employee.w == 'x'", "mail": mail}])
    assert not found.unknown and sorted(".".join(path) for path in fields_read(found.expressions).paths) == ["a.b", "c", "d", "home", "w"]
    assert fields_read(employee_reads({}, [{"name": "s", "mail": {**mail, "to": "{employee.x}"}}]).expressions).paths >= {("x",)}
    for wrong in ({"text": "{employee.password}"}, {"to": 7}, {"to": []}):
        assert employee_reads({}, [{"name": "s", "mail": {**mail, **wrong}}]).unknown
