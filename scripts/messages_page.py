# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes docs/messages.md: every error message of the source, by the package that says it.

Run: python scripts/messages_page.py

The unit tests fail when the page differs from the source.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import yaml

ROOT = Path(__file__).resolve().parents[1]
PRIVATE = ROOT / "plugins/module_utils/_hris"
BASE = "HrisError"
# Errors of functions and arguments in expressions; HrisErrors are made of them
FURTHER = {"RuleError", "WrongValueError", "WrongArgumentError", "CaseError", "ConnectionFailure"}
PARAMETERS = {"ConnectionFailure": ("message", "hint")}  # where they are not those of HrisError
GAP = "…"  # what the source puts in at this place

# {package: (heading, what its messages have in common)}
SECTIONS = {
    "rules": (
        "Rules",
        "The rules do not compile, or do not fit the feed; or a record cannot be used, and its"
        " person is held. The place is the variable, with the position in it.",
    ),
    "planning": ("Plans", "The plan cannot be made, or is not the one that it should be."),
    "directory": (
        "Active Directory",
        "A domain controller cannot be used, or refuses something. What is about one account is"
        " in `refused` of the result.",
    ),
    "ad_values": ("Values of Active Directory", "A value does not have the form that it needs."),
    "web": (
        "HTTP",
        "An HR system or the receiver of a call cannot be used. The place is its address.",
    ),
    "sources": (
        "HR",
        "The list of employees is not whole, or has another form. Nothing is written.",
    ),
    "run": ("A run", "Limits, the feed guard, state and the files of a run."),
    "outbound": (
        "Webhooks, write-back, steps, mail",
        "The accounts are written already. The next run, or `resend`, makes what is missing.",
    ),
    "reporting": ("Reports", "A report cannot be made of what it was given."),
    "model": ("Files of earlier runs", "A plan, journal, ledger or another file is damaged."),
    "simulation": ("Cases and forecasts", "A case of `test_rules` is not what it should be."),
    "events": ("Events", "ansible-rulebook cannot begin to listen, or a call was not accepted."),
    "pseudonyms": ("Recorded feeds", "A feed cannot be recorded."),
    "doctor": ("The doctor", "The doctor cannot look."),
    "commands": (
        "Options of modules",
        "Options that exclude each other, or that lack another one.",
    ),
    "": ("Files and options", "A file that cannot be believed, read or written, or an option."),
    "roles": ("Roles and playbooks", "A variable, or how a playbook was started."),
}


INTRODUCTION = """\
# All messages

<!-- Made from the source by: .cache/venv/bin/python scripts/messages_page.py -->

Every error message of the collection, by the part of it that says it. `…` is what a message puts
in: a name, a value, an address. A message begins with its place, such as `lifecycle_mapping.title`,
which is not shown here: search for the words behind it. Where the second column is empty, the
message itself says what to do, or a suggestion follows it (`Did you mean …`).

[Troubleshooting](troubleshooting.md) explains those that people meet most, and the findings."""


class Message(NamedTuple):
    """One message: what is wrong, and what to do; the second may be empty."""

    text: str
    hint: str


def messages() -> dict[str, list[Message]]:
    """{package: its messages, sorted}."""
    trees = {path: ast.parse(path.read_text("utf-8")) for path in sorted(PRIVATE.rglob("*.py"))}
    classes = _error_classes(list(trees.values()))
    found: dict[str, set[Message]] = {name: set() for name in SECTIONS}
    for path, tree in trees.items():
        parts = path.relative_to(PRIVATE).parts
        package = parts[0] if len(parts) > 1 else ""
        found[package] |= set(_messages_of(tree, classes))
    for path in [*ROOT.glob("roles/*/tasks/*.yml"), *ROOT.glob("playbooks/**/*.yml")]:
        found["roles"] |= set(_messages_of_tasks(yaml.safe_load(path.read_text("utf-8"))))
    return {name: sorted(some) for name, some in found.items()}


def _error_classes(trees: list[ast.Module]) -> set[str]:
    """The names of HrisError and everything that is derived from it."""
    bases = {
        node.name: {base.id for base in node.bases if isinstance(base, ast.Name)}
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    found = {BASE}
    while more := {name for name, above in bases.items() if above & found} - found:
        found |= more
    return found | FURTHER


def _messages_of(tree: ast.Module, classes: set[str]) -> Iterator[Message]:
    constants = {
        node.targets[0].id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") in classes):
            continue
        parameters = PARAMETERS.get(getattr(node.func, "id", ""), ("message", "place", "hint"))
        named = {one.arg: one.value for one in node.keywords}
        arguments = dict(zip(parameters, node.args, strict=False)) | named
        hint = arguments.get("hint")
        for text in _texts(arguments.get("message"), constants):
            if re.search(r"\w", text):
                yield Message(text, " / ".join(_texts(hint, constants)) if hint else "")


def _messages_of_tasks(node: object) -> Iterator[Message]:
    """What the tasks that check something say when they fail, at any depth of a YAML node."""
    if isinstance(node, list):
        for item in node:
            yield from _messages_of_tasks(item)
    elif isinstance(node, dict):
        said = (node.get("ansible.builtin.assert") or {}).get("fail_msg")
        said = said or (node.get("ansible.builtin.fail") or {}).get("msg")
        text = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", GAP, said or "", flags=re.DOTALL)
        if re.search(r"\w", text):
            yield Message(text, "")
        for value in node.values():
            yield from _messages_of_tasks(value)


def _texts(node: ast.expr | None, constants: dict[str, ast.expr]) -> list[str]:
    """The texts that an expression can give, with a gap for each value put in at run time."""
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else []
    if isinstance(node, ast.JoinedStr):
        found = [""]
        for part in node.values:
            some = _texts(part, constants) if isinstance(part, ast.Constant) else [GAP]
            found = [first + then for first in found for then in some]
        return found
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        rights = _texts(node.right, constants)
        return [first + then for first in _texts(node.left, constants) for then in rights]
    if isinstance(node, ast.IfExp):
        return _texts(node.body, constants) + _texts(node.orelse, constants)
    if isinstance(node, ast.BoolOp):
        return [text for value in node.values for text in _texts(value, constants)]
    if isinstance(node, ast.Name) and node.id in constants:
        return _texts(constants.pop(node.id), constants)  # taken out: a name may name itself
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "with_options":
        return _texts(node.args[0], constants)
    return [GAP]


def page() -> str:
    """The whole page."""
    lines = [INTRODUCTION]
    for package, found in messages().items():
        if found:
            heading, words = SECTIONS[package]
            lines += ["", f"## {heading}", "", words, "", "| message | what to do |", "|---|---|"]
            lines += [f"| {_cell(one.text)} | {_cell(one.hint)} |" for one in found]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    """A text as the cell of a table, in which nothing is markup."""
    text = " ".join(text.split())
    text = re.sub(r"([\\*\[\]<>|`{}]|\b_|_\b|(?<!\w)_)", r"\\\1", text)
    return "" if text == GAP else text


if __name__ == "__main__":
    (ROOT / "docs/messages.md").write_text(page(), encoding="utf-8")
