"""Steps that send mail, as the playbook runs them: a real domain, a real mail server, and what arrives there."""
from __future__ import annotations

import json

import pytest
from hr_playbook import run
from mail_server import PASSWORD, REFUSED, USER, certificate, mailing

STAFF = "OU=Staff,DC=corp,DC=example"
BASE = {"hr_system": "lifecycle", "ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}", "lifecycle_source": "hr",
        "lifecycle_limits": {}, "lifecycle_placement": [{"ou": STAFF}], "lifecycle_ownership": {"bases": [STAFF]}, "lifecycle_redact": ["title"],
        "lifecycle_mapping": {"employeeID": "no", "givenName": "first", "sn": "last", "displayName": "{first} {last}", "title": "title",
                              "manager": {"employee": "boss", "field": "no", "empty": "clear"}},
        "lifecycle_naming": {"candidates": ["{lower(givenName)}"], "attributes": {"sAMAccountName": "{name}", "mail": "{name}@corp.example", "cn": "{displayName}"}},
        "lifecycle_dates": {"start": "start", "end": "end"}, "lifecycle_joiner": {"create_days_before": 10}, "lifecycle_outcome_also": ["manager_account", "not_due"]}
STEPS = [
    {"name": "welcome", "events": ["created"], "on_failure": "continue", "mail": {
        "to": ["{employee.home}"], "subject": "Welcome, {givenName}", "text": "Your user name is {sAMAccountName}, {title}.\n", "html": "<p>For {givenName}</p>"}},
    {"name": "notice", "after_days": {"days": -7, "of": "start"}, "when": "is_present(manager_account.mail)", "mail": {
        "to": ["{manager_account.mail}", "desk@corp.example"], "subject": "{displayName} starts on {start}", "text": "Dear {manager_account.givenName}, it is {today}."}},
    {"name": "desk", "after_days": {"days": -19, "of": "start"}, "not_due": True, "mail": {
        "to": ["desk@corp.example"], "subject": "{employee.first} starts on {start}", "text": "Order a laptop."}}]


def person(no, first, start, **more):
    return {"no": no, "first": first, "last": "X", "title": "Clerk", "boss": "1", "start": start, "end": None, "home": f"{first.lower()}@home.example", **more}


PEOPLE = [person("1", "Ann", "2020-01-01", boss=None), person("2", "Bo", "2026-03-10"), person("3", "Cy", "2026-03-22"),
          person("4", "Di", "2020-01-01", home=REFUSED), person("5", "Ed <i>", "2020-01-01", home="ed@home.example, thief@x.example")]


@pytest.mark.long
def test_people_are_told_once(clean, service, read, tmp_path):
    clean.reset()

    def sync(day, people, *more):
        variables = BASE | {
            "lifecycle_directory": service, "lifecycle_employees": people, "lifecycle_as_of": day, "lifecycle_state": {"dir": str(tmp_path / "state")},
            "orchestration_steps": STEPS, "orchestration_mail": {"host": "127.0.0.1", "port": post.port, "username": USER, "password": PASSWORD,
                                                                 "from": "HR Büro <hr@corp.example>", "ca_cert": str(certificate(tmp_path))}}
        (tmp_path / "hosts.json").write_text(json.dumps({"hr": {"hosts": {"one": variables}}}), encoding="utf-8")
        post.seen.clear()
        found = run(tmp_path, ["-i", "hosts.json", *more, "hris.ad.sync"], {})
        assert PASSWORD not in found["output"] and "Traceback" not in found["output"], found["output"]
        return found

    def arrived():
        return {(one["to"][0], str(one["message"]["Subject"])) for one in post.seen}

    with mailing(tmp_path) as post:
        checked = sync("2026-03-02", PEOPLE, "--check", "-v")
        assert post.seen == [] and read("(employeeID=2)") is None
        assert "bo@home.example" in checked["output"] and "would_send" in checked["output"] and "Your user name is" not in checked["output"], "title is redacted"
        first = sync("2026-03-02", PEOPLE)
        assert arrived() == {("ann@home.example", "Welcome, Ann"), ("bo@home.example", "Welcome, Bo")}
        assert first["stats"]["failures"] and "2 of 4 mails were not sent. First: 4:" in first["output"] and f"{REFUSED}: 550" in first["output"]
        welcome = next(one for one in post.seen if one["to"] == ["bo@home.example"])
        assert welcome["tls"] and welcome["user"] == USER and welcome["message"]["From"].addresses[0].display_name == "HR Büro"
        account = read("(employeeID=2)")
        assert welcome["message"].get_body(("plain",)).get_content().strip() == f"Your user name is {account['sAMAccountName'][0]}, Clerk."
        assert welcome["message"].get_body(("html",)).get_content().strip() == "<p>For Bo</p>"
        corrected = [*PEOPLE[:3], PEOPLE[3] | {"home": "di@home.example"}, PEOPLE[4] | {"home": "ed@home.example"}]
        second = sync("2026-03-03", corrected)
        assert second["stats"]["failures"] == 0, second["output"]
        assert arrived() == {("di@home.example", "Welcome, Di"), ("ed@home.example", "Welcome, Ed <i>"), ("ann@corp.example", "Bo X starts on 2026-03-10"),
                             ("desk@corp.example", "Cy starts on 2026-03-22")}
        notice = next(one for one in post.seen if one["to"][0] == "ann@corp.example")
        assert notice["to"] == ["ann@corp.example", "desk@corp.example"] and notice["message"].get_content().strip() == "Dear Ann, it is 2026-03-03."
        assert "&lt;i&gt;" in next(one for one in post.seen if one["to"] == ["ed@home.example"])["message"].get_body(("html",)).get_content()
        assert read("(employeeID=3)") is None, "somebody was told of before there is an account"
        later = sync("2026-03-12", corrected)
        assert later["stats"]["failures"] == 0 and arrived() == {("cy@home.example", "Welcome, Cy")}, "the desk knows of Cy, who has an account now"
