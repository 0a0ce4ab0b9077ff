# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Initial passwords that nobody is meant to know or type."""

from __future__ import annotations

import secrets
import string

# What Active Directory counts as its classes of characters; quotes and backslash are left out so that no tool has to escape one.
CLASSES = {
    "lower": string.ascii_lowercase,
    "upper": string.ascii_uppercase,
    "digits": string.digits,
    "symbols": "!#$%&()*+,-./:;<=>?@[]^_{|}~",
}
SHORTEST = 16


def random_password(size: int = 32, classes=tuple(CLASSES)) -> str:
    """A random password with characters of every class. Raises ValueError below SHORTEST characters."""
    if size < SHORTEST:
        raise ValueError(f"an initial password has at least {SHORTEST} characters")
    kinds = [CLASSES[name] for name in classes]
    letters = [secrets.choice(kind) for kind in kinds] + [
        secrets.choice("".join(kinds)) for dummy in range(size - len(kinds))
    ]
    secrets.SystemRandom().shuffle(letters)
    return "".join(letters)


def unicode_pwd(password: str) -> bytes:
    """The value of unicodePwd: the quoted password in UTF-16LE ([MS-ADTS] 3.1.1.3.1.5.1)."""
    return f'"{password}"'.encode("utf-16-le")
