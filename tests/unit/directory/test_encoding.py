"""The bytes of operations: directory/encoding.py."""
from __future__ import annotations

from ansible_collections.hris.ad.plugins.module_utils._hris.directory.encoding import Encoder
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.operations import (
    ADD,
    MODIFY,
    Operation,
)


def test_an_account_has_its_password_before_it_is_enabled():
    step = Operation(MODIFY, "<GUID=a>", [0], {"title": ["x"], "userAccountControl": ["512"]}, random_password=True)
    sent = Encoder({}, {}).request(step).operation
    assert 0 < sent.index(b"unicodePwd") < sent.index(b"title") < sent.index(b"userAccountControl")


def test_every_new_account_has_a_password():
    sent = Encoder({}, {}).request(Operation(ADD, "CN=a,DC=x", [0], {"objectClass": ["user"], "userAccountControl": ["512"]})).operation
    assert sent.count(b"unicodePwd") == 1
