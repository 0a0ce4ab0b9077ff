# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts with braces under each policy, and scalars as text."""
from __future__ import annotations

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.text_templates import (
    TextPolicy,
    compile_text,
    compile_value,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.values import (
    JSON_BOOLEANS,
    is_falsy,
    scalar_text,
    to_text,
    to_texts,
)

RECORD = {"name": " Zoë ", "n": 7, "whole": 2.0, "yes": True, "none": None, "list": ["a"], "object": {"a": 1}, "percent": "50%s"}


def as_json(value):
    return scalar_text(value, JSON_BOOLEANS)


KEEPING = TextPolicy(as_json)
STRICT = TextPolicy(as_json, missing_is_error=True)
TIDY = TextPolicy(lambda value: to_text(value) or "", ascii_is_only_trimmed=True, single_spaces=True)


@pytest.mark.parametrize(("policy", "source", "text"), [
    (KEEPING, "plain  text\n", "plain  text\n"),
    (KEEPING, "<{name}>", "< Zoë >"),
    (KEEPING, "{n}/{whole}/{yes}", "7/2/true"),
    (KEEPING, "a {none} b", None),
    (KEEPING, "{none || ''}", ""),
    (KEEPING, "100 % {percent} %s", "100 % 50%s %s"),
    (STRICT, "{none || ''}{n}", "7"),
    (TIDY, " a  {name}  {n} ", "a Zoë 7"),
    (TIDY, "{yes}", "TRUE"),
    (TIDY, "{none} b", None),
])
def test_text(policy, source, text):
    assert compile_text(source, "here", policy).evaluate(RECORD) == text


@pytest.mark.parametrize(("source", "message"), [
    ("a {none} b", "here: '{none}' has no value. Write {none || ''} if it may be missing."),
    ("{ object.b }", "here: '{object.b}' has no value"),
    ("a {object}", "here: the value is an object. Choose one of its fields: a."),
    ("a {list}", "here: the value is a list where one value is needed"),
])
def test_refused_values(source, message):
    with pytest.raises(HrisError) as caught:
        compile_text(source, "here", STRICT).evaluate(RECORD)
    assert message in str(caught.value)


def test_each_value_is_escaped_once_and_literals_are_not():
    text = compile_text("a{n}a{name}", "here", KEEPING, escape=lambda value: f"<{value}>")
    assert text.evaluate(RECORD) == "a<7>a< Zoë >"


@pytest.mark.parametrize(("source", "value"), [("{list}", ["a"]), ("{n}", 7), ("{none}", None), (" {n}", " 7"), ("x", "x"), ("{yes}", True), ("{n}{n}", "77")])
def test_a_lone_expression_keeps_its_type(source, value):
    found = compile_value(source, "here", KEEPING).evaluate(RECORD)
    assert found == value and type(found) is type(value)


def test_a_lone_expression_without_a_value_is_the_error_of_its_policy():
    assert compile_value("{n}", "here", STRICT).evaluate(RECORD) == 7
    with pytest.raises(HrisError, match=r"here: '\{none\}' has no value"):
        compile_value("{none}", "here", STRICT).evaluate(RECORD)


@pytest.mark.parametrize(("source", "paths", "whole"), [("{name} {object.a}", {("name",), ("object", "a")}, False), ("{n} {@.name}", {("n",)}, True), ("text", set(), False)])
def test_what_a_text_reads(source, paths, whole):
    text = compile_text(source, "here", KEEPING)
    assert text.whole is whole and text.paths >= paths


@pytest.mark.parametrize(("value", "stored", "plain"), [
    (" e\u0301 ", "é", " e\u0301 "), ("  ", None, "  "), (None, None, None), (True, "TRUE", "true"), (False, "FALSE", "false"), (7, "7", "7"), (7.0, "7", "7"), (2.5, "2.5", "2.5"),
])
def test_scalars(value, stored, plain):
    assert to_text(value) == stored
    assert as_json(value) == plain


@pytest.mark.parametrize(("value", "texts"), [(None, []), ("", []), (" a ", ["a"]), (["b", "a", " b", None, ""], ["b", "a"]), ([1, True], ["1", "TRUE"])])
def test_lists(value, texts):
    assert to_texts(value) == texts


@pytest.mark.parametrize(("value", "falsy"), [(None, True), (False, True), ("", True), ([], True), ({}, True), (0, False), (0.0, False), (" ", False), ([None], False)])
def test_falsy_is_what_jmespath_takes_as_false(value, falsy):
    assert is_falsy(value) is falsy
