"""Distinguished names as text: ad_values/dn.py."""
import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.ad_values import dn
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError


@pytest.mark.parametrize("text, pairs", [
    ("", []),
    ("DC=example", [("DC", "example")]),
    ("CN=Jane Roe,OU=Staff,DC=corp", [("CN", "Jane Roe"), ("OU", "Staff"), ("DC", "corp")]),
    ("CN=Roe\\, Jane,DC=corp", [("CN", "Roe, Jane"), ("DC", "corp")]),
    ("CN=Roe\\2C Jane,DC=corp", [("CN", "Roe, Jane"), ("DC", "corp")]),
    ("CN=M\\C3\\BCller,DC=corp", [("CN", "Müller"), ("DC", "corp")]),
    ("CN=a\\3Db,DC=corp", [("CN", "a=b"), ("DC", "corp")]),
    ("CN=a=b,DC=corp", [("CN", "a=b"), ("DC", "corp")]),
    (" cn = Jane  Roe , dc = corp ", [("cn", "Jane  Roe"), ("dc", "corp")]),
    ("CN=ends\\ ,DC=corp", [("CN", "ends "), ("DC", "corp")]),
    ("CN=\\ both\\ ,DC=corp", [("CN", " both "), ("DC", "corp")]),
    ("CN=\\#1 \\+ \\\"x\\\" \\\\,DC=corp", [("CN", "#1 + \"x\" \\"), ("DC", "corp")]),
    ("CN=old\\0ADEL:3f2504e0,DC=corp", [("CN", "old\nDEL:3f2504e0"), ("DC", "corp")]),
    ("2.5.4.3=x,DC=corp", [("2.5.4.3", "x"), ("DC", "corp")]),
])
def test_parse(text, pairs):
    assert dn.parse(text) == pairs


@pytest.mark.parametrize("text", [
    "Jane Roe", "CN=", "CN=a,", "CN=a,,DC=b", "=a", "CN=a+OU=b,DC=c", 'CN="Roe, Jane",DC=c', "CN=a\\", "CN=a\\4,DC=b", ",CN=a", "C N=a",
])
def test_parse_refuses(text):
    with pytest.raises(HrisError, match="is not a distinguished name"):
        dn.parse(text)


@pytest.mark.parametrize("value, text", [
    ("Jane Roe", "Jane Roe"), ("Roe, Jane", "Roe\\, Jane"),
    ("a+b", "a\\+b"), ('"x"', '\\"x\\"'), ("a\\b", "a\\\\b"), ("<a>;=", "\\<a\\>\\;\\="),
    ("#1", "\\#1"), ("1#", "1#"), (" x ", "\\ x\\ "), (" ", "\\ "), ("a/b", "a/b"), ("Müller", "Müller"),
    ("a\nb", "a\\0Ab"),
])
def test_escape_value_round_trip(value, text):
    assert dn.escape_value(value) == text
    assert dn.parse(f"CN={text},DC=corp") == [("CN", value), ("DC", "corp")]
    assert dn.join([("CN", value), ("DC", "corp")]) == f"CN={text},DC=corp"


def test_escape_value_refuses_nothing():
    with pytest.raises(HrisError, match="needs a value"):
        dn.escape_value("")


@pytest.mark.parametrize("one, other", [
    ("CN=Jane Roe,OU=Staff,DC=corp", "cn=jane roe,ou=STAFF,dc=Corp"),
    ("CN=Jane Roe,OU=Staff,DC=corp", " CN = Jane Roe , OU = Staff , DC = corp "),
    ("CN=Roe\\, Jane,DC=corp", "CN=Roe\\2c Jane,DC=corp"),
    ("CN=a\\3Db,DC=corp", "CN=a=b,DC=corp"),
    ("CN=a\\=b,DC=corp", "CN=a=b,DC=corp"),
    ("CN=\\#1,DC=corp", "CN=\\231,DC=corp"),
    ("CN=a#1,DC=corp", "CN=a\\#1,DC=corp"),
    ("CN=M\\C3\\9Cller,DC=corp", "CN=müller,DC=corp"),
    ("CN=J\\61ne,DC=corp", "CN=jane,DC=corp"),
    ("CN=x\\ ,DC=corp", "CN=x\\20,DC=corp"),
    ("<GUID=3F2504E0-4F89-11D3-9A0C-0305E82C3301>", "<guid=3f2504e0-4f89-11d3-9a0c-0305e82c3301>"),
])
def test_normal_is_one_text_for_one_object(one, other):
    assert dn.normal(one) == dn.normal(other)


@pytest.mark.parametrize("one, other", [
    ("CN=a\\,DC\\=corp", "CN=a,DC=corp"), ("CN=x\\ ,DC=corp", "CN=x,DC=corp"), ("CN=a,OU=b", "CN=a,CN=b"), ("CN=a\\+b", "CN=ab"),
    ("CN=\\\\2C", "CN=\\2C"),
])
def test_normal_keeps_objects_apart(one, other):
    assert dn.normal(one) != dn.normal(other)


@pytest.mark.parametrize("text", ["staff", "CN=a,"])
def test_normal_refuses_what_is_no_dn(text):
    with pytest.raises(HrisError):
        dn.normal(text)


@pytest.mark.parametrize("text, first, above", [
    ("CN=Jane Roe,OU=Staff,DC=corp", "CN=Jane Roe", "OU=Staff,DC=corp"),
    ("CN=Roe\\, Jane , OU=Staff", "CN=Roe\\, Jane", "OU=Staff"),
    ("CN=x\\ ,OU=Staff", "CN=x\\ ", "OU=Staff"),
    ("DC=example", "DC=example", ""),
    ("", "", ""),
])
def test_rdn_and_parent(text, first, above):
    assert dn.rdn(text) == first
    assert dn.parent(text) == above


@pytest.mark.parametrize("name, base, below", [
    ("CN=a,OU=Staff,DC=corp", "ou=staff,dc=CORP", True),
    ("OU=Staff,DC=corp", "OU=Staff,DC=corp", True),
    ("CN=a,OU=My Staff,DC=corp", "OU=Staff,DC=corp", False),
    ("DC=corp", "OU=Staff,DC=corp", False),
    ("CN=x\\,OU=Staff,DC=corp", "OU=Staff,DC=corp", False),
    ("CN=a,DC=corp", "", True),
])
def test_is_below(name, base, below):
    assert dn.is_below(name, base) is below


@pytest.mark.parametrize(("text", "sent"), [
    ("CN=Ann Lee,DC=x", "CN=Ann Lee,DC=x"), ("CN=Vela \\,,DC=x", "CN=Vela \\2C,DC=x"), ("CN=a\\\\,DC=x", "CN=a\\\\,DC=x"), ("CN=a\\\\\\,b,DC=x", "CN=a\\\\\\2Cb,DC=x"),
    ("CN=a\\2Cb\\+,DC=x", "CN=a\\2Cb\\+,DC=x"), ("<GUID=1>", "<GUID=1>"),
])
def test_a_comma_is_sent_in_hexadecimal(text, sent):
    assert dn.for_server(text) == sent and (text.startswith("<") or dn.parse(sent) == dn.parse(text))
