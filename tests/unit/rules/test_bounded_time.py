# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No rule and no value of HR takes time without a bound: regular expressions, long lists, long texts."""
from __future__ import annotations

import importlib
import itertools
import pkgutil
import re
import time
from pathlib import Path

import pytest
from ansible_collections.hris.ad.plugins.module_utils import _hris
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError, did_you_mean
from ansible_collections.hris.ad.plugins.module_utils._hris.rules import records as records_of
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.expressions import (
    compile_condition,
    compile_rule,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.functions import patterns
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.functions.registry import (
    RULE_FUNCTIONS,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.values import to_text

ROOT = Path(__file__).resolve().parents[3]

SLOW = "a" * 40 + "!"


def seconds(call, *arguments):
    begin = time.process_time()
    call(*arguments)
    return time.process_time() - begin


@pytest.mark.parametrize("source", [
    "replace_re(last, '^(a|a)*$', '')",
    "replace_re(last, '^(a+)+$', 'x')",
    "match(last, '^((a|aa)+)+$')",
    "matches(last, '(a|a|b)*c$')",
    "{first} {replace_re(last, '^(a|a)*$', '')}",
    "map(&matches(@, '^(a|a)*$'), lasts) | [0]",
    "matches(last, pattern)",
])
def test_a_regular_expression_that_never_ends_holds_this_person_only(source):
    rule = compile_rule(source, "mapping.sn")
    hostile = {"first": "Ann", "last": SLOW, "lasts": [SLOW], "pattern": "^(a|a)*$"}
    normal = {"first": "Ann", "last": "Lee", "lasts": ["Lee"], "pattern": "^L"}
    begin = time.process_time()
    try:
        rule.evaluate(hostile)
    except HrisError as error:  # an engine may find the answer at once, which is as good
        assert error.place == "mapping.sn"
        assert "takes too long for a text of 41 characters" in str(error)
    assert time.process_time() - begin < 3
    rule.evaluate(normal)


def test_some_of_them_are_stopped():
    rule = compile_condition("matches(last, '^(a|a)*$')", "groups[0].when")
    with pytest.raises(HrisError, match=r"groups\[0\]\.when: .*takes too long"):
        rule.evaluate({"last": SLOW})


def test_an_expression_that_is_slow_for_many_gets_less_time(monkeypatch):
    monkeypatch.setattr(patterns, "MANY", 2)
    pattern = patterns.Pattern("^(a|a)*$")
    for _person in range(2):
        with pytest.raises(patterns.RuleError):
            pattern.search(SLOW)
    monkeypatch.setattr(patterns, "SECONDS", 3600)
    with pytest.raises(patterns.RuleError):
        pattern.search(SLOW)


def test_a_pattern_of_hr_and_a_text_of_hr_have_a_length():
    rule = compile_rule("matches(last, pattern)", "mapping.sn")
    for pattern in ("a|" * 600, "(" * 900, "(?:a?){50}" * 200):
        with pytest.raises(HrisError, match="mapping.sn: .*regular expression"):
            rule.evaluate({"last": "Lee", "pattern": pattern})
    with pytest.raises(HrisError, match=r"has 200000 characters"):
        rule.evaluate({"last": "a" * 200_000, "pattern": "a"})
    with pytest.raises(HrisError, match="mapping.sn"):
        compile_rule("matches(last, '%s')" % ("a" * 1001), "mapping.sn")


def test_the_others_are_served(company):
    hostile = company.employee("1", last=SLOW)
    found, findings = company.people(hostile, company.employee("2"), scope={"when": "!matches(last, '^(a|a)*$')"})
    assert {person.key: person.state for person in found} == {"1": "held", "2": "active"}
    assert [(finding.kind, finding.key, finding.place) for finding in findings] == [("held", "1", "scope.when")]


def test_many_records_with_one_key(company):
    records = [company.employee("0", first=f"Ann{number}") for number in range(5000)]
    assert seconds(records_of.group_by_key, records, company.rules().key_line) < 1
    groups, _findings = records_of.group_by_key([*records, *records], company.rules().key_line)
    assert len(groups[0]) == 5000, "records that are equal in every field are one"


def test_unique_takes_long_lists():
    rule = compile_rule("unique(words)", "mapping.description")
    words = [f"word{number % 90_000}" for number in range(100_000)]
    assert seconds(rule.evaluate, {"words": words}) < 2
    assert rule.evaluate({"words": words}) == words[:90_000]
    mixed = [1, True, "1", 1.0, [1], [True], {"a": 1}, {"a": True}, {"a": 1}, None, None]
    assert [type(value) for value in rule.evaluate({"words": mixed})] == [int, bool, str, list, list, dict, dict, type(None)]


def test_accents_upon_accents_are_no_text():
    """Unicode's normal form takes time in proportion to the square of the number of marks."""
    hostile = "e" + "\u0315\u0300" * 100_000
    begin = time.process_time()
    with pytest.raises(HrisError, match="accents"):
        to_text(hostile)
    with pytest.raises(HrisError, match=r"mapping.sn: .*fold\(\): .*accents"):
        compile_rule("fold(last)", "mapping.sn").evaluate({"last": hostile})
    assert time.process_time() - begin < 1
    assert to_text("e\u0301" * 2000) == "\u00e9" * 2000


def test_a_hint_for_a_long_text_takes_no_time():
    known = [f"Zone/Number{number}" for number in range(600)]
    assert seconds(did_you_mean, "Zone/" * 200_000, known) < 0.5


def own_patterns():
    prefix = f"{_hris.__name__}."
    for info in pkgutil.walk_packages(_hris.__path__, prefix):
        for name, value in vars(importlib.import_module(info.name)).items():
            if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                yield pytest.param(value, id=f"{info.name.removeprefix(prefix)}.{name}")


CHARACTERS = ("a", "1", " ", ".", "-", "@", '"', "'", "(", "<", "[", ",", "=", "\\", "+", "{", "\0")


@pytest.mark.parametrize("pattern", list(own_patterns()))
def test_our_own_regular_expressions_take_time_in_proportion_to_the_text(pattern):
    texts = [f"{start}{one}{middle * 1000}{end}" for start in ("", "a") for one, middle in itertools.product(CHARACTERS, repeat=2) for end in ("@", "\0")]
    texts += [f"{one}{other}" * 500 + "\0" for one, other in itertools.product(CHARACTERS, repeat=2)]
    for text in texts:
        assert seconds(pattern.fullmatch, text) < 0.1, text[:9]


def test_the_library_for_regular_expressions_is_named_where_people_look():
    assert {RULE_FUNCTIONS[name].library for name in ("match", "matches", "replace_re")} == {"regex"}
    for path in ("requirements.txt", "docs/functions.md", "plugins/doc_fragments/rules.py"):
        assert "regex" in (ROOT / path).read_text(encoding="utf-8"), path
