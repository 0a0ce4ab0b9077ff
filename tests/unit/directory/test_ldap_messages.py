"""LDAP messages as bytes: directory/ldap_messages.py, compared with ldap3's own encoder and decoder."""
import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.directory import ldap_messages
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.ldap_messages import (
    LdapResult,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ldap3.operation.add import add_operation
from ldap3.operation.delete import delete_operation
from ldap3.operation.modify import modify_operation
from ldap3.operation.modifyDn import modify_dn_operation
from ldap3.protocol.rfc2696 import paged_search_control
from ldap3.protocol.rfc4511 import LDAPMessage, MessageID, ProtocolOp
from ldap3.utils.asn1 import encode
from pyasn1.codec.ber import decoder

DN = "CN=Roe\\, Jané,OU=Staff,DC=corp,DC=example"
SENT = "CN=Roe\\2C Jané,OU=Staff,DC=corp,DC=example"  # Samba reads other commas wrongly


def by_ldap3(name, operation):
    message = LDAPMessage()
    message["messageID"] = MessageID(70000)
    message["protocolOp"] = ProtocolOp().setComponentByName(name, operation)
    return encode(message)


@pytest.mark.parametrize("ours, name, theirs", [
    (ldap_messages.add(DN, {"cn": [b"x"], "description": [b"a" * 300, b""]}), "addRequest",
     add_operation(SENT, {"cn": [b"x"], "description": [b"a" * 300, b""]}, auto_encode=False)),
    (ldap_messages.modify(DN, [(ldap_messages.REPLACE, "title", []), (ldap_messages.ADD, "member", [b"a", b"b"]), (ldap_messages.DELETE, "x", [b"1"])]),
     "modifyRequest", modify_operation(SENT, {"title": [(2, [])], "member": [(0, [b"a", b"b"])], "x": [(1, [b"1"])]}, auto_encode=False)),
    (ldap_messages.rename(DN, "CN=ü", "OU=x,DC=y"), "modDNRequest", modify_dn_operation(SENT, "CN=ü", True, "OU=x,DC=y")),
    (ldap_messages.delete(DN), "delRequest", delete_operation(SENT)),
    (ldap_messages.delete("CN=" + "a" * 70000), "delRequest", delete_operation("CN=" + "a" * 70000)),
], ids=["add", "modify", "rename", "delete", "long"])
def test_requests_are_those_of_ldap3(ours, name, theirs):
    # pyasn1 decodes both, since lengths may be written in more than one way
    ours = decoder.decode(ldap_messages.encode_message(70000, ours), asn1Spec=LDAPMessage())[0]
    assert ours == decoder.decode(by_ldap3(name, theirs), asn1Spec=LDAPMessage())[0]


@pytest.mark.parametrize("number", [0, 1, 127, 128, 255, 256, 65536, 2**31 - 1])
def test_message_numbers(number):
    assert ldap_messages.decode_message(ldap_messages.encode_message(number, ldap_messages.delete("CN=x")))[0] == number


def test_paged_control_is_that_of_ldap3():
    ours = decoder.decode(ldap_messages.encode_message(3, ldap_messages.delete("x"), ldap_messages.paged(500, b"\x01\x02")), asn1Spec=LDAPMessage())[0]
    control = ours["controls"][0]
    theirs = paged_search_control(True, 500, b"\x01\x02")
    assert (str(control["controlType"]), bool(control["criticality"])) == ("1.2.840.113556.1.4.319", True)
    assert bytes(control["controlValue"]) == bytes(theirs["controlValue"])


def tlv(tag, content):
    size = len(content)
    return bytes([tag, size]) + content if size < 128 else bytes([tag, 0x82]) + size.to_bytes(2, "big") + content


def octets(content):
    return tlv(4, content)


def test_result_with_cookie():
    cookie = tlv(0xA0, tlv(0x30, octets(b"1.2.3") + octets(b"x"))
                 + tlv(0x30, octets(b"1.2.840.113556.1.4.319") + b"\x01\x01\xff" + octets(tlv(0x30, b"\x02\x01\x00" + octets(b"next")))))
    body = tlv(0x65, b"\x0a\x01\x35" + octets(b"") + octets("ö 00002035".encode())) + cookie
    assert ldap_messages.decode_result(body) == LdapResult(code=53, message="ö 00002035", cookie=b"next")
    assert ldap_messages.decode_result(tlv(0x78, b"\x0a\x01\x00" + octets(b"") + octets(b"") + tlv(0x8A, b"1.3.6"))).name == "1.3.6"
    assert ldap_messages.decode_result(tlv(0x6B, b"\x0a\x01\x20" + octets(b"DC=corp") + octets(b""))).matched_dn == "DC=corp"


@pytest.mark.parametrize("data, size", [
    (b"", 0), (b"\x30", 0), (b"\x30\x05", 7), (b"\x30\x82\x01", 0), (b"\x30\x82\x01\x00", 260), (b"\x30\x84\x00\x00\x00\x05", 11),
])
def test_length_of_a_message(data, size):
    assert ldap_messages.message_length(data) == size
    assert ldap_messages.message_length(b"xx" + data, 2) == size


def test_a_filter_that_is_none():
    with pytest.raises(HrisError, match="is not an LDAP filter"):
        ldap_messages.search("", ldap_messages.BASE, "(cn=x", ["cn"])
