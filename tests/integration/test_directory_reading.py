"""The snapshot of a real domain, compared with ldapsearch: directory/reading.py, range_retrieval.py, schema.py."""
from __future__ import annotations

import dataclasses
import json

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.directory import (
    ldap_messages,
    range_retrieval,
    reading,
    schema,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.connection import connect
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.selection import select
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.model.directory import (
    AttributeDefinition,
)

BASE = "DC=corp,DC=example"
OU = f"OU=Engineering,OU=Staff,{BASE}"


@pytest.fixture(scope="module")
def connection(directory):
    with connect(directory) as found:
        yield found


@pytest.fixture(scope="module")
def people(connection):
    """Twelve users, a contact and a group that holds the users; the users' DNs."""
    dns = [f"CN=Reader\\2C {number},{OU}" for number in range(12)]
    for number, dn in enumerate(dns):
        attributes = {"objectClass": [b"user"], "sAMAccountName": [f"reader{number}".encode()], "givenName": ["Jané".encode()],
                      "proxyAddresses": [b"SMTP:a@x", b"smtp:b@x"], "thumbnailPhoto": [b"\x00\xff"], "employeeID": [str(number).encode()],
                      "msDS-cloudExtensionAttribute1": [b"x=y"]}
        assert connection.stream.request(ldap_messages.add(dn, attributes)).code == 0
    contact = {"objectClass": [b"contact"], "mail": [b"contact@x"]}
    assert connection.stream.request(ldap_messages.add(f"CN=Contact,{OU}", contact)).code == 0
    group = {"objectClass": [b"group"], "sAMAccountName": [b"readers"], "mail": [b"readers@x"], "member": [dn.encode() for dn in dns]}
    assert connection.stream.request(ldap_messages.add(f"CN=Readers,{OU}", group)).code == 0
    return dns


def test_snapshot(connection, people, domain):
    mark = domain.mark()
    snapshot = reading.read_snapshot(connection, ["title", "givenName", "thumbnailPhoto", "employeeid", "extensionAttribute1", "accountExpires",
                                                  "msDS-cloudExtensionAttribute1"])
    assert not domain.writes_since(mark)
    assert len(domain.searches_since(mark)) <= 8, "one search for each kind of object"
    plain = dataclasses.asdict(snapshot)
    assert json.loads(json.dumps(plain)) == plain, "plain data"
    served = snapshot.domain
    assert (served.dn, served.name, served.server) == (BASE, "corp.example", f"{domain.url}:636")
    assert served.bound_sid == f"{served.sid}-500"

    found = {account.attributes["sAMAccountName"][0]: account for account in snapshot.accounts}
    assert set(found) == {entry["attributes"]["sAMAccountName"][0] for entry in domain.search(reading.USERS, ["sAMAccountName"])}
    assert not any(name.endswith("$") for name in found), "computers are no accounts"
    reader = found["reader3"]
    assert reader.dn == domain.search("(sAMAccountName=reader3)", ["cn"])[0]["dn"]
    assert reader.attributes["givenName"] == ["Jané"]
    assert reader.attributes["employeeID"] == ["3"], "names are spelled as the schema spells them"
    assert sorted(reader.attributes["proxyAddresses"]) == ["SMTP:a@x", "smtp:b@x"]
    assert reader.attributes["thumbnailPhoto"] == ["AP8="]
    assert reader.attributes["msDS-cloudExtensionAttribute1"] == ["x=y"]
    assert reader.attributes["accountExpires"] == ["9223372036854775807"]
    assert "title" not in reader.attributes
    assert reader.groups == [f"CN=Readers,{OU}"]
    assert (reader.enabled, reader.uac, reader.primary_group) == (False, 546, 513)
    assert (reader.admin_count, reader.critical) == (False, False)
    admin = found["Administrator"]
    assert (admin.enabled, admin.admin_count, admin.critical) == (True, True, True)
    assert admin.sid == served.bound_sid

    assert set(snapshot.containers) >= {BASE, OU, f"CN=Users,{BASE}", f"OU=Leavers,{BASE}"}
    assert len(snapshot.containers) == len(set(snapshot.containers))
    group = next(group for group in snapshot.groups if group.name == "readers")
    assert (group.dn, group.cn, group.attributes) == (f"CN=Readers,{OU}", "Readers", {"mail": ["readers@x"]})
    assert [contact for contact in snapshot.contacts if contact.attributes.get("mail") == ["contact@x"]]


def test_schema(connection):
    known = schema.read(connection, ["title", "PROXYADDRESSES", "manager", "memberOf", "accountExpires", "thumbnailPhoto", "objectSid",
                                     "cn", "whenCreated", "sAMAccountName", "description", "extensionAttribute1"])
    assert "extensionattribute1" not in known, "a plain schema has no Exchange attributes"
    assert known["title"] == AttributeDefinition(name="title", single=True, upper=128, lower=1, syntax="text", writable=True, linked=None,
                                                 schema_id="bf967a55-0de6-11d0-a285-00aa003049e2", property_set="e48d0154-bcf8-11d1-8702-00c04fb96050")
    assert (known["proxyaddresses"].name, known["proxyaddresses"].single) == ("proxyAddresses", False)
    assert {key: info.syntax for key, info in known.items()} == {
        "title": "text", "proxyaddresses": "text", "manager": "dn", "memberof": "dn", "accountexpires": "large_integer",
        "description": "text", "thumbnailphoto": "binary", "objectsid": "sid", "cn": "text", "whencreated": "time",
        "samaccountname": "text"}
    assert {key for key, info in known.items() if not info.writable} == {"memberof", "objectsid", "cn", "whencreated"}
    assert (known["manager"].linked, known["memberof"].linked) == ("forward", "back")
    assert (known["samaccountname"].upper, known["description"].single) == (20, True), "what Windows holds users to"
    with pytest.raises(HrisError, match="cannot be the name of an attribute"):
        schema.read(connection, ["title)(cn=*"])


@pytest.mark.parametrize("page", [1, 5, 12, 13, 1000])
def test_pages(connection, people, page):
    found = [dn for dn, _raw in connection.stream.search(OU, ldap_messages.SUBTREE, reading.USERS, ["cn"], page)]
    assert len(found) == len(set(found)) == len(people)


@pytest.mark.parametrize("asked", ["member", "member;range=0-0", "member;range=0-4", "member;range=0-5", "member;range=0-10",
                                   "member;range=0-11", "member;range=0-99"])
def test_ranges(connection, people, asked):
    """Windows gives 1,500 values at once; Samba gives parts when it is asked for parts."""
    [(_dn, raw)] = range_retrieval.search(connection.stream, f"CN=Readers,{OU}", ldap_messages.BASE, "(objectClass=*)", [asked, "cn"])
    assert set(raw) == {"member", "cn"}
    assert len(raw["member"]) == len(set(raw["member"])) == len(people)


def test_ranges_in_the_middle_of_pages(connection, people):
    """The rest of an attribute is asked for while the next page is already on its way."""
    found = list(range_retrieval.search(connection.stream, BASE, ldap_messages.SUBTREE, "(objectCategory=group)", ["member;range=0-1"], page=2))
    sizes = {dn: len(raw.get("member", [])) for dn, raw in found}
    assert sizes[f"CN=Readers,{OU}"] == len(people)
    assert len(sizes) == len(found) > 30


def test_a_base_that_is_not_there(connection, domain):
    with pytest.raises(HrisError, match="an object does not exist|does not exist") as error:
        reading.read_snapshot(connection, [], f"OU=Nowhere,{BASE}")
    assert error.value.place == f"{domain.url}:636"


def test_a_narrow_base(connection, people):
    snapshot = reading.read_snapshot(connection, [], OU)
    assert len(snapshot.accounts) == len(people)
    assert snapshot.domain.dn == BASE


def test_selected_groups_have_their_attributes(connection, people):
    wish = {"type": "group", "identities": ["readers"], "filter": "mail=readers@x", "search_base": None, "attributes": ["sAMAccountName"]}
    [found] = select(connection, wish, {"mail", "member"})
    assert len(found["attributes"].pop("member")) == len(people)
    assert (found["type"], found["dn"], found["attributes"]) == ("group", f"CN=Readers,{OU}", {"sAMAccountName": "readers", "mail": "readers@x"})
    with pytest.raises(HrisError, match="there is no such object"):
        select(connection, {**wish, "filter": "(mail=others@x)"}, ())
