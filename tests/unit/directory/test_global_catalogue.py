# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The global catalogue: what it is asked for, where it is, and what of its answer counts."""
from __future__ import annotations

from types import SimpleNamespace

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.ad_values.unique_names import UniqueName
from ansible_collections.hris.ad.plugins.module_utils._hris.directory import global_catalogue
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.global_catalogue import (
    GlobalCatalogue,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError

SAM, UPN, MAIL = "samaccountname", "userprincipalname", "mail"


@pytest.fixture
def asked(monkeypatch):
    """asked(names, answer, **more) -> (what was found, the filters, the options of the connection)."""
    def ask(names, answer=(), servers=(), url="ldaps://dc1:636", tls_mode="ldaps"):
        filters, connected = [], []

        class Catalogue:
            def __enter__(self):
                return SimpleNamespace(stream=SimpleNamespace(search=self.search))

            def __exit__(self, *_error):
                return None

            @staticmethod
            def search(base, _scope, condition, _attributes):
                assert base == ""
                filters.append(condition)
                return answer

        monkeypatch.setattr(global_catalogue, "connect", lambda params: connected.append(params) or Catalogue())
        directory = {"servers": ["dc9"], "tls_mode": tls_mode, "port": 7636, "base": "OU=Staff,DC=x"}
        run = SimpleNamespace(server=url, base="OU=Staff,DC=x")
        return GlobalCatalogue(directory, servers).holders(run, [UniqueName(*name) for name in names]), filters, connected
    return ask


@pytest.mark.parametrize(("name", "condition"), [
    ((SAM, "jsmith"), "(sAMAccountName=jsmith*)"),
    ((SAM, "jsmith12"), "(sAMAccountName=jsmith*)"),
    ((SAM, "jo2"), "(sAMAccountName=jo2)"),
    ((SAM, "a(b)*c"), "(sAMAccountName=a\\28b\\29\\2ac*)"),
    ((UPN, "jsmith@x.example"), "(userPrincipalName=jsmith*@x.example)"),
    ((MAIL, "ann.lee3@x.example"), "(|(mail=ann.lee*@x.example)(proxyAddresses=smtp:ann.lee*@x.example))"),
])
def test_what_is_asked(asked, name, condition):
    assert asked([name])[1] == [f"(|{condition})"]


def test_many_names_are_few_searches(asked):
    names = [(SAM, f"{chr(97 + one % 26)}{chr(97 + one // 26)}xyz") for one in range(120)]
    assert len(asked([*names, *[(SAM, f"{text}{number}") for number in range(9) for _space, text in names]])[1]) == 3


def test_what_counts(asked):
    answer = [("CN=A,DC=other", {"sAMAccountName": [b"JSmith2"], "proxyAddresses": [b"SMTP:j@x.example", b"x500:/o=x"]}),
              ("CN=B,OU=Staff,DC=x", {"sAMAccountName": [b"jsmith"]}), ("CN=C,CN=Users,DC=x", {"mail": [b"c@x.example"]})]
    assert asked([(SAM, "jsmith")], answer)[0] == {
        UniqueName(SAM, "jsmith2"): "CN=A,DC=other", UniqueName(MAIL, "j@x.example"): "CN=A,DC=other",
        UniqueName(MAIL, "x500:/o=x"): "CN=A,DC=other", UniqueName(MAIL, "c@x.example"): "CN=C,CN=Users,DC=x"}


@pytest.mark.parametrize(("given", "servers", "port"), [
    ({}, ["dc1"], 3269),
    ({"url": "ldap://[fd00::1]:389", "tls_mode": "start_tls"}, ["[fd00::1]"], 3268),
    ({"servers": ["gc1", "gc2:4000"]}, ["gc1", "gc2:4000"], 3269),
])
def test_where_it_is(asked, given, servers, port):
    (connected,) = asked([(SAM, "jsmith")], **given)[2]
    assert (list(connected["servers"]), connected["port"], connected["base"]) == (servers, port, None)


def test_one_that_does_not_answer(asked, monkeypatch):
    def refuse(_params):
        raise HrisError("no domain controller could be used", "directory.servers")

    monkeypatch.setattr(global_catalogue, "connect", refuse)
    with pytest.raises(HrisError, match="the global catalogue cannot be asked: no domain controller could be used"):
        GlobalCatalogue({"tls_mode": "ldaps"}, []).holders(SimpleNamespace(server="ldaps://dc1:636", base=""), [UniqueName(SAM, "x")])
