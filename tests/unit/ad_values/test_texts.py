# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts are counted in units of UTF-16, cut between what is seen as characters, and cleaned to one line."""
from __future__ import annotations

import random

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.ad_values.texts import (
    cut,
    is_broken,
    object_name,
    one_line,
    units,
)

EMOJI, FAMILY, FLAG, ACCENT = "\U0001f600", "\U0001f468\u200d\U0001f469", "\U0001f1e6\U0001f1fa", "\u0301"


@pytest.mark.parametrize(("text", "length"), [("", 0), ("abc", 3), ("é", 1), ("e" + ACCENT, 2), (EMOJI, 2), (f"a{EMOJI}b", 4)])
def test_units(text, length):
    assert units(text) == length


@pytest.mark.parametrize(("text", "most", "kept"), [
    ("abc", 5, "abc"), ("abcdef", 3, "abc"), (EMOJI * 3, 5, EMOJI * 2), (f"a{EMOJI}", 2, "a"), (EMOJI, 1, ""),
    (f"ae{ACCENT}{ACCENT}", 2, "a"), (f"ae{ACCENT}{ACCENT}", 3, "a"), (f"e{ACCENT}x", 2, f"e{ACCENT}"), (f"x{FAMILY}", 3, "x"), (f"x{FAMILY}", 4, "x"),
    (f"{FLAG}{FLAG}", 6, FLAG), (f"{FLAG}{FLAG}", 4, FLAG), ("\U0001f44b\U0001f3fd!", 3, ""), ("\U0001f44b\U0001f3fd!", 4, "\U0001f44b\U0001f3fd"),
])
def test_cutting(text, most, kept):
    assert cut(text, most) == kept


def test_what_is_cut_is_a_beginning_that_fits():
    chance = random.Random(12)
    letters = ["a", "é", ACCENT, EMOJI, "\u200d", "\U0001f3fd", "\U0001f1e6", "漢", " "]
    for _try in range(2000):
        text, most = "".join(chance.choices(letters, k=chance.randrange(40))), chance.randrange(40)
        short = cut(text, most)
        assert text.startswith(short) and len(short.encode("utf-16-le")) <= 2 * most


@pytest.mark.parametrize(("text", "clean"), [
    ("Ann Lee", "Ann Lee"), ("Ann\nCNF:1", "Ann CNF:1"), ("Ann\r\n\tLee", "Ann Lee"), ("Ann\u2028Lee", "Ann Lee"), ("A\u202enn", "Ann"), ("A\u200bnn\ufeff", "Ann"),
    ("A\x00nn\x7f", "Ann"), ("\nAnn\n", "Ann"), ("می\u200cخواهم", "می\u200cخواهم"), (FAMILY, FAMILY), ("a\ud800", "a"), ("\u2066x\u2069", "x"), ("a\x85b", "a b"),
])
def test_one_line(text, clean):
    assert one_line(text) == clean


@pytest.mark.parametrize(("text", "name"), [("R ,", "R,"), ("R , ,", "R,,"), ("a , b", "a , b"), ("R\n,", "R,"), (",", ","), ("R", "R"), (" ,", ",")])
def test_names_of_objects(text, name):
    assert object_name(text) == name


def test_broken():
    assert is_broken("\ud83d") and not is_broken(EMOJI) and not is_broken("abc")
