"""The stand-in for Windows, as far as it is pure: lab/ber.py, lab/windows_answers.py. The rest is tried by tests/integration/test_windows.py."""
from __future__ import annotations

import pytest
from ldap3.protocol.rfc4511 import LDAPMessage
from pyasn1.codec.ber import decoder

from lab import ber, windows_answers
from lab.windows_answers import ADD, MODIFY, of_windows, of_write


def message(operation, *attributes):
    lines = [ber.sequence([ber.octets(name), ber.sequence(map(ber.octets, values), ber.SET)]) for name, values in attributes]
    if operation == MODIFY:
        lines = [ber.sequence([ber.integer(2, ber.ENUMERATED), line]) for line in lines]
    return ber.sequence([ber.octets("CN=x,DC=y"), ber.sequence(lines)], operation)


def test_another_codec_reads_it():
    whole = ber.sequence([ber.integer(200), message(ADD, ("sn", ["L" * 300, ""]))])
    data = ber.encode(whole)
    assert data[1] == 0x84, "lengths of sequences have five bytes"
    read, rest = decoder.decode(data, asn1Spec=LDAPMessage())
    assert not rest and int(read["messageID"]) == 200 and str(read["protocolOp"]["addRequest"]["attributes"][0]["vals"][0]) == "L" * 300
    assert ber.split(data + b"\x30") == (whole, b"\x30") and ber.split(data[:-1]) == (None, data[:-1])
    with pytest.raises(ValueError, match="too early"):
        ber.elements(data[:-1])


@pytest.mark.parametrize(("operation", "code", "text", "answer"), [
    (ADD, 68, "00002071: samldb: samAccountName 'a' already in use!", (68, "00000524")), (ADD, 68, "Entry CN=a already exists", (68, "00002071")),
    (MODIFY, 68, "Attribute member already exists for target GUID x", (68, "00000562")), (ADD, 50, "00002098: x", (50, "00000005")),
    (MODIFY, 53, "Attribute member doesn't exist for target GUID x", (53, "00000561")), (MODIFY, 50, "00002098: x", (50, "00002098")),
    (MODIFY, 19, "0000202F: samldb: userPrincipalName 'x@y' is already in use", (19, "000021C8")), (MODIFY, 19, "0000052D: too short", (53, "0000052D")),
    (windows_answers.RENAME, 80, "00002095: objectclass: Cannot rename CN=e2, parent does not exist!", (32, "0000208D")),
])
def test_refusals_of_samba_in_the_words_of_windows(operation, code, text, answer):
    found = of_windows(operation, code, text)
    assert found and (found.code, found.text[:8]) == answer


def test_what_nobody_knows_of_stays_as_it_is():
    assert of_windows(MODIFY, 80, "something else") is None and of_windows(MODIFY, 0, "") is None


@pytest.mark.parametrize(("operation", "attributes", "code"), [
    (ADD, [("userAccountControl", ["512"])], 53), (ADD, [("userAccountControl", ["512"]), ("unicodePwd", ["x"])], None),
    (ADD, [("userAccountControl", ["514"])], None), (ADD, [("userAccountControl", ["544"])], None), (ADD, [("sAMAccountName", ["a" * 21])], 80),
    (ADD, [("objectClass", ["group"]), ("sAMAccountName", ["a" * 21])], None), (ADD, [("sAMAccountName", ["Jørn"])], 68),
    (MODIFY, [("userPrincipalName", ["JORN@x.y"])], 19), (MODIFY, [("userPrincipalName", ["jorna@x.y"])], None), (MODIFY, [("userAccountControl", ["512"])], None),
])
def test_what_windows_does_not_accept(operation, attributes, code):
    found = of_write(message(operation, *attributes), {"samaccountname": ["jorn"], "userprincipalname": ["jørn@x.y"]})
    assert (found.code if found else None) == code
