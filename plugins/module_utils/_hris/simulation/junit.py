# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The results of cases as JUnit XML, which CI systems read: one testsuite for a source."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree

from .case_results import CaseResult, lines_of

# Characters that XML 1.0 cannot contain
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def junit(source: str, results: Sequence[CaseResult]) -> str:
    """The XML document, the results in their order."""
    counts = {
        "tests": str(len(results)),
        "failures": str(sum(bool(result.problems) for result in results)),
        "errors": str(sum(result.error is not None for result in results)),
        "skipped": "0",
    }
    root = ElementTree.Element("testsuites", {"name": "hris.ad.test_rules", **counts})
    suite = ElementTree.SubElement(root, "testsuite", {"name": _text(source), **counts})
    for result in results:
        attributes = {"classname": _text(f"rules.{source}"), "name": _text(result.name)}
        _add_outcome(ElementTree.SubElement(suite, "testcase", attributes), result)
    ElementTree.indent(root)
    return f"{_DECLARATION}{ElementTree.tostring(root, encoding='unicode')}\n"


def _add_outcome(case: ElementTree.Element, result: CaseResult) -> None:
    if result.error is not None:
        attributes = {"message": _text(result.error), "type": "HrisError"}
        ElementTree.SubElement(case, "error", attributes).text = _text(result.error)
    elif result.problems:
        differences = (
            f"{problem.what}: expected {problem.expected}, got {problem.actual}"
            for problem in result.problems
        )
        attributes = {"message": _text("; ".join(differences)), "type": "expectation"}
        failure = ElementTree.SubElement(case, "failure", attributes)
        failure.text = _text("\n".join(lines_of(result)))


def _text(value: str) -> str:
    return _UNWRITABLE.sub("\ufffd", value)
