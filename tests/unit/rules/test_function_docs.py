# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions' documentation: every example is run, and docs/functions.md is what the docstrings say."""
from __future__ import annotations

import doctest
import re
import runpy
from datetime import datetime, timezone
from pathlib import Path

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.definitions import defined
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.expressions import compile_rule
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.functions import registry

ROOT = Path(__file__).resolve().parents[3]


def rule(source, **fields):
    """What a rule gives for an employee with these fields."""
    with defined({}, datetime(2026, 3, 1, 20, tzinfo=timezone.utc)):
        return compile_rule(source, "example").evaluate(fields)


@pytest.mark.parametrize("name", sorted(registry.RULE_FUNCTIONS))
def test_examples(name):
    function = registry.RULE_FUNCTIONS[name].function
    assert function.__doc__, "a sentence says what it does"
    assert re.match(r"[^\n]+\.\n", function.__doc__), "the first line is a sentence"
    test = doctest.DocTestParser().get_doctest(function.__doc__, {"rule": rule}, name, None, None)
    assert len(test.examples) >= 2
    assert all(re.search(rf"\b{name}\(", example.source) for example in test.examples)
    failures = []
    doctest.DocTestRunner(verbose=False).run(test, out=failures.append)
    assert not failures, "".join(failures)


def test_page_is_what_the_docstrings_say():
    page = runpy.run_path(str(ROOT / "scripts/functions_page.py"))["page"](registry)
    assert (ROOT / "docs/functions.md").read_text(encoding="utf-8") == page, "run: .cache/venv/bin/python scripts/functions_page.py"


def test_page_has_every_function():
    headings = re.findall(r"^### (\w+)$", (ROOT / "docs/functions.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(headings) == sorted(registry.RULE_FUNCTIONS)


def test_functions_that_the_options_name_exist():
    text = (ROOT / "plugins/doc_fragments/rules.py").read_text(encoding="utf-8")
    line = text[text.index("In addition to JMESPath's functions"):text.index("docs/functions.md")]
    named = re.findall(r"C\((\w+)\)", line)
    assert len(named) >= 10
    assert set(named) <= set(registry.RULE_FUNCTIONS)
