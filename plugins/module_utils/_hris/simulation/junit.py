# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The results of cases as JUnit XML, the form that CI systems read: one testsuite for a source."""

from __future__ import annotations

import re
from xml.etree import ElementTree

# What XML 1.0 has no way to write
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(source: str, results: list[dict]) -> str:
    """The document. results: of trial.try_case, in their order."""
    failed = sum(bool(result["problems"]) for result in results)
    errors = sum(result["error"] is not None for result in results)
    counts = {
        "tests": str(len(results)),
        "failures": str(failed),
        "errors": str(errors),
        "skipped": "0",
    }
    root = ElementTree.Element("testsuites", {"name": "hris.ad.test_rules", **counts})
    suite = ElementTree.SubElement(root, "testsuite", {"name": _text(source), **counts})
    for result in results:
        case = ElementTree.SubElement(
            suite,
            "testcase",
            {"classname": _text(f"rules.{source}"), "name": _text(result["name"])},
        )
        if result["error"] is not None:
            found = ElementTree.SubElement(
                case, "error", {"message": _text(result["error"]), "type": "HrisError"}
            )
            found.text = _text(result["error"])
        elif result["problems"]:
            message = "; ".join(
                f"{one['what']}: expected {one['expected']}, got {one['actual']}"
                for one in result["problems"]
            )
            found = ElementTree.SubElement(
                case, "failure", {"message": _text(message), "type": "expectation"}
            )
            found.text = _text("\n".join(lines_of(result)))
    ElementTree.indent(root)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        + ElementTree.tostring(root, encoding="unicode")
        + "\n"
    )


def lines_of(result: dict) -> list[str]:
    """A result for reading, its name first."""
    if result["error"] is not None:
        return [f"ERROR {result['name']}", f"  {result['error']}"]
    if not result["problems"]:
        return [f"ok {result['name']}"]
    lines = [f"FAILED {result['name']}"]
    for one in result["problems"]:
        lines += [
            f"  {one['what']}: expected {one['expected']}",
            f"    got {one['actual']}",
            f"    decided by {one['decided']}",
        ]
    return lines


def _text(value: str) -> str:
    return _UNWRITABLE.sub("\ufffd", value)
