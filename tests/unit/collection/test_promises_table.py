"""The tables of promises and of the differences of Windows: each line has its tests, and each test and file exists."""
from __future__ import annotations

import ast
import re
from functools import cache

import collection_parts as parts
import pytest

DOC = (parts.ROOT / "docs/promises.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (.+)\n\n\| promise \| tests \|\n\|---\|---\|\n((?:\|.*\|\n)+)", DOC, re.MULTILINE))
LINES = [(f"{title}: {line.split('|')[1].strip()}", line.split("|")[2]) for title, rows in SECTIONS.items() for line in rows.splitlines()]


def promised() -> set[str]:
    """The promises of the README, each by its words in bold."""
    text = (parts.ROOT / "README.md").read_text(encoding="utf-8").partition("## Promises")[2].partition("\n## ")[0]
    items = re.findall(r"^- (.*?)(?=^- |\Z)", text, re.MULTILINE | re.DOTALL)
    found = [re.search(r"\*\*(.+?)\*\*", item, re.DOTALL) for item in items]
    assert len(items) >= 7 and all(found), "each begins with its words in bold"
    return {" ".join(match[1].split()).rstrip(".") for match in found}


@cache
def known_tests(file: str) -> frozenset[str]:
    """The tests of a file that pytest would collect: functions of the module, not skipped without a condition."""
    path = parts.ROOT / file
    assert path in parts.committed() and path.name.startswith("test_"), f"{file} is no file of tests"
    found = [node for node in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(node, ast.FunctionDef)]
    return frozenset(node.name for node in found if not any(ast.unparse(mark).startswith(("pytest.mark.skip(", "pytest.mark.xfail"))
                                                            for mark in node.decorator_list))


def test_every_promise_has_its_section():
    assert promised() <= set(SECTIONS), promised() - set(SECTIONS)
    assert len(SECTIONS) == DOC.count("\n## ") and len(SECTIONS) >= 8


@pytest.mark.parametrize(("promise", "tests"), LINES, ids=[promise for promise, _tests in LINES])
def test_every_promise_has_tests_that_exist(promise, tests):
    named = re.findall(r"`([^`]+)`", tests)
    assert named, "a promise without a test is a hope"
    for name in named:
        file, _colons, test = name.partition("::")
        assert test in known_tests(file), f"{name} is not there"


OF_WINDOWS = [line.split(" | ") for line in (parts.ROOT / "docs/windows.md").read_text(encoding="utf-8").splitlines() if line.startswith("| **")]


@pytest.mark.parametrize("line", OF_WINDOWS, ids=[line[0].strip("| *")[:40] for line in OF_WINDOWS])
def test_every_difference_of_windows_has_a_source_code_and_tests(line):
    _behaviour, source, code, tests = line
    assert re.search(r"\]\(https://|measured|not known", source), "where it is documented"
    for file in re.findall(r"`([a-z_/]+\.py)`", code):
        assert (parts.ROOT / "plugins/module_utils/_hris" / file).exists(), f"{file} is not there"
    for name in re.findall(r"`(tests/[^`]+)`", tests):
        file, _colons, test = name.partition("::")
        assert test in known_tests(file), f"{name} is not there"
    assert "tests/" in tests or "none: " in tests, "a line without a test says why"
    assert len(OF_WINDOWS) > 30
