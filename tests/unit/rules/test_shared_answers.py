# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers that people share: found once for the same texts, and never given to records that differ in what a rule reads."""
from __future__ import annotations

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.rules import shared_answers as module
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.expressions import (
    compile_condition,
    compile_rule,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.group_rules import (
    compile_groups,
    groups_of,
    groups_of_record,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.shared_answers import (
    shared_answers,
)


def shared(*sources):
    """(the shared function from a record to the values of expressions, the records that it was computed for)."""
    rules, asked = [compile_rule(source, "x") for source in sources], []

    def answer(record):
        asked.append(record)
        return [rule.evaluate(record) for rule in rules]
    return shared_answers(answer, rules), asked


@pytest.mark.parametrize(("sources", "first", "second", "times"), [
    (["a"], {"a": "x", "b": "1"}, {"a": "x", "b": "2"}, 1),  # what no rule reads does not matter
    (["a"], {"a": "x"}, {"a": "X"}, 2),
    (["a"], {"a": None}, {}, 1),
    (["a", "b.c"], {"a": "x", "b": {"c": "1", "d": "2"}}, {"a": "x", "b": {"c": "1"}}, 1),
    (["a", "b.c"], {"a": "x", "b": {"c": "1"}}, {"a": "x", "b": {"c": "2"}}, 2),
    (["b.c"], {"b": {"c": "1"}}, {"b": "no object"}, 2),
    (["{a} of {b}"], {"a": "x", "b": "y"}, {"a": "x", "b": "y"}, 1),
    (["a"], {"a": 1}, {"a": True}, 2),  # equal for Python
    (["a"], {"a": 1}, {"a": 1.0}, 2),
    (["a"], {"a": 0}, {"a": False}, 2),
    (["a[0]"], {"a": ["x"]}, {"a": ["y"]}, 2),  # lists and objects are not remembered
    (["a.b[?c == 'x'].d | [0]"], {"a": {"b": [{"c": "x", "d": "1"}]}}, {"a": {"b": [{"c": "x", "d": "2"}]}}, 2),
    (["a"], {"a": {"b": "x"}}, {"a": {"b": "x"}}, 2),
    (["to_string(@)"], {"a": "x"}, {"a": "x"}, 2),  # may read any field
    (["keys(@)"], {"a": "x"}, {"b": "x"}, 2),
    (["*"], {"a": "x"}, {"a": "y"}, 2),
    ([], {"a": "x"}, {"a": "y"}, 1),
])
def test_answers_are_those_of_each_record(sources, first, second, times):
    find, asked = shared(*sources)
    rules = [compile_rule(source, "x") for source in sources]
    for record in (first, second):
        assert find(record) == [rule.evaluate(record) for rule in rules]
    assert len(asked) == times


def test_what_is_raised_is_raised_again():
    rule, asked = compile_condition("a", "when"), []

    def answer(record):
        asked.append(record)
        return rule.evaluate(record) or False
    find = shared_answers(answer, [rule])
    for _time in range(2):
        with pytest.raises(HrisError, match="when"):
            find({"a": "no truth value"})
    assert len(asked) == 2


def test_the_number_of_remembered_answers_has_a_bound(monkeypatch):
    monkeypatch.setattr(module, "MOST", 3)
    find, asked = shared("a")
    for _time in range(2):
        assert [find({"a": str(number)}) for number in range(5)] == [[str(number)] for number in range(5)]
    assert len(asked) == 5 + 2


def test_groups_of_a_record_are_those_of_its_person(company):
    rules = compile_groups([
        {"groups": ["All", "Both"], "records": "primary"},
        {"groups": ["Finance", "Both"], "when": "department == 'Finance'", "records": "current"},
        {"groups": ["IT"], "when": "department == 'IT'", "records": "primary"},
    ])
    for department in ("Finance", "IT", None):
        (person,), _findings = company.people(company.employee("1", department=department))
        assert groups_of_record(rules, person.record) == groups_of(rules, person)
