"""Values as text and as bytes, initial passwords: directory/values.py, password.py."""
import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.directory import (
    initial_passwords,
    password,
    values,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError

GUID = "3f2504e0-4f89-11d3-9a0c-0305e82c3301"
GUID_BYTES = bytes.fromhex("e004253f894fd3119a0c0305e82c3301")
SID = "S-1-5-21-3541869056-809090835-424241632-500"
SID_BYTES = bytes.fromhex("01050000000000051500000000a21cd313bf3930e0694919f4010000")


@pytest.mark.parametrize("name, syntax, data, text", [
    ("title", "text", "Müller".encode(), "Müller"),
    ("accountExpires", "large_integer", b"9223372036854775807", "9223372036854775807"),
    ("showInAdvancedViewOnly", "boolean", b"TRUE", "TRUE"),
    ("whenCreated", "time", b"20261121210814.0Z", "20261121210814.0Z"),
    ("manager", "dn", b"CN=a,DC=b", "CN=a,DC=b"),
    ("thumbnailPhoto", "binary", b"\x00\xff", "AP8="),
    ("objectGUID", "binary", GUID_BYTES, GUID),
    ("objectSid", "sid", SID_BYTES, SID),
    ("objectSid", "sid", bytes.fromhex("01020000000000052000000020020000"), "S-1-5-32-544"),
])
def test_both_ways(name, syntax, data, text):
    assert values.decoder(name, syntax)(data) == text
    assert values.encoder(name, syntax)(text) == data


@pytest.mark.parametrize("name, syntax, text", [
    ("thumbnailPhoto", "binary", "no base64!"), ("objectGUID", "binary", "1-2"),
    ("objectSid", "sid", "500"), ("objectSid", "sid", "S-1-5-x"),
])
def test_encode_refuses(name, syntax, text):
    with pytest.raises(HrisError, match=f"{name}: the value is not"):
        values.encoder(name, syntax)(text)


def test_random_passwords():
    found = {password.random_password() for _ in range(300)}
    assert len(found) == 300
    for text in found:
        assert len(text) == 32
        assert all(any(char in kind for char in text) for kind in password.CLASSES.values())
    assert len(password.random_password(16)) == 16 and password.random_password(40, ["lower", "digits"]).isalnum()
    with pytest.raises(ValueError, match="at least 16"):
        password.random_password(15)


def test_a_class_that_is_named_twice_counts_once():
    """Named ten times, its letters would not fit into one byte, and no password would be found."""
    assert password.random_password(16, ["lower"] * 10).islower()
    params = {"length": 16, "classes": ["lower", "lower", "digits"], "certificate": None, "dest": None}
    with pytest.raises(HrisError, match="three classes"):
        initial_passwords.check_password_options(params)
    initial_passwords.check_password_options(params | {"classes": ["lower", "lower", "digits", "upper"]})


def test_unicode_pwd_is_quoted_utf16():
    assert password.unicode_pwd("aü") == b'"\x00a\x00\xfc\x00"\x00'
