"""An empty text is not given, where an option is no text: given_options.py."""
from __future__ import annotations

import json

import pytest
from ansible.module_utils import basic
from ansible.module_utils.common.text.converters import to_bytes
from ansible_collections.hris.ad.plugins.module_utils._hris.given_options import without_empty
from ansible_collections.hris.ad.plugins.module_utils._hris.module_runner import HrisModule

SPEC = {
    "text": {"type": "str"}, "untyped": {}, "file": {"type": "path"}, "any": {"type": "raw"}, "number": {"type": "int"}, "share": {"type": "float"},
    "switch": {"type": "bool"}, "names": {"type": "list", "elements": "str"},
    "group": {"type": "dict", "options": {"port": {"type": "int"}, "base": {"type": "str"}, "deep": {"type": "dict", "options": {"on": {"type": "bool"}}}}},
    "sources": {"type": "list", "elements": "dict", "options": {"guard": {"type": "dict"}, "source": {"type": "str"}}},
}


@pytest.mark.parametrize(("given", "left"), [
    ({name: "" for name in SPEC}, {"text": "", "untyped": "", "file": "", "any": ""}),
    ({"number": " \n", "switch": "\t"}, {}),
    ({"number": 0, "switch": False, "names": [], "group": {}, "share": None, "text": None}, {"number": 0, "switch": False, "names": [], "group": {}, "text": None}),
    ({"group": {"port": "", "base": "", "deep": {"on": ""}}}, {"group": {"base": "", "deep": {}}}),
    ({"sources": [{"guard": "", "source": ""}, "odd"]}, {"sources": [{"source": ""}, "odd"]}),
    ({"group": '{"port": 1}', "unknown": ""}, {"group": '{"port": 1}', "unknown": ""}),
])
def test_what_is_left(given, left):
    assert without_empty(given, SPEC) == left


def test_a_module_has_its_defaults(monkeypatch):
    arguments = {"ANSIBLE_MODULE_ARGS": {"number": "", "group": {"port": "", "base": "x"}, "_ansible_check_mode": True}}
    monkeypatch.setattr(basic, "_ANSIBLE_ARGS", to_bytes(json.dumps(arguments)))
    monkeypatch.setattr(basic, "_ANSIBLE_PROFILE", "legacy", raising=False)
    spec = {"number": {"type": "int", "default": 7}, "group": {"type": "dict", "options": {"port": {"type": "int", "default": 636}, "base": {"type": "str"}}}}
    module = HrisModule("sync", argument_spec=spec, supports_check_mode=True)
    assert module.params == {"number": 7, "group": {"port": 636, "base": "x"}} and module.check_mode
