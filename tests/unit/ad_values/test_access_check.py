# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The access check, in tables: who may do what by which entries, and what new objects inherit."""
from __future__ import annotations

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.ad_values import rights, sddl
from ansible_collections.hris.ad.plugins.module_utils._hris.ad_values.access_check import (
    check,
    child_of,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.ad_values.rights import (
    Grant,
    Permissions,
    Right,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.ad_values.security_descriptor import (
    CONTROL_ACCESS,
    CREATE_CHILD,
    DACL_PRESENT,
    DACL_PROTECTED,
    DELETE,
    DELETE_CHILD,
    READ_CONTROL,
    WRITE_DAC,
    WRITE_PROPERTY,
    SecurityDescriptor,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.model.directory import (
    AttributeDefinition,
)

DOMAIN = "S-1-5-21-1-2-3"
ME, FRIENDS, OTHER = f"{DOMAIN}-1111", f"{DOMAIN}-2000", f"{DOMAIN}-3000"
TOKEN = frozenset((ME, FRIENDS, "S-1-1-0", "S-1-5-11"))
USER, GROUP, OU = (rights.CLASSES[name] for name in (rights.USER, rights.GROUP, rights.OU))
TITLE, PUBLIC, PHONE = "bf967a55-0de6-11d0-a285-00aa003049e2", "e48d0154-bcf8-11d1-8702-00c04fb96050", "bf967a49-0de6-11d0-a285-00aa003049e2"
RESET = rights.EXTENDED[rights.RESET_PASSWORD]


def descriptor(text, owner=None, control=DACL_PRESENT):
    return SecurityDescriptor(owner, control, tuple(sddl.parse_aces(f"D:{text}", DOMAIN)))


@pytest.mark.parametrize("text, right, types, allowed", [
    ("", WRITE_PROPERTY, {TITLE}, False),
    (f"(A;;WP;;;{ME})", WRITE_PROPERTY, {TITLE}, True),
    (f"(A;;WP;;;{FRIENDS})", WRITE_PROPERTY, {TITLE}, True),
    ("(A;;WP;;;WD)", WRITE_PROPERTY, {TITLE}, True),
    (f"(A;;WP;;;{OTHER})", WRITE_PROPERTY, {TITLE}, False),
    (f"(A;;RP;;;{ME})", WRITE_PROPERTY, {TITLE}, False),
    (f"(A;;GW;;;{ME})", WRITE_PROPERTY, {TITLE}, True),
    (f"(A;;GA;;;{ME})", CONTROL_ACCESS, {RESET}, True),
    # One attribute, its set, the whole class, another attribute
    (f"(OA;;WP;{TITLE};;{ME})", WRITE_PROPERTY, {TITLE, PUBLIC, USER}, True),
    (f"(OA;;WP;{PUBLIC};;{ME})", WRITE_PROPERTY, {TITLE, PUBLIC, USER}, True),
    (f"(OA;;WP;{USER};;{ME})", WRITE_PROPERTY, {TITLE, PUBLIC, USER}, True),
    (f"(OA;;WP;{PHONE};;{ME})", WRITE_PROPERTY, {TITLE, PUBLIC, USER}, False),
    # Extended rights and children
    (f"(OA;;CR;{RESET};;{ME})", CONTROL_ACCESS, {RESET}, True),
    (f"(OA;;CR;;;{ME})", CONTROL_ACCESS, {RESET}, True),
    (f"(OA;;CR;{rights.EXTENDED[rights.REPLICATE_ALL]};;{ME})", CONTROL_ACCESS, {RESET}, False),
    (f"(OA;;CC;{USER};;{ME})", CREATE_CHILD, {USER}, True),
    (f"(OA;;CC;{GROUP};;{ME})", CREATE_CHILD, {USER}, False),
    (f"(OA;;DC;{USER};;{ME})", DELETE_CHILD, {USER}, True),
    # The first entry decides; one that denies something else, or somebody else, does not
    (f"(D;;WP;;;{ME})(A;;WP;;;{ME})", WRITE_PROPERTY, {TITLE}, False),
    (f"(A;;WP;;;{ME})(D;;WP;;;{ME})", WRITE_PROPERTY, {TITLE}, True),
    (f"(OD;;WP;{TITLE};;WD)(A;;WP;;;{ME})", WRITE_PROPERTY, {TITLE, PUBLIC}, False),
    (f"(OD;;WP;{PHONE};;WD)(A;;WP;;;{ME})", WRITE_PROPERTY, {TITLE, PUBLIC}, True),
    (f"(D;;WP;;;{OTHER})(A;;WP;;;{ME})", WRITE_PROPERTY, {TITLE}, True),
    (f"(D;;DT;;;WD)(A;;SD;;;{ME})", DELETE, {USER}, True),
    # What is only for objects below counts for none here
    (f"(A;CIIO;WP;;;{ME})", WRITE_PROPERTY, {TITLE}, False),
    (f"(D;CIIO;WP;;;WD)(A;;WP;;;{ME})", WRITE_PROPERTY, {TITLE}, True),
])
def test_the_first_entry_that_is_about_it_decides(text, right, types, allowed):
    verdict = check(descriptor(text), TOKEN, right, types)
    assert verdict.allowed is allowed
    assert (verdict.denied_by is not None) is ("D;;WP" in text.split("(A")[0] and not allowed)


@pytest.mark.parametrize("text, right, allowed", [
    ("", READ_CONTROL, True), ("", WRITE_DAC, True), ("", WRITE_PROPERTY, False),
    ("(D;;WD;;;WD)", WRITE_DAC, True),  # an owner has it whatever is denied
    ("(A;;RC;;;OW)", WRITE_DAC, False), ("(A;;RC;;;OW)", READ_CONTROL, True), ("(A;;WP;;;OW)", WRITE_PROPERTY, True), ("(A;CIIO;RC;;;OW)", WRITE_DAC, True),
])
def test_the_rights_of_an_owner(text, right, allowed):
    assert check(descriptor(text, ME), TOKEN, right, ()).allowed is allowed
    assert not check(descriptor(text, OTHER), TOKEN, right, ()).allowed


def test_without_an_access_list_everything_is_allowed():
    assert check(SecurityDescriptor(None, 0, None), TOKEN, DELETE, ()).allowed


@pytest.mark.parametrize("text, allowed", [
    (f"(A;CI;WP;;;{ME})", True), (f"(A;;WP;;;{ME})", False), (f"(A;OI;WP;;;{ME})", False), (f"(A;CIIO;WP;;;{ME})", True),
    (f"(OA;CIIO;WP;;{USER};{ME})", True), (f"(OA;CIIO;WP;;{GROUP};{ME})", False), (f"(OA;CIIO;WP;{TITLE};{USER};{ME})", True),
    (f"(A;CINP;WP;;;{ME})", True), ("(A;CIIO;WP;;;CO)", True),
])
def test_what_a_new_account_inherits(text, allowed):
    made = child_of(descriptor(text), USER, ME)
    assert check(made, TOKEN, WRITE_PROPERTY, {TITLE, USER}).allowed is allowed


@pytest.mark.parametrize("text, allowed", [
    (f"(OA;CIIO;WP;;{USER};{ME})", True), (f"(A;CINP;WP;;;{ME})", False), (f"(OA;CINPIO;WP;;{USER};{ME})", False), (f"(A;CI;WP;;;{ME})", True),
])
def test_what_an_account_in_a_new_ou_inherits(text, allowed):
    made = child_of(child_of(descriptor(text), OU, ME), USER, ME)
    assert check(made, TOKEN, WRITE_PROPERTY, {TITLE, USER}).allowed is allowed


def test_what_the_schema_gives_comes_before_what_is_inherited():
    own = tuple(sddl.parse_aces(f"D:(A;;WP;;;{ME})(D;;SD;;;WD)", DOMAIN))
    made = child_of(descriptor("(D;CI;WP;;;WD)"), USER, ME, own)
    assert check(made, TOKEN, WRITE_PROPERTY, {TITLE}).allowed and not check(made, TOKEN, DELETE, {USER}).allowed


STAFF, SALES = "OU=Staff,DC=corp,DC=example", "OU=Sales,OU=Staff,DC=corp,DC=example"


def permissions(**more):
    definition = AttributeDefinition("title", "text", True, None, None, True, None, TITLE, PUBLIC)
    found = {"dc=corp,dc=example": descriptor(""), "ou=staff,dc=corp,dc=example": descriptor(f"(OA;CI;CC;{USER};;{ME})(OA;CIIO;WP;{PUBLIC};{USER};{ME})"),
             "g1": descriptor(""), "g2": None}
    return Permissions(**{"token": TOKEN, "account": ME, "definitions": {"title": definition}, "descriptors": found, "class_entries": {}} | more)


@pytest.mark.parametrize("grant, allowed", [
    (Grant(rights.ON_CONTAINER, STAFF, rights.CREATE_USERS), True),
    (Grant(rights.ON_CONTAINER, STAFF, rights.CREATE_OUS), False),
    (Grant(rights.ON_CONTAINER, SALES, rights.CREATE_USERS), True),  # is not there yet
    (Grant(rights.ON_NEW_ACCOUNT, STAFF, rights.write("title")), True),
    (Grant(rights.ON_NEW_ACCOUNT, SALES, rights.write("title")), True),
    (Grant(rights.ON_NEW_ACCOUNT, "DC=corp,DC=example", rights.write("title")), False),
    (Grant(rights.ON_NEW_ACCOUNT, STAFF, rights.RESET_PASSWORDS), False),
    (Grant(rights.ON_ACCOUNT, STAFF, rights.write("title"), "g1"), False),  # inherits nothing
    (Grant(rights.ON_ACCOUNT, STAFF, rights.write("title"), "g2"), None),  # cannot be read
    (Grant(rights.ON_ACCOUNT, STAFF, rights.write("title"), "g3"), True),  # was not asked for
    (Grant(rights.ON_GROUP, "CN=G,DC=corp,DC=example", rights.write("member")), None),
])
def test_rights_at_a_place(grant, allowed):
    found = permissions()
    for _again in (1, 2):
        verdict = found.verdict(grant)
        assert (verdict and verdict.allowed) is allowed
    assert permissions(token=frozenset()).verdict(grant) is None, "without a token nothing is known"


def test_where_a_right_is_delegated():
    found = permissions()
    grant = Grant(rights.ON_CONTAINER, SALES, rights.CREATE_USERS)
    assert found.anchor(grant).place == STAFF and not found.is_cut_off(STAFF)
    found.descriptors["ou=staff,dc=corp,dc=example"] = descriptor("", control=DACL_PRESENT | DACL_PROTECTED)
    assert found.is_cut_off(STAFF)


@pytest.mark.parametrize("right, words", [
    (rights.CREATE_USERS, "create users"), (rights.CREATE_OUS, "create OUs"), (rights.DELETE_USERS, "delete users"), (rights.DELETE_OBJECT, "delete users"),
    (rights.write("title"), "write title"), (rights.read("title"), "read title"), (rights.RESET_PASSWORDS, "reset passwords"),
    (rights.REANIMATE, "restore deleted objects (Reanimate Tombstones)"), (Right(WRITE_DAC), "change permissions"),
    (Right(CONTROL_ACCESS, "title"), "read the confidential attribute title"),
])
def test_words_of_rights(right, words):
    assert rights.words(right) == words


def test_entries_as_text():
    text = "O:DAG:DAD:AI(A;;0x20;;;DA)(OA;CIIO;RPWP;77B5B886-944A-11d1-AEBD-0000F80367C1;;PS)(XA;;WP;;;DA)(A;;RC;;;EA)(bad)S:(AU;;WP;;;WD)"
    found = list(sddl.parse_aces(text, DOMAIN, "S-1-5-21-9-9-9"))
    assert [(ace.mask, ace.sid, ace.object_type) for ace in found] == [
        (0x20, f"{DOMAIN}-512", ""), (0x30, "S-1-5-10", "77b5b886-944a-11d1-aebd-0000f80367c1"), (READ_CONTROL, "S-1-5-21-9-9-9-519", "")]
