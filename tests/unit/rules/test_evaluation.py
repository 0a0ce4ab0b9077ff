# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our functions give what the interpreter gives, for every kind of node and for unusual values."""
from __future__ import annotations

import jmespath
import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.evaluation import function_of
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.functions.registry import (
    LibraryFunctions,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.interpreter import Interpreter
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.syntax_trees import (
    node_of,
    parsed,
)

RECORDS = [
    {},
    {"a": None, "b": 1, "c": {"d": "x"}},
    {"a": "x", "b": 0, "c": {"d": {"e": 2.5}}, "list": [{"n": 1, "on": True}, {"n": 2, "on": False}]},
    {"a": "", "b": True, "c": "text", "list": []},
    {"a": False, "b": "2", "c": [], "list": "no list"},
    {"a": {"x": 1}, "b": -1.5, "c": {"d": None}, "list": [None, 3]},
]
EXPRESSIONS = [
    "a", "c.d", "c.d.e", "@", "'text'", "`1`", "`true`", "a == 'x'", "a != 'x'", "b == `1`", "b == `0`", "b != `true`", "c.d == a", "'x' == a",
    "b > `0`", "b >= `1`", "b < `2`", "b <= a", "a > 'w'", "a || b", "a && b", "!a", "!b", "!c.d", "a || c.d || 'none'", "(a || b) && !c",
    "a == 'x' && b == `0`", "upper(a)", "upper(a || 'q')", "length(list || `[]`)", "list[0].n", "list[?on].n", "list[*].n", "list[-1]", "{x: a}.x",
    "[a, b][0]", "a | @", "to_string(b)", "sort_by(list || `[]`, &to_string(@))", "not_null(a, c.d, 'z')", "c | d", "list[0:1]",
]


@pytest.mark.parametrize("source", EXPRESSIONS)
@pytest.mark.parametrize("record", RECORDS, ids=range(len(RECORDS)))
def test_the_same_as_the_interpreter(source, record):
    tree = node_of(parsed(source))

    def outcome(evaluate):
        try:
            return evaluate()
        except (jmespath.exceptions.JMESPathError, TypeError) as error:
            return type(error).__name__
    expected = outcome(lambda: Interpreter(jmespath.Options(custom_functions=LibraryFunctions())).visit(tree.tree, record))
    found = outcome(lambda: function_of(tree)(record))
    assert found == expected and type(found) is type(expected)
