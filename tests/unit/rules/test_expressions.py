# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Expressions and texts: what they yield, what they read, and how they fail."""
from __future__ import annotations

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.expressions import (
    compile_condition,
    compile_rule,
)

EMPLOYEE = {"firstName": " Zoë ", "lastName": None, "n": 7, "active": True, "position": {"title": "Head"}, "manager": None, "phones": ["1", "2"]}


@pytest.mark.parametrize(("source", "value"), [
    ("position.title", "Head"),
    ("manager.id", None),
    ("lastName || firstName", " Zoë "),
    ("phones[1]", "2"),
    ("left(position.title, 2)", "He"),
    ("left(position.title, `2`)", "He"),
    ("n == 7", True),
    ("lower(lastName)", None),
    ("{firstName} - {position.title}", "Zoë - Head"),
    ("{firstName} {lastName || ''} {n}", "Zoë 7"),
    ("{firstName} {lastName}", None),
    ("it's {position.title}'s", "it's Head's"),
    ("{replace(position.title, 'H', '}')}", "}ead"),
])
def test_value(source, value):
    assert compile_rule(source, "here").evaluate(EMPLOYEE) == value


@pytest.mark.parametrize(("source", "paths"), [
    ("a.b.c", {("a", "b", "c")}),
    ("a || b.c", {("a",), ("b", "c")}),
    ("list[?x == 'y'].z", {("list",)}),
    ("{lower(a)} {b}", {("a",), ("b",)}),
    ("'text'", set()),
    ("a | b", {("a",)}),
])
def test_paths(source, paths):
    assert compile_rule(source, "here").paths == paths


@pytest.mark.parametrize(("source", "words"), [
    ("a..b", ["mapping.title", "does not parse", "a..b"]),
    ("lowre(a)", ["mapping.title", "unknown function 'lowre'", "Did you mean 'lower'"]),
    ("left(a)", ["mapping.title", "'left' takes 2 argument(s), not 1"]),
    ("{a", ["mapping.title", "'{' without '}'"]),
    ("a} {b}", ["mapping.title", "'}' without '{'"]),
    ("x {} y", ["mapping.title", "empty '{}'"]),
    ("", ["mapping.title", "is needed"]),
    (7, ["mapping.title", "is needed", "7"]),
])
def test_refused(source, words):
    with pytest.raises(HrisError) as caught:
        compile_rule(source, "mapping.title")
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_an_error_while_evaluating_names_the_place():
    with pytest.raises(HrisError, match=r"mapping\.title: .*join"):
        compile_rule("join('-', position)", "mapping.title").evaluate(EMPLOYEE)


def test_an_object_in_a_text_is_refused():
    with pytest.raises(HrisError, match=r"mapping\.title: the value is an object\. Choose one of its fields: title"):
        compile_rule("The {position}", "mapping.title").evaluate(EMPLOYEE)


def test_escape_is_applied_to_values_only():
    assert compile_rule("OU={position.title},DC=x", "p", escape=str.upper).evaluate(EMPLOYEE) == "OU=HEAD,DC=x"


@pytest.mark.parametrize(("source", "holds"), [("active", True), ("lastName", False), ("!manager", True), ("position.title == 'Head'", True)])
def test_condition(source, holds):
    assert bool(compile_condition(source, "when").evaluate(EMPLOYEE)) is holds
