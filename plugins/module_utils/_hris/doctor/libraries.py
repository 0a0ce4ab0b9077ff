# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Python libraries, and their versions."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from importlib import metadata

from ..libraries import OLDEST, how_to_install
from .checks import ERROR, OK, WARNING, Check

# {library: what it is for; "" where every run needs it}
LIBRARIES = {
    "requests": "",
    "ldap3": "",
    "jmespath": "",
    "anyascii": "rules with ascii()",
    "regex": "rules with match(), matches() or replace_re()",
    "phonenumbers": "rules with phone() or is_phone()",
    "openpyxl": "files of Excel",
    "gssapi": "Kerberos",
    "cryptography": "initial passwords for somebody, and Kerberos",
}
_PYTHON = (3, 11)


def check_libraries() -> Iterator[Check]:
    """Yield what is wrong with Python and the libraries, or one line with all versions."""
    versions = [f"Python {platform.python_version()}"]
    is_good = True
    if tuple(map(int, platform.python_version_tuple()[:2])) < _PYTHON:
        is_good = False
        message = f"This is Python {platform.python_version()}; 3.11 is the oldest that works."
        yield Check("libraries", ERROR, message, "Set ansible_python_interpreter to a newer one.")
    for name, only_for in LIBRARIES.items():
        found, oldest = _version(name), OLDEST[name]
        if found and _numbers(found) >= _numbers(oldest):
            versions.append(f"{name} {found}")
            continue
        state = f"is {found}, and {oldest} is the oldest that works" if found else "is missing"
        if only_for and not found:
            continue
        is_good = False
        status = WARNING if only_for else ERROR
        yield Check(
            "libraries",
            status,
            f"The Python library {name} {state}.",
            f"Install it where the modules run: {how_to_install([name])}",
        )
    if is_good:
        yield Check("libraries", OK, f"{', '.join(versions)}.")


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _numbers(version: str) -> tuple[int, ...]:
    parts = version.split(".")
    return tuple(int(part) for part in parts if part.isdigit())
