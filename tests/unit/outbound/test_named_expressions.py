"""Named expressions of the rules in what follows a run: they read the employee of the account."""
from __future__ import annotations

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.outbound.account_mail import (
    compile_mail,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.outbound.definitions import (
    definitions_of,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.outbound.employee_fields import (
    employee_reads,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.outbound.objects import compile_when

GIVEN = {"definitions": {"known_as": "nick || first", "is_new": "date_diff(start, today('UTC'), 'days') < `14`"}, "as_of": "2026-03-10"}
ACCOUNT = {"sAMAccountName": "alee", "employee": {"nick": None, "first": "Ann", "start": "2026-03-02"}}


def test_conditions_and_templates_read_the_employee():
    with definitions_of(GIVEN):
        when = compile_when("is_new() && known_as() == 'Ann'", "when")
        mail = compile_mail(["{lower(known_as())}@example.com"], "Welcome, {known_as()}", "You are {sAMAccountName}.", None)
    assert when.evaluate(ACCOUNT) is True
    assert when.evaluate({**ACCOUNT, "employee": {**ACCOUNT["employee"], "start": "2026-01-02"}}) is False
    assert {path for leaf in mail.leaves for path in leaf.paths} == {("employee", "nick"), ("employee", "first"), ("sAMAccountName",)}


def test_what_they_read_is_kept_in_the_feed_file():
    steps = [{"name": "welcome", "events": ["created"], "when": "is_new()", "mail": {"to": "x@example.com", "subject": "s", "text": "{known_as()}"}}]
    with definitions_of(GIVEN):
        found = employee_reads({}, steps)
    assert not found.unknown
    assert {path for one in found.expressions for path in one.paths} == {("start",), ("nick",), ("first",)}
    assert employee_reads({}, steps).unknown, "without the definitions nobody knows what the step reads"


def test_a_definition_that_is_wrong_is_named():
    with pytest.raises(HrisError) as caught, definitions_of({"definitions": {"a": "b ||"}}):
        raise AssertionError
    assert caught.value.place == "definitions.a"


def test_a_password_is_refused_behind_a_name_as_well():
    with pytest.raises(HrisError, match="initial_password"), definitions_of({"definitions": {"harmless": "initial_password"}}):
        compile_mail(["x@example.com"], "s", "{harmless()}", None)
