# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our functions, one table."""
from __future__ import annotations

import pytest
from ansible_collections.hris.ad.plugins.module_utils.rules.expressions import compile_rule
from ansible_collections.hris.ad.plugins.module_utils.rules.functions import RuleFunctions, function_names


@pytest.mark.parametrize(("source", "value"), [
    ("ascii('Žižek Ødegård')", "Zizek Odegard"),
    ("ascii('Иванов')", "Ivanov"),
    ("ascii('王')", "Wang"),
    ("lower('ÀB')", "àb"),
    ("upper('ß')", "SS"),
    ("proper(\"name\")", "Mary-Jane O'Neil Mcd"),
    ("trim('  a   b ')", "a b"),
    ("left('abc', 2)", "ab"),
    ("left('abc', 9)", "abc"),
    ("right('abc', 2)", "bc"),
    ("right('abc', 0)", ""),
    ("replace('a-b-c', '-', '')", "abc"),
    ("digits('+61 (0)4')", "6104"),
    ("split('a/b', '/')", ["a", "b"]),
    ("left(number, 2)", "12"),
])
def test_function(source, value):
    assert compile_rule(source, "here").evaluate({"name": "MARY-JANE o'neil mcd", "number": 1234}) == value


def test_every_function_of_ours_gives_null_for_null():
    ours = [name for name in function_names() if f"_func_{name}" in vars(RuleFunctions)]
    assert len(ours) >= 10
    more = {"left": ", 1", "right": ", 1", "replace": ", 'a', 'b'", "split": ", 'a'"}
    assert {name: compile_rule(f"{name}(nothing{more.get(name, '')})", "here").evaluate({"nothing": None}) for name in ours} == dict.fromkeys(ours)
