"""People with several records on the real domain: conversions, gaps, joins, people out of scope, and leaving that wins. Every step is
checked, done, and done again without a write; the accounts are read by ldapsearch.
"""
from __future__ import annotations

import copy
import json

import ldap3
import pytest
from few import few

STAFF, LEAVERS = "OU=Staff,DC=corp,DC=example", "OU=Leavers,DC=corp,DC=example"
RULES = {
    "source": "test",
    "mapping": {"employeeID": "id", "givenName": "first", "sn": "last", "displayName": "{first} {last || ''}", "title": {"from": "title", "empty": "clear"},
                "manager": {"employee": "boss", "field": "id"}},
    "naming": {"candidates": ["{left(ascii(givenName), 1)}{ascii(sn)}", "{ascii(givenName)}.{ascii(sn)}"],
               "attributes": {"sAMAccountName": "{lower(name)}", "userPrincipalName": "{lower(name)}@corp.example", "mail": "{lower(name)}@example.com",
                              "cn": "{displayName}"}},
    "placement": [{"ou": STAFF}],
    "groups": [{"groups": ["All Staff"]}, {"groups": ["Finance"], "when": "dept == 'Finance'", "records": "current"}],
    "dates": {"start": "start", "end": "end", "timezone": "zone", "terminated": "status == 'terminated'"},
    "joiner": {"create_days_before": 7, "moved_start": "disable"},
    "leaver": {"groups": "remove_managed", "move_to": LEAVERS},
    "rehire": {"restore": [{"within_days": 90, "what": "groups"}]},
    "identity": {"same": {"tax_number": "ssn"}},
}
FAMILIES = iter(["Abel", "Bond", "Cole", "Dunn", "Ekman", "Frost", "Gray", "Hale", "Ivey", "Jung", "Kerr", "Lund", "Marsh", "Nash", "Oakes", "Pratt", "Quist", "Rudd", "Snell",
                 "Tuck"])


def record(number, first="Ann", last="Lee", **more):
    return {"id": number, "first": first, "last": last, "title": None, "dept": None, "boss": None, "start": "2025-01-06", "end": None, "ssn": None,
            "zone": "UTC", "status": "active"} | more


@pytest.fixture
def who():
    """(given name, family name) of nobody else in this file."""
    return "Ann", next(FAMILIES)


@pytest.fixture
def run(clean, module, service):
    """run(day, records, **options) -> the result of a run, after a check that wrote nothing; a second run writes nothing either."""
    def day_of(day, records, **options):
        given = {"directory": service, **copy.deepcopy(RULES), "as_of": day, **options}
        others = [record("X1", "Bo", "Ray")]  # so that nobody's account is the only one
        mark = clean.mark()
        checked = module("sync", check=True, employees=[*others, *records], **given)
        assert clean.writes_since(mark) == []
        done = module("sync", employees=[*others, *records], **given)
        assert not done.get("failed"), done["msg"]
        assert (checked["diff"], checked["digest"]) == (done["diff"], done["digest"])
        mark = clean.mark()
        again = module("sync", employees=[*others, *records], **given)
        assert clean.writes_since(mark) == [] and not again["changed"], again["diff"]
        return done
    return day_of


def kinds(result):
    """The findings but those about the accounts that other tests of this file have left."""
    return sorted((entry["kind"], entry["key"]) for entry in result["findings"] if entry["kind"] != "absent")


def is_enabled(account):
    return account["userAccountControl"] == ["512"]


def test_a_contingent_worker_is_hired_under_a_new_number(run, read, who):
    """shared situation 31: the account stays the person's."""
    contract = record("C7", *who, ssn="77", title="Temp")
    run("2026-02-20", [contract])
    before = read("(employeeID=C7)")
    ended = contract | {"end": "2026-03-01", "status": "terminated"}
    hired = record("E900", *who, ssn="77", title="Clerk", start="2026-03-02")
    run("2026-02-25", [contract | {"end": "2026-03-01"}, hired])
    assert is_enabled(read("(employeeID=C7)")) and read("(employeeID=C7)")["title"] == ["Temp"]
    result = run("2026-03-02", [ended, hired])
    after = read("(employeeID=C7)")
    assert is_enabled(after) and after["title"] == ["Clerk"] and after["objectGUID"] == before["objectGUID"]
    assert read("(employeeID=E900)") is None and kinds(result) == []


def test_a_contract_follows_another_with_a_moved_start_policy(run, read, who):
    """shared situation 33: nobody who works is disabled."""
    first, following = record("C17", *who, ssn="177"), record("C18", *who, ssn="177", title="Head", start="2026-04-01")
    run("2026-03-01", [first])
    for day in ("2026-03-10", "2026-03-31", "2026-04-01", "2026-04-02"):
        run(day, [first | {"end": "2026-03-31"}, following])
        assert is_enabled(read("(employeeID=C17)")), day
    assert read("(employeeID=C17)")["title"] == ["Head"]


def test_two_contracts_with_one_number(run, read, who):
    """shared situation 44: the main one is the primary record, and equal records are one."""
    rows = [record("E21", *who, title="Nurse", main="N"), record("E21", *who, title="Head nurse", main="Y", dept="Finance")]
    result = run("2026-03-02", [*rows, rows[0]], primary={"prefer": ["main == 'Y'"]}, optional_fields=["main"])
    account = read("(employeeID=E21)")
    assert account["title"] == ["Head nurse"] and len(account["memberOf"]) == 2 and kinds(result) == []
    rows[1]["end"] = "2026-05-31"
    run("2026-06-01", rows, primary={"prefer": ["main == 'Y'"]}, optional_fields=["main"])
    account = read("(employeeID=E21)")
    assert account["title"] == ["Nurse"] and is_enabled(account) and len(account["memberOf"]) == 1, "Finance came from the other contract"


def test_a_gap_without_and_with_a_bridge(run, read, who):
    first, following = record("E31", *who, end="2026-03-31"), record("E31", *who, title="Next", start="2026-06-01")
    run("2026-03-31", [first, following])
    run("2026-04-01", [first, following])
    account = read("(employeeID=E31)")
    assert not is_enabled(account) and account["dn"][0].endswith(LEAVERS) and "memberOf" not in account
    assert account["adminDescription"] == ["hris.ad source=test state=disabled since=2026-04-01"]
    run("2026-05-28", [first, following])
    assert not is_enabled(read("(employeeID=E31)")), "prepared, and not enabled before the first day"
    run("2026-06-01", [first, following])
    account = read("(employeeID=E31)")
    assert is_enabled(account) and account["dn"][0].endswith(STAFF) and account["title"] == ["Next"]


def test_a_bridged_gap_whose_next_record_is_withdrawn(run, read, who):
    bridge = {"leaver": RULES["leaver"] | {"bridge_days": 61, "delete_after_days": 30}}
    first, following = record("E41", *who, end="2026-03-31"), record("E41", *who, start="2026-06-01")
    run("2026-03-31", [first, following], **bridge)
    run("2026-04-02", [first, following], **bridge)
    account = read("(employeeID=E41)")
    assert is_enabled(account) and account["adminDescription"] == ["hris.ad source=test state=active bridged=2026-04-02"]
    run("2026-05-15", [first], **bridge)
    account = read("(employeeID=E41)")
    assert not is_enabled(account) and account["adminDescription"] == ["hris.ad source=test state=disabled since=2026-05-15"]
    run("2026-06-13", [first], **bridge)
    assert read("(employeeID=E41)"), "the retention counts from the run that locked"
    run("2026-06-14", [first], **bridge)
    assert read("(employeeID=E41)") is None


def test_two_accounts_of_one_person_are_not_merged_and_each_is_locked_on_its_day(run, read, who):
    one, other = record("C51", *who, ssn=None), record("E51", *who, ssn=None)
    run("2026-03-01", [one, other])
    joined = [one | {"ssn": "51"}, other | {"ssn": "51", "title": "Head"}]
    result = run("2026-03-02", joined)
    assert kinds(result) == [("duplicate_account", "C51")] and "title" not in read("(employeeID=E51)")
    run("2026-03-11", [joined[0] | {"end": "2026-03-10"}, joined[1]])
    assert not is_enabled(read("(employeeID=C51)")) and is_enabled(read("(employeeID=E51)"))
    assert read("(employeeID=C51)")["dn"][0].endswith(STAFF), "a lock, and nothing else"
    result = run("2026-03-21", [joined[0] | {"end": "2026-03-10"}, joined[1] | {"end": "2026-03-20"}])
    assert not is_enabled(read("(employeeID=E51)")) and "open_access" in result["summary"] and result["summary"]["open_access"] == {}


def test_a_number_given_to_somebody_else_in_one_feed(run, read, who):
    """The leaver is locked; the other human gets neither name, mail nor groups of the account."""
    first = record("E61", *who)
    run("2026-03-01", [first])
    result = run("2026-03-11", [first | {"end": "2026-03-10"}, record("E61", "Karim", "Osei", start="2026-03-11")])
    account = read("(employeeID=E61)")
    assert account["sn"] == [who[1]] and account["givenName"] == ["Ann"] and kinds(result) == [("held", "E61"), ("may_have_left", "E61")]
    result = run("2026-03-12", [first | {"end": "2026-03-10"}, record("E61", "Karim", "Osei", start="2026-09-01")])
    assert not is_enabled(read("(employeeID=E61)")), "nobody works under this number now"


@pytest.mark.parametrize("broken", few([{"zone": "Nowhere/City"}, {"start": "soon"}, {"start": None}]))
def test_leaving_wins(run, read, who, broken):
    number = f"E7{len(str(broken))}"
    run("2026-03-01", [record(number, *who)])
    result = run("2026-03-20", [record(number, *who, end="2026-03-10", **broken)])
    account = read(f"(employeeID={number})")
    assert not is_enabled(account) and account["dn"][0].endswith(LEAVERS)
    assert account["adminDescription"] == ["hris.ad source=test state=disabled since=2026-03-11"] and kinds(result) == [("unreadable", number)]


def test_leaver_rules_that_cannot_be_evaluated_do_not_keep_the_account_open(run, read, who):
    run("2026-03-01", [record("E81", *who, code="a")])
    leaver = RULES["leaver"] | {"attributes": {"description": "upper(code)"}}
    result = run("2026-03-20", [record("E81", *who, end="2026-03-10", code=["x"])], leaver=leaver, optional_fields=["code"])
    account = read("(employeeID=E81)")
    assert not is_enabled(account) and account["dn"][0].endswith(STAFF) and kinds(result) == [("held", "E81")]


def test_what_keeps_access_open_is_said_loudly(clean, run, read, who):
    run("2026-03-01", [record("E82", *who)])
    tls = ldap3.Tls(ca_certs_file=clean.ca_file)
    admin = ldap3.Connection(ldap3.Server(f"ldaps://{clean.address}", tls=tls), clean.admin_name, clean.admin_password, auto_bind=True)
    assert admin.modify(read("(employeeID=E82)")["dn"][0], {"adminCount": [(ldap3.MODIFY_REPLACE, [1])]}), admin.result
    admin.unbind()
    result = run("2026-03-20", [record("E82", *who, end="2026-03-10")])
    assert is_enabled(read("(employeeID=E82)")) and kinds(result) == [("has_left", "E82"), ("protected", "E82")]
    words = "1 person has left and can still log on"
    assert words in result["msg"] and words in result["chat"] and result["summary"]["open_access"] == {"has_left": 1}
    assert result["brief"]["open_access"] == {"has_left": 1} and words in json.dumps(result["warnings"])
    assert any(line.startswith(f"error: E82 (Ann {who[1]}): has left and can still log on") for line in result["report"])


def test_people_out_of_scope(run, read, who):
    scope = {"when": "dept != 'Casual'"}
    worker = record("E91", *who)
    run("2026-03-01", [worker], scope=scope)
    result = run("2026-03-02", [worker | {"dept": "Casual"}, record("E92", "Nina", "Petrov", dept="Casual")], scope=scope)
    assert read("(employeeID=E92)") is None and result["summary"]["people"] == {"active": 1, "out_of_scope": 2}
    assert is_enabled(read("(employeeID=E91)")) and kinds(result) == [("out_of_scope", "E91")]
    leaving = scope | {"action": "leaver", "grace_days": 5}
    run("2026-03-03", [worker | {"dept": "Casual"}], scope=leaving)
    assert read("(employeeID=E91)")["adminDescription"] == ["hris.ad source=test state=active out_of_scope=2026-03-03"]
    run("2026-03-07", [worker | {"dept": "Casual"}], scope=leaving)
    assert is_enabled(read("(employeeID=E91)"))
    run("2026-03-08", [worker | {"dept": "Casual"}], scope=leaving)
    account = read("(employeeID=E91)")
    assert not is_enabled(account) and account["dn"][0].endswith(LEAVERS)
    run("2026-03-09", [worker], scope=leaving)
    assert is_enabled(read("(employeeID=E91)")), "in scope again"


def test_a_manager_in_the_other_source(run, read, module, service, who):
    """shared situation 77: found by the key in the directory."""
    run("2026-03-01", [record("E97", "Boss", who[1])])
    mapping = RULES["mapping"] | {"manager": {"employee": "boss", "field": "id", "account": "employeeID"}}
    rows = [record("C97", "Cy", who[1], boss="E97"), record("C98", "Di", who[1], boss="C97"), record("C99", "Ed", who[1], boss="E0")]
    given = {"directory": service, **copy.deepcopy(RULES), "as_of": "2026-03-02", "source": "contractors", "mapping": mapping}
    result = module("sync", employees=rows, **given)
    assert not result.get("failed"), result["msg"]
    assert read("(employeeID=C97)")["manager"] == read("(employeeID=E97)")["dn"] and read("(employeeID=C98)")["manager"] == read("(employeeID=C97)")["dn"]
    assert [(entry["kind"], entry["key"]) for entry in result["findings"]] == [("reference", "C99")]
    assert "manager is left as it is" in result["findings"][0]["message"] and result["findings"][0]["name"] == f"Ed {who[1]}"
    assert not module("sync", employees=rows, **given)["changed"]


def test_explain_shows_all_records(module, service, who):
    rows = [record("E95", *who, ssn="95", end="2026-03-31"), record("E96", *who, ssn="95", start="2026-06-01")]
    result = module("sync", check=True, employees=rows, directory=service, **copy.deepcopy(RULES), as_of="2026-04-02", explain="e96")
    found = result["explanation"]
    assert found["key"] == "E95" and found["state"] == "leaver" and found["dates"]["next_start"] == "2026-06-01"
    assert found["records"] == [
        {"source": "test", "key": "E95", "time": "past", "in_scope": True, "start": "2025-01-06", "end": "2026-03-31"},
        {"source": "test", "key": "E96", "time": "future", "in_scope": True, "start": "2026-06-01", "end": None}]
    assert "record E96: future, 2026-06-01 to no last day" in result["report"]
