"""Named expressions and today(): what they stand for in every kind of rule, and what is refused."""
from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.people import (
    Feed,
    check_feed,
    people_of_sources,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.simulation.forecast import forecast

STAFF = "OU=Staff,DC=corp,DC=example"


def plan(company, definitions, employee=None, **changes):
    return company.plan([employee or {**company.employee("1", department="Sales"), "preferred": None}], company.snapshot(), definitions=definitions, **changes)


DEFINITIONS = {"is_sales": "department == 'Sales'", "shown": "upper(name())", "name": "preferred || first", "begins": "date(start)"}


@pytest.mark.parametrize(("changes", "seen"), [
    ({"mapping": {"employeeID": "number", "givenName": "name()", "sn": "last", "displayName": "{shown()} {last}", "title": "title"}},
     lambda change: change.attributes["displayName"].after == ["ANN Lee"] and change.attributes["givenName"].after == ["Ann"]),
    ({"placement": [{"ou": f"OU=Sales,{STAFF}", "when": "is_sales()", "create": True}, {"ou": STAFF}]}, lambda change: change.dn.endswith(f",OU=Sales,{STAFF}")),
    ({"placement": [{"ou": f"OU={{department}} {{name()}},{STAFF}", "create": True}]}, lambda change: f"OU=Sales Ann,{STAFF}" in change.dn),
    ({"naming": {"candidates": ["{ascii(name())}.{ascii(sn)}"], "attributes": {"sAMAccountName": "{lower(name)}", "cn": "{displayName} ({begins()})"}}},
     lambda change: change.attributes["sAMAccountName"].after == ["ann.lee"] and change.dn.startswith("CN=Ann Lee (2020-01-01)")),
    ({"scope": {"when": "!is_sales()"}}, None),
    ({"dates": {"start": "begins()", "end": "end", "terminated": "is_sales()"}}, None),
])
def test_every_rule_can_call_it(company, changes, seen):
    made = [change for change in plan(company, DEFINITIONS, **changes).changes if change.action == "create"]
    assert len(made) == (1 if seen else 0)
    assert seen is None or seen(made[0])


@pytest.mark.parametrize("when", ["is_sales()", "!is_sales() || is_sales()", "is_sales() && name() == 'Ann'", "not(`false`) && is_sales()"])
def test_conditions(company, when):
    found = plan(company, DEFINITIONS, groups=[{"groups": ["All Staff"], "when": when}])
    assert [change.group.split(",")[0] for change in found.changes if change.action == "group_add"] == ["CN=All Staff"]


@pytest.mark.parametrize(("definitions", "place", "said"), [
    ({"a": "b()", "b": "c()", "c": "a()"}, "definitions.a", "definitions call each other in a circle: a → b → c → a"),
    ({"a": "a()"}, "definitions.a", "in a circle: a → a"),
    ({"upper": "first"}, "definitions.upper", "there is a function 'upper' already"),
    ({"today": "first"}, "definitions.today", "there is a function 'today' already"),
    ({"start-day": "start"}, "definitions.start-day", "cannot be called in an expression"),
    ({"a": "first ||"}, "definitions.a", "does not parse"),
    ({"a": "{first} {last}"}, "definitions.a", "does not parse"),
    ({"a": 5}, "definitions.a", "an expression is needed, not 5"),
    ({"a": ""}, "definitions.a", "an expression is needed"),
    ({"a": "nam()"}, "definitions.a", "unknown function 'nam'"),
    ({"a": "left(first)"}, "definitions.a", "takes 2 argument(s), not 1"),
])
def test_what_cannot_be_defined(company, definitions, place, said):
    with pytest.raises(HrisError) as caught:
        company.rules(definitions=definitions)
    assert caught.value.place == place
    assert said in str(caught.value)


@pytest.mark.parametrize(("rule", "said"), [
    ("is_sale()", "did you mean 'is_sales'"),
    ("is_sales(first)", "is_sales() takes no arguments"),
    ("channels[?is_sales()]", "in a filter, in a projection or behind a pipe. Call is_sales() outside of it"),
    ("channels[*].is_sales()", "inside of the employee"),
    ("first | is_sales()", "inside of the employee"),
    ("map(&is_sales(), channels)", "inside of the employee"),
])
def test_calls_that_are_refused(company, rule, said):
    with pytest.raises(HrisError) as caught:
        company.rules(definitions=DEFINITIONS, mapping={"employeeID": "number", "displayName": "first", "title": rule})
    assert caught.value.place == "mapping.title"
    assert said.casefold() in str(caught.value).casefold()


def test_a_list_of_a_definition_can_be_filtered(company):
    """What is called at the beginning of a path reads the employee."""
    employee = company.employee("1", channels=[{"kind": "home", "number": "1"}, {"kind": "work", "number": "2"}])
    found = plan(company, {"phones": "channels"}, employee, mapping={
        "employeeID": "number", "displayName": "first", "givenName": "first", "sn": "last", "title": "phones()[?kind == 'work'].number | [0]"})
    assert found.changes[0].attributes["title"].after == ["2"]


@pytest.mark.parametrize("definitions", [{"a": "frist"}, {"b": "first", "a": "upper(b() || contract.nothing)"}])
def test_a_field_that_no_record_has_is_named_with_the_definition(company, definitions):
    with pytest.raises(HrisError) as caught:
        check_feed(Feed(company.rules(definitions=definitions), [company.employee("1")]))
    assert caught.value.place == "definitions.a"


def test_a_value_that_cannot_be_used_holds_the_person_at_the_rule(company):
    found = plan(company, {"begins": "date_add(department, 1, 'day')"}, groups=[{"groups": ["All Staff"], "when": "begins() == 'x'"}])
    (finding,) = [one for one in found.findings if one.kind == "held"]
    assert finding.place == "groups[0].when"


NEW = {"groups": [{"groups": ["All Staff"], "when": "date_diff(start, today('Australia/Sydney'), 'days') < `14`"}]}


def test_today_is_the_day_of_the_run(company):
    rules = company.rules(definitions={"now": "today('UTC')", "there": "today(zone)"},
                          mapping={"employeeID": "number", "displayName": "first", "givenName": "first", "sn": "last", "title": "{now()} {there()}"})
    employee = company.employee("1", zone="Pacific/Auckland")
    for day in (company.as_of, company.as_of + timedelta(days=30)):
        (source,) = people_of_sources([Feed(rules, [employee])], day)
        (line,) = [one for one in source.rules.mapping if one.name == "title"]
        there = (day + timedelta(hours=13)).date()  # summer time in New Zealand ends on 5 April 2026
        assert line.expressions[0].evaluate(employee) == f"{day.date()} {there}"
    assert company.rules().of_day is None, "rules that do not ask for the day are compiled once"


def test_the_forecast_shows_what_today_will_do(company):
    rules = company.rules(**NEW)
    feed = Feed(rules, [company.employee("1", start="2026-03-02")])
    days = list(forecast([feed], company.snapshot(), company.as_of, 20))
    assert {day.day: day.counts for day in days if day.counts} == {
        "2026-03-02": {"create": 1, "group_add": 1}, "2026-03-16": {"group_remove": 1}}


def test_a_zone_that_does_not_exist_is_refused_before_anything_is_read(company):
    with pytest.raises(HrisError, match="time zone"):
        company.rules(definitions={"now": "today('Sydney')"})


def test_rules_of_a_run_know_the_day_and_others_say_so(company):
    rules = company.rules(definitions={"now": "today('UTC')"})
    with pytest.raises(HrisError, match="is known only in the rules of a run"):
        rules.definitions["now"].evaluate({})
    assert rules.on(datetime(2026, 3, 2, tzinfo=timezone.utc)).definitions["now"].evaluate({}) == "2026-03-02"
