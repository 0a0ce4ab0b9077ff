# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The days ahead, and new rules beside old ones."""
from __future__ import annotations

import json

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.commands import (
    forecast_info as forecast_command,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.commands import (
    impact_info as impact_command,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.plan import make_plan
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.step_days import DatedStep
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.people import Feed, people_of
from ansible_collections.hris.ad.plugins.module_utils._hris.simulation.forecast import (
    forecast,
    lines_of,
    records_of,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.simulation.simulated_directory import (
    left_by,
)

RULES = {"joiner": {"create_days_before": 2}, "absent": {"grace_days": 3, "action": "disable"}, "limits": {"disable": {"count": 1}},
         "leaver": {"groups": "remove_managed", "move_to": "OU=Leavers,DC=corp,DC=example", "delete_after_days": 5}}

NO_NAMES = dict.fromkeys(("reuse_after_days", "ledger", "key", "taken_file")) | {"released": []}


@pytest.fixture
def staff(company):
    """Somebody who starts on the 6th, two who leave on the 4th, one who left in February, and one who stays and reports to a leaver."""
    return [company.employee("1", "Joi", "Ner", start="2026-03-06"), company.employee("2", "Lea", "Ver", end="2026-03-04"),
            company.employee("3", "Gon", "Too", end="2026-03-04"), company.employee("4", "Old", "Gone", end="2026-02-01"),
            company.employee("5", "Sta", "Yer", manager="id-2"), company.employee("6", "Just", "Left", end="2026-02-27")]


def source_of(rules, employees):
    """An element of the option sources."""
    return rules | {"employees": employees, "src": None, "allow_empty": False, "steps": []}


@pytest.fixture
def ahead(options, tmp_path):
    def run(employees, **more):
        rules = {name: more.pop(name) for name in ("mapping", "leaver", "limits", "redact") if name in more}
        common = {"as_of": "2026-03-02", "simulated": True, "progress_file": None, "days": 10, "directory": None, "domain_limits": None, "report_limit": 100,
                  "dest": str(tmp_path / "ahead.jsonl"), "names": NO_NAMES}
        return forecast_command.run({"sources": [source_of(options(**(RULES | rules)), employees)]} | common | more, False, None)
    return run


def test_each_day_brings_what_is_due(ahead, staff, tmp_path):
    result = ahead(staff)
    lines = [json.loads(line) for line in (tmp_path / "ahead.jsonl").read_text().splitlines()]
    done = [(line["day"], line["key"], line["action"]) for line in lines if line["type"] == "change"]
    assert sorted(done) == sorted([
        ("2026-03-04", "1", "create"), ("2026-03-04", "1", "group_add"), ("2026-03-05", "6", "delete"), ("2026-03-06", "1", "enable"),
        *(("2026-03-05", key, action) for key in ("2", "3") for action in ("disable", "move", "group_remove")),
        ("2026-03-10", "2", "delete"), ("2026-03-10", "3", "delete")])
    assert result["changes"] == len(done) == 12 and not result["changed"]
    assert [day["day"] for day in result["days"]] == ["2026-03-04", "2026-03-05", "2026-03-06", "2026-03-10", "2026-03-11"]
    assert result["days"][-1] == {"day": "2026-03-11", "counts": {}, "findings": 1, "stopped": [], "steps": {}}, "the manager's account is gone"
    assert result["msg"] == "elmo: 12 changes from 2026-03-02 to 2026-03-12; limits would stop the run of 2026-03-05."
    assert [line["message"] for line in lines if line["type"] == "limit"] == result["days"][1]["stopped"] == [
        "2 of 5 accounts would get the action 'disable' (40.0 %): at most 1 are allowed (limits.disable)"]
    assert "  disable 2 CN=Lea Ver,OU=Staff,DC=corp,DC=example: left on 2026-03-04" in result["report"]
    assert "  create 1 CN=Joi Ner,OU=Staff,DC=corp,DC=example: starts 2026-03-06" in result["report"]
    assert (tmp_path / "ahead.jsonl").stat().st_mode & 0o777 == 0o600


def test_findings_are_told_on_the_day_that_they_are_new(company):
    """An account that nobody has is absent on the first day; it is locked when the grace is over, and the finding is told once."""
    rules = company.rules(**RULES)
    snapshot = company.snapshot(company.account("9", "gone", ou=company.staff))
    days = list(forecast([Feed(rules, [company.employee("5")])], snapshot, company.as_of, 5))
    assert [[finding.kind for finding in day.findings] for day in days] == [["absent"], [], [], [], [], []]
    assert [[change.action for change in day.changes if change.key == "9"] for day in days] == [["update"], [], [], ["disable", "move"], [], []]
    (noted,) = [line for line in records_of(days[0]) if line["type"] == "change" and line["key"] == "9"]
    assert noted["attributes"] == ["adminDescription"] and "hris.ad source" not in json.dumps(noted), "names of attributes, no values"


def test_a_lock_out_lasts_until_the_leaving(company):
    """Nothing happens to the account until HR's last day is over; it is deleted so many days after that one."""
    mark = "hris.ad source=elmo state=active locked_out=2026-02-27T10:15:00Z by=grace"
    snapshot = company.snapshot(company.account("9", "out", "Loc Out", enabled=False, mark=mark))
    days = list(forecast([Feed(company.rules(**RULES), [company.employee("9", "Loc", "Out", end="2026-03-04")])], snapshot, company.as_of, 9))
    assert [[finding.kind for finding in day.findings] for day in days][:2] == [["locked_out"], []]
    assert {number: [change.action for change in day.changes] for number, day in enumerate(days) if day.changes} == {3: ["update", "move"], 8: ["delete"]}


def test_a_simulated_directory_has_no_former_names(ahead, staff, monkeypatch):
    monkeypatch.setitem(NO_NAMES, "taken_file", "/etc/taken")
    with pytest.raises(HrisError, match="a simulated directory has no former names"):
        ahead(staff)


def test_bounds_of_a_forecast(ahead, staff):
    assert len(ahead(staff, report_limit=3)["report"]) == 5 and "more lines" in ahead(staff, report_limit=3)["report"][-1]
    for wrong, words in [({"days": 400}, "400 is not between 0 and 366"), ({"simulated": False}, "no directory is named")]:
        with pytest.raises(HrisError, match=words):
            ahead(staff, **wrong)
    with pytest.raises(HrisError, match="has no employee"):
        ahead([])


def test_the_directory_as_rules_leave_it(company, staff):
    rules = company.rules(**RULES)
    snapshot, plan = left_by([Feed(rules, staff)], [], company.as_of)
    assert {account.attributes["employeeID"][0]: account.enabled for account in snapshot.accounts} == {"2": True, "3": True, "5": True, "6": False}
    assert plan.changes == [] == make_plan([people_of(staff, rules, company.as_of)], snapshot, company.as_of).plan.changes
    gone = next(account for account in snapshot.accounts if not account.enabled)
    assert gone.dn.endswith(company.leavers) and gone.attributes["adminDescription"] == ["hris.ad source=elmo state=disabled since=2026-02-28"]


COMMON = {"as_of": None, "rules_dest": None, "rules_before": None, "dest": None, "at_most": None, "domain_limits": None, "report_limit": 100}


@pytest.fixture
def compare(options, tmp_path):
    """compare(employees, old, new) -> the module's result of the second of two runs, the first of which keeps the old rules."""
    def run(employees, old, new, **more):
        common = COMMON | {"as_of": "2026-03-02"}
        kept = impact_command.run(common | {"sources": [source_of(options(**old), None)], "rules_dest": str(tmp_path / "old.json")}, False, None)
        assert not kept["changed"] and (tmp_path / "old.json").stat().st_mode & 0o777 == 0o600
        return impact_command.run(common | {"sources": [source_of(options(**new), employees)], "rules_before": str(tmp_path / "old.json"),
                                            "dest": str(tmp_path / "impact.md")} | more, False, None)
    return run


MAPPING = {"employeeID": "number", "givenName": "first", "sn": "last", "displayName": "{first} {last || ''}", "title": {"from": "title", "empty": "clear"},
           "manager": {"employee": "manager", "field": "id"}}


def test_the_same_rules_have_no_impact(compare, staff):
    result = compare(staff, RULES, RULES)
    assert result["people_changed"] == 0 and result["report"] == ["elmo: 0 of 6 people change (0 %): nothing changes"] and not result["failed"]


def test_who_changes_and_why(compare, staff, tmp_path):
    new = {"mapping": MAPPING | {"title": {"from": "department", "empty": "clear"}, "department": {"from": "department", "table": {"HR": "People"}}},
           "placement": [{"when": "last == 'Yer'", "ou": "OU=New,DC=corp,DC=example"}, {"ou": "OU=Staff,DC=corp,DC=example"}],
           "groups": [{"groups": ["Everybody"]}]}
    result = compare(staff[4:5], {}, new)
    assert result["counts"] == {"group_add": 1, "move": 1, "update": 1} and result["attributes"] == {"title": 1} and result["people_changed"] == 1
    (update,) = [line for line in result["report"] if line.startswith("  update")]
    assert update == ("  update 5 CN=Sta Yer,OU=Staff,DC=corp,DC=example: extensionName: hris.ad given=1000011 → hris.ad given=1000011,1000013, "
                      "title: Clerk → Sales (differs from HR; leaver.record; mapping.title: department (was title))")
    (move,) = [line for line in result["report"] if line.startswith("  move")]
    assert "placement[0] when last == 'Yer': OU=New,DC=corp,DC=example (was placement[0]: OU=Staff,DC=corp,DC=example)" in move
    (group,) = [line for line in result["report"] if line.startswith("  group_add")]
    assert "CN=Everybody,OU=Groups,DC=corp,DC=example" in group and "groups[0] (was no rule)" in group
    assert result["findings_new"] == 1 and "warning: unmapped: 5 (Sta Yer): " in result["report"][-1]
    text = (tmp_path / "impact.md").read_text()
    assert text == result["markdown"] and text.startswith("# Impact of the new rules for elmo\n\n**elmo: 1 of 1 people change (100 %)")
    assert "| `title` | `Clerk` | `Sales` |" in text and "was title" in text.replace("\\", "")
    back = compare(staff[4:5], new, {})
    assert (back["findings_new"], back["findings_gone"]) == (0, 1) and "info: gone: unmapped: 5 (Sta Yer): " in back["report"][-1]


def test_rules_that_ask_for_the_day(compare, staff):
    new = {"placement": [{"when": "date_diff(start, today('UTC'), 'days') >= `0`", "ou": "OU=New,DC=corp,DC=example"}, {"ou": "OU=Staff,DC=corp,DC=example"}]}
    result = compare(staff[4:5], RULES, RULES | new)
    assert result["counts"] == {"move": 1}
    assert "placement[0] when date_diff(" in str(result["report"]) and "day is known" not in str(result)


def test_leavers_have_an_impact_too(compare, staff):
    old = RULES | {"leaver": {"groups": "keep"}}
    result = compare(staff, old, RULES | {"leaver": {"groups": "remove_all", "move_to": "OU=Leavers,DC=corp,DC=example"}})
    assert {line.split()[0] for line in result["report"][1:]} == {"move", "group_remove", "update"} and result["people_changed"] == 2
    assert any("leaver.record" in line for line in result["report"]), "what is taken is recorded"
    assert any("leaver.move_to: OU=Leavers,DC=corp,DC=example" in line for line in result["report"])
    assert any("leaver.groups: remove_all" in line for line in result["report"])
    told = compare(staff, old, RULES | {"leaver": {"attributes": {"title": {"constant": "Former"}, "description": "Left {end}"}}})["report"]
    assert any("leaver.attributes.title (was " in line and "leaver.attributes.description: Left {end} (was no rule)" in line for line in told), told


def test_values_that_are_hidden_stay_hidden(compare, staff, tmp_path):
    new = {"mapping": MAPPING | {"title": "department"}}
    result = compare(staff, {"redact": ["title"]}, new)
    assert "Sales" not in json.dumps(result["report"]) + result["markdown"] and "(hidden) → (hidden)" in result["report"][1]


def test_names_that_old_or_new_rules_hide_are_in_no_finding(compare, staff):
    unmapped = {"mapping": MAPPING | {"department": {"from": "department", "table": {"HR": "People"}}}}
    hidden = {"mapping": MAPPING, "redact": ["displayName"]}
    for old, new, words in [(hidden, unmapped, "warning: unmapped: 5: "), (unmapped, hidden, "info: gone: unmapped: 5: ")]:
        result = compare(staff[4:5], old, new)
        assert words in result["report"][-1] and "Yer" not in json.dumps(result["report"]) + result["markdown"]


def test_an_old_rule_that_cannot_be_evaluated_gave_nothing(compare, staff):
    result = compare(staff[4:5], {"groups": [{"groups": ["All Staff"], "when": "starts_with(end, 'x')"}]}, {"groups": [{"groups": ["All Staff"]}]})
    assert any("groups[0] (was no rule)" in line for line in result["report"]), result["report"]


def test_a_gate(compare, staff):
    new = {"mapping": MAPPING | {"title": "department"}}
    for at_most, failed in [({"count": 0}, True), ({"count": 100}, False), ({"percent": 10.0}, True), ({"percent": 100.0}, False)]:
        result = compare(staff, {}, new, at_most=at_most)
        assert result["failed"] is failed and ("people may change" in result["msg"]) is failed


def test_limits_are_told_in_markdown(compare, staff):
    result = compare(staff, {}, {"mapping": MAPPING | {"title": "department"}, "limits": {"update": {"count": 1}}})
    assert "Limit that would stop the run" in result["markdown"] and "at most 1 are allowed" in result["markdown"]


@pytest.mark.parametrize(("text", "words"), [
    ("{", "the file is not JSON"), ("{}", "does not have rules of the format"), ('{"format": "hris.ad rules 2", "sources": [{"mapping": {}}]}', "missing required arguments"),
    ('{"format": "hris.ad rules 2", "sources": [{"source": "x", "wat": 1}]}', "old.json: "), ('{"format": "hris.ad rules 2", "sources": [1]}', "does not have rules"),
])
def test_old_rules_that_are_none(options, tmp_path, text, words):
    (tmp_path / "old.json").write_text(text)
    params = COMMON | {"sources": [source_of(options(), [{}])], "rules_before": str(tmp_path / "old.json")}
    with pytest.raises(HrisError, match=words):
        impact_command.run(params, False, None)


def test_which_rules_do_not_fit_the_feed_is_told(compare, staff):
    broken = {"mapping": MAPPING | {"title": "titel"}}
    with pytest.raises(HrisError, match="rules_before, mapping.title: no employee has the field 'titel'"):
        compare(staff, broken, {})
    with pytest.raises(HrisError, match="^mapping.title: no employee has the field 'titel'"):
        compare(staff, {}, broken)


def test_kept_rules_are_the_same_rules(options, tmp_path):
    """All options survive the file: those that are not set, tables with nulls in free mappings, exceptions, limits."""
    rules = options(actions=["create", "update"], exceptions=[{"key": "1", "action": "exclude", "reason": "x"}], primary={"prefer": ["id"]},
                    limits={"disable": {"count": 1}}, risk={"more_than": {"create": 3}}, **{name: RULES[name] for name in ("leaver", "absent")})
    impact_command.run(COMMON | {"sources": [source_of(rules, None)], "rules_dest": str(tmp_path / "old.json")}, False, None)
    assert impact_command.kept_rules(str(tmp_path / "old.json")) == [rules]


# Several sources of one domain

TAX = {"identity": {"same": {"tax_number": "tax"}}, "optional_fields": ["tax"]}


@pytest.fixture
def both(options, company):
    """both(elmo, icehrm, **rules) -> the option sources, for employees of each; rules are those of both."""
    def made(elmo, icehrm, **rules):
        return [source_of(options(source=name, **(TAX | RULES | rules)), employees) for name, employees in (("elmo", elmo), ("icehrm", icehrm))]
    return made


def forecast_of(sources, tmp_path, **more):
    common = {"as_of": "2026-03-02", "simulated": True, "progress_file": None, "days": 10, "directory": None, "domain_limits": None, "report_limit": 100,
              "names": NO_NAMES, "dest": str(tmp_path / "ahead.jsonl")}
    result = forecast_command.run(common | {"sources": sources} | more, False, None)
    lines = [json.loads(line) for line in (tmp_path / "ahead.jsonl").read_text().splitlines()]
    return result, [(line["day"], line["source"], line["key"], line["action"]) for line in lines if line["type"] == "change"]


def test_a_hand_over_ahead_is_no_leaving(company, both, tmp_path):
    """Whoever leaves one source on the 4th and begins in the other one on the 5th keeps the account."""
    here = [company.employee("1", tax="T-1", end="2026-03-04"), company.employee("2", "Stay", "Er")]
    there = [company.employee("900", tax="T-1", start="2026-03-05"), company.employee("901", "Stay", "Too")]
    result, done = forecast_of(both(here, there), tmp_path)
    assert [(day, source, key, action) for day, source, key, action in done if action != "update"] == [("2026-03-05", "icehrm", "900", "take_over")], done
    assert "  take_over icehrm: 900 CN=Ann Lee,OU=Staff,DC=corp,DC=example: " in "\n".join(result["report"])
    assert result["msg"].startswith("elmo, icehrm: ")
    _result, alone = forecast_of(both(here, there)[:1], tmp_path)
    assert [action for _day, _source, _key, action in alone] == ["disable", "move", "group_remove", "delete"], "what one source alone would foresee"


def test_limits_of_the_domain_stop_a_day(company, both, tmp_path):
    sources = both([company.employee("1", end="2026-03-04"), company.employee("3", "No", "One")], [company.employee("9", "Bo", "Ek", end="2026-03-04"), company.employee("8", "Ed", "Ix")])
    assert [day["stopped"] for day in forecast_of(sources, tmp_path)[0]["days"]] == [[], []], "each source has one"
    stopped = forecast_of(sources, tmp_path, domain_limits={"disable": {"count": 1}})[0]["days"][0]["stopped"]
    assert len(stopped) == 1 and "2 of 4 accounts would get the action 'disable'" in stopped[0]


def test_both_feeds_are_checked(company, both, tmp_path):
    with pytest.raises(HrisError, match="^icehrm: mapping.title: no employee has the field 'titel'"):
        forecast_of([both([company.employee("1")], [])[0], both([], [company.employee("9")], mapping=MAPPING | {"title": "titel"})[1]], tmp_path)
    with pytest.raises(HrisError, match="^icehrm: employees: the feed has no employee"):
        forecast_of(both([company.employee("1")], []), tmp_path)
    empty = both([company.employee("1")], [])
    empty[1]["allow_empty"] = True
    assert forecast_of(empty, tmp_path)[0]["changes"] == 0


def impact_of(sources, before, tmp_path, **more):
    impact_command.run(COMMON | {"sources": before, "rules_dest": str(tmp_path / "old.json")}, False, None)
    return impact_command.run(COMMON | {"as_of": "2026-03-02", "sources": sources, "rules_before": str(tmp_path / "old.json"), "dest": str(tmp_path / "impact.md")} | more, False, None)


def test_the_impact_on_people_of_two_sources(company, both, tmp_path):
    """Somebody of both sources is one person, whose rules are those of the primary record's source."""
    here = [company.employee("1", tax="T-1", end="2026-01-31"), company.employee("2", "Stay", "Er")]
    there = [company.employee("900", tax="T-1", start="2026-02-01"), company.employee("901", "Stay", "Too")]
    old = both(here, there)
    same = impact_of(old, old, tmp_path)
    assert (same["people"], same["people_changed"]) == (3, 0) and same["report"] == ["elmo, icehrm: 0 of 3 people change (0 %): nothing changes"]
    new = [old[0], both(here, there, mapping=MAPPING | {"title": "department"})[1]]
    result = impact_of(new, old, tmp_path)
    assert result["people_changed"] == 2 and result["counts"] == {"update": 2}
    assert [line for line in result["report"] if line.startswith("  update icehrm: 900 CN=Ann Lee,") and "mapping.title: department (was title)" in line], result["report"]
    assert "icehrm: 900" in (tmp_path / "impact.md").read_text()


def test_a_source_that_is_new_and_one_that_is_gone(company, both, tmp_path):
    sources = both([company.employee("1")], [company.employee("9", "Bo", "Ek")])
    added = impact_of(sources, sources[:1], tmp_path)
    assert added["counts"]["create"] == 1 and added["people_changed"] == 1 and any("create icehrm: 9" in line for line in added["report"])
    with pytest.raises(HrisError, match="it has rules of icehrm, which is no source now. Compare all sources"):
        impact_of(sources[:1], sources, tmp_path)


def test_a_forecast_knows_the_days_of_steps(company):
    steps = [DatedStep("notice", -2, "start"), DatedStep("farewell", 0, "end"), DatedStep("mailbox", 1, "first_day_without_access")]
    staff = [company.employee("5", start="2026-03-05"), company.employee("6", start="2026-03-05"), company.employee("7", end="2026-03-04"), company.employee("8")]
    feeds = [Feed(company.rules(**RULES), staff)]
    days = list(forecast(feeds, company.snapshot(), company.as_of, 5, steps={"elmo": steps, "other": steps}))
    assert [(day.day, day.steps) for day in days if day.steps] == [("2026-03-03", {"notice": 2}), ("2026-03-04", {"farewell": 1}), ("2026-03-06", {"mailbox": 1})]
    assert "  step notice is due for 2 people" in lines_of(days[1], ["elmo"]) and "  step farewell is due for 1 person" in lines_of(days[2], ["elmo"])
    assert {"day": "2026-03-03", "type": "step", "step": "notice", "people": 2} in list(records_of(days[1]))
    assert not any(day.steps for day in forecast(feeds, company.snapshot(), company.as_of, 5))
