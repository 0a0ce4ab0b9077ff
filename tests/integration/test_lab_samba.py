"""The domain controller: what it lets the service account do, and whether its log shows what was done to it."""
import os
import subprocess
from pathlib import Path

import pytest
from own_address import OWN

from lab import seed
from lab.domain import Domain
from lab.errors import LabError

PEOPLE = f"OU=Sales,OU=Staff,{Domain.base_dn}"


@pytest.fixture(scope="module")
def dc(tmp_path_factory):
    domain = Domain(tmp_path_factory.mktemp("domain") / "dc", f"127.0.4.{OWN}")
    domain.start()
    yield domain
    domain.stop()
    assert domain.pid is None


def write(dc, tool, text, *options):
    command = [tool, "-x", "-H", dc.url, "-D", dc.service_name, "-w", dc.service_password, *options]
    return subprocess.run(command, input=text, text=True, capture_output=True,
                          env={**os.environ, **dc.environment()}).returncode


def add(dc, name, ou=PEOPLE):
    return write(dc, "ldapadd", f"dn: CN={name},{ou}\nobjectClass: user\nsAMAccountName: {name}\n"
                 "userAccountControl: 514\ntitle: Clerk\n")


def rename(dc, name, to, options=""):
    return write(dc, "ldapmodify", f"dn: CN={name},{PEOPLE}\nchangetype: modrdn\nnewrdn: CN={to}\n"
                 f"deleteoldrdn: 1\n{options}")


def modify(dc, dn, text):
    return write(dc, "ldapmodify", f"dn: {dn}\nchangetype: modify\n{text}")


def shown(events):
    return [(event["operation"], event["dn"], event["attributes"]) for event in events]


def test_writes_are_logged_as_they_were(dc):
    mark = dc.mark()
    dn = f"CN=alice,{PEOPLE}"
    assert add(dc, "alice") == 0 and add(dc, "bob") == 0
    assert modify(dc, dn, "replace: title\ntitle: Head\n-\nreplace: l\nl: X\n") == 0
    assert modify(dc, f"CN=Sales,OU=Groups,{dc.base_dn}", f"add: member\nmember: {dn}\n") == 0
    assert rename(dc, "alice", "Alice") == 0
    assert rename(dc, "Alice", "Alice", f"newsuperior: OU=Leavers,{dc.base_dn}\n") == 0
    assert write(dc, "ldapdelete", "", f"CN=Alice,OU=Leavers,{dc.base_dn}") == 0
    created = ["objectClass", "sAMAccountName", "title", "userAccountControl"]
    assert shown(dc.writes_since(mark)) == [
        ("add", dn, created), ("add", f"CN=bob,{PEOPLE}", created), ("modify", dn, ["l", "title"]),
        ("modify", f"CN=Sales,OU=Groups,{dc.base_dn}", ["member"]), ("rename", None, []), ("rename", None, []),
        ("delete", f"CN=Alice,OU=Leavers,{dc.base_dn}", [])]
    assert len(dc.binds_since(mark)) == 7


def test_refused_writes_do_not_count(dc):
    assert add(dc, "carol") == 0 and add(dc, "dave") == 0
    mark = dc.mark()
    usn = dc.usn()
    assert add(dc, "carol") == 68
    assert rename(dc, "carol", "dave") == 68
    assert add(dc, "eve", f"CN=Users,{dc.base_dn}") == 50
    assert modify(dc, f"CN=Domain Admins,CN=Users,{dc.base_dn}", f"add: member\nmember: CN=carol,{PEOPLE}\n") == 50
    assert modify(dc, f"CN=Sales,OU=Groups,{dc.base_dn}", "replace: description\ndescription: x\n") == 50
    assert dc.usn() == usn
    assert dc.writes_since(mark) == []
    refused = {event["dn"].split(",")[0] for event in dc.refusals_since(mark)}
    assert refused >= {"CN=eve", "CN=Domain Admins", "CN=Sales"}


def test_searches_and_binds_are_logged(dc):
    mark = dc.mark()
    groups = dc.search("(objectClass=group)", ["cn"], f"OU=Groups,{dc.base_dn}")
    assert {group["attributes"]["cn"][0] for group in groups} == set(seed.GROUPS)
    assert [(event["filter"], event["scope"]) for event in dc.searches_since(mark)] == [("(objectClass=group)", "sub")]
    assert [(event["account"], event["method"], event["done"]) for event in dc.binds_since(mark)] == [
        ("Administrator", "simple bind", True)]
    assert dc.writes_since(mark) == []
    assert dc.search(base=f"OU=Nowhere,{dc.base_dn}") == []


def test_reset_gives_a_clean_domain_with_the_same_authority(dc):
    authority = Path(dc.ca_file).read_text()
    add(dc, "frank")
    assert dc.search("(sAMAccountName=frank)")
    dc.reset()
    assert not dc.search("(sAMAccountName=frank)")
    assert Path(dc.ca_file).read_text() == authority
    assert add(dc, "frank") == 0


def test_two_domains_at_once(dc, tmp_path):
    other = Domain(tmp_path / "dc", f"127.0.5.{OWN}")
    other.start()
    try:
        add(dc, "grace")
        assert not other.search("(sAMAccountName=grace)")
    finally:
        assert other.stop()
    assert not other.stop()
    assert dc.pid


def test_a_second_domain_at_the_same_address_is_refused(dc, tmp_path):
    with pytest.raises(LabError, match="answers already"):
        Domain(tmp_path / "dc", dc.address).start()
