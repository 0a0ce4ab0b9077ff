"""The packages of module_utils: who may import whom, what stays pure, and the form of every file."""
from __future__ import annotations

import ast
import sys
from pathlib import Path

import collection_parts as parts
import pytest

UTILS = parts.PLUGINS / "module_utils/_hris"
BASE = "ansible_collections.hris.ad.plugins.module_utils._hris"
# Files beside the packages that a package may use; they import nothing of ours but one another
BASICS = {"errors", "data_class", "option_names", "seals", "visible_text", "json_pieces", "json_reading", "wording"}  # for every package
SHARED = BASICS | {"access_lists", "json_files", "private_file", "user_files", "connection_errors", "tls", "progress", "reply_limits", "secret_texts", "shared_names"}
# package: (packages and shared files it may import beside itself, third-party packages it may import)
PACKAGES = {
    "model": (BASICS, set()),
    "ad_values": (BASICS | {"model"}, set()),
    "rules": (BASICS | {"model", "ad_values"}, {"jmespath", "anyascii", "phonenumbers", "regex"}),
    "planning": (BASICS | {"model", "ad_values", "rules"}, set()),
    "reporting": (BASICS | {"model", "ad_values", "rules", "planning"}, set()),
    "simulation": (BASICS | {"model", "ad_values", "rules", "planning", "reporting"}, set()),
    "web": (BASICS | {"bounded_json", "connection_errors", "tls", "secret_texts"}, {"requests", "urllib3"}),
    "sources": (SHARED | {"model", "rules", "web"}, {"openpyxl"}),
    "pseudonyms": (SHARED | {"model", "sources"}, set()),
    "events": (SHARED | {"bounded_json", "model", "rules", "web", "sources"}, {"aiohttp", "cryptography"}),
    "directory": (SHARED | {"model", "ad_values"}, {"ldap3", "gssapi", "cryptography"}),
    "outbound": (SHARED | {"model", "rules", "sources", "web", "ad_values"}, {"requests"}),
    "run": (SHARED | {"model", "ad_values", "rules", "planning", "directory", "reporting", "sources"}, set()),
    "doctor": (SHARED | {"libraries", "model", "ad_values", "rules", "planning", "reporting", "directory", "run"}, set()),
}
COMPOSING = {"commands"}  # compose the packages: one file a module
PURE = ("model", "ad_values", "rules", "planning", "reporting", "simulation")
# Standard library that reaches outside the process, and calls that ask for the time or open a file
OUTSIDE = {"socket", "ssl", "urllib", "http", "subprocess", "os", "shutil", "tempfile", "time", "random", "secrets", "asyncio", "threading", "locale"}
OUTSIDE_CALLS = {"now", "utcnow", "today", "open", "print", "input", "read_text", "write_text"}
HEADER = """\
# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""


def imports(path: Path) -> list[str]:
    """Absolute dotted names of all that a file imports, wherever in the file."""
    package = [BASE, *path.relative_to(UTILS).parts[:-1]] if path.is_relative_to(UTILS) else []
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = ".".join(package[:len(package) - node.level + 1]) if node.level else ""
            found += [".".join(filter(None, (start, node.module, alias.name))) for alias in node.names]
    return found


def in_room(package: str) -> list[Path]:
    return sorted((UTILS / package).rglob("*.py"))


def test_every_package_is_known():
    present = {path.name for path in UTILS.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert present == set(PACKAGES) | COMPOSING, "a new package needs a line in PACKAGES: what it may import"


@pytest.mark.parametrize("package", sorted(PACKAGES))
def test_imports_run_downwards(package):
    packages, libraries = PACKAGES[package]
    assert in_room(package), f"module_utils/{package} is gone: take it out of PACKAGES"
    wrong = []
    for path in in_room(package):
        for name in imports(path):
            top = name.split(".")[0]
            if name.startswith(BASE + "."):
                allowed = name.removeprefix(BASE + ".").split(".")[0] in {package, *packages}
            elif top == "ansible":
                # env_fallback is part of how an option is described; everything else of Ansible belongs to the modules
                allowed = path.name == "options.py" and name == "ansible.module_utils.basic.env_fallback" and package not in PURE
            elif top in sys.stdlib_module_names:
                allowed = package not in PURE or top not in OUTSIDE
            else:
                allowed = top in libraries
            if not allowed:
                wrong.append(f"{parts.relative(path)} imports {name}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("package", PURE)
def test_pure_packages_ask_nothing_of_the_world(package):
    wrong = []
    for path in in_room(package):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if called in OUTSIDE_CALLS:
                    wrong.append(f"{parts.relative(path)}:{node.lineno} calls {called}()")
    assert not wrong, "\n".join(wrong)


def test_only_the_edge_ends_a_module():
    wrong = [parts.relative(path) for path in parts.python_files()
             if path != UTILS / "module_runner.py" and any(word in path.read_text(encoding="utf-8") for word in ("fail_json(", "exit_json(", "sys.exit("))]
    assert not wrong


@pytest.mark.parametrize("name", sorted(SHARED))
def test_shared_files_stand_alone(name):
    beside = tuple(f"{BASE}.{other}." for other in SHARED)
    assert not [found for found in imports(UTILS / f"{name}.py")
                if found.split(".")[0] not in sys.stdlib_module_names and not found.startswith(beside)]


@pytest.mark.parametrize("path", parts.python_files(), ids=parts.relative)
def test_form_of_a_file(path):
    assert path.stem not in sys.stdlib_module_names, "pylint takes it for Python's own module of that name"
    text = path.read_text(encoding="utf-8")
    if path.name == "__init__.py":
        assert not text, "ansible-test of 2.17 wants it empty; CONTRIBUTING.md says what a package is about"
        return
    body = text.removeprefix("#!/usr/bin/python\n")
    assert body.startswith(HEADER), "the licence header comes first"
    assert ast.get_docstring(ast.parse(text)) or path.parent.name in ("modules", "doc_fragments"), "a docstring says what the file is about"
    assert "\nfrom __future__ import annotations\n" in text
    if path.is_relative_to(UTILS):
        assert text.count("\n") <= 300, "one subject a file: this one has more"


def test_requirements_are_what_is_imported():
    named = {line.split("#")[0].strip().split(">")[0].split("=")[0] for line in (parts.ROOT / "requirements.txt").read_text().splitlines()} - {""}
    imported = {name.split(".")[0] for path in parts.python_files() for name in imports(path)}
    third_party = imported - set(sys.stdlib_module_names) - {"ansible", "ansible_collections"}
    # urllib3 comes with requests. gssapi is optional, asked for when Kerberos is, cryptography when passwords are delivered, aiohttp with the event sources.
    # tzdata is data that zoneinfo finds.
    assert third_party - {"urllib3", "gssapi", "cryptography", "aiohttp"} == named - {"tzdata"}
