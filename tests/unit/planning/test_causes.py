"""Findings and refused changes of one cause: one line, and the others stay in sight."""
from __future__ import annotations

import json

from ansible_collections.hris.ad.plugins.module_utils._hris.model.findings import Finding
from ansible_collections.hris.ad.plugins.module_utils._hris.model.plan import (
    Change,
    Outcome,
    Plan,
    PlanDomain,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.causes import FEW, skeleton
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.summary import report
from ansible_collections.hris.ad.plugins.module_utils._hris.reporting.markdown import plan_markdown
from ansible_collections.hris.ad.plugins.module_utils._hris.reporting.plan_page import plan_page
from ansible_collections.hris.ad.plugins.module_utils._hris.reporting.plan_view import view_of
from ansible_collections.hris.ad.plugins.module_utils._hris.run.execution import Executed
from ansible_collections.hris.ad.plugins.module_utils._hris.run.result import (
    executed_result,
    findings_result,
)


def plan(*findings: Finding, changes=()) -> Plan:
    return Plan(["elmo"], "2026-03-02", PlanDomain("x", "DC=x", "dc1"), list(changes), list(findings), [], {}, {}, {})


def no_ou(number: int) -> Finding:
    return Finding("held", f"the OU OU=New,DC=x does not exist, and it cannot be created for {number} of them", f"E{number}", "placement", name=f"Ann {number}")


OTHER = Finding("held", "'soon' is not a date.", "E9999", "dates.end", name="Bob Roe")
LOST = Finding("absent", "the account has no employee", "E8888", "employeeID", "warning")


def test_many_of_one_cause_are_one_line_with_their_number_and_the_first():
    made = plan(*map(no_ou, range(706)), OTHER, LOST)
    _sentence, many, other, lost = report(made, 100)
    assert many.startswith("error: 706 times, such as: the OU OU=New,DC=x does not exist") and many.endswith("(E0 (Ann 0), E1 (Ann 1), E2 (Ann 2), E3 (Ann 3), E4 (Ann 4) and 701 more)")
    assert other == "error: E9999 (Bob Roe): 'soon' is not a date." and lost.startswith("warning: E8888: ")


def test_a_message_that_names_an_account_is_only_an_example():
    """`4 times: CN=Ann may be it` would say the same account of four people."""
    alike = [Finding("no_account", f"CN=Ann {number},DC=x may be it.", f"E{number}") for number in range(FEW + 1)]
    equal = [Finding("held", "the end is before the start.", f"F{number}") for number in range(FEW + 1)]
    _sentence, first, second = report(plan(*alike, *equal), 100)
    assert first.startswith("error: 4 times, such as: CN=Ann 0,DC=x may be it. (E0, E1")
    assert second.startswith("error: 4 times: the end is before the start. (F0, F1")


def test_a_few_are_shown_one_by_one():
    assert len(report(plan(*map(no_ou, range(FEW))), 100)) == 1 + FEW


def test_each_cause_is_among_the_first_in_every_list():
    made = plan(*map(no_ou, range(706)), OTHER, LOST)
    result = findings_result(made, 20)
    assert len(result["findings"]) == 20 and result["findings_total"] == 708
    assert {one["key"] for one in result["findings"][:5]} == {"E0", "E1", "E2", "E9999", "E8888"}
    view = view_of(made, None, [])
    text = plan_markdown(view, 5)
    assert "E9999" in text and "E8888" in text and "| 706 |" in text
    page = plan_page(view)
    assert "<strong>706 times, error:</strong>" in page and "and 701 more" in page


def test_refused_changes_of_one_cause():
    changes = [Change("create", "elmo", f"E{number}", None, f"CN=Ann {number},OU=New,DC=x", "new") for number in range(50)]
    changes.append(Change("update", "elmo", "E77", "g", "CN=Bob,DC=x", "title"))
    outcomes = [Outcome("refused", f"noSuchObject: 'CN=Ann {number},OU=New,DC=x' has no parent", "noSuchObject") for number in range(50)]
    outcomes.append(Outcome("refused", "constraintViolation: title", "constraintViolation"))
    told: list[str] = []
    result = executed_result(plan(changes=changes), Executed(changes, outcomes), 10, told.append)
    assert "E77" in {one["key"] for one in result["refused"]} and len(result["refused"]) == 10 and result["refused_total"] == 51
    assert len(told) == 2 and told[0].endswith("So were 49 others.") and "E77" in told[1]


def test_what_differs_between_people_is_no_cause():
    assert skeleton("E1 has 'a' at CN=Ann Lee,OU=x and 3", "E1", "Ann Lee") == skeleton("E22 has 'bb' at CN=Bob\\, Roe,OU=x and 44", "E22", "Bob Roe")
    assert skeleton("at most 128 characters, not 129", "1", None) == skeleton("at most 128 characters, not 777", "2", None)
    assert skeleton("'title' has no value. Correct HR") != skeleton("'title' is no text. Correct HR")


def test_a_finding_is_bounded_whatever_hr_has():
    made = plan(*(Finding("held", f"'{'x y ' * 2_500_000}' is not a date", f"E{number}", "dates.end") for number in range(3)))
    assert len(json.dumps(findings_result(made, 100))) < 12_000
