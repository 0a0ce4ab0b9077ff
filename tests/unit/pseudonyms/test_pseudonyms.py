"""Pseudonyms: a permutation of every shape, the same everywhere, and nobody keeps his own name."""
from __future__ import annotations

import itertools
import re
import sys
import unicodedata
from pathlib import Path

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.pseudonyms.permutation import (
    Permutation,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.pseudonyms.pseudonyms import (
    Pseudonyms,
    is_date,
)

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from lab import population

KEY = b"k" * 32


@pytest.fixture(scope="module")
def pseudonyms():
    return Pseudonyms(KEY)


@pytest.fixture(scope="module")
def people():
    return population.generate(3000, company="elmo")["people"]


@pytest.mark.parametrize("size", [*range(1, 40), 90, 365, 366, 676, 900, 1000, 7919])
def test_a_permutation_without_a_fixed_point(size):
    image = [Permutation(KEY, "t", size)(number) for number in range(size)]
    assert sorted(image) == list(range(size)) and (size == 1 or all(number != made for number, made in enumerate(image)))


def test_another_key_or_tweak_is_another_permutation():
    images = {tuple(Permutation(key, tweak, 1000)(number) for number in range(50)) for key, tweak in itertools.product((b"a", b"b"), ("x", "y"))}
    assert len(images) == 4


@pytest.mark.parametrize("size", [10**30, 26**60])
def test_large_sizes(size):
    permutation = Permutation(KEY, "t", size)
    image = {permutation(number) for number in range(200)}
    assert len(image) == 200 and max(image) < size and max(image) > size // 2


def kind(char):
    """What must stay of a character."""
    if char.isdigit():
        return "digit", unicodedata.name(char).rpartition(" DIGIT ")[0]
    if not char.isalpha():
        return char
    marks = tuple(mark for mark in unicodedata.normalize("NFD", char)[1:] if unicodedata.combining(mark))
    return unicodedata.category(char), unicodedata.name(char).split()[0], marks


TEXTS = [
    "Müller", "O'Brien", "van der Merwe", "Nguyễn Thị Ánh", "Şahin", "Łukasz", "Straße", "ÆØÅ æøå", "Ørsted-Weiß", "José", "Иванов Пётр", "Παπαδόπουλος", "王小明",
    "田中 さくら", "김민준", "محمد", "שרה", "anna.lee@example.com", "E10001", "EMP0001", "0004", "c0ffee00-1234-4abc-8def-0123456789ab", "https://hr.example.com/u/7?x=y",
    "Level 3, 12 George St", "Zoe\u0308", "a_b", "x", "7", "00", "McDonald", "İpek", "ǅ", "ŉ", "x²", "Ⅷ", "٣٤ a", "𝔸b",
]


@pytest.mark.parametrize("text", TEXTS)
def test_the_shape_stays_and_the_text_does_not(pseudonyms, text):
    made = pseudonyms.value(text)
    assert [kind(char) for char in made] == [kind(char) for char in text], made
    changes = [char for char in text if char.isalpha() or char in "123456789"]
    assert (made != text) == bool(changes)
    for old, new in zip(re.findall(r"\d+", text), re.findall(r"\d+", made), strict=True):
        assert (old[0] == "0") == (new[0] == "0")


@pytest.mark.parametrize("value", [None, True, False, "", "  ", "-", 0, 0.0, "0", "2026-03-02", "2026-03-02T09:00:00+11:00", "2026-03-02 09:00", "31/12/2026", "31.12.2026", "09:30"])
def test_what_stays(pseudonyms, value):
    assert pseudonyms.value(value) == value and type(pseudonyms.value(value)) is type(value)


def test_numbers(pseudonyms):
    for first, last in ((1, 9), (10, 99), (1000, 3000), (-99, -10)):
        made = [pseudonyms.value(number) for number in range(first, last + 1)]
        assert len(set(made)) == len(made) and all(isinstance(number, int) and len(str(number)) == len(str(first)) for number in made)
        assert all(number != old for number, old in zip(made, range(first, last + 1), strict=True))
    floats = [number / 100 for number in range(1, 2000)]
    assert len({pseudonyms.value(number) for number in floats}) == len(floats) and all(isinstance(pseudonyms.value(number), float) for number in floats)
    assert pseudonyms.value(7.0).is_integer() and pseudonyms.value(7.0) == pseudonyms.value(7) and pseudonyms.value(-37.5) == -pseudonyms.value(37.5)
    assert pseudonyms.value(1e-7) and pseudonyms.value(float("inf")) == float("inf")


def test_one_name_is_the_same_in_every_form(pseudonyms):
    made = pseudonyms.value("lee")
    assert [pseudonyms.value(text) for text in ("Lee", "LEE")] == [made.capitalize(), made.upper()]
    assert pseudonyms.value("Ann Lee").endswith(f" {made.capitalize()}") and pseudonyms.value("ann.lee@example.com").split("@")[0].endswith(f".{made}")
    assert pseudonyms.value("1001") == str(pseudonyms.value(1001))


def test_telephone_numbers_stay_what_they_are(pseudonyms, people):
    phones = ["+61 412 345 678", "0412 345 678", "(02) 5550 1234", "+61 (0)2 5550 1234", "555-123-4567"]
    for text in phones:
        made = pseudonyms.value(text)
        assert made != text and re.sub(r"\d", "9", made) == re.sub(r"\d", "9", text) and made[:4] == text[:4]
    numbers = [f"0412 {number // 1000:03d} {number % 1000:03d}" for number in range(5000)]
    assert len({pseudonyms.value(number) for number in numbers}) == 5000
    mobiles = {person["mobile"] for person in people if person["mobile"]}
    assert len({pseudonyms.value(mobile) for mobile in mobiles}) == len(mobiles)


def test_nobody_becomes_another_and_nobody_stays_himself(pseudonyms, people):
    for field in ("first", "last", "email", "id", "number", "birth"):
        values = {person[field] for person in people if person[field]}
        made = {value: (pseudonyms.date if field == "birth" else pseudonyms.value)(value) for value in values}
        assert len(set(made.values())) == len(values), field
        assert not [value for value in values if made[value] == value], field


def test_every_short_name_of_one_shape():
    pseudonyms = Pseudonyms(KEY)
    names = ["".join(letters).capitalize() for letters in itertools.product("abcdefghijklmnopqrstuvwxyz", repeat=3)]
    assert len({pseudonyms.value(name) for name in names}) == len(names) == 26**3


def test_stable_and_by_the_key():
    assert [Pseudonyms(KEY).value(text) for text in TEXTS] == [Pseudonyms(KEY).value(text) for text in TEXTS]
    assert Pseudonyms(KEY).value("Müller") != Pseudonyms(b"x" * 32).value("Müller")
    assert Pseudonyms(KEY).value("Müller 1001 ann.lee@example.com") == "Qövime 9107 cbc.nhk@sudbije.pxn", "feeds recorded by different versions compare"


def test_no_pseudonym_is_a_date_that_somebody_may_have(pseudonyms):
    values = [f"31.{month}.{year}" for month in range(40, 99) for year in range(2000, 2100)]
    made = [pseudonyms.value(value) for value in values]
    assert len(set(made)) == len(values) and not [value for value in made if is_date(value)]


@pytest.mark.parametrize("text", ["2026-01-01 09:00 Ann Lee", "1234-56-78", "31.41.2026", "Ann 2026-01-01", "2026-01-01T"])
def test_what_only_begins_like_a_date_changes(pseudonyms, text):
    assert pseudonyms.value(text) != text


def test_days_stay_in_their_year(pseudonyms):
    for year in (1984, 1985):
        days = [f"{year}-{month:02d}-{day:02d}" for month in range(1, 13) for day in range(1, 29)]
        made = [pseudonyms.date(day) for day in days]
        assert len(set(made)) == len(days) and all(new.startswith(f"{year}-") and new != old for new, old in zip(made, days, strict=True))
    assert re.fullmatch(r"1984-\d\d-\d\dT09:00:00Z", pseudonyms.date("1984-02-29T09:00:00Z"))
    assert pseudonyms.date("unknown") != "unknown" and pseudonyms.date("31/12/1984") != "31/12/1984"
