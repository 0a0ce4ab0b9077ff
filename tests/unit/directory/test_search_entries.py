"""The entries of a search: directory/search_entries.py, in the encodings of Samba and of Windows."""
import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.directory import search_entries
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.search_entries import (
    REMEMBERED,
)

DN = "CN=Roe\\, Jané,OU=Staff,DC=corp,DC=example"


def short(tag, content):
    size = len(content)
    return bytes([tag, size]) + content if size < 128 else bytes([tag, 0x82]) + size.to_bytes(2, "big") + content


def wide(tag, content):
    """As Windows writes sequences and sets: the length in five bytes, however short it is."""
    return bytes([tag, 0x84]) + len(content).to_bytes(4, "big") + content


def octets(content):
    return short(4, content)


def entry(attributes, sequence=short, dn=DN):
    body = b"".join(sequence(0x30, octets(name.encode()) + sequence(0x31, b"".join(map(octets, values)))) for name, values in attributes.items())
    return sequence(0x64, octets(dn.encode()) + sequence(0x30, body))


@pytest.mark.parametrize("sequence", [short, wide])
@pytest.mark.parametrize("attributes", [
    {}, {"cn": [b"Jane"]}, {"cn": [b"J" * 127], "description": [b"", b"a" * 128, b"b" * 5000]}, {"member;range=0-1": [b"x"] * 300},
    {"empty": []},
])
def test_values_as_bytes(attributes, sequence):
    assert search_entries.decode_entry(entry(attributes, sequence)) == (DN, attributes)


def plain(value):
    return value.decode("utf-8", "replace")


@pytest.mark.parametrize("sequence", [short, wide])
@pytest.mark.parametrize(("attributes", "texts"), [
    ({"title": [b"Clerk"]}, {"title": ["Clerk"]}),
    ({"title": []}, {}),
    ({"title": [b""]}, {"title": [""]}),
    ({"title": ["Ä".encode() * 200]}, {"title": ["Ä" * 200]}),
    ({"title": [b"\xff"]}, {"title": ["\ufffd"]}),
    ({"title": [b"a", b"b" * 130, b""]}, {"title": ["a", "b" * 130, ""]}),
    ({"title": [b"x" * 5000]}, {"title": ["x" * 5000]}),
    ({"title;range=0-1": [b"a", b"b"]}, {"title;range=0-1": ["a", "b"]}),
    ({"unasked": [b"a"], "title": [b"b"], "other": [b"c"]}, {"title": ["b"]}),
    ({"mark": [b"a", b"a"], "title": [b"a"]}, {"mark": ["<a>", "<a>"], "title": ["a"]}),
])
def test_values_as_texts_before_and_after_their_attributes_are_known(attributes, texts, sequence):
    decode = search_entries.entry_decoder({"title": plain, "mark": lambda value: f"<{plain(value)}>"})
    for _time in range(2):
        assert decode(entry(attributes, sequence)) == (DN, texts)
    for number in range(REMEMBERED + 2):  # more different values than are remembered
        value = [str(number).encode() * (40 if number % 3 else 1)]
        assert decode(entry({"title": value, "mark": value}, sequence))[1] == {"title": [plain(value[0])], "mark": [f"<{plain(value[0])}>"]}
    for _time in range(2):
        assert decode(entry(attributes, sequence)) == (DN, texts)


def test_people_share_the_same_values():
    decode = search_entries.entry_decoder({"memberOf": plain})
    first, second = (decode(entry({"memberOf": [b"CN=A", b"CN=B"]}, dn=dn))[1]["memberOf"] for dn in ("CN=x", "CN=y"))
    assert first is second


def test_what_is_remembered_is_bounded():
    calls = []
    decode = search_entries.entry_decoder({"title": lambda value: calls.append(value) or plain(value)})
    values = [str(number).encode() for number in range(REMEMBERED + 10)] + [b"x" * 5000]
    for _time in range(2):
        for value in values:
            decode(entry({"title": [value]}))
    assert len(calls) == 2 * len(values) - REMEMBERED


@pytest.mark.parametrize("body", [b"", b"\x64", b"\x64\x05\x04", b"\x64\x84\x00", short(0x64, octets(b"\xff") + short(0x30, b"")),
                                  short(0x64, octets(b"CN=x") + short(0x30, b"\x30")), short(0x64, octets(b"CN=x") + short(0x30, b"\x30\x7f\x04"))])
def test_what_is_no_entry(body):
    for decode in (search_entries.decode_entry, search_entries.entry_decoder({"title": plain})):
        with pytest.raises((IndexError, ValueError)):
            decode(body)
