# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is never changed, however somebody came to the privilege."""
from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.ad_values.protection import (
    protected_in,
    protection,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.model.directory import Group

DOMAIN, SID = "DC=corp,DC=example", "S-1-5-21-1-2-3"
MEMBER, PRIMARY = "it is a member of a privileged group", "its primary group is privileged"


def dn(name):
    return f"CN={name},OU=Groups,{DOMAIN}"


def group(name, sid, *inside):
    return Group(f"guid-{name}", dn(name), sid, name, name, [dn(one) for one in inside], {})


def why(company, known=(), entries=(), **more):
    account = replace(company.account("1", "alee"), **more)
    return protection(account, protected_in(list(known), DOMAIN, entries), company.snapshot().domain)


@pytest.mark.parametrize("sid", [f"{SID}-{rid}" for rid in (498, 512, 516, 517, 518, 519, 520, 521, 526, 527)]
                         + [f"S-1-5-32-{rid}" for rid in (544, 548, 549, 550, 551, 552)])
def test_privileged_groups_and_groups_inside_them(company, sid):
    known = [group("Top", sid), group("Inner", f"{SID}-2000", "Top"), group("Deep", f"{SID}-2001", "Inner"), group("Other", f"{SID}-2002")]
    for name in ("Top", "Inner", "Deep"):
        assert why(company, known, groups=[dn(name)]) == MEMBER
    assert why(company, known, primary_group=2001) == PRIMARY, "memberOf does not show a primary group"
    assert why(company, known, groups=[dn("Other")], primary_group=2002) is None


def test_primary_groups_that_the_reader_does_not_see(company):
    assert why(company, primary_group=521) == PRIMARY and why(company, primary_group=513) is None


def test_dns_admins_are_known_by_name(company):
    assert why(company, [group("DnsAdmins", f"{SID}-1101")], groups=[dn("DnsAdmins")]) == MEMBER


@pytest.mark.parametrize("entry", ["backup people", f"{SID}-2000", "guid-Backup People", f"cn=backup people, OU=Groups,{DOMAIN}", f"OU=Groups,{DOMAIN}"])
def test_groups_that_an_administrator_protects(company, entry):
    known = [group("Backup People", f"{SID}-2000"), group("Inner", f"{SID}-2001", "Backup People")]
    protected = protected_in(known, DOMAIN, [entry])
    assert protected.groups >= {dn(name).casefold() for name in ("Backup People", "Inner")}
    assert why(company, known, [entry], groups=[dn("Inner")]) == MEMBER
    assert why(company, known, [entry], primary_group=2000) == PRIMARY
    assert why(company, known, ["Other"], groups=[dn("Inner")]) is None


@pytest.mark.parametrize(("entry", "reason"), [
    ("ALEE", "ownership.protected names it"), ("guid-alee", "ownership.protected names it"), (f"{SID}-1100", "ownership.protected names it"),
    (f"CN=alee,OU=Staff,{DOMAIN}", "ownership.protected names it"), (f"ou=staff,{DOMAIN}", "the container that it is in is protected"),
    (f"OU=Sta,{DOMAIN}", None),
])
def test_accounts_and_ous_that_an_administrator_protects(company, entry, reason):
    assert why(company, entries=[entry]) == reason


@pytest.mark.parametrize("container", ["OU=Domain Controllers", "CN=System", "CN=Builtin", "CN=Managed Service Accounts", "CN=Policies,CN=System"])
def test_containers_of_the_domain_itself(company, container):
    assert protected_in([], DOMAIN).holds(f"CN=x,{container},{DOMAIN}") and protected_in([], DOMAIN).holds(f"{container},{DOMAIN}")
    assert why(company, dn=f"CN=alee,{container},{DOMAIN}") == "the container that it is in is protected"
    assert not protected_in([], DOMAIN).holds(f"CN=x,CN=Users,{DOMAIN}"), "the domain puts new users there"


def test_an_account_that_the_cloud_governs(company):
    assert why(company, governed="msDS-ObjectSoa is Cloud") == "it is governed by Entra (msDS-ObjectSoa is Cloud)"
    assert why(company, governed="msDS-ObjectSoa is Cloud", admin_count=True).startswith("it is governed"), "what to do is said first"


def test_members_of_a_group_that_the_cloud_governs_are_ordinary(company):
    known = [replace(group("Finance", f"{SID}-2000"), governed="msDS-ObjectSoa is Cloud")]
    assert why(company, known, groups=[dn("Finance")], primary_group=2000) is None
    assert protected_in(known, DOMAIN).governed == {dn("Finance").casefold(): "msDS-ObjectSoa is Cloud"}
