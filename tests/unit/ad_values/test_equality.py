# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which values are the same, and how they are written: ad_values/equality.py."""
from __future__ import annotations

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.ad_values.equality import (
    as_written,
    merged,
    same_values,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.model.directory import (
    AttributeDefinition,
)

NEVER = "9223372036854775807"


def attribute(name="title", syntax="text", single=True):
    return AttributeDefinition(name, syntax, single, None, None, writable=True, linked=None)


MANY, PROXY, EXPIRES = attribute("url", single=False), attribute("proxyAddresses", single=False), attribute("accountExpires", "large_integer")


@pytest.mark.parametrize(("before", "after", "definition", "same"), [
    (["a", "b"], ["b", "a"], attribute(), True), (["a"], ["A"], attribute(), False), (["a"], ["a", "a"], attribute(), False),
    (["CN=A,DC=b"], ["cn=a,dc=B"], attribute(syntax="dn"), True), (["CN=A\\, x,DC=b"], ["CN=A\\2C X,dc=B"], attribute(syntax="dn"), True),
    (["007"], ["7"], attribute(syntax="integer"), True), (["x"], ["x"], attribute(syntax="integer"), True),
    (["0"], [NEVER], EXPIRES, True), (["0"], ["1"], EXPIRES, False), ([], [NEVER], EXPIRES, True), ([], ["0"], attribute("countryCode", "integer"), True),
    ([], ["0"], attribute("flags", "integer"), False), (["TRUE"], ["true"], attribute(syntax="boolean"), True),
    (["20260302120000.0Z"], ["20260302130000+0100"], attribute(syntax="time"), True), (["/9j/4AAQ"], ["/9j/\n4AAQ"], attribute(syntax="binary"), True),
    (["/9j/4AAQ"], ["/9J/4AAQ"], attribute(syntax="binary"), False), (["S-1-5-21-1"], ["s-1-5-21-1"], attribute(syntax="sid"), True),
    (["smtp:Ann@x.y"], ["smtp:ann@X.y"], PROXY, True), (["SMTP:Ann@x.y"], ["smtp:ann@x.y"], PROXY, False),
])
def test_sameness(before, after, definition, same):
    assert same_values(before, after, definition) is same
    assert same_values(after, before, definition) is same


@pytest.mark.parametrize(("texts", "definition", "written"), [
    (["036"], attribute("countryCode", "integer"), ["36"]), ([], attribute("countryCode", "integer"), ["0"]), ([], attribute("codePage", "integer"), ["0"]),
    ([], EXPIRES, [NEVER]), ([], attribute(), []), (["true"], attribute(syntax="boolean"), ["TRUE"]), (["x"], attribute(syntax="boolean"), ["x"]),
    (["/9j/\r\n4AAQ"], attribute(syntax="binary"), ["/9j/4AAQ"]), (["20260302130000+0100"], attribute(syntax="time"), ["20260302120000.0Z"]),
    (["A", "b", "a", "B"], MANY, ["A", "b"]), (["A", "a"], attribute(syntax="exact_text", single=False), ["A", "a"]),
    (["SMTP:a@x", "SMTP:b@x", "smtp:A@x"], PROXY, ["SMTP:a@x", "smtp:b@x"]), (["smtp:a@x", "SMTP:a@x"], PROXY, ["SMTP:a@x"]),
])
def test_how_values_are_written(texts, definition, written):
    assert as_written(texts, definition) == written


@pytest.mark.parametrize(("before", "wanted", "definition", "after"), [
    (["1", "2"], ["2", "3"], MANY, ["1", "2", "3"]), (["ANN", "x"], ["Ann"], MANY, ["Ann", "x"]),
    (["smtp:ann.lee@x", "SMTP:other@x"], ["SMTP:ann.lee@x"], PROXY, ["SMTP:ann.lee@x", "smtp:other@x"]),
    (["SMTP:ann@x"], ["smtp:ann@x"], PROXY, ["SMTP:ann@x"]), (["SMTP:ANN@x"], ["SMTP:ann@x", "smtp:b@x"], PROXY, ["SMTP:ann@x", "smtp:b@x"]),
    (["SMTP:a@x", "SMTP:b@x"], ["smtp:c@x"], PROXY, ["SMTP:a@x", "smtp:b@x", "smtp:c@x"]), (["X500:/o=a", "X500:/o=b"], [], PROXY, ["X500:/o=a", "X500:/o=b"]),
    (["SMTP:a@x"], ["SMTP:b@x", "SMTP:c@x"], PROXY, ["smtp:a@x", "SMTP:b@x", "smtp:c@x"]),
])
def test_merging(before, wanted, definition, after):
    assert merged(before, wanted, definition) == after


OURS = {"x.com", "y.com"}


@pytest.mark.parametrize(("before", "wanted", "after"), [
    (["smtp:old@x.com", "SMTP:ann@x.com"], ["SMTP:ann@x.com"], ["SMTP:ann@x.com"]),
    (["smtp:old@X.com", "smtp:ann@partner.com", "X500:/o=a", "SIP:ann@x.com"], ["SMTP:ann@y.com"],
     ["smtp:ann@partner.com", "X500:/o=a", "SIP:ann@x.com", "SMTP:ann@y.com"]),
    (["SMTP:ann@partner.com"], ["SMTP:ann@x.com"], ["smtp:ann@partner.com", "SMTP:ann@x.com"]),
    (["SMTP:ann@partner.com"], ["smtp:ann@x.com"], ["SMTP:ann@partner.com", "smtp:ann@x.com"]),
    (["SMTP:ann@x.com", "x400:c=au"], [], ["x400:c=au"]),
    (["smtp:ann@sub.x.com", "smtp:ann@notx.com"], [], ["smtp:ann@sub.x.com", "smtp:ann@notx.com"]),
    (["smtp:a@b@x.com"], [], []),
])
def test_addresses_of_own_domains(before, wanted, after):
    found = merged(before, wanted, PROXY, OURS)
    assert found == after
    assert merged(found, wanted, PROXY, OURS) == after, "a second run has nothing to do"
