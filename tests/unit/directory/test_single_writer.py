"""Parts of a plan are written to the PDC emulator only."""
from __future__ import annotations

from types import SimpleNamespace

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.single_writer import (
    check_single_writer,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError

DOMAIN = "DC=corp,DC=example"
SERVERS = f"CN=Servers,CN=Site,CN=Sites,CN=Configuration,{DOMAIN}"


def settings(name):
    return f"CN=NTDS Settings,CN={name},{SERVERS}"


def connection(here, owner, names=None):
    """A connection to a server that shows these values. names: {DN of a server: dNSHostName}."""
    shown = {("", "dsServiceName"): here, (DOMAIN, "fSMORoleOwner"): owner,
             **{(server, "dNSHostName"): name for server, name in (names or {}).items()}}

    def search(base, _scope, _filter, attributes):
        value = shown.get((base, attributes[0]))
        yield base, {attributes[0]: [value.encode()]} if value else {}

    return SimpleNamespace(stream=SimpleNamespace(search=search), domain_dn=DOMAIN, server="ldaps://dc2.corp.example:636")


@pytest.mark.parametrize("owner", [settings("DC2"), settings("DC2").replace("CN=", "cn=").replace(",", ", "), settings("dc2")])
def test_on_the_pdc_emulator(owner):
    check_single_writer(connection(settings("DC2"), owner))


OTHERS = {
    "its name is shown": ({f"CN=DC1,{SERVERS}": "dc1.corp.example"}, "dc1.corp.example"),
    "its name is hidden": ({}, "DC1"),
}


@pytest.mark.parametrize(("names", "name"), OTHERS.values(), ids=OTHERS)
def test_on_another_domain_controller(names, name):
    with pytest.raises(HrisError) as caught:
        check_single_writer(connection(settings("DC2"), settings("DC1"), names))
    text = str(caught.value)
    assert text.startswith(f"directory.servers: ldaps://dc2.corp.example:636 is not the PDC emulator of the domain, {name} is.")
    assert f"Set directory.servers to {name}, for all parts" in text and "Nothing was written" in text


@pytest.mark.parametrize(("here", "owner"), [(None, settings("DC1")), (settings("DC1"), None)])
def test_a_server_that_does_not_say(here, owner):
    with pytest.raises(HrisError, match="does not say whether it is the PDC emulator"):
        check_single_writer(connection(here, owner))
