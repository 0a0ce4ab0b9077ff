# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that HR systems have sent, or could send, where a rule expects a name, a date or a number."""
from __future__ import annotations

from typing import NamedTuple

from hypothesis import strategies as st

DATES = ["9999-12-31", "9999-12-31T23:59:59Z", "9999-12-30", "0001-01-01", "0000-00-00", "10000-01-01", "2026-02-30", "2026-03-02T24:00:00Z", "2026-03-02T10:00:00+99:99",
         "2026-W10-1", "20260302", "2026-3-2", "02/03/2026", "٢٠٢٦-٠٣-٠٢", "2026-03-02\n", "-2026-03-02", "1e9", "1772409600", "253402300800"]
ZONES = ["Australia/Sydney", "../../etc/passwd", "/etc/localtime", "localtime", "UTC\x00", "A" * 300, "posixrules", ".", "", "Europe/Berlin ", "ZONE\ud800", "Pacific/Kiritimati", "Etc/GMT+12"]
TEXTS = ["", " ", "\x00", "\ud800", "a\udc00b", "\u200b", "\ufeff", "\u202eevil", "line\nbreak", "\u2028", "e\u0301" * 40, "😀" * 64, "İı", "ß" * 30, ",", "+", "#", "\\", "\"", "=",
         "CN=x,DC=y", "a" * 5000, "{sn}", "null", "NaN", "∞", "0x10", "-0", "1_000", "١٢٣", "(a+)+$", "*" * 40, "%s%n", "true", "FALSE", "No", "+61 2 9999 9999", "tel:1;ext=" + "9" * 400, "@", "a@b@c", "😀@😀"]
NUMBERS = [0, -1, 1, 2**31, 2**63, -(2**63), 10**40, 10**4000, 1e308, -0.0, 5e-324, 0.1, float("inf"), float("-inf"), float("nan"), True, False]


class Deep(NamedTuple):
    """A nested value. It stands for itself until the test begins: hypothesis could not print it."""

    depth: int
    inner: object
    as_list: bool


def real(value: object) -> object:
    """The value that is meant, in a record too."""
    if isinstance(value, Deep):
        inner = value.inner
        for _ in range(value.depth):
            inner = [inner] if value.as_list else {"name": inner}
        return inner
    if isinstance(value, dict):
        return {name: real(one) for name, one in value.items()}
    return [real(one) for one in value] if isinstance(value, list) else value


DEEP = st.builds(Deep, st.sampled_from([1, 3, 90, 400, 900, 3000]), st.sampled_from([None, 1, "x"]), st.booleans())
TEXT = st.one_of(st.sampled_from(TEXTS + DATES + ZONES), st.text(st.characters(codec=None, exclude_categories=()), max_size=70), st.sampled_from(["x", "\n", "é", "😀"]).map(lambda one: one * 200_000))
SCALARS = st.one_of(st.none(), st.sampled_from(NUMBERS), st.integers(), st.floats(), st.booleans(), TEXT)
VALUES = st.one_of(SCALARS, DEEP, st.recursive(SCALARS, lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(["id", "name", "", "a b", "\ud800"]), inner, max_size=3)), max_leaves=8))
