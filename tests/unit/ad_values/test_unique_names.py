"""Which names are the same for Windows: ad_values/unique_names.py."""
from __future__ import annotations

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.ad_values.unique_names import comparable


@pytest.mark.parametrize(("one", "other"), [
    ("Müller", "muller"), ("Meißner", "MEISSNER"), ("björn", "bjorn"), ("bjǫrṅ", "bjorn"), ("Ⓡn", "rn"), ("ååå", "aaa"),
    ("SØREN", "soren"), ("Ｘ＠EXAMPLE.COM", "x@example.com"), ("ツ", "つ"), ("ツ", "㋡"), ("cīfs/ëxamplē.cøm", "cifs/example.com"),
    ("smtp:Ann@x", "SMTP:ann@x"), ("Łukasz", "lukasz"), ("Đorđe", "dorde"), ("Æsa", "aesa"), ("Işık", "ışik"),
])
def test_the_same_for_windows(one, other):
    """The first ten are documented or were seen on Windows by others (docs/windows.md); the others are not given, to be careful."""
    assert comparable(one) == comparable(other)


@pytest.mark.parametrize(("one", "other"), [("björn", "bjoern"), ("ann.lee", "annlee"), ("ann1", "ann2"), ("ア", "イ"), ("петр", "петя")])
def test_different_names(one, other):
    assert comparable(one) != comparable(other)
