# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A condition is true, false or null. A text, a number, a list or an object holds the person: 'No' is not yes."""
from __future__ import annotations

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.risk import assess_risks
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.expressions import (
    compile_condition,
    compile_rule,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.people import people_of

OTHERS = ["No", "0", "FALSE", "no", "Yes", "1", "x", 0, 1, 0.0, [], [1], ["No"], {}, {"a": 1}]


@pytest.mark.parametrize("value", [True, False, None, "", "  "])
def test_what_a_condition_may_be(value):
    expected = value is True
    assert bool(compile_condition("gone", "p").evaluate({"gone": value})) is expected
    assert bool(compile_condition("!gone", "p").evaluate({"gone": value})) is not expected
    assert bool(compile_condition("gone && yes", "p").evaluate({"gone": value, "yes": True})) is expected
    assert bool(compile_condition("no || gone", "p").evaluate({"gone": value, "no": False})) is expected


@pytest.mark.parametrize("value", OTHERS, ids=str)
@pytest.mark.parametrize("source", [
    "gone", "a.gone", "!gone", "!(gone)", "!a.gone", "gone && yes", "yes && gone", "gone || yes", "no || gone", "yes && (no || !gone)", "not(gone)", "iif(gone, yes, no)",
    "iif(gone, 'a', 'b') == 'a'", "length(rows[?gone]) > `0`", "length(rows[?!gone]) > `0`", "length(rows[?gone && on]) > `0`", "length(rows[?on && gone]) > `0`",
    "length(rows[?off || gone]) > `0`", "length(rows[*].[!gone][]) > `0`", "coalesce(gone)", "item([gone], 1)",
])
def test_what_is_neither_true_nor_false_is_an_error(source, value):
    condition = compile_condition(source, "dates.terminated")
    record = {"gone": value, "a": {"gone": value}, "yes": True, "no": False, "rows": [{"gone": value, "on": True, "off": False}]}
    if source == "coalesce(gone)" and value in ([], {}):
        assert condition.evaluate(record) is None
        return
    with pytest.raises(HrisError, match="a condition needs true or false") as caught:
        condition.evaluate(record)
    assert caught.value.place == "dates.terminated"


@pytest.mark.parametrize(("value", "words"), [
    ("No", ["dates.terminated: 'Terminated' is 'No', and a condition needs true or false. Write Terminated == 'Yes', boolean(Terminated), or is_present(Terminated)"]),
    (0, ["'Terminated' is 0", "Terminated == `1`", "boolean(Terminated)"]),
    (["a"], ["'Terminated' is a list", "Write is_present(Terminated)"]),
    ("x" * 10_000, ["(10000 characters)", "boolean(Terminated)"]),
])
def test_the_message_has_the_value_and_the_way_out(value, words):
    with pytest.raises(HrisError) as caught:
        compile_condition("Terminated", "dates.terminated").evaluate({"Terminated": value})
    assert all(word in str(caught.value) for word in words), str(caught.value)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("source", ["gone == 'No'", "gone != 'Yes'", "!boolean(gone)", "boolean(gone) || b == `1`", "is_present(gone)", "contains(gone, 'N')", "starts_with(gone, 'N')",
                                    "length(rows[?boolean(gone)]) == `0`", "length(rows[?gone == 'No']) == `1`", "b > `1` || boolean(gone) == `false`"])
def test_the_ways_out(source):
    assert compile_condition(source, "p").evaluate({"gone": "No", "rows": [{"gone": "No"}], "b": 1}) is True


@pytest.mark.parametrize(("source", "expected"), [
    ("next && join('', ['?offset=', next])", "?offset=7"), ("none && 'x'", None), ("no && 'x'", False), ("manager && manager.id", "8"), ("yes && 'x' || 'y'", "x"),
    ("no && 'x' || 'y'", "y"), ("none || next", "7"), ("list && 'x' || 'y'", "x"), ("empty && 'x' || 'y'", "y"),
])
def test_where_a_value_is_wanted_there_may_be_any(source, expected):
    record = {"next": "7", "none": None, "no": False, "yes": True, "manager": {"id": "8"}, "list": [1], "empty": []}
    assert compile_rule(source, "p").evaluate(record) == expected


@pytest.mark.parametrize("value", ["No", "FALSE", "0", " off ", 0])
def test_what_reads_as_no_is_not_taken_for_yes_there(value):
    for source in ("IsManager && 'Manager' || 'Staff'", "{IsManager && 'Manager' || 'Staff'}", "rows[*].[IsManager && 'Manager'][] | [0]"):
        with pytest.raises(HrisError, match=r"mapping\.title: .*boolean\(IsManager\)"):
            compile_rule(source, "mapping.title").evaluate({"IsManager": value, "rows": [{"IsManager": value}]})


RULES = {
    "dates.terminated": {"dates": {"start": "start", "terminated": "flag"}},
    "dates.on_leave": {"dates": {"start": "start", "on_leave": "flag"}},
    "scope.when": {"scope": {"when": "flag"}},
    "groups[0].when": {"groups": [{"groups": ["All Staff"], "when": "flag"}]},
    "placement[0].when": {"placement": [{"ou": "OU=Staff,DC=corp,DC=example", "when": "!flag"}]},
    "correlation.fallbacks[0].when": {"correlation": {"fallbacks": [{"attribute": "mail", "value": "last", "when": "flag"}]}},
    "risk.people[0]": {"risk": {"people": ["flag"]}},
}


@pytest.mark.parametrize("value", ["No", "0", "FALSE", "Yes", 0, 1, ["No"]], ids=str)
@pytest.mark.parametrize("place", RULES)
def test_every_rule_holds_the_person_and_serves_the_others(company, place, value):
    employees = [company.employee("1", flag=value), company.employee("2", first="Bo", last="Ray", flag=None)]
    accounts = [company.account("1", "alee", "Ann Lee"), company.account("2", "bray", "Bo Ray", rid=1101)]
    plan = company.plan(employees, company.snapshot(*accounts), **RULES[place])
    (held,) = [finding for finding in plan.findings if finding.kind == "held"]
    assert held.key == "1" and held.place == place and "flag" in held.message
    assert not [change for change in plan.changes if change.key == "1"]
    assert "disable" not in {change.action for change in plan.changes}


def test_a_leaver_is_locked_although_a_condition_cannot_be_read(company):
    employees = [company.employee("1", flag="No", end="2026-01-31")]
    options = {"dates": {"start": "start", "end": "end", "terminated": "flag"}, "scope": {"when": "flag"}, "risk": {"people": ["flag"], "hold": True}}
    plan = company.plan(employees, company.snapshot(company.account("1", "alee", "Ann Lee")), **options)
    (change,) = [change for change in plan.changes if change.action == "disable"]
    rules = company.rules(**options)
    assess_risks([change], people_of(employees, rules, company.as_of).people, rules.risk, [])
    assert change.risk == "high" and "it is not known whether flag" in change.risks[0]


@pytest.mark.parametrize(("source", "words"), [
    ("hours > `20`", ["hours (the text '38')", "and 20 have no order", "Write to_number(hours) instead"]),
    ("`20` < hours", ["20 and hours (the text '38')", "to_number(hours)"]),
    ("a.hours >= `20`", ["a.hours (the text '38')", "to_number(a.hours)"]),
    ("hours > limit", ["hours (the text '38') and limit (20)", "to_number(hours)"]),
    ("trim(hours) <= `1`", ["the text '38' and 1", "to_number(x)"]),
    ("length(rows[?hours > `20`]) > `0`", ["hours (the text '38') and 20", "to_number(hours)"]),
    ("rows[?hours > `20`].hours | [0] == '38'", ["to_number(hours)"]),
    ("[hours > `20`, limit] | length(@) > `0`", ["to_number(hours)"]),
    ("[hours > `20`][0]", ["to_number(hours)"]),
    ("!(hours > `20`)", ["to_number(hours)"]), ("yes && hours > `20`", ["to_number(hours)"]), ("hours > `20` || yes", ["to_number(hours)"]),
    ("iif(hours > `20`, yes, yes)", ["to_number(hours)"]),
    ("limit > '3'", ["limit (20) and the text '3'", "to_number(x)"]),
    ("yes > `0`", ["yes (True) and 0 have no order", "Compare a number with a number"]), ("rows > `0`", ["rows (a list", "Compare a number"]), ("a > 'x'", ["a (an object"]),
])
@pytest.mark.parametrize("compiled", [compile_condition, compile_rule])
def test_a_comparison_without_an_order_is_an_error(source, words, compiled):
    record = {"hours": "38", "a": {"hours": "38"}, "rows": [{"hours": "38"}], "limit": 20, "yes": True}
    with pytest.raises(HrisError) as caught:
        compiled(source, "dates.terminated").evaluate(record)
    assert caught.value.place == "dates.terminated" and all(word in str(caught.value) for word in words), str(caught.value)


@pytest.mark.parametrize(("source", "expected"), [
    ("to_number(hours) > `20`", True), ("hours > '20'", True), ("limit >= `20`", True), ("none > `20`", None), ("blank > `20`", None), ("limit < none", None),
    ("missing.x < 'a'", None), ("length(rows[?to_number(hours) > `20`]) == `1`", True), ("rows[?none > `1`] | length(@) == `0`", True), ("limit < `1.5`", False)])
def test_what_has_an_order(source, expected):
    record = {"hours": "38", "rows": [{"hours": "38", "none": None}], "limit": 20, "none": None, "blank": " "}
    assert compile_condition(source, "p").evaluate(record) is expected


def test_a_text_that_is_compared_with_a_number_holds_that_person(company):
    feed = [company.employee("1", hours="38"), company.employee("2", "Bo", "Ek", hours=12), company.employee("3", "Cy", "Ek", hours=None)]
    source = people_of(feed, company.rules(scope={"when": "!(hours > `20`)"}), company.as_of)
    assert {person.key: person.state for person in source.people} == {"1": "held", "2": "active", "3": "active"}
    (finding,) = source.findings
    assert finding.key == "1" and "to_number(hours)" in finding.message and "38" in finding.message
