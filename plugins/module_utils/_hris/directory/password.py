# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Passwords: random ones that nobody has to know or type."""

from __future__ import annotations

import base64
import secrets
import string
from collections.abc import Iterable

# The classes of characters of Active Directory's complexity rule. Quotes and the backslash are left
# out, so that no tool has to escape them.
CLASSES = {
    "lower": string.ascii_lowercase,
    "upper": string.ascii_uppercase,
    "digits": string.digits,
    "symbols": "!#$%&()*+,-./:;<=>?@[]^_{|}~",
}
SHORTEST = 16  # characters


def random_password(length: int = 32, classes: Iterable[str] = tuple(CLASSES)) -> str:
    """A random password with characters of every class (keys of CLASSES; twice is as once).

    Raises ValueError below SHORTEST characters.
    """
    if length < SHORTEST:
        raise ValueError(f"a password has at least {SHORTEST} characters")
    alphabets = [CLASSES[name] for name in dict.fromkeys(classes)]
    everything = "".join(alphabets).encode()
    # Bytes that are a multiple of the characters give each of them the same chance; the others are
    # left out
    multiple = everything * (256 // len(everything))
    table, others = multiple.ljust(256), bytes(range(len(multiple), 256))
    while True:
        drawn = secrets.token_bytes(4 * length).translate(table, others)
        password = drawn[:length].decode()
        if len(password) == length and all(not set(one).isdisjoint(password) for one in alphabets):
            return password


def unicode_pwd(password: str) -> bytes:
    """The value of unicodePwd: the quoted password in UTF-16LE ([MS-ADTS] 3.1.1.3.1.5.1)."""
    return f'"{password}"'.encode("utf-16-le")


def secret_forms(password: str) -> tuple[str, ...]:
    """The password as a server may repeat it: as it is, and the bytes of unicodePwd as text, in
    hexadecimal digits and in Base64.
    """
    value = unicode_pwd(password)
    return (
        password,
        value.decode("latin-1"),
        value[2:-2].decode("latin-1").rstrip("\0"),
        value.hex(),
        value.hex().upper(),
        base64.b64encode(value).decode("ascii"),
    )
