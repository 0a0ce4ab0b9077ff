"""A large object is read field by field, and never held whole."""
from __future__ import annotations

import json

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.json_files import read_parts
from ansible_collections.hris.ad.plugins.module_utils._hris.json_reading import fields

WHOLE = {"format": "x", "n": 12345, "deep": {"a": [1, {"b": "]}\\\""}]}, "none": None, "empty": [], "list": [1, "two", {"three": [3.5, -1e3]}, [], None],
         "text": "é\u2028\n\"", "last": 7}


def read(parts) -> dict:
    return {name: value if isinstance(value, (str, int, dict, type(None))) else list(value) for name, value in fields(parts)}


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("size", [1, 2, 7, 10_000])
def test_wherever_the_parts_end(size, indent):
    text = json.dumps(WHOLE, indent=indent, ensure_ascii=False) + "\n"
    parts = [text[start:start + size] for start in range(0, len(text), size)]
    assert read(parts) == WHOLE and list(read(parts)) == list(WHOLE)
    assert read(["{", " ", "}"]) == {}


@pytest.mark.parametrize("text", [
    "", "{", "7", "[]", '{"a": 1', '{"a": 1,}', '{"a" 1}', '{"a": }', '{"a": [1,]}', '{"a": [1 2]}', '{"a": [1}', '{"a": 1} x', '{"a": 1}{}', "{1: 2}", '{"a": 1, "a": 2}',
    "{,}", '{"a": nul}', '{"a": "'])
def test_what_is_no_object(text):
    for parts in ([text], list(text)):
        with pytest.raises(ValueError, match="."):
            read(parts)


def test_what_is_held_is_one_item():
    """A part is asked for when all before it is used, but for the item that it completes."""
    asked = 0

    def parts():
        nonlocal asked
        yield '{"items": ['
        for number in range(1_000):
            asked = number
            yield f'{"," if number else ""}{{"number": {number}}}'
        yield "]}"

    (_name, items), = [(name, value) for name, value in fields(parts()) if all(asked - item["number"] <= 3 for item in value)]
    assert asked == 999 and list(items) == []


def test_a_file_in_parts(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"\xef\xbb\xbf" + ("é" * 200_001).encode())
    parts = list(read_parts(str(path)))
    assert "".join(parts) == "é" * 200_001 and len(parts) > 1
