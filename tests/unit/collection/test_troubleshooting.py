# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages and guides agree: each message of the source is on a page, and what the page quotes is said by the source."""
from __future__ import annotations

import ast
import re
import runpy
from functools import cache

import collection_parts as parts
import pytest

SCRIPT = runpy.run_path(str(parts.ROOT / "scripts/messages_page.py"))
PAGE = (parts.ROOT / "docs/troubleshooting.md").read_text(encoding="utf-8")
FINDINGS = PAGE[PAGE.index("## Findings"):]
GAP = "…"
# Kinds of other reports, each with a table of its own: docs/reports.md, docs/first-contact.md
ELSEWHERE = {"changed_outside", "duplicate", "missing", "unusual", "not_adopted_yet", "unowned"}


def test_every_message_is_on_its_page():
    page = (parts.ROOT / "docs/messages.md").read_text(encoding="utf-8")
    assert page == SCRIPT["page"](), "run: .cache/venv/bin/python scripts/messages_page.py"
    assert len(re.findall(r"^\| ", page, re.MULTILINE)) > 500


def test_every_package_with_messages_has_words():
    folders = {path.name for path in SCRIPT["PRIVATE"].iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders == set(SCRIPT["SECTIONS"]) - {"", "roles"}


@cache
def said() -> tuple[str, ...]:
    """Every text of the source, with a gap for each value that is put in, and every text of roles and playbooks."""
    found = []
    for path in parts.python_files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append(node.value)
            elif isinstance(node, ast.JoinedStr):
                found.append("".join(part.value if isinstance(part, ast.Constant) else GAP for part in node.values))
    for folder in ("roles", "playbooks"):
        found += [" ".join(path.read_text(encoding="utf-8").split()) for path in (parts.ROOT / folder).rglob("*.yml")]
    return tuple(found)


def quoted() -> list[str]:
    """The messages in the tables: the first cell of a row that has three."""
    return re.findall(r"^\| `([^`\n]+)` \| [^|\n]+ \| [^\n]+ \|$", PAGE, re.MULTILINE)


@pytest.mark.parametrize("message", quoted())
def test_a_quoted_message_is_said(message):
    pieces = [re.escape(piece.strip()) for piece in message.split(GAP) if piece.strip()]
    assert pieces and any(re.search(".*".join(pieces), text, re.DOTALL) for text in said())


def test_there_are_some():
    assert len(quoted()) >= 40


def _constants(trees) -> dict[str, str]:
    found = {}
    for tree in trees:
        for node in tree.body:
            for target in node.targets if isinstance(node, ast.Assign) else ():
                pairs = zip(target.elts, node.value.elts, strict=False) if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple) else [(target, node.value)]
                found |= {name.id: value.value for name, value in pairs
                          if isinstance(name, ast.Name) and isinstance(value, ast.Constant) and isinstance(value.value, str)
                          and re.fullmatch("[a-z_]+", value.value)}
    return found


def kinds_in_source() -> set[str]:
    """The kinds of findings that are written where a finding is made."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in parts.python_files()]
    constants = _constants(trees)
    found = set()
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "").endswith("Finding") and node.args:
                kind = node.args[0]
                for one in (kind.body, kind.orelse) if isinstance(kind, ast.IfExp) else (kind,):
                    if isinstance(one, ast.Constant):
                        found.add(one.value)
                    elif isinstance(one, ast.Name) and one.id in constants:
                        found.add(constants[one.id])
    return found


def test_every_kind_of_finding_has_its_row_here_and_in_the_glossary():
    here = {kind for cell in re.findall(r"^\| (`\w+`(?:, `\w+`)*) \| ", FINDINGS, re.MULTILINE) for kind in re.findall(r"\w+", cell)}
    glossary = set(re.findall(r"^\| `(\w+)` \| (?:error|warning|info)", (parts.ROOT / "docs/glossary.md").read_text(encoding="utf-8"), re.MULTILINE))
    assert here == glossary
    assert kinds_in_source() - ELSEWHERE <= here
    assert here <= set(said()), "a kind that no code names"
