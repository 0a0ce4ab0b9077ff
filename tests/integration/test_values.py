"""Values as the directory sees them: what check mode says is what the real run does, for values that must be unique, cleared or binary."""
from __future__ import annotations

import base64
import copy

import pytest
from test_sync_module import RULES, STAFF, employee

MAPPED = {name: rule for name, rule in RULES["mapping"].items() if name != "manager"} | {"userPrincipalName": "email", "mail": "email"}
NAMING = {"candidates": RULES["naming"]["candidates"], "attributes": {"sAMAccountName": "{lower(name)}", "cn": "{displayName}"}}


@pytest.fixture
def sync(clean, module, service):
    """sync(employees, **options) -> the result of the real run, which check mode must have foreseen, and which a second run must have nothing to add to."""
    def run(employees, **options):
        options = {"directory": service} | copy.deepcopy(RULES) | options
        checked = module("sync", check=True, employees=employees, **options)
        done = module("sync", employees=employees, **options)
        assert not done.get("failed") and not done["refused"], done.get("msg")
        assert (done["summary"], done["findings"]) == (checked["summary"], checked["findings"])
        mark = clean.mark()
        again = module("sync", employees=employees, **options)
        assert not again["changed"] and clean.writes_since(mark) == [], again["diff"]
        return done | {"findings": [one for one in done["findings"] if one["kind"] != "absent"]}  # those of the other tests
    return run


def upn(read, number):
    return read(f"(employeeID={number})").get("userPrincipalName")


def test_addresses_of_hr(sync, read):
    """A value of somebody else is left out alone; an exchange is made; what is not given up is not taken."""
    rules = {"mapping": MAPPED, "naming": NAMING}
    feed = [employee(700, email="ann@corp.example"), employee(701, "Bo", "Ray", email="bo@corp.example")]
    sync(feed, **rules)
    feed.append(employee(702, "Cy", "Zed", title="New", email="Bo@corp.example"))
    found = sync(feed, **rules)["findings"]
    assert {(one["key"], one["kind"]) for one in found} == {("702", "value_taken")} and read("(employeeID=702)")["title"] == ["New"]
    feed[0] |= {"title": "Up", "email": "bo@corp.example"}
    feed[1] |= {"title": "Up", "email": "ann@corp.example"}
    feed[2] |= {"email": "cy@corp.example"}
    assert sync(feed, **rules)["findings"] == []
    assert (upn(read, 700), upn(read, 701), upn(read, 702)) == (["bo@corp.example"], ["ann@corp.example"], ["cy@corp.example"])
    feed[0]["email"], feed[1]["email"], feed[2]["email"] = "ann@corp.example", "cy@corp.example", "bo@corp.example"
    sync(feed, **rules)
    assert (upn(read, 700), upn(read, 701), upn(read, 702)) == (["ann@corp.example"], ["cy@corp.example"], ["bo@corp.example"])
    cleared = {"mapping": MAPPED | {"userPrincipalName": {"from": "email", "empty": "clear"}}, "naming": NAMING}
    feed[0]["email"] = None
    sync(feed, **cleared)
    assert upn(read, 700) is None


def test_addresses_of_other_domains_stay(sync, read, module):
    """A rule for proxyAddresses that decides about the addresses of one mail domain."""
    rules = {"mapping": MAPPED | {"proxyAddresses": {"from": "[join('', ['SMTP:', email]), join('', ['smtp:', number, '@corp.example'])]", "domains": ["corp.example"]}},
             "naming": NAMING}
    sync([employee(705, "Dee", "Roe", email="dee.roe@corp.example")], **rules)
    account = read("(employeeID=705)")
    assert sorted(account["proxyAddresses"]) == ["SMTP:dee.roe@corp.example", "smtp:705@corp.example"]
    by_hand = ["SMTP:ann@partner.org", "smtp:Dee.Roe@corp.example", "smtp:former@CORP.example", "X500:/o=Corp/cn=ann", "SIP:dee.roe@corp.example"]
    assert module("user", identity=account["dn"][0], attributes={"set": {"proxyAddresses": by_hand}})["changed"]
    sync([employee(705, "Dee", "Roe", email="dee.roe@corp.example")], **rules)
    assert sorted(read("(employeeID=705)")["proxyAddresses"]) == sorted([
        "smtp:ann@partner.org", "SMTP:dee.roe@corp.example", "smtp:705@corp.example", "X500:/o=Corp/cn=ann", "SIP:dee.roe@corp.example"])


def test_a_logon_name_implies_a_user_principal_name(sync, read, module):
    module("user", sam_account_name="kim.oh", path=STAFF)
    rules = {"mapping": MAPPED, "naming": NAMING}
    found = sync([employee(710, "Kimberly", "Oh", email="KIM.OH@corp.example")], **rules)["findings"]
    assert [(one["key"], one["kind"]) for one in found] == [("710", "value_taken")] and "CN=kim.oh" in found[0]["message"]
    module("user", sam_account_name="other", upn="lu.oh@corp.example", path=STAFF)
    sync([employee(711, "Lu", "Oh")])
    assert read("(employeeID=711)")["sAMAccountName"] == ["lu"], "lu.oh would be the logon name of two accounts"


def test_no_country_and_no_end(sync, read):
    rules = {"mapping": RULES["mapping"] | {"c": {"from": "c", "empty": "clear"}, "countryCode": {"from": "code", "empty": "clear"},
                                            "codePage": {"from": "page", "empty": "clear"}, "accountExpires": {"from": "until", "empty": "clear"}}}
    nothing = {"c": None, "code": None, "page": None, "until": None}
    sync([employee(720, "Al", "Ba", **nothing), employee(721, "Be", "Ca", c="AU", code="036", page=1252, until="132000000000000000")], **rules)
    assert read("(employeeID=721)")["countryCode"] == ["36"]
    sync([employee(720, "Al", "Ba", title="Boss", **nothing), employee(721, "Be", "Ca", title="Head", **nothing)], **rules)
    cleared = read("(employeeID=721)")
    assert (cleared["countryCode"], cleared["codePage"], cleared["accountExpires"], cleared["title"]) == (["0"], ["0"], ["9223372036854775807"], ["Head"])
    assert "c" not in cleared and read("(employeeID=720)")["title"] == ["Boss"]


def test_what_the_directory_would_refuse(sync, read):
    big, good = (base64.b64encode(b"\xff\xd8" * size).decode() for size in (51_201, 51_200))
    rules = {"mapping": RULES["mapping"] | {"thumbnailPhoto": "photo", "info": "note", "uidNumber": "uid", "msTSExpireDate": "when", "showInAdvancedViewOnly": "hide"}}
    odd = {"photo": None, "note": None, "uid": None, "when": None, "hide": None}
    feed = [employee(730, "Big", "Photo", **odd | {"photo": big}), employee(731, "Bad", "Photo", **odd | {"photo": "not base64!"}),
            employee(732, "Good", "Photo", **odd | {"photo": good[:76] + "\r\n" + good[76:], "note": "\U0001f600" * 512}),
            employee(733, "Emoji", "Note", **odd | {"note": "\U0001f600" * 513}), employee(734, "\U0001f600" * 33, "Lee", **odd),
            employee(735, "Odd", "Numbers", **odd | {"uid": "007", "when": "20260302130000+0100", "hide": "true"})]
    found = sync(feed, **rules)["findings"]
    assert {(one["key"], one["kind"], one["place"]) for one in found if one["key"] != "734"} == {
        ("730", "value_refused", "mapping.thumbnailPhoto"), ("731", "value_refused", "mapping.thumbnailPhoto"), ("733", "value_refused", "mapping.info")}
    assert {one["place"] for one in found if one["key"] == "734"} == {"mapping.givenName"}
    assert read("(employeeID=730)")["title"] == ["Clerk"] and read("(employeeID=734)")["sn"] == ["Lee"]
    numbers = read("(employeeID=735)")
    assert (numbers["uidNumber"], numbers["msTSExpireDate"], numbers["showInAdvancedViewOnly"]) == (["7"], ["20260302120000.0Z"], ["TRUE"])


def test_one_primary_address(sync, read):
    rules = {"mapping": RULES["mapping"] | {"proxyAddresses": {"from": "addresses", "values": "merge"}}}
    sync([employee(740, "Pri", "Mary", addresses=["smtp:pri@example.com", "SMTP:other@example.com"])], **rules)
    sync([employee(740, "Pri", "Mary", addresses=["SMTP:Pri@example.com"])], **rules)
    assert sorted(read("(employeeID=740)")["proxyAddresses"]) == ["SMTP:Pri@example.com", "smtp:other@example.com"]


RENAMING = {"candidates": ["{ascii(givenName)}.{ascii(sn)}"], "rename": ["cn", "sAMAccountName", "userPrincipalName", "mail"],
            "attributes": {"sAMAccountName": "{lower(name)}", "userPrincipalName": "{lower(name)}@corp.example", "mail": "{lower(name)}@example.com", "cn": "{displayName}"}}


def test_two_people_exchange_their_names(sync, read):
    sync([employee(750, "Jo", "Lee"), employee(751, "Jo", "Walker")], naming=RENAMING)
    sync([employee(750, "Jo", "Walker"), employee(751, "Jo", "Lee")], naming=RENAMING)
    for number, name in ((750, "walker"), (751, "lee")):
        found = read(f"(employeeID={number})")
        assert found["dn"] == [f"CN=Jo {name.title()},{STAFF}"] and found["sAMAccountName"] == [f"jo.{name}"]
        assert (found["userPrincipalName"], found["mail"], found["proxyAddresses"]) == ([f"jo.{name}@corp.example"], [f"jo.{name}@example.com"], [f"SMTP:jo.{name}@example.com"])


def test_the_former_name_comes_back(sync, read):
    for last in ("Lee", "Walker", "Lee"):
        sync([employee(760, "Una", last)], naming=RENAMING)
    una = read("(employeeID=760)")
    assert (una["mail"], una["userPrincipalName"], una["dn"]) == (["una.lee@example.com"], ["una.lee@corp.example"], [f"CN=Una Lee,{STAFF}"])
    assert sorted(una["proxyAddresses"]) == ["SMTP:una.lee@example.com", "smtp:una.walker@example.com"]


@pytest.mark.parametrize(("number", "last", "cn"), [
    (770, ",", "Vela,"), (771, "+", "Vela +"), (772, "\\", "Vela \\"), (773, "a\nCNF:1", "Vela a CNF:1"), (774, "q\u202er", "Vela qr"), (775, "x\u2028y", "Vela x y"),
    (776, ";=<>#\"", "Vela ;=<>#\""), (777, "\U0001f600" * 40, "Vela " + "\U0001f600" * 29), (778, "e\u0301" * 2 + "\u0323", None),
])
def test_odd_common_names(sync, read, number, last, cn):
    sync([employee(number, "Vela", last)], naming=NAMING | {"candidates": ["{ascii(givenName)}{employee.number}"]})
    found = read(f"(employeeID={number})")
    assert cn is None or found["cn"] == [cn]


@pytest.mark.parametrize(("number", "unit", "written"), [(780, "a, b", "a, b"), (781, "R ,", "R,"), (782, "Line\nbreak", "Line break"), (783, "S+;", "S+;")])
def test_odd_names_of_ous(sync, read, directory, number, unit, written):
    """A comma in the name of an OU above an account; a blank before it at the end would break every search in Samba."""
    administrator = {name: value for name, value in directory.items() if value is not None}
    sync([employee(number, "Unit", str(number), title=unit)], placement=[{"ou": f"OU={{title}},{STAFF}", "create": True}], directory=administrator)
    assert read("(&(objectClass=organizationalUnit)(ou=" + written.replace("\\", "\\5c") + "))") is not None
    assert read(f"(employeeID={number})")["dn"][0].partition(",")[2].endswith(f",{STAFF}")
