# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""GUIDs and SIDs: their bytes and their written forms."""

from __future__ import annotations

import struct
import uuid
from functools import lru_cache


def guid_text(value: bytes) -> str:
    """A GUID as 8-4-4-4-12 lower-case text.

    [MS-DTYP] 2.3.4.2: the first three groups are little-endian.
    """
    digits = (value[3::-1] + value[5:3:-1] + value[7:5:-1] + value[8:]).hex()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def guid_bytes(text: str) -> bytes:
    """The bytes of a GUID's text. Raises ValueError."""
    return uuid.UUID(text).bytes_le


def sid_text(value: bytes) -> str:
    """A SID as S-1-… ([MS-DTYP] 2.4.2.2)."""
    return f"{_sid_without_rid(value[:-4])}-{int.from_bytes(value[-4:], 'little')}"


@lru_cache(1 << 10)  # all users of a domain share it
def _sid_without_rid(value: bytes) -> str:
    count = value[1] - 1
    parts = struct.unpack(f"<{count}I", value[8 : 8 + 4 * count])
    return "-".join(["S", str(value[0]), str(int.from_bytes(value[2:8], "big")), *map(str, parts)])


def sid_bytes(text: str) -> bytes:
    """The bytes of a SID's text. Raises ValueError."""
    parts = text.split("-")
    if len(parts) < 3 or parts[0].upper() != "S":
        raise ValueError(f"'{text}' is not a SID")
    numbers = [int(part) for part in parts[1:]]
    return (
        bytes([numbers[0], len(numbers) - 2])
        + numbers[1].to_bytes(6, "big")
        + struct.pack(f"<{len(numbers) - 2}I", *numbers[2:])
    )
