# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the schema allows, and which values are the same: ad_values/attribute_checks.py."""
from __future__ import annotations

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.ad_values.attribute_checks import (
    check_texts,
    same_values,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.model.directory import (
    AttributeDefinition,
)


def attribute(name="title", syntax="text", single=True, lower=1, upper=5):
    return AttributeDefinition(name, syntax, single, lower, upper, writable=True, linked=None)


@pytest.mark.parametrize(("texts", "definition", "message"), [
    (["a", "b"], attribute(), "here: title takes one value, not 2."),
    (["abcdef"], attribute(), "here: title takes at most 5 characters, not 6: 'abcdef'."),
    (["x" * 50], attribute(upper=45), f"here: title takes at most 45 characters, not 50: '{'x' * 40}…'."),
    (["a"], attribute(lower=2), "here: title needs at least 2 characters: 'a'."),
    (["1.5"], attribute(syntax="integer"), "here: title takes a whole number, not '1.5'."),
    (["x"], attribute(syntax="large_integer"), "here: title takes a whole number, not 'x'."),
    (["true"], attribute(syntax="boolean"), "here: title takes true or false, not 'true'."),
    (["staff"], attribute(syntax="dn"), "here: title takes the DN of an object, not 'staff'."),
    (["a" * 21], attribute("sAMAccountName", upper=256), "AD takes logon names of at most 20"),
    (["a."], attribute("sAMAccountName", upper=256), "here: 'a.' cannot be a logon name. Leave out"),
])
def test_refused(texts, definition, message):
    with pytest.raises(HrisError) as caught:
        check_texts(texts, definition, "here")
    assert message in str(caught.value)


@pytest.mark.parametrize(("texts", "definition"), [
    (["a", "b"], attribute(single=False)), (["abcde"], attribute()), (["x" * 9], attribute(upper=None)), ([""], attribute(lower=None)), (["-12345678"], attribute(syntax="integer")),
    (["TRUE"], attribute(syntax="boolean")), (["CN=a,DC=b"], attribute(syntax="dn")), (["anything"], attribute(syntax="other")), (["a" * 20], attribute("sAMAccountName", upper=256)),
])
def test_allowed(texts, definition):
    check_texts(texts, definition, "here")


@pytest.mark.parametrize(("before", "after", "definition", "same"), [
    (["a", "b"], ["b", "a"], attribute(), True), (["a"], ["A"], attribute(), False), (["a"], ["a", "a"], attribute(), False),
    (["CN=A,DC=b"], ["cn=a,dc=B"], attribute(syntax="dn"), True), (["007"], ["7"], attribute(syntax="integer"), True), (["x"], ["x"], attribute(syntax="integer"), True),
    (["0"], ["9223372036854775807"], attribute("accountExpires", syntax="large_integer"), True), (["0"], ["1"], attribute("accountExpires", syntax="large_integer"), False),
])
def test_sameness(before, after, definition, same):
    assert same_values(before, after, definition) is same
