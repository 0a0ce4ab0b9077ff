# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the schema allows: ad_values/attribute_checks.py."""
from __future__ import annotations

import base64

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.ad_values.attribute_checks import (
    check_texts,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.model.directory import (
    AttributeDefinition,
)

EMOJI = "\U0001f600"


def attribute(name="title", syntax="text", single=True, lower=1, upper=5):
    return AttributeDefinition(name, syntax, single, lower, upper, writable=True, linked=None)


def number(syntax="integer", lower=None, upper=None):
    return attribute("flags", syntax, lower=lower, upper=upper)


def encoded(size):
    return base64.b64encode(b"\xff" * size).decode()


@pytest.mark.parametrize(("texts", "definition", "message"), [
    (["a", "b"], attribute(), "here: title takes one value, not 2."),
    (["abcdef"], attribute(), "here: title takes at most 5 characters, not 6: 'abcdef'."),
    (["x" * 50], attribute(upper=45), f"here: title takes at most 45 characters, not 50: '{'x' * 40}…'."),
    ([EMOJI * 3], attribute(), "takes at most 5 characters, not 6 (those like an emoji count twice)"),
    (["a"], attribute(lower=2), "here: title needs at least 2 characters: 'a'."),
    (["a\ud800"], attribute(), "half of a character"),
    (["1.5"], number(), "here: flags takes a whole number, not '1.5'."),
    (["١"], number(), "takes a whole number"),
    (["2147483648"], number(), "takes a number from -2147483648 to 2147483647, not '2147483648'"),
    (["65536"], number(upper=65535, lower=0), "takes a number from 0 to 65535"),
    (["9223372036854775808"], number("large_integer"), "takes a number from"),
    (["9" * 5000], number("large_integer"), "takes a whole number, not '9999999999999999999999999999999999999999…'"),
    (["133485408000000000"], attribute("pwdLastSet", "large_integer", lower=None, upper=None), "here: pwdLastSet takes 0 (it must be changed) or -1 (it was set now)"),
    (["x"], number("large_integer"), "here: flags takes a whole number, not 'x'."),
    (["yes"], attribute(syntax="boolean"), "here: title takes true or false, not 'yes'."),
    (["staff"], attribute(syntax="dn"), "here: title takes the DN of an object, not 'staff'."),
    (["2026-03-02"], attribute(syntax="time"), "takes a time such as 20260302120000.0Z, not '2026-03-02'"),
    (["20260230120000.0Z"], attribute(syntax="time"), "takes a time"),
    (["S-1-5-x"], attribute(syntax="sid"), "takes a SID"),
    (["no"], attribute("msExchMailboxGuid", "binary"), "takes a GUID, not 'no'"),
    (["not base64!"], attribute(syntax="binary"), "takes base64, not 'not base64!'"),
    (["/9j/4AAQSkZJRgABAQAAAQABAAD/2"], attribute(syntax="binary", upper=None), "takes base64"),
    ([encoded(102_401)], attribute("thumbnailPhoto", "binary", lower=0, upper=102_400), "takes at most 102,400 bytes, not 102,401."),
    ([""], attribute(syntax="binary", lower=0), "needs at least 1 bytes"),
    (["a" * 21], attribute("sAMAccountName", upper=256), "AD takes logon names of at most 20"),
    ([EMOJI * 11], attribute("sAMAccountName", upper=256), "has 22 characters"),
    (["a."], attribute("sAMAccountName", upper=256), "here: 'a.' cannot be a logon name. Leave out"),
    (["a\nb"], attribute("sAMAccountName", upper=256), "has a control character or one that is not seen"),
    (["a\u202eb@x.y"], attribute("userPrincipalName", upper=1024), "has a control character or one that is not seen"),
    (["a\u200db@x.y"], attribute("mail", upper=1024), "has a control character or one that is not seen"),
    (["a\u00a0b@x.y"], attribute("mail", upper=1024), "has a control character or one that is not seen"),
    (["smtp:a\u2028b@x.y"], attribute("proxyAddresses", single=False, upper=1123), "has a control character or one that is not seen"),
])
def test_refused(texts, definition, message):
    with pytest.raises(HrisError) as caught:
        check_texts(texts, definition, "here")
    assert message in str(caught.value)


@pytest.mark.parametrize(("texts", "definition"), [
    (["0"], attribute("pwdLastSet", "large_integer", lower=None, upper=None)), (["-1"], attribute("pwdLastSet", "large_integer", lower=None, upper=None)),
    (["a", "b"], attribute(single=False)), (["abcde"], attribute()), (["x" * 9], attribute(upper=None)), ([""], attribute(lower=None)),
    ([EMOJI * 2], attribute()), (["é" * 5], attribute()), (["a\nb"], attribute()), (["abc"], attribute(syntax="exact_text")),
    (["-12345678"], number()), (["036"], number(upper=65535, lower=0)), (["-9223372036854775808"], number("large_integer")),
    (["TRUE"], attribute(syntax="boolean")), (["true"], attribute(syntax="boolean")), (["CN=a,DC=b"], attribute(syntax="dn")),
    (["20260302120000.0Z"], attribute(syntax="time")), (["20260302120000+0100"], attribute(syntax="time")), (["s-1-5-21-1"], attribute(syntax="sid")),
    ([encoded(102_400)], attribute("thumbnailPhoto", "binary", lower=0, upper=102_400)), (["/9j/\r\n4AAQ"], attribute(syntax="binary", upper=None)),
    (["{0D2A0B2C-0000-0000-0000-000000000000}"], attribute("msExchMailboxGuid", "binary")),
    (["anything"], attribute(syntax="other")), (["a" * 20], attribute("sAMAccountName", upper=256)),
])
def test_allowed(texts, definition):
    check_texts(texts, definition, "here")
