# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever a record holds, an expression gives a value or an error that names the rule."""
from __future__ import annotations

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.expressions import compile_rule
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.functions.registry import (
    RULE_FUNCTIONS,
    LibraryFunctions,
)
from hypothesis import given
from hypothesis import strategies as st
from odd_values import VALUES, real

OWN = {name: (one.least, one.most or one.least + 3) for name, one in RULE_FUNCTIONS.items()}
JMESPATH = {name: (len(one["signature"]), len(one["signature"])) for name, one in LibraryFunctions.FUNCTION_TABLE.items()
            if not name.endswith("_by") and name != "map"}


@pytest.mark.parametrize("name", sorted(OWN | JMESPATH))
@given(data=st.data())
def test_a_call(name, data):
    least, most = (JMESPATH | OWN)[name]
    count = data.draw(st.integers(least, most))
    record = {f"a{number}": real(data.draw(VALUES)) for number in range(count)}
    try:
        rule = compile_rule(f"{name}({', '.join(record)})", "mapping.title")
    except HrisError:
        return  # a number of arguments between two that are allowed
    try:
        rule.evaluate(record)
    except HrisError as error:
        assert "mapping.title" in str(error) and len(str(error)) < 2000, str(error)[:3000]


@given(data=st.data())
@pytest.mark.parametrize("source", ["a == b", "a < b", "!a && b || c", "a.b.c", "a[0].b", "a[?b == c]", "a[*].b | [0]", "a[::-1]", "{a: a, b: b}", "[a, b]", "@", "sort(a)", "a || b",
                                    "sort_by(a, &b)", "max_by(a, &name)", "map(&name, a)", "{a} {b || ''}", "{upper(a)}.{left(ascii(b), 1)}"])
def test_an_expression(source, data):
    record = {name: real(data.draw(VALUES)) for name in ("a", "b", "c")}
    try:
        compile_rule(source, "mapping.title").evaluate(record)
    except HrisError as error:
        assert "mapping.title" in str(error) and len(str(error)) < 2000, str(error)[:3000]
