"""Write-back to the lab's IceHrm: only differences, never a ghost, and nothing believed that was not read."""
from __future__ import annotations

import json

import pytest
from module_process import run_module

from lab import hr, icehrm, icehrm_shapes, icehrm_writes, population, web

CUSTOM = {"ad_username": "AD Username", "cost_centre": "Cost Centre"}


@pytest.fixture(params=[{}, {"documented": True}, {"total": False}], ids=["observed", "documented", "old"], scope="module")
def any_server(request):
    with hr.serve("icehrm", population.generate(30, company="icehrm"), **request.param) as running:
        yield running


@pytest.fixture
def server():
    with hr.serve("icehrm", population.generate(30, company="icehrm")) as running:
        yield running


@pytest.fixture
def write(tmp_path):
    """write(server, check=False, **options) -> the module's result with "sent", the requests that were no GET."""
    def run(server, check=False, **options):
        server.requests.clear()
        token = server.token()
        given = {"base_url": server.url, "token": token, "custom_fields": CUSTOM, "retry_backoff": 0.01, **options}
        result = run_module(tmp_path, "icehrm_employee", given, check, diff=True)
        assert token not in json.dumps(result) and "Traceback" not in json.dumps(result), result
        result["sent"] = [request for request in server.requests if request["method"] != "GET"]
        return result
    return run


def row(server, number):
    """The raw columns of an employee, and the custom values, as the database has them."""
    person = next(person for person in server.company["people"] if person["number"] == number)
    return icehrm_shapes.row(person, server.company["date"]) | icehrm_shapes.custom_values(person)


def people_of(server):
    """Everyone whom IceHrm shows: the archived are not in its answers."""
    return [person for person in server.company["people"] if not person["archived"]]


def number_of(server, index=3):
    return people_of(server)[index]["number"]


def test_check_do_again_with_every_kind_of_field(any_server, write):
    server = any_server
    people = people_of(server)
    number, boss = people[3]["number"], people[5]
    fields = {"work_email": "new.address@example.com", "work_phone": "+64 9 555 0142", "department": "finance", "job_title": "Accountant",
              "supervisor": boss["email"], "country": "New Zealand", "indirect_supervisors": [str(people[0]["number"]), boss["email"]],
              "joined_date": "2020-02-03", "mobile_phone": None, "custom": {"AD Username": "anew", "cost_centre": 4711}}
    if server.app.settings["documented"]:  # there job titles have no ids, and nobody could tell which one the name means
        fields["job_title"] = {"id": icehrm_shapes.TITLE_ID["Accountant"], "display": "Accountant"}
    updates = [{"employee_id": f"EMP{number:04d}", "fields": fields}]
    before = row(server, number)
    checked = write(server, check=True, updates=updates)
    assert checked["changed"] and checked["sent"] == [] and row(server, number) == before, checked
    done = write(server, updates=updates)
    assert done["changed"] and len(done["sent"]) == 1 and done["diff"] == checked["diff"], done
    now = row(server, number)
    assert (now["work_email"], now["work_phone"], now["mobile_phone"]) == ("new.address@example.com", "+64 9 555 0142", None)
    assert now["department"] == icehrm_shapes.DEPARTMENT_ID["Finance"] and now["job_title"] == icehrm_shapes.TITLE_ID["Accountant"]
    assert (now["supervisor"], now["country"], now["joined_date"]) == (boss["number"], "NZ", "2020-02-03")
    assert now["indirect_supervisors"] == f"[{people[0]['number']},{boss['number']}]"
    assert (now["ad_username"], now["cost_centre"]) == ("anew", "4711")
    untouched = set(before) - {*fields, "custom", "ad_username", "cost_centre"}
    assert {name: now[name] for name in untouched} == {name: before[name] for name in untouched}
    again = write(server, updates=updates)
    assert not again["changed"] and again["sent"] == [] and again["diff"] == []


def test_many_in_one_task_from_a_file(server, write, tmp_path):
    numbers = [person["number"] for person in people_of(server)]
    lines = [{"employee_id": f"EMP{number:04d}", "fields": {"work_phone": f"+64 9 {number}"}} for number in numbers]
    lines += [{"employee_id": "EMP9999", "fields": {"work_phone": "1"}}, {"id": "77777", "fields": {"work_phone": "1"}},
              {"id": str(numbers[0]), "fields": {"joined_date": "1.2.2020"}}]
    source = tmp_path / "updates.jsonl"
    source.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    people = len(server.company["people"])
    result = write(server, src=str(source), report_limit=5)
    assert result["failed"] and result["changed"] and len(server.company["people"]) == people, "no ghost"
    assert len(result["sent"]) == len(numbers) and len(result["updated"]) == len(result["diff"]) == 5
    assert result["counts"] | {"requests": 0, "retries": 0} == {
        "updates": len(lines), "changed": len(numbers), "failed": 3, "unattempted": 0, "requests": 0, "retries": 0}
    told = {failure["employee"]: failure["message"] for failure in result["failures"]}
    assert f"updates.jsonl, line {len(numbers) + 1}" in told["EMP9999"]
    assert "there is no employee with the employee_id 'EMP9999': nothing is written" in told["EMP9999"]
    assert "there is no employee with the id '77777'" in told["77777"] and "joined_date is '1.2.2020', which is not a date" in told[str(numbers[0])]
    again = write(server, src=str(source))
    assert again["sent"] == [] and not again["changed"] and again["failed"]


def test_an_unknown_id_is_never_written_to(server, write):
    people = len(server.company["people"])
    result = write(server, updates=[{"id": "77777", "fields": {"work_phone": "1"}}])
    assert result["failed"] and result["sent"] == [] and len(server.company["people"]) == people


@pytest.mark.parametrize(("fields", "words"), [
    ({"work_emial": "x"}, ["'work_emial' cannot be written", "Did you mean 'work_email'"]),
    ({"email": "x"}, ["'email' cannot be written", "work_email"]),
    ({"id": 5}, ["'id' cannot be written"]),
    ({"custom": {"cost_center": "x"}}, ["'cost_center' is not declared", "Did you mean 'cost_centre'"]),
    ({"department": "Finanse"}, ["department: no employee in IceHrm has 'Finanse'", "Did you mean 'Finance'"]),
    ({"supervisor": "Nobody Known"}, ["supervisor: no employee in IceHrm has 'Nobody Known'"]),
    ({"supervisor": "88888"}, ["there is no employee with the id or number 88888"]),
    ({"supervisor": "John Smith"}, ["is the name of several ids"]),
    ({"country": "Atlantis"}, ["country: IceHrm has no country 'Atlantis'"]),
    ({"work_phone": ["1", "2"]}, ["work_phone has one value, not a list"]),
    ({"termination_date": "31/12/2026"}, ["termination_date is '31/12/2026', which is not a date"]),
    ({}, ["an update needs fields"]),
])
def test_what_icehrm_would_swallow_or_refuse_is_refused_here(server, write, fields, words):
    for person in people_of(server)[7:9]:
        person.update(first="John", last="Smith")
    server.changed()
    result = write(server, updates=[{"employee_id": f"EMP{number_of(server):04d}", "fields": fields}])
    assert result["failed"] and result["sent"] == [] and all(word in result["msg"] for word in words), result["msg"]


def test_a_misspelt_custom_field_is_noticed_taken_back_and_stops_the_run(server, write):
    numbers = [person["number"] for person in people_of(server)[:4]]
    updates = [{"employee_id": f"EMP{number:04d}", "fields": {"custom": {"ad_user": "x"}}} for number in numbers]
    result = write(server, updates=updates, custom_fields={"ad_user": "AD Username"})
    assert result["failed"] and "accepted 'ad_user' (AD Username), but the employee has no such custom field" in result["msg"], result
    assert len(result["sent"]) == 2 and result["counts"]["unattempted"] == 3 and not result["changed"]
    assert not any(row(server, number).get("ad_user") for number in numbers)
    assert "taken back: IceHrm has no value there again" in result["msg"]


def updates_of(server, fields, *indexes):
    return [{"employee_id": f"EMP{number_of(server, index):04d}", "fields": fields} for index in indexes]


def test_a_custom_field_is_cleared_for_good(any_server, write):
    server, number = any_server, number_of(any_server, 4)
    for index in range(4, 7):
        assert write(server, updates=updates_of(server, {"custom": {"ad_username": "ann"}}, index))["changed"]
    for empty in (None, "", "  "):
        updates = updates_of(server, {"custom": {"ad_username": empty}}, 4)
        assert write(server, check=True, updates=updates)["changed"] is (row(server, number)["ad_username"] != "")
        write(server, updates=updates)
        assert row(server, number)["ad_username"] == "" and write(server, updates=updates)["sent"] == []


@pytest.mark.parametrize("value", ["depot", "hq"])
def test_a_choice_is_compared_by_the_value_that_is_kept(any_server, write, value):
    server = any_server
    options = {"custom_fields": {"building_access": "Building Access"}}
    updates = updates_of(server, {"custom": {"building_access": value}}, 3)
    assert write(server, updates=updates, **options)["changed"] and row(server, number_of(server))["building_access"] == value
    assert not write(server, check=True, updates=updates, **options)["changed"]
    assert write(server, updates=updates, **options)["sent"] == []


def test_a_choice_of_several_is_a_list_without_order(any_server, write):
    server, options = any_server, {"custom_fields": {"systems": "Systems"}}
    assert write(server, updates=updates_of(server, {"custom": {"systems": ["fin", "crm"]}}, 3), **options)["changed"]
    assert row(server, number_of(server))["systems"] == '["fin","crm"]'
    for same in (["crm", "fin"], '["fin","crm"]'):
        updates = updates_of(server, {"custom": {"systems": same}}, 3)
        assert not write(server, check=True, updates=updates, **options)["changed"]
        assert write(server, updates=updates, **options)["sent"] == []
    for check in (True, False):
        labels = write(server, check=check, updates=updates_of(server, {"custom": {"systems": ["Finance", "Customers"]}}, 3), **options)
        assert labels["failed"] and "Give the value of the option, not its label" in labels["msg"] and labels["sent"] == [], labels
    assert write(server, updates=updates_of(server, {"custom": {"systems": []}}, 3), **options)["changed"]
    assert row(server, number_of(server))["systems"] == ""


def test_a_label_is_no_value_of_a_choice(server, write):
    """IceHrm keeps it with status 200 and shows it nowhere: HR must have what it had."""
    options = {"custom_fields": {"building_access": "Building Access"}}
    write(server, updates=updates_of(server, {"custom": {"building_access": "depot"}}, 3, 4), **options)
    updates = updates_of(server, {"custom": {"building_access": "HQ"}}, 3, 4)
    wrong = write(server, updates=updates, **options)
    assert wrong["counts"]["failed"] == 2 and wrong["counts"]["unattempted"] == 0, wrong
    assert "the field has no such option" in wrong["msg"] and "IceHrm has depot there again" in wrong["msg"]
    assert [row(server, number_of(server, index))["building_access"] for index in (3, 4)] == ["depot", "depot"]
    for check in (True, False):
        shown = write(server, check=check, updates=updates_of(server, {"custom": {"building_access": "The Depot"}}, 3), **options)
        assert shown["failed"] and "whose value is depot" in shown["msg"] and shown["sent"] == [], shown
    unknown = write(server, updates=updates_of(server, {"custom": {"building_access": "HQ"}}, 6), **options)
    assert unknown["failed"] and row(server, number_of(server, 6))["building_access"] == ""


def test_what_is_written_of_a_failure_counts_as_changed(server, write):
    updates = updates_of(server, {"work_phone": "+3", "custom": {"ad_user": "x"}}, 3)
    result = write(server, updates=updates, custom_fields={"ad_user": "AD Username"})
    assert result["failed"] and result["changed"] and result["counts"]["changed"] == result["counts"]["failed"] == 1, result
    assert result["updated"][0]["fields"] == ["work_phone"] and row(server, number_of(server))["work_phone"] == "+3"


def test_what_cannot_be_taken_back_is_said(server, write, monkeypatch):
    taken = icehrm_writes.apply

    def apply(person, given, people, today):
        if given != {"ad_user": ""}:
            taken(person, given, people, today)
    monkeypatch.setattr(icehrm_writes, "apply", apply)
    result = write(server, updates=updates_of(server, {"custom": {"ad_user": "x"}}, 3), custom_fields={"ad_user": "AD Username"})
    assert "could not be taken back: IceHrm now has x in 'ad_user'" in result["msg"] and result["changed"], result
    assert row(server, number_of(server))["ad_user"] == "x"


def test_a_custom_date_is_checked_before(server, write):
    options = {"custom_fields": {"last_working_day": "Last Working Day"}}
    assert write(server, updates=updates_of(server, {"custom": {"last_working_day": "2027-03-31"}}, 3), **options)["changed"]
    assert write(server, updates=updates_of(server, {"custom": {"last_working_day": "2027-03-31"}}, 3), **options)["sent"] == []
    wrong = write(server, updates=updates_of(server, {"custom": {"last_working_day": "31.3.2028"}}, 3), **options)
    assert "is '31.3.2028', which is not a date" in wrong["msg"] and wrong["sent"] == []


def test_a_field_whose_label_is_digits(server, write):
    updates = updates_of(server, {"custom": {"2024": "x"}}, 3)
    assert write(server, updates=updates, custom_fields={"year_code": "2024"})["changed"]
    assert write(server, updates=updates, custom_fields={"year_code": "2024"})["sent"] == []


@pytest.mark.parametrize(("fields", "words"), [
    ({"timezone": "Mars/Base"}, "'Mars/Base' is not a time zone"), ({"timezone": "posixrules"}, "is not a time zone"),
    ({"timezone": "localtime"}, "is not a time zone"), ({"timezone": "Factory"}, "is not a time zone"),
    ({"timezone": "europe/london"}, "Did you mean 'Europe/London'"),
    ({"timezone": None}, "timezone cannot be cleared"), ({"status": "Gone"}, "'Gone' is none of IceHrm's"),
    ({"work_phone": "1" * 51}, "work_phone has 51 characters, and IceHrm keeps at most 50"),
    ({"employee_id": "E" * 51}, "employee_id has 51 characters"), ({"postal_code": "1" * 21}, "at most 20"),
    ({"department": "²"}, "department: no employee in IceHrm has '²'"), ({"first_name": " "}, "first_name cannot be cleared"),
    ({"custom": {"systems": [["a"]]}}, "has a list of options, each a text"),
])
def test_values_that_icehrm_cannot_hold_are_named_before_the_write(server, write, fields, words):
    bad, good = updates_of(server, fields, 3)[0], updates_of(server, {"work_phone": "2"}, 4)[0]
    for check in (True, False):
        result = write(server, check=check, updates=[bad, good], custom_fields={"systems": "Systems"})
        assert result["failed"] and words in result["msg"] and result["counts"]["changed"] == 1, result
    assert len(result["sent"]) == 1


def test_a_name_of_a_column_is_no_custom_field(server, write):
    result = write(server, updates=updates_of(server, {"custom": {"work_phone": "1"}}, 3), custom_fields={"work_phone": "Phone"})
    assert result["failed"] and "no custom field" in result["msg"] and result["sent"] == []


def test_an_error_of_icehrm_stops_one_employee(server, write):
    """The one has a time zone that IceHrm does not know: each GET and PUT of this employee alone answers 500."""
    people = people_of(server)
    people[3]["columns"]["timezone"] = "Mars/Base"
    server.changed()
    server.faults.append({"kind": "error", "status": 500, "times": 1, "path": f"/employees/{people[5]['number']}", "after": 5, "page": None})
    for given in ([3, 4, 6], range(len(people))):
        result = write(server, updates=updates_of(server, {"work_phone": f"+{len(given)}"}, *given), retries=3, retry_backoff=1)
        assert result["failed"] and result["counts"]["unattempted"] == 0, result
        assert result["counts"]["changed"] >= len(given) - 2 and result["counts"]["retries"] == 0
        told = json.dumps(result["failures"], ensure_ascii=False)
        assert "can neither show nor change the employee: 'Mars/Base' is not a time zone" in told
    assert row(server, people[4]["number"])["work_phone"] == f"+{len(people)}"


def test_a_put_that_fails_is_looked_at(server, write):
    """Status 500, and the value is there all the same."""
    handle = server.app._put
    server.app._put = lambda call: [handle(call), web.Answer(500)][1] if call.number == number_of(server, 3) else handle(call)
    result = write(server, updates=updates_of(server, {"work_phone": "+1"}, 3, 4))
    assert not result.get("failed") and result["counts"]["changed"] == 2, result
    server.app._put = lambda call: web.Answer(500) if call.number == number_of(server, 3) else handle(call)
    result = write(server, updates=updates_of(server, {"work_phone": "+2"}, 3, 4), retries=2)
    assert result["counts"]["failed"] == result["counts"]["changed"] == 1 and result["counts"]["retries"] == 0
    assert "IceHrm answers HTTP 500, and work_phone is not written" in result["msg"]


def test_an_error_of_php_that_is_shown_stops_one_employee(server, write):
    get, number = server.app._get, number_of(server, 3)
    shown = web.Answer(500, b"<br /><b>Fatal error</b>: Uncaught Exception: DateTimeZone", {"Content-Type": "text/html"})
    server.app._get = lambda call: shown if call.number == number else get(call)
    result = write(server, updates=updates_of(server, {"work_phone": "+1"}, 3, 4), retries=2)
    assert result["counts"]["failed"] == result["counts"]["changed"] == 1 and result["counts"]["retries"] == 0, result
    assert "IceHrm lists the employee, but answers HTTP 500" in result["msg"]


def test_a_zone_that_only_icehrm_does_not_know(server, write, monkeypatch):
    """Its PHP may be older than the zones here: the value is stored, and the employee is broken. That is what is said."""
    monkeypatch.setattr(icehrm, "ZONES", icehrm.ZONES - {"europe/berlin"})
    result = write(server, updates=updates_of(server, {"timezone": "Europe/Berlin"}, 3) + updates_of(server, {"work_phone": "+2"}, 4))
    assert result["counts"]["failed"] == result["counts"]["changed"] == 1, result
    assert "after timezone was sent (IceHrm answers HTTP 500): IceHrm lists the employee, but answers HTTP 500" in result["msg"]
    assert row(server, number_of(server, 3))["timezone"] == "Europe/Berlin"


def test_a_number_with_blanks_at_its_ends(server, write):
    people = people_of(server)
    for index, number in ((3, " E3"), (4, "E4 "), (5, "\u00a0E5\u00a0")):
        people[index]["columns"]["employee_id"] = number
    server.changed()
    updates = [{"employee_id": number, "fields": {"work_phone": "+1"}} for number in ("E3", "E4", "E5")]
    result = write(server, updates=updates)
    assert not result.get("failed") and result["counts"]["changed"] == 3, result
    for update in updates:
        assert write(server, updates=[update])["sent"] == []


def test_an_employee_named_twice_in_two_ways(server, write):
    number = number_of(server)
    result = write(server, updates=[{"employee_id": f"EMP{number:04d}", "fields": {"work_phone": "1"}}, {"id": str(number), "fields": {"work_phone": "2"}}])
    assert result["counts"]["failed"] == 2 and result["sent"] == [] and "named more than once" in result["msg"]


def test_who_goes_away_before_the_write_is_a_failure_and_no_ghost(server, write):
    """The employee vanishes between the reading of all and the writing: the last look prevents the write."""
    number, people = number_of(server), len(server.company["people"])
    server.faults.append({"kind": "remove", "path": f"/employees/{people_of(server)[0]['number']}", "times": 1})
    first = people_of(server)[0]["number"]
    result = write(server, updates=[{"employee_id": f"EMP{first:04d}", "fields": {"work_phone": "1"}},
                                    {"employee_id": f"EMP{number:04d}", "fields": {"work_phone": "2"}}])
    assert result["failed"] and "does not exist any more, so nothing was written" in result["msg"], result
    assert len(result["sent"]) == 1 and len(server.company["people"]) == people and row(server, number)["work_phone"] == "2"


@pytest.mark.parametrize(("fault", "words"), [
    ({"kind": "revoked", "times": 0}, ["Authorization bearer token is invalid", "revoked"]),
    ({"kind": "password_changed", "times": 0}, ["refuses the token without giving a reason"]),
    ({"kind": "disabled", "times": 0}, ["REST Api is not enabled"]),
    ({"kind": "html", "times": 0}, ["a web page"]),
    ({"kind": "truncate", "times": 0}, ["cut"]),
    ({"kind": "error", "status": 503, "times": 0}, ["HTTP 503"]),
    ({"kind": "drop", "times": 0}, ["no connection"]),
    ({"kind": "slow", "seconds": 3, "times": 0}, ["no answer within 0.3 seconds"]),
])
def test_a_server_that_does_not_serve_is_one_clear_error(server, write, fault, words):
    server.faults.append({"after": 0, "page": None, "path": "/employees", **fault})
    result = write(server, updates=[{"employee_id": "EMP0004", "fields": {"work_phone": "1"}}], retries=1, timeout=0.3)
    assert result["failed"] and not result.get("changed") and all(word in result["msg"] for word in words), result["msg"]


def test_a_server_that_stops_serving_in_the_middle(server, write):
    numbers = [person["number"] for person in people_of(server)[:5]]
    server.faults.append({"kind": "revoked", "times": 0, "after": 2 + 5 + 3, "path": "/employees", "page": None})
    updates = [{"employee_id": f"EMP{number:04d}", "fields": {"work_phone": "1"}} for number in numbers]
    result = write(server, updates=updates)
    assert result["failed"] and result["changed"] and "stopped before 3 more employees" in result["msg"]
    assert result["counts"]["changed"] + result["counts"]["failed"] + result["counts"]["unattempted"] == 5
    assert len(result["updated"]) == sum(row(server, number)["work_phone"] == "1" for number in numbers)


def test_only_an_admin_may_write(server, write):
    result = write(server, updates=[{"employee_id": "EMP0004", "fields": {"work_phone": "1"}}], token=server.token("Manager", number_of(server, 0)))
    assert result["failed"] and "a user of the level Manager" in result["msg"] and result["sent"] == []


def outcome(path, *lines):
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return str(path)


def account(server, index, events=("created",), **attributes):
    number = f"EMP{people_of(server)[index]['number']:04d}"
    return {"key": number, "source": "icehrm", "type": "user", "guid": f"00000000-0000-0000-0000-{index:012d}", "dn": f"CN={number}", "state": "active",
            "start": None, "end": None, "first_day_without_access": None, "timezone": None, "events": list(events), "before": {}, "groups_added": [], "groups_removed": [],
            "employee": {}, "attributes": {name: [value] for name, value in attributes.items()}}


def test_from_the_accounts_of_a_run(server, write, tmp_path):
    path = outcome(tmp_path / "outcome.jsonl", account(server, 1, mail="one@example.com", sAMAccountName="one"),
                   account(server, 2, events=("disabled",), mail="two@example.com", sAMAccountName="two"),
                   account(server, 3, events=(), mail="three@example.com", sAMAccountName="three"),
                   account(server, 4, events=("updated",), sAMAccountName="four"),
                   account(server, 5, mail="x@example.com", sAMAccountName="x") | {"key": "EMP9998", "state": "absent"})
    mapping = {"work_email": "mail", "custom": {"ad_username": "lower(sAMAccountName)"}}
    kept = row(server, people_of(server)[4]["number"])["work_email"]
    result = write(server, outcome=path, mapping=mapping, events=["created", "updated"])
    assert not result.get("failed") and result["counts"]["changed"] == 2, result
    assert row(server, people_of(server)[1]["number"])["work_email"] == "one@example.com"
    four = row(server, people_of(server)[4]["number"])
    assert (four["work_email"], four["ad_username"]) == (kept, "four"), "no mail in AD leaves HR's address alone"
    cleared = write(server, outcome=path, mapping={"work_email": {"from": "mail", "empty": "clear"}}, when="sAMAccountName == 'four'")
    assert cleared["counts"]["changed"] == 1 and row(server, people_of(server)[4]["number"])["work_email"] is None
    everyone = write(server, outcome=path, mapping=mapping, unchanged=True)
    assert everyone["counts"]["changed"] == 2 and write(server, outcome=path, mapping=mapping, unchanged=True)["sent"] == []


@pytest.mark.parametrize(("change", "words"), [
    ({"mapping": {"work_email": "mial"}}, ["mapping.work_email", "no object has the field 'mial'", "Did you mean 'mail'"]),
    ({"mapping": {"work_email": "lowre(mail)"}}, ["mapping.work_email", "unknown function 'lowre'"]),
    ({"mapping": {"work_emial": "mail"}}, ["mapping", "'work_emial' cannot be written"]),
    ({"mapping": {"work_email": {"form": "mail"}}}, ["mapping.work_email", "Did you mean 'from'"]),
    ({"mapping": {"work_email": "mail"}, "inbound_mapping": {"mail": "work_email"}}, ["mail is mapped from work_email and written back to work_email"]),
    ({"mapping": {"custom": {"cost_centre": "{departmentNumber}"}}, "inbound_mapping": {"departmentNumber": 'custom."Cost Centre"'}},
     ["departmentNumber is mapped from custom.cost_centre and written back"]),
    ({"mapping": {"job_title": "title"}, "inbound_mapping": {"Title": "job_title.display"}}, ["Title is mapped from job_title"]),
])
def test_a_wrong_mapping_is_one_clear_error(server, write, tmp_path, change, words):
    path = outcome(tmp_path / "outcome.jsonl", account(server, 1, mail="one@example.com", sAMAccountName="one"))
    result = write(server, outcome=path, **change)
    assert result["failed"] and result["sent"] == [] and all(word in result["msg"] for word in words), result["msg"]


def test_a_mapping_that_applies_on_creation_only_is_no_loop(server, write, tmp_path):
    path = outcome(tmp_path / "outcome.jsonl", account(server, 1, mail="one@example.com"))
    mapping = {"mail": {"from": "work_email", "apply": "on_create"}, "otherMailbox": "work_email"}
    result = write(server, outcome=path, mapping={"work_email": "mail"}, inbound_mapping=mapping)
    assert result["changed"] and "work_email is written back from mail and mapped into otherMailbox" in json.dumps(result["warnings"])
