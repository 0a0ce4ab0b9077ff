"""Modules user and user_info against a real domain.

One rhythm: check → nothing written; do → changed; again → nothing written; read back by ldapsearch.
"""
from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.connection import connect
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError

BASE = "DC=corp,DC=example"
OU = f"OU=Finance,OU=Staff,{BASE}"
LEAVERS = f"OU=Leavers,{BASE}"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def user(module):
    """user(check=False, **options): module user, which must not fail."""
    def run(check=False, **options):
        result = module("user", check=check, **options)
        assert not result.get("failed"), result["msg"]
        return result
    return run


@pytest.fixture
def failing(module, domain):
    """failing(check=…, **options) -> msg of module user, which must fail before the first write."""
    def run(**options):
        mark = domain.mark()
        result = module("user", **options)
        assert result.get("failed"), result
        assert not domain.writes_since(mark)
        return result["msg"]
    return run


@pytest.fixture
def rhythm(user, domain):
    """rhythm(**options) -> the result of the run that writes; checks the run before it and the one after it."""
    def run(**options):
        mark = domain.mark()
        predicted = user(check=True, **options)
        assert predicted["changed"]
        assert not domain.writes_since(mark), "check mode writes nothing"
        result = user(**options)
        assert result["changed"]
        assert result["diff"] == predicted["diff"]
        assert result["distinguished_name"] == predicted["distinguished_name"]
        mark, usn = domain.mark(), domain.usn()
        again = user(**options)
        assert not again["changed"], again["diff"]
        assert again["diff"] == {"before": {}, "after": {}}
        assert not domain.writes_since(mark) and domain.usn() == usn, "a second run writes nothing"
        assert again["distinguished_name"] == (None if options.get("state") == "absent" else result["distinguished_name"])
        return result
    return run


@pytest.fixture
def jane(user, read):
    """A plain user, made anew for the test; her DN."""
    user(identity="jroe", name="Roe, Jane", path=OU, firstname="Jane", surname="Roe", title="Clerk", upn="jroe@corp.example",
         attributes={"set": {"proxyAddresses": ["SMTP:jane@x", "smtp:j@x"], "employeeID": "4711"}}, groups={"set": ["All Staff"]})
    yield f"CN=Roe\\, Jane,{OU}"
    user(identity="jroe", state="absent")
    assert read("(sAMAccountName=jroe)") is None


@pytest.fixture(scope="module")
def john(module):
    """A user whom no test changes."""
    assert module("user", identity="jdoe", path=OU, title="Guard")["changed"]
    yield
    assert module("user", identity="jdoe", state="absent")["changed"]


def test_create(rhythm, user, read):
    result = rhythm(identity="new1", name="New, One", path=OU, firstname="Néw", surname="One", display_name="New One",
                    email="new1@example.com", upn="new1@corp.example", title="Clerk", department="Finance", telephone="+61 1",
                    manager="Administrator",
                    attributes={"set": {"employeeID": 4712, "proxyAddresses": ["SMTP:new1@example.com"], "accountExpires": 0}},
                    groups={"add": ["Finance", "CN=All Staff,OU=Groups,DC=corp,DC=example", "Domain Users"]})
    found = read(f"CN=New\\, One,{OU}")
    assert found["sAMAccountName"] == ["new1"]
    assert (found["givenName"], found["mail"], found["employeeID"]) == (["Néw"], ["new1@example.com"], ["4712"])
    assert found["manager"] == [f"CN=Administrator,CN=Users,{BASE}"]
    assert found["userAccountControl"] == ["512"]
    assert found["pwdLastSet"] != ["0"]
    assert sorted(found["memberOf"]) == [f"CN=All Staff,OU=Groups,{BASE}", f"CN=Finance,OU=Groups,{BASE}"]
    assert result["sid"].startswith("S-1-5-21-")
    assert user(identity=result["object_guid"])["distinguished_name"] == found["dn"][0]
    rhythm(identity=result["object_guid"], state="absent")
    assert read(f"CN=New\\, One,{OU}") is None


def test_create_disabled_in_the_domains_own_place(rhythm, user, read):
    rhythm(identity="new2@corp.example", sam_account_name="new2", enabled=False)
    found = read(f"CN=new2,CN=Users,{BASE}")
    assert (found["userAccountControl"], found["userPrincipalName"]) == (["514"], ["new2@corp.example"])
    user(identity="new2", state="absent")


def test_create_by_another_attribute(rhythm, user, read):
    rhythm(identity="A-77", identity_attribute="employeeID", sam_account_name="new3", path=OU)
    assert read(f"CN=new3,{OU}")["employeeID"] == ["A-77"]
    rhythm(identity="A-77", identity_attribute="employeeID", sam_account_name="new3b", title="Head")
    assert read(f"CN=new3,{OU}")["sAMAccountName"] == ["new3b"]
    user(identity="A-77", identity_attribute="employeeID", state="absent")


def test_every_identity_finds_her(user, jane, read):
    found = user(identity="jroe")
    assert not found["changed"]
    guid = found["object_guid"]
    for identity in (jane, f"cn=roe\\2c jane,{OU}", guid, guid.upper(), f"{{{guid}}}", found["sid"], "jroe@corp.example",
                     "JROE", "CORP\\jroe"):
        assert user(identity=identity)["object_guid"] == found["object_guid"], identity
    assert user(sam_account_name="jroe")["object_guid"] == found["object_guid"]
    assert user(upn="jroe@corp.example")["object_guid"] == found["object_guid"]
    assert user(identity="administrator@corp.example")["sid"].endswith("-500"), "an implied user principal name"


def test_attributes_change_and_clear(rhythm, jane, read):
    result = rhythm(identity="jroe", title="Head", firstname="", department="Finance")
    assert result["diff"] == {"before": {"title": ["Clerk"], "givenName": ["Jane"]},
                              "after": {"title": ["Head"], "givenName": [], "department": ["Finance"]}}
    found = read(jane)
    assert (found["title"], found["department"], "givenName" in found, found["sn"]) == (["Head"], ["Finance"], False, ["Roe"])


def test_add_remove_set(rhythm, user, jane, read):
    rhythm(identity="jroe", attributes={"add": {"proxyAddresses": ["smtp:new@x", "smtp:j@x"]}, "remove": {"employeeID": "4711"}})
    found = read(jane)
    assert sorted(found["proxyAddresses"]) == ["SMTP:jane@x", "smtp:j@x", "smtp:new@x"]
    assert "employeeID" not in found
    rhythm(identity="jroe", attributes={"remove": {"proxyAddresses": ["smtp:j@x", "smtp:never@x"]}})
    assert sorted(read(jane)["proxyAddresses"]) == ["SMTP:jane@x", "smtp:new@x"]
    assert not user(identity="jroe", attributes={"set": {"PROXYADDRESSES": ["smtp:new@x", "SMTP:jane@x"]}})["changed"], "order is nothing"
    rhythm(identity="jroe", attributes={"set": {"proxyAddresses": []}})
    assert "proxyAddresses" not in read(jane)
    rhythm(identity="jroe", attributes={"set": {"thumbnailPhoto": "AP8=", "msDS-cloudExtensionAttribute1": "x"}})


def test_rename_move_disable(rhythm, user, jane, read):
    guid = user(identity="jroe")["object_guid"]
    rhythm(identity="jroe", name="Roe-Smith, Jane", path=LEAVERS, enabled=False)
    found = read(f"CN=Roe-Smith\\, Jane,{LEAVERS}")
    assert found["userAccountControl"] == ["514"]
    assert user(identity="jroe")["object_guid"] == guid
    assert found["memberOf"] == [f"CN=All Staff,OU=Groups,{BASE}"]
    rhythm(identity="jroe", name="ROE-SMITH, Jane", enabled=True)
    assert read(f"CN=Roe-Smith\\, Jane,{LEAVERS}")["cn"] == ["ROE-SMITH, Jane"]


def test_moving_by_dn_can_run_again(rhythm, jane):
    rhythm(identity=jane, path=LEAVERS, name="Jane")


def test_uac_keeps_its_other_bits(rhythm, user, jane, read):
    user(identity="jroe", attributes={"set": {"userAccountControl": 512 + 65536}})
    rhythm(identity="jroe", enabled=False)
    assert read(jane)["userAccountControl"] == [str(514 + 65536)]


def test_groups(rhythm, user, jane, read):
    rhythm(identity="jroe", groups={"add": ["Finance", "All Staff"], "remove": ["ERP Users"]})
    assert sorted(read(jane)["memberOf"]) == [f"CN=All Staff,OU=Groups,{BASE}", f"CN=Finance,OU=Groups,{BASE}"]
    rhythm(identity="jroe", groups={"set": ["finance", "ERP Users", "Domain Users"]})
    assert sorted(read(jane)["memberOf"]) == [f"CN=ERP Users,OU=Groups,{BASE}", f"CN=Finance,OU=Groups,{BASE}"]
    rhythm(identity="jroe", groups={"set": []})
    assert "memberOf" not in read(jane)


def test_passwords(user, module, jane, directory, domain):
    first, second = "F1rst!Passw0rd-x", "Sec0nd!Passw0rd-y"
    assert not user(identity="jroe", password=first)["changed"], "on_create leaves an existing user's password"
    for _run in range(2):
        assert user(check=True, identity="jroe", password=first, update_password="always")["changed"]
        result = user(identity="jroe", password=first, update_password="always")
        assert result["changed"]
        assert first not in json.dumps(result)
        assert result["diff"] == {"before": {"password": "unchanged"}, "after": {"password": "changed"}}
    with connect({**directory, "username": "jroe@corp.example", "password": first}) as connection:
        assert connection.bound_sid == result["sid"]
    refused = module("user", identity="jroe", password="short", update_password="always", title="never written")
    assert refused["failed"] and not refused.get("changed")
    assert "the domain's policy" in refused["msg"]
    with pytest.raises(HrisError, match="the user name or the password is wrong"), \
            connect({**directory, "username": "jroe@corp.example", "password": second}):
        pass


def test_created_with_a_given_password(user, directory):
    user(identity="new4", path=OU, upn="new4@corp.example", password="G1ven!Passw0rd-z")
    with connect({**directory, "username": "new4@corp.example", "password": "G1ven!Passw0rd-z"}) as connection:
        assert connection.bound_sid
    user(identity="new4", state="absent")


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("options, words", [
    ({"attributes": {"set": {"extensionAttribute1": "x"}}}, "the schema of the directory has no attribute 'extensionAttribute1'"),
    ({"attributes": {"set": {"titel": "x"}}}, "Did you mean 'title'"),
    ({"attributes": {"set": {"employeeID": "1" * 17}}}, "employeeID takes at most 16 characters, not 17"),
    ({"attributes": {"set": {"title": ["a", "b"]}}}, "title takes one value, not 2"),
    ({"attributes": {"add": {"title": "Second"}}}, "title takes one value, not 2"),
    ({"attributes": {"set": {"memberOf": "x"}}}, "Use the option groups"),
    ({"attributes": {"set": {"cn": "x"}}}, "Use the options name and path"),
    ({"attributes": {"set": {"unicodePwd": "x"}}}, "Use the option password"),
    ({"attributes": {"set": {"whenCreated": "x"}}}, "the directory computes whenCreated itself"),
    ({"attributes": {"set": {"accountExpires": "tomorrow"}}}, "accountExpires takes a whole number, not 'tomorrow'"),
    ({"attributes": {"set": {"secretary": "somebody"}}}, "secretary takes the DN of an object, not 'somebody'"),
    ({"attributes": {"set": {"title": "x"}}, "title": "y"}, "title is set twice"),
    ({"attributes": {"set": {"userAccountControl": 514}}, "enabled": True}, "say the same thing twice"),
    ({"sam_account_name": "a" * 21}, "sAMAccountName takes at most 20 characters, not 21"),
    ({"sam_account_name": "a/b"}, "'a/b' cannot be a logon name"),
    ({"sam_account_name": "Administrator"}, f"the sAMAccountName 'Administrator' belongs to CN=Administrator,CN=Users,{BASE}"),
    ({"sam_account_name": "all staff"}, f"the sAMAccountName 'all staff' belongs to CN=All Staff,OU=Groups,{BASE}"),
    ({"manager": "nobody"}, "manager: there is no user 'nobody'"),
    ({"groups": {"add": ["Nobody's"]}}, "groups.add: there is no group 'Nobody's'"),
    ({"groups": {"remove": ["Domain Users"]}}, "is the primary group of the user"),
    ({"groups": {"add": ["Finance"], "remove": ["finance"]}}, "both join and leave"),
    ({"path": f"OU=Nowhere,{BASE}"}, f"path: there is no 'OU=Nowhere,{BASE}' in the directory"),
    ({"name": "x" * 65}, "a common name has at most 64 characters"),
    ({"name": "\U0001f600" * 33}, "a common name has at most 64 characters"),
    ({"name": "John\nCNF:1"}, "name: the common name has a line break, or another character that is not seen"),
    ({"sam_account_name": "jdoe\u200b"}, "sam_account_name: sAMAccountName has a control character or one that is not seen"),
    ({"upn": "krbtgt@corp.example"}, f"the sAMAccountName 'krbtgt' belongs to CN=krbtgt,CN=Users,{BASE}"),
    ({"attributes": {"set": {"thumbnailPhoto": "no base64"}}}, "attributes.set.thumbnailPhoto: thumbnailPhoto takes base64, not 'no base64'"),
    ({"attributes": {"set": {"countryCode": 70000}}}, "takes a number from 0 to 65535"),
    ({"firstname": "\U0001f600" * 33}, "firstname: givenName takes at most 64 characters, not 66"),
    ({"name": "Administrator", "path": f"CN=Users,{BASE}"}, "there is another object called"),
])
def test_refused_before_the_first_write(failing, john, check, options, words):
    assert words in failing(check=check, identity="jdoe", **options)


def test_what_a_new_user_needs(failing):
    assert "a new user needs a logon name" in failing(identity="nobody@corp.example")
    assert "a new user needs a logon name" in failing(identity=f"CN=Nobody,{OU}")
    assert "cannot be given an objectGUID or SID" in failing(identity="3f2504e0-4f89-11d3-9a0c-0305e82c3301", sam_account_name="x")
    assert "one of the following is required: identity, sam_account_name, upn" in failing(title="x")
    assert "missing parameter(s) required by 'identity_attribute': identity" in failing(identity_attribute="employeeID", upn="x@y")
    assert "identity_attribute: the schema of the directory has no attribute 'nosuch'" in failing(identity="x", identity_attribute="nosuch")


@pytest.mark.parametrize("check", [True, False])
def test_updated_never_creates(failing, rhythm, jane, read, check):
    """With state present and enabled false, a mistyped identity would make a new, disabled account."""
    assert "identity: there is no user 'jroee'. Correct it, or set state to present" in failing(check=check, identity="jroee", state="updated", enabled=False)
    assert "identity: there is no user with employeeID '4712'" in failing(check=check, identity="4712", identity_attribute="employeeID", state="updated", title="x")
    assert "upn: there is no user 'jroee@corp.example'" in failing(check=check, upn="jroee@corp.example", state="updated", title="x")
    if not check:
        rhythm(identity="jroe", state="updated", enabled=False)
        assert read(jane)["userAccountControl"] == ["514"]


def test_values_as_the_directory_has_them(rhythm, jane, read, user):
    rhythm(identity="jroe", attributes={"set": {"countryCode": "036", "accountExpires": "0132000000000000000", "proxyAddresses": ["SMTP:a@x", "SMTP:b@x", "smtp:A@x"]}})
    found = read(jane)
    assert (found["countryCode"], found["accountExpires"], sorted(found["proxyAddresses"])) == (["36"], ["132000000000000000"], ["SMTP:a@x", "smtp:b@x"])
    rhythm(identity="jroe", upn="", attributes={"set": {"countryCode": "", "accountExpires": ""}, "add": {"proxyAddresses": ["SMTP:B@x"]}})
    found = read(jane)
    assert (found["countryCode"], found["accountExpires"]) == (["0"], ["9223372036854775807"]) and "userPrincipalName" not in found
    assert sorted(found["proxyAddresses"]) == ["SMTP:B@x", "smtp:a@x"]


def test_several_matches_are_never_guessed_at(user, failing, jane):
    user(identity="twin", path=OU, attributes={"set": {"employeeID": "4711"}})
    text = failing(identity="4711", identity_attribute="employeeID", title="Head")
    assert "'4711' stands for 2 objects" in text and f"CN=twin,{OU}" in text
    user(identity="twin", state="absent")


def test_absent_that_is_absent(user, domain):
    mark = domain.mark()
    result = user(identity="never-was", state="absent")
    assert not result["changed"] and result["object_guid"] is None
    assert not domain.writes_since(mark)


def test_a_filter_cannot_be_smuggled_in(user, failing):
    assert "cannot be a logon name" in failing(identity="*)(objectClass=*")
    assert not user(identity="*", state="absent")["changed"]


def test_info(module, jane, domain):
    mark = domain.mark()
    [found] = module("user_info", identity="4711", identity_attribute="employeeID", attributes=["TITLE", "proxyAddresses", "mail"])["users"]
    assert found["attributes"] == {"title": "Clerk", "proxyAddresses": found["attributes"]["proxyAddresses"]}
    assert sorted(found["attributes"]["proxyAddresses"]) == ["SMTP:jane@x", "smtp:j@x"]
    assert (found["enabled"], found["groups"]) == (True, [f"CN=All Staff,OU=Groups,{BASE}"])
    assert found["primary_group_sid"].endswith("-513")
    for identity in (jane, "jroe", found["sid"], found["object_guid"], "jroe@corp.example"):
        assert [one["object_guid"] for one in module("user_info", identity=identity)["users"]] == [found["object_guid"]], identity
    everybody = module("user_info", attributes=["cn"])["users"]
    assert len(everybody) == len(domain.search("(&(objectCategory=person)(objectClass=user))", ["cn"]))
    narrow = module("user_info", filter="title=Clerk", search_base=OU, search_scope="one_level", attributes=["*"])["users"]
    assert [one["attributes"]["sAMAccountName"] for one in narrow] == ["jroe"]
    assert module("user_info", identity="nobody")["users"] == []
    assert module("user_info", identity=f"CN=Nobody,{OU}")["users"] == []
    assert module("user_info", identity=jane, filter="(title=Head)")["users"] == []
    assert not domain.writes_since(mark)
    assert "is not an LDAP filter" in module("user_info", filter="(title=")["msg"]
    assert "Did you mean 'title'" in module("user_info", attributes=["titel"])["msg"]
    assert "does not exist" in module("user_info", search_base=f"OU=Nowhere,{BASE}")["msg"]


def test_in_a_playbook_with_the_connection_from_the_environment(domain, tmp_path, read):
    """Real ansible-playbook: no option `directory` at all, check mode and diff, nothing secret in the output."""
    (tmp_path / "play.yml").write_text(f"""
- hosts: localhost
  gather_facts: false
  module_defaults:
    group/hris.ad.directory:
      directory: {{timeout: 20}}
  tasks:
    - hris.ad.user:
        identity: play1
        path: {OU}
        title: Clerk
        password: P1aybook!Secret
      register: made
    - ansible.builtin.assert:
        that: [made is changed]
- hosts: localhost
  gather_facts: false
  tasks:
    - hris.ad.user: {{identity: play1, title: Clerk, path: "{OU}"}}
      register: again
    - ansible.builtin.assert:
        that: [again is not changed or ansible_check_mode]
""", encoding="utf-8")
    environment = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".cache/dev"), "HRIS_AD_SERVERS": f"127.0.0.77,{domain.address}",
                   "HRIS_AD_CA_CERT": domain.ca_file, "HRIS_AD_USERNAME": domain.admin_name, "HRIS_AD_PASSWORD": domain.admin_password,
                   "ANSIBLE_LOCALHOST_WARNING": "False", "ANSIBLE_INVENTORY_UNPARSED_WARNING": "False"}

    def play(*more):
        program = str(Path(sys.executable).with_name("ansible-playbook"))
        done = subprocess.run([program, "-vvv", "--diff", *more, str(tmp_path / "play.yml")],
                              env=environment, capture_output=True, text=True, cwd=tmp_path, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "P1aybook!Secret" not in done.stdout + done.stderr
        assert domain.admin_password not in done.stdout + done.stderr
        return done.stdout
    assert "changed=2" in play("--check")
    assert read(f"CN=play1,{OU}") is None
    first = play()
    assert '+    "title": [' in first
    assert read(f"CN=play1,{OU}")["title"] == ["Clerk"]
