# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each check of the doctor says, in tables."""
from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.ad_values import rights, sddl
from ansible_collections.hris.ad.plugins.module_utils._hris.ad_values.rights import Permissions
from ansible_collections.hris.ad.plugins.module_utils._hris.ad_values.security_descriptor import (
    DACL_PRESENT,
    DACL_PROTECTED,
    SecurityDescriptor,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.doctor import libraries, state
from ansible_collections.hris.ad.plugins.module_utils._hris.doctor.checks import lines_for_people
from ansible_collections.hris.ad.plugins.module_utils._hris.doctor.dangerous import check_dangerous
from ansible_collections.hris.ad.plugins.module_utils._hris.doctor.domain import (
    Generator,
    PasswordPolicy,
    check_passwords,
    check_recycle_bin,
    check_schema,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.doctor.rights import (
    Examined,
    check_accounts,
    check_names,
    check_rights,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.doctor.script import FORMS, script_of
from ansible_collections.hris.ad.plugins.module_utils._hris.doctor.servers import Seen, of_seen
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.delegation import Trustee
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.group_names import GroupNames
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.needed_rights import (
    in_container,
    on_accounts,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.rule_rights import (
    Places,
    RuleNeed,
    places_of,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.run.kept_state import KeptStateOptions
from ansible_collections.hris.ad.plugins.module_utils._hris.run.lasting_places import Loss
from ansible_collections.hris.ad.plugins.module_utils._hris.simulation.standard_schema import (
    standard_schema,
)

NOW = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
BASE = "DC=corp,DC=example"
STAFF, SALES = f"OU=Staff,{BASE}", f"OU=Sales,OU=Staff,{BASE}"
DOMAIN = "S-1-5-21-1-2-3"
ME = f"{DOMAIN}-1111"


def statuses(checks):
    return [one.status for one in checks]


@pytest.mark.parametrize("ends, clock, level, found", [
    ("Mar  2 12:00:00 2027 GMT", NOW, 7, ["ok", "ok", "ok"]),
    ("Mar 20 12:00:00 2026 GMT", NOW, 7, ["warning", "ok", "ok"]),
    (None, NOW, 7, ["warning", "ok", "ok"]),
    ("Mar  2 12:00:00 2027 GMT", NOW + timedelta(seconds=90), 7, ["ok", "warning", "ok"]),
    ("Mar  2 12:00:00 2027 GMT", NOW - timedelta(minutes=6), 3, ["ok", "error", "warning"]),
    ("Mar  2 12:00:00 2027 GMT", None, None, ["ok"]),
])
def test_a_server(ends, clock, level, found):
    assert statuses(of_seen(Seen("ldaps://dc1:636", ends, clock, level), NOW, NOW)) == found


def test_days_of_a_certificate_are_counted_from_the_day_that_is_asked():
    seen = Seen("ldaps://dc1:636", "Mar  2 12:00:00 2027 GMT", NOW, 7)
    assert statuses(of_seen(seen, NOW, NOW + timedelta(days=340))) == ["warning", "ok", "ok"]


@pytest.mark.parametrize("shortest, is_complex, length, classes, found", [
    (7, True, 32, ["lower", "upper", "digits"], ["ok"]), (33, True, 32, ["lower", "upper", "digits"], ["error"]),
    (7, True, 32, ["lower", "upper"], ["error"]), (7, False, 32, ["lower"], ["ok"]), (40, True, 16, ["lower"], ["error", "error"]),
])
def test_passwords(shortest, is_complex, length, classes, found):
    assert statuses(check_passwords([PasswordPolicy("the domain", shortest, is_complex)], Generator(length, classes))) == found


@pytest.mark.parametrize("has_one, days, status", [(True, 30, "ok"), (False, 30, "warning"), (False, None, "ok")])
def test_recycle_bin(company, has_one, days, status):
    assert check_recycle_bin(has_one, company.rules(leaver={"delete_after_days": days} if days else {})).status == status


def test_schema(company):
    schema, rules = standard_schema(), company.rules()
    assert statuses(check_schema(rules, schema, {"title"})) == ["ok"]
    (found,) = check_schema(rules, {name: one for name, one in schema.items() if name != "employeeid"}, {"title"})
    assert found.status == "error" and "'employeeID'" in found.message
    (found,) = check_schema(company.rules(mapping={"employeeID": "number", "displayName": "first", "whenCreated": "start"},
                                          naming={"candidates": ["displayName"], "attributes": {"sAMAccountName": "{name}", "cn": "{name}"}}), schema, {"whenCreated"})
    assert found.message == "Nobody can write whenCreated, which the rules write."



@pytest.mark.parametrize("versions, found", [
    ({}, [("error", "ldap3 is missing")]), ({"ldap3": "2.8"}, [("error", "ldap3 is 2.8, and 2.9.1 is the oldest")]), ({"ldap3": "2.10"}, [("ok", "ldap3 2.10")]),
    ({"ldap3": "2.9.1", "openpyxl": "2.0"}, [("warning", "openpyxl is 2.0")]), ({"ldap3": "3.0rc1"}, [("ok", "ldap3 3.0rc1")]),
])
def test_libraries(monkeypatch, versions, found):
    known = {"ldap3": "", "openpyxl": "files of Excel"}
    monkeypatch.setattr(libraries, "LIBRARIES", known)
    monkeypatch.setattr(libraries, "_version", lambda name: versions.get(name, ""))
    checks = list(libraries.check_libraries())
    assert [one.status for one in checks] == [status for status, _words in found] and all(words in one.message for one, (_s, words) in zip(checks, found, strict=True))


@pytest.mark.parametrize("claims, status", [
    ({"exp": NOW.timestamp() + 86400 * 90}, "ok"), ({"expire": NOW.timestamp() + 86400 * 3}, "warning"), ({"exp": NOW.timestamp() - 1}, "error"),
    ({"exp": "never"}, "ok"), ({"exp": 1e30}, "ok"), ({}, "ok"), (None, "ok"),
])
def test_token(claims, status):
    assert state.check_token(claims, NOW).status == status


@pytest.mark.parametrize("loss, status", [(Loss("is in memory", True), "error"), (Loss("is in memory", False), "warning"), (None, "ok")])
def test_state(monkeypatch, tmp_path, loss, status):
    monkeypatch.setattr(state, "loss_of", lambda _path, _options: loss)
    assert state.check_state(KeptStateOptions(str(tmp_path / "new"), False, False, [])).status == status
    assert state.check_state(KeptStateOptions(None, False, False, [])).status == "warning"


def test_state_that_cannot_be_written(monkeypatch, tmp_path):
    monkeypatch.setattr(state, "loss_of", lambda _path, _options: None)
    monkeypatch.setattr(state.os, "access", lambda _path, _mode: False)
    assert state.check_state(KeptStateOptions(str(tmp_path), False, False, [])).status == "error"


def descriptor(entries, control=DACL_PRESENT):
    return SecurityDescriptor(None, control, tuple(sddl.parse_aces(f"D:{entries}", DOMAIN)))


def examined(staff="", sales=None, cut_off=False, accounts=(), only_for=""):
    inherited = staff if sales is None else sales
    found = {BASE.lower(): descriptor(""), STAFF.lower(): descriptor(staff),
             SALES.lower(): descriptor(inherited, DACL_PRESENT | DACL_PROTECTED * cut_off)}
    permissions = Permissions(token={ME, "S-1-1-0"}, account=ME, definitions=standard_schema(), descriptors=found | dict(accounts), class_entries={})
    needs = [RuleNeed(need, only_for) for place in (STAFF, SALES) for need in (in_container(rights.CREATE_USERS, place), on_accounts(rights.RESET_PASSWORDS, place))]
    return Examined(needs, Places([STAFF, SALES], [], []), permissions, Trustee("svc@corp.example", ME))


def test_what_is_missing_is_one_line_for_the_upper_container():
    found = list(check_rights(examined()))
    assert [one.message for one in found] == [f"No right to create users: {STAFF} and 1 container below it.",
                                              f"No right to reset passwords: accounts in {STAFF} and 1 container below it."]
    assert found[0].dsacls == f'dsacls "{STAFF}" /I:T /G "svc@corp.example:CC;user"'
    shown = lines_for_people(found[0])
    assert shown[0].startswith("error: rights: No right to create users") and [line.split()[0] for line in shown[1:]] == ["dsacls", "PowerShell:", "samba-tool"]


def test_a_container_that_inherits_nothing_has_a_line_of_its_own():
    found = [one.message for one in check_rights(examined(cut_off=True)) if "create" in one.message]
    assert found == [f"No right to create users: {STAFF}.", f"No right to create users: {SALES}."]


@pytest.mark.parametrize("sales, found", [
    (None, [f"No right to create users: {STAFF} and 1 container below it.", f"No right to reset passwords: accounts in {STAFF} and 1 container below it."]),
    (f"(A;CI;GA;;;{ME})", []), (f"(A;;CC;;;{ME})", [f"No right to reset passwords: accounts in {STAFF} and 1 container below it."])])
def test_a_container_without_accounts_counts_where_all_below_lack_the_same(sales, found):
    one = examined(sales=sales)
    one = Examined(one.needs, Places([STAFF, SALES], [], [], {STAFF.lower()}), one.permissions, one.trustee)
    assert [check.message for check in check_rights(one) if check.status == "error"] == found


def test_all_rights_are_there():
    (found,) = check_rights(examined(f"(A;CI;GA;;;{ME})"))
    assert (found.status, found.message) == ("ok", "All 4 rights at 2 places that the rules need are there.")


def test_what_only_a_feature_needs_is_a_warning():
    found = list(check_rights(examined(only_for="the moon is full")))
    assert {one.status for one in found} == {"warning"} and "It is needed only where the moon is full." in found[0].message


def test_what_is_denied_has_no_line():
    found = next(one for one in check_rights(examined(f"(D;CI;CC;;;WD)(A;CI;GA;;;{ME})")) if "create" in one.message)
    assert "denies it to S-1-1-0" in found.remedy and not found.dsacls


def test_what_cannot_be_read():
    one = examined(f"(A;CI;GA;;;{ME})")
    one.permissions.descriptors[STAFF.lower()] = None
    found = list(check_rights(one))
    assert [(entry.status, STAFF in entry.message) for entry in found] == [("warning", True)]


@pytest.mark.parametrize("own, status", [(f"(A;;GA;;;{ME})", "ok"), ("", "warning")])
def test_accounts_that_inherit_nothing(own, status):
    one = examined(f"(A;CI;GA;;;{ME})", accounts={"g1": descriptor(own)})
    (found,) = check_accounts(one, [(f"CN=Ann,{STAFF}", STAFF, "g1")])
    assert found.status == status and list(check_accounts(one, [])) == []


def test_names_that_are_not_there(company):
    rules = company.rules(placement=[{"ou": f"OU=None,{BASE}"}], leaver={})
    found = [one.check for one in check_names(rules, places_of(rules, [BASE, STAFF]), GroupNames([company.group("All Staff")]))]
    assert found == ["place", "group"]


@pytest.mark.parametrize("form", FORMS)
def test_the_script_has_each_right_once(form):
    lines = script_of("elmo", examined(), form)
    given = [line for line in lines if STAFF in line]
    assert len(given) == 2 and not [line for line in lines if SALES in line], "it is handed down"
    assert any("svc@corp.example" in line for line in lines[:3])
    assert [line for line in script_of("elmo", examined(only_for="that"), form) if "Needed only where that" in line]


@pytest.mark.parametrize("token, entries, found", [
    (set(), "", []),
    ({f"{DOMAIN}-512"}, "", ["The account is in the privileged group Domain Admins, also through others."]),
    (set(), f"(OA;;CR;{rights.EXTENDED[rights.REPLICATE_ALL]};;{ME})", ["The account may read all password hashes (DCSync)."]),
    (set(), f"(A;;WD;;;{ME})", ["The account may change the permissions of the domain."]),
    (set(), f"(OA;CIIO;CR;{rights.EXTENDED[rights.RESET_PASSWORD]};{rights.CLASSES['user']};{ME})", ["The account may reset passwords in the whole domain."]),
])
def test_dangerous_rights(company, token, entries, found):
    permissions = Permissions(token={ME, *token}, account=ME, definitions=standard_schema(), descriptors={BASE.lower(): descriptor(entries)}, class_entries={})
    checks = list(check_dangerous(permissions, [company.group("All Staff"), company.group("Domain Admins", 512)], BASE))
    assert [one.message for one in checks if one.status == "warning"] == found and (checks[0].status == "ok") is (not found)
