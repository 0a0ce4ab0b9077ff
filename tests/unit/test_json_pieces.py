"""JSON in pieces is the JSON of the whole, and no piece is larger than one item of a list."""
from __future__ import annotations

import json

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris import json_pieces
from ansible_collections.hris.ad.plugins.module_utils._hris.seals import canonical, canonical_pieces

WHOLE = [
    {}, {"a": []}, {"b": [], "a": [1]}, {"z": {"y": [1, {"x": []}], "a": None}, "b": [{"c": "line\nbreak \u2028 é"}, [], "d"], "a": 1.5, "": True},
]


def in_parts(data: dict) -> dict:
    return {name: iter(value) if isinstance(value, list) else value for name, value in data.items()}


@pytest.mark.parametrize("data", WHOLE)
def test_the_pieces_are_those_of_the_whole(data):
    assert "".join(json_pieces.indented(in_parts(data).items())) == json.dumps(data, indent=1)
    assert json.loads("".join(json_pieces.compact(in_parts(data).items(), json.dumps))) == data
    assert b"".join(canonical_pieces(in_parts(data))) == b"".join(canonical_pieces(data)) == canonical(data)


@pytest.mark.parametrize("pieces", [json_pieces.indented, lambda fields: json_pieces.compact(fields, json.dumps)])
def test_items_are_made_when_they_are_written(pieces):
    made = []

    def items():
        for number in range(100):
            made.append(number)
            yield {"number": number}

    written = 0
    for piece in pieces({"before": 1, "items": items(), "after": 2}.items()):
        assert len(made) - written <= 1 and len(piece) < 40
        written = len(made)
    assert written == 100
