"""Dictionaries that share their names: shared_names.py, and who uses it for many people."""
from __future__ import annotations

import json
import tracemalloc

from ansible_collections.hris.ad.plugins.module_utils._hris.directory.account_entries import (
    account_form,
    shown,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.model.directory import (
    AttributeDefinition,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.shared_names import shared_names
from ansible_collections.hris.ad.plugins.module_utils._hris.sources.files import read_feed

NAMES = [f"name{number}" for number in range(25)]
PEOPLE = 500


def size(make):
    """Bytes that a list of PEOPLE objects takes, each."""
    tracemalloc.start()
    try:
        made = [make(number) for number in range(PEOPLE)]
        return tracemalloc.get_traced_memory()[0] / len(made)
    finally:
        tracemalloc.stop()


def test_the_dictionaries_are_usual_ones():
    new = shared_names()
    first, second, third = new(), new(), new()
    first["a"], first["b"] = 1, 2
    second["b"], second["a"] = 2, 1
    third.update({f"x{number}": number for number in range(40)})
    assert (first, second) == ({"a": 1, "b": 2}, {"a": 1, "b": 2}) and list(second) == ["b", "a"]
    del first["a"]
    assert first == {"b": 2} and json.dumps(second) == '{"b": 2, "a": 1}' and len(third) == 40
    assert isinstance(first, dict) and new() == {}


def test_names_of_accounts_are_in_memory_once():
    form = account_form({name: AttributeDefinition(name, "text", True, None, None, True, None) for name in NAMES})
    values = [["x"]] * len(NAMES)
    usual = size(lambda _number: dict(zip(NAMES, values, strict=True)))
    assert size(lambda _number: shown(dict(zip(NAMES, values, strict=True)), form)) < usual / 2


def test_names_of_records_are_in_memory_once(tmp_path):
    path = tmp_path / "feed.jsonl"
    texts = [{**dict.fromkeys(NAMES), "place": {"city": "Perth", "floor": number}} for number in range(PEOPLE)]
    path.write_text("".join(json.dumps(one) + "\n" for one in texts))
    usual = size(lambda number: json.loads(json.dumps(texts[number])))
    tracemalloc.start()
    records = read_feed(str(path))
    took = tracemalloc.get_traced_memory()[0] / PEOPLE
    tracemalloc.stop()
    assert records == texts
    assert took < usual / 2
