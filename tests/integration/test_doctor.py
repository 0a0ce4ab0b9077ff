"""The doctor on a real domain: each right of the lab's account is taken away in turn; the doctor names it, and its line gives it back."""
from __future__ import annotations

import base64
import copy
import json
import os
import re
import shlex
import struct
import subprocess
import uuid

import ldap3
import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.hris.ad.plugins.module_utils._hris.ad_values import (
    access_check,
    sddl,
    security_descriptor,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.ad_values.binary_ids import sid_bytes
from ansible_collections.hris.ad.plugins.module_utils._hris.ad_values.security_descriptor import (
    INHERITED,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.commands import doctor_info
from ansible_collections.hris.ad.plugins.module_utils._hris.directory import ldap_messages, schema
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.connection import connect
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.options import (
    ARGUMENTS as DIRECTORY,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.options import (
    ARGUMENTS as OPTIONS,
)
from hr_playbook import run
from ldap3.protocol.microsoft import security_descriptor_control
from test_moment_of_writing import ldap  # noqa: F401  (the fixture)
from test_sync_module import LEAVERS, RULES, STAFF, employee

from lab import seed

BASE = "DC=corp,DC=example"
GROUPS = f"OU=Groups,{BASE}"
SCRAMBLING = RULES["leaver"] | {"scramble_password": True}


@pytest.fixture(scope="module")
def tool(clean):
    """tool(line): a line of samba-tool as the doctor prints it, on the domain controller."""
    def run(line):
        words = shlex.split(line)
        at = [f"--configfile={clean.root}/etc/smb.conf", "-H", f"{clean.root}/private/sam.ldb"]
        environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")} | {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
        done = subprocess.run([*words, *at], capture_output=True, text=True, env=environment, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    return run


def entry(text):
    """The bytes of an entry of SDDL with a GUID or two."""
    (ace,) = sddl.parse_aces(f"D:{text}", "")
    types = [(flag, uuid.UUID(guid).bytes_le) for flag, guid in ((1, ace.object_type), (2, ace.inherited_type)) if guid]
    parts = struct.pack("<II", ace.mask, sum(flag for flag, _guid in types)) + b"".join(guid for _flag, guid in types) + sid_bytes(ace.sid)
    return struct.pack("<BBH", ace.kind, ace.flags, 4 + len(parts)) + parts


@pytest.fixture
def rights(clean, ldap):  # noqa: F811
    """rights(place, *entries): the service account has these on a place and no others; {sid} is its SID. Afterwards it has those of the lab."""
    ldap.search(seed.SERVICE_DN, "(objectClass=*)", ldap3.BASE, attributes=["objectSid"])
    sid = ldap.entries[0].objectSid.value
    controls = security_descriptor_control(sdflags=4)

    def of(place, *entries):
        ldap.search(place, "(objectClass=*)", ldap3.BASE, attributes=["nTSecurityDescriptor"], controls=controls)
        text = ldap.response[0]["raw_attributes"]["nTSecurityDescriptor"][0]
        found = security_descriptor.parse(text)
        own = sorted((entry(one) for given in entries for one in re.findall(r"[(].*?[)]", given.format(sid=sid))), key=lambda data: data[0] == 5)
        kept = [ace.data for ace in found.aces if ace.sid not in (sid, "S-1-1-0") or ace.flags & INHERITED]
        new = security_descriptor.with_aces(found.control, security_descriptor.acl_revision(text), [*own, *kept])
        assert ldap.modify(place, {"nTSecurityDescriptor": [(ldap3.MODIFY_REPLACE, [new])]}, controls=controls), ldap.result
    yield of
    for place, text in seed.delegations("{sid}"):
        of(place, text)


@pytest.fixture
def doctor(service):
    """doctor(**options) -> its result, in this process: it is asked many times."""
    spec = ArgumentSpecValidator({**OPTIONS, **DIRECTORY, **doctor_info.ARGUMENTS})

    def run(**options):
        checked = spec.validate({name: value for name, value in RULES.items() if name != "as_of"} | {"directory": service} | options)
        assert not checked.error_messages, checked.error_messages
        return doctor_info.run(checked.validated_parameters, True, pytest.fail)
    return run


@pytest.fixture(scope="module")
def ids(clean):
    """{attribute: its schemaIDGUID}."""
    found = clean.search("(objectClass=attributeSchema)", ["lDAPDisplayName", "schemaIDGUID"], f"CN=Schema,CN=Configuration,{BASE}", "one")
    return {one["attributes"]["lDAPDisplayName"][0]: str(uuid.UUID(bytes_le=base64.b64decode(one["attributes"]["schemaIDGUID"][0]))) for one in found}


def lacking(result):
    """The messages about rights that are missing."""
    return [one for one in result["checks"] if one["check"] == "rights" and one["status"] == "error"]


@pytest.mark.parametrize("name", ["service", "directory"])
def test_the_server_decides_as_we_do(request, domain, name):
    """Its own constructed attributes say the same, for every attribute and class, for a poor account and for an administrator."""
    params = {"port": None, "tls_mode": "ldaps", "validate_certs": True, "auth_protocol": "simple", "base": None, "timeout": 20} | request.getfixturevalue(name)
    with connect(params) as connection:
        classes = {one["attributes"]["lDAPDisplayName"][0]: str(uuid.UUID(bytes_le=base64.b64decode(one["attributes"]["schemaIDGUID"][0])))
                   for one in domain.search("(objectClass=classSchema)", ["lDAPDisplayName", "schemaIDGUID"], f"CN=Schema,CN=Configuration,{BASE}", "one")}
        asked = ["nTSecurityDescriptor", "allowedAttributes", "allowedAttributesEffective", "allowedChildClasses", "allowedChildClassesEffective"]
        for dn, kind in ((STAFF, "organizationalUnit"), (f"OU=Sales,{STAFF}", "organizationalUnit"), (f"CN=All Staff,{GROUPS}", "group"),
                         (f"CN=Domain Admins,CN=Users,{BASE}", "group"), (f"CN=Administrator,CN=Users,{BASE}", "user")):
            ((_dn, raw),) = connection.stream.search(dn, ldap_messages.BASE, "(objectClass=*)", asked, controls=ldap_messages.security_flags(5))
            found = security_descriptor.parse(raw["nTSecurityDescriptor"][0])
            texts = {one: {value.decode() for value in raw.get(one, [])} for one in asked[1:]}
            # What nobody may write, the server leaves out: constructed attributes and those of the system
            known = schema.read(connection, texts["allowedAttributes"])
            ours = {one for one in texts["allowedAttributes"]
                    if access_check.check(found, connection.token, security_descriptor.WRITE_PROPERTY,
                                          {known[one.lower()].schema_id, known[one.lower()].property_set, classes[kind]}).allowed}
            theirs = texts["allowedAttributesEffective"]
            assert theirs <= ours and not {one for one in ours - theirs if known[one.lower()].writable and known[one.lower()].linked != "back"}, dn
            children = {one for one in texts["allowedChildClasses"]
                        if access_check.check(found, connection.token, security_descriptor.CREATE_CHILD, {classes[one]}).allowed}
            assert children == texts["allowedChildClassesEffective"], dn


# Everything that the rules need in an OU of people, each right by itself: {words of the doctor: entry}
OF_PEOPLE = {
    "create users": f"(OA;CI;CC;{seed.USER};;{{sid}})",
    "delete users": f"(OA;CIIO;SD;;{seed.USER};{{sid}})",
    "reset passwords": f"(OA;CIIO;CR;00299570-246d-11d0-a768-00aa006e0529;{seed.USER};{{sid}})",
}
WRITTEN = ("adminDescription", "cn", "displayName", "employeeID", "extensionName", "givenName", "manager", "name", "sn", "title", "userAccountControl")


def test_the_rights_of_the_lab_are_enough(doctor):
    found = doctor()
    assert (found["errors_total"], lacking(found)) == (0, []), found["report"]
    assert {one["check"] for one in found["checks"]} >= {"libraries", "server", "certificate", "clock", "functional_level", "passwords", "recycle_bin", "schema",
                                                          "rights", "dangerous_rights", "state"}


@pytest.mark.parametrize("chosen", [["create users", "delete users", "reset passwords", "write title"], pytest.param(None, marks=pytest.mark.long)])
def test_each_right_is_named_and_its_line_gives_it_back(doctor, rights, tool, ids, chosen):
    """chosen: those that are taken away in turn; None: all of them."""
    every = OF_PEOPLE | {f"write {name}": f"(OA;CIIO;WP;{ids[name]};{seed.USER};{{sid}})" for name in WRITTEN}
    rights(STAFF, *every.values())
    assert lacking(doctor(leaver=SCRAMBLING)) == []
    for words in chosen or every:
        rights(STAFF, *(ace for name, ace in every.items() if name != words))
        (found,) = lacking(doctor(leaver=SCRAMBLING))
        where = STAFF if words == "create users" else f"accounts in {STAFF}"
        assert found["message"] == f"No right to {words}: {where}.", words
        assert found["dsacls"] and found["powershell"]
        tool(found["samba_tool"])
        assert lacking(doctor(leaver=SCRAMBLING)) == [], words


GROUP = f"CN=All Staff,{GROUPS}"
ALL_WRITES = f"(OA;CIIO;WP;;{seed.USER};{{sid}})"
MEMBERS = f"(OA;CIIO;WP;{seed.MEMBER};{seed.GROUP};{{sid}})"


@pytest.mark.parametrize("given, options, message", [
    # One line for the upper OU: those below it inherit from it
    ([*OF_PEOPLE.values()], {"placement": [{"ou": f"OU={{department}},{STAFF}"}]},
     f"No right to write {', '.join(WRITTEN)}: accounts in {STAFF} and 5 containers below it."),
    # To delete in the container is as good as to delete the accounts
    ([OF_PEOPLE["create users"], f"(OA;CI;DC;{seed.USER};;{{sid}})", ALL_WRITES, OF_PEOPLE["reset passwords"]], {}, None),
    ([*OF_PEOPLE.values(), ALL_WRITES], {"placement": [{"ou": f"OU=New,{STAFF}", "create": True}]}, f"No right to create OUs: {STAFF}."),
    # Nothing can be delegated on an OU that is not there yet
    ([OF_PEOPLE["delete users"], OF_PEOPLE["reset passwords"], ALL_WRITES, "(OA;;CC;bf967aa5-0de6-11d0-a285-00aa003049e2;;{sid})"],
     {"placement": [{"ou": f"OU=New,{STAFF}", "create": True}]}, f"No right to create users: OU=New,{STAFF}."),
])
def test_other_rights(doctor, rights, tool, given, options, message):
    rights(STAFF, *given)
    found = [one["message"] for one in lacking(doctor(leaver=SCRAMBLING, **options))]
    assert found == ([message] if message else [])
    for one in lacking(doctor(leaver=SCRAMBLING, **options)):
        tool(one["samba_tool"])
    assert lacking(doctor(leaver=SCRAMBLING, **options)) == []


def test_members_of_a_group(doctor, rights, tool):
    rights(GROUPS)
    found = lacking(doctor())
    assert [one["message"] for one in found] == [f"No right to write member: CN={name},{GROUPS}." for name in ("All Staff", "Managers")]
    for one in found:
        tool(one["samba_tool"])
    assert lacking(doctor()) == []
    for name in ("All Staff", "Managers"):
        rights(f"CN={name},{GROUPS}")


def test_what_is_denied_is_not_given_by_a_line(doctor, rights, ids):
    rights(STAFF, *OF_PEOPLE.values(), ALL_WRITES, f"(OD;CIIO;WP;{ids['title']};{seed.USER};WD)")
    (found,) = lacking(doctor())
    assert found["message"] == f"No right to write title: accounts in {STAFF}."
    assert "denies it to S-1-1-0" in found["remedy"] and "samba_tool" not in found


def test_dangerous_rights(doctor, rights, directory):
    dcsync = "(OA;;CR;1131f6ad-9c07-11d1-f79f-00c04fc2dcd2;;{sid})"
    rights(BASE, dcsync)
    rights(f"CN=Domain Admins,CN=Users,{BASE}", f"(OA;;WP;{seed.MEMBER};;{{sid}})")
    found = [one["message"] for one in doctor()["checks"] if one["check"] == "dangerous_rights"]
    assert found == ["The account may read all password hashes (DCSync).", "The account controls the privileged group Domain Admins."]
    rights(BASE)
    rights(f"CN=Domain Admins,CN=Users,{BASE}")
    found = [one["message"] for one in doctor(directory={name: value for name, value in directory.items() if value is not None})["checks"]
             if one["check"] == "dangerous_rights"]
    assert "The account is in the privileged group Domain Admins, also through others." in found
    assert [one["status"] for one in doctor()["checks"] if one["check"] == "dangerous_rights"] == ["ok"]


@pytest.fixture
def sync(clean, module, service):
    def run(employees, check=False, **options):
        mark = clean.mark()
        done = module("sync", check=check, employees=employees, **({"directory": service} | copy.deepcopy(RULES) | options))
        return done | {"writes": clean.writes_since(mark)}
    return run


def test_the_script_delegates_all_that_a_run_needs(doctor, rights, tool, sync, read, tmp_path):
    """A joiner, a mover of names and a leaver, with nothing but what the script has given."""
    for place in (STAFF, LEAVERS, GROUPS):
        rights(place)
    assert doctor()["errors_total"] > 0
    path = tmp_path / "delegation.sh"
    doctor(delegation_dest=str(path), delegation_format="samba_tool", leaver=SCRAMBLING)
    other = tmp_path / "other.sh"
    unknown = SCRAMBLING | {"attributes": {"msExchHideFromAddressLists": {"constant": "TRUE"}}}
    found = doctor(delegation_dest=str(other), delegation_format="samba_tool", leaver=unknown)
    assert "The schema has no attribute 'msExchHideFromAddressLists'" in " ".join(found["report"]) and "write msExch" not in " ".join(found["report"])
    assert other.read_text() == path.read_text(), "no right on an attribute that is not there"
    for line in path.read_text().splitlines():
        if line.startswith("samba-tool"):
            tool(line)
    assert lacking(doctor(leaver=SCRAMBLING)) == []
    staff = [employee(1, manager="2"), employee(2, "Bo", "Ek", title="Head")]
    gone = [employee(1, manager="2", end="2026-03-01"), employee(2, "Bo", "Eklund", title="Boss")]
    for employees in (staff, gone, staff):
        done = sync(employees, leaver=SCRAMBLING)
        assert not done.get("failed") and done["changed"] and not [one for one in done["findings"] if one["kind"] == "not_permitted"], done
    assert not sync(staff, leaver=SCRAMBLING)["changed"]
    assert read("(employeeID=1)")["dn"] == [f"CN=Ann Lee,{STAFF}"]


def test_a_plan_says_what_this_account_may_not_do(rights, sync, module, service, read, ids, tmp_path):
    sync([employee(3, "Cy", "Oh")])
    rights(STAFF, f"(OA;CIIO;WP;{ids['givenName']};{seed.USER};{{sid}})")
    staff = [employee(3, "Cy", "Oh", title="Head"), employee(4, "Di", "Fu")]
    plan = str(tmp_path / "plan.json")
    checked = sync(staff, check=True, plan_dest=plan)
    assert checked["writes"] == [] and not checked.get("failed")
    assert f"1 create, which this account may not do in {STAFF}" in checked["msg"]
    assert [(one["place"], one["severity"], one["key"]) for one in checked["findings"] if one["kind"] == "not_permitted"] == [(STAFF, "error", "3"), (STAFF, "error", "4")]
    messages = [one["message"] for one in checked["findings"] if one["kind"] == "not_permitted"]
    assert "no right to create users" in messages[1] and "no right to write extensionName, title" in messages[0] and "hris.ad.doctor" in messages[0]
    stored = module("apply_plan", check=True, src=plan, directory=service)
    assert [one["message"] for one in stored["findings"] if one["kind"] == "not_permitted"] == messages and "may not do in" in stored["msg"]
    done = sync(staff)
    assert done["failed"] and [one["message"] for one in done["findings"] if one["kind"] == "not_permitted"] == messages
    said = {one["action"]: one["message"] for one in done["refused"]}
    assert f"create users in {STAFF}" in said["create"] and f"write extensionName, title of CN=Cy Oh,{STAFF}" in said["update"]
    assert read("(employeeID=4)") is None


def test_the_playbook(rights, service, tmp_path):
    """What a run needs is shown with the lines that give it, and the play fails until it is there."""
    (tmp_path / "feed.jsonl").write_text(json.dumps(employee(1)) + "\n", encoding="utf-8")
    variables = {f"lifecycle_{name}": value for name, value in RULES.items()} | {
        "ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}", "hr_system": "lifecycle",
        "lifecycle_employees_file": "feed.jsonl", "lifecycle_directory": service, "lifecycle_state": {"dir": str(tmp_path), "lasting": [str(tmp_path)]}}
    (tmp_path / "hosts.json").write_text(json.dumps({"hr": {"hosts": {"payroll": {}}, "vars": variables}}), encoding="utf-8")
    arguments = ["-i", "hosts.json", "-e", "hris_delegation_dest=delegation.cmd", "-e", "hris_delegation_format=dsacls", "hris.ad.doctor"]
    good = run(tmp_path, arguments, {})
    assert good["stats"]["failures"] == good["stats"]["changed"] == 0, good["output"]
    script = (tmp_path / "delegation.cmd").read_text(encoding="utf-8")
    assert f'dsacls "{STAFF}" /G "svc-hris@corp.example:CC;user"\n' in script and script.startswith("@echo off\n")
    rights(STAFF, *OF_PEOPLE.values())
    empty = [word for name in ("lifecycle_passwords", "hris_delegation_format", "hris_delegation_dest", "lifecycle_hr_token") for word in ("-e", f"{name}=")]
    bad = run(tmp_path, ["-i", "hosts.json", *empty, "hris.ad.doctor"], {})
    assert bad["stats"]["failures"] == 1 and "1 error," in bad["output"] and "samba-tool dsacl set" in bad["output"] and "AddAccessRule" in bad["output"]
