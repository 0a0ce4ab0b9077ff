"""Whoever runs the playbooks reads the names of the variables that they have written, on the page of the report as well."""
from __future__ import annotations

import json

import pytest
from hr_playbook import run
from test_sync_module import RULES, employee
from unpacking import unpacked

TITLE = {"from": "title", "table": {"Clerk": "Clerk", "Head": "Head"}}


def seen(path):
    """What the reader of a report sees."""
    text = path.read_text(encoding="utf-8")
    return unpacked(text) if path.suffix == ".html" else text


@pytest.fixture
def site(tmp_path, service):
    """site(playbook, *arguments, **variables) -> the run of the playbook. The feed has values that look like options."""
    staff = [employee("n1"), employee("limits.held", "mapping.title", "Odd", title="naming.candidates"), employee("n3", "Bo", "Ek", start="soon")]
    (tmp_path / "feed.jsonl").write_text("".join(json.dumps(person) + "\n" for person in staff), encoding="utf-8")
    rules = {f"lifecycle_{name}": value for name, value in RULES.items()} | {
        "lifecycle_mapping": RULES["mapping"] | {"title": TITLE}, "lifecycle_source": "names", "lifecycle_limits": {"held": {"percent": 100}, "create": {"count": 1}}}

    def play(playbook, *arguments, **variables):
        common = rules | {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}", "hr_system": "lifecycle",
                          "lifecycle_directory": service, "lifecycle_employees_file": str(tmp_path / "feed.jsonl")} | variables
        (tmp_path / "hosts.json").write_text(json.dumps({"hr": {"hosts": {"names": {}}, "vars": common}}), encoding="utf-8")
        return run(tmp_path, ["-i", "hosts.json", *arguments, playbook], {})
    return play


def test_a_run_names_variables(tmp_path, clean, site):
    broken = site("hris.ad.sync", lifecycle_mapping=RULES["mapping"] | {"title": "lowre(title)"})
    assert broken["stats"]["failures"] == 1 and "lifecycle_mapping.title: unknown function" in broken["output"], broken["output"]
    mark = clean.mark()
    found = site("hris.ad.sync", "--check", lifecycle_report_file=f"{tmp_path}/pages/", lifecycle_report_formats=["html", "markdown", "csv"],
                 lifecycle_plan_dest=str(tmp_path / "plan.json"))
    result = next(one for (_host, task), one in found["results"].items() if task.startswith("Make the domain follow"))
    limit = "at most 1 are allowed (lifecycle_limits.create)"
    assert found["stats"]["failures"] == 1 and limit in result["msg"] and "lifecycle_approved_digest=sha256:" in result["msg"] and limit in result["chat"], result["msg"]
    places = {one["kind"]: (one["key"], one["place"], one["message"]) for one in result["findings"]}
    assert places["unmapped"][:2] == ("limits.held", "lifecycle_mapping.title") and "'naming.candidates'" in places["unmapped"][2]
    assert places["held"][1] == "lifecycle_dates.start" and places["held"][2].startswith("lifecycle_dates.start: ")
    pages = {path.suffix: seen(path) for path in (tmp_path / "pages").iterdir()}
    assert set(pages) == {".html", ".md", ".csv"}
    for suffix, text in pages.items():
        assert "CN=mapping.title Odd" in text and "lifecycle_limits.held" not in text
        assert "lifecycle_mapping.title" in text or suffix == ".csv", "the table has no findings"
    plan = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    assert plan["rules"]["names"]["title"]["place"] == "lifecycle_mapping.title"
    assert {one["option"] for one in plan["limits"]} == {"lifecycle_limits.create", "lifecycle_limits.held"}
    assert clean.writes_since(mark) == []


def test_other_playbooks_name_variables(tmp_path, site):
    explained = site("hris.ad.explain", "-e", "hris_explain_employee=n1")
    assert "lifecycle_mapping.title" in explained["output"] and "lifecycle_groups[0]" in explained["output"], explained["output"]
    ahead = site("hris.ad.forecast", "-e", "hris_forecast_simulated=true", "-e", "hris_forecast_days=1", lifecycle_directory={})
    assert "lifecycle_dates.start: " in ahead["output"] and ahead["stats"]["failures"] == 0, ahead["output"]
    assert site("hris.ad.impact", "-e", "hris_rules_dest=before.json")["stats"]["failures"] == 0
    impact = site("hris.ad.impact", "-e", "hris_rules_before=before.json", "-e", "hris_recorded_feed=feed.jsonl", lifecycle_required=["nobody.has.it"])
    assert "lifecycle_required[0]: no employee has the field" in impact["output"] and "lifecycle_optional_fields" in impact["output"], impact["output"]
    (tmp_path / "cases.yml").write_text(json.dumps([{
        "name": "a value without an entry", "employee": {"number": "c1", "first": "Ann", "last": "Lee", "title": "limits.held", "start": "2020-01-01", "end": None, "manager": None},
        "as_of": "2026-03-02", "expect": {"findings": [{"kind": "unmapped", "place": "lifecycle_mapping.title"}], "ou": "OU=Else,DC=corp,DC=example"}}]),
        encoding="utf-8")
    tested = site("hris.ad.test_rules", "-e", "hris_rules_cases=cases.yml")
    assert "decided by lifecycle_placement[0]: OU=Staff" in tested["output"] and "findings: expected" not in tested["output"], tested["output"]
