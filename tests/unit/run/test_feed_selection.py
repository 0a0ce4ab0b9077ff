"""A feed file that lacks what nothing reads, from the module that writes it to each module that reads it later."""
from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.hris.ad.plugins.module_utils._hris.commands import (
    data_report,
    endpoint_info,
    feed_info,
    forecast_info,
    impact_info,
    record_feed,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.options import (
    ARGUMENTS as RULE_OPTIONS,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.run.source_options import (
    ARGUMENTS as SOURCES,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.run.source_options import (
    STOP,
    compile_sources,
    read_feeds,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.sources.files import (
    read_feed,
    read_feed_file,
)
from ansible_collections.hris.ad.plugins.modules import endpoint_info as endpoint_module
from ansible_collections.hris.ad.plugins.modules import feed_info as feed_info_module

IBAN = "GB29NWBK60161331926819"
RULES = {
    "source": "hr",
    "mapping": {"employeeID": "no", "givenName": "name.first", "sn": "name.last"},
    "naming": {"candidates": ["{ascii(givenName)}{employee.suffix || ''}"], "attributes": {"sAMAccountName": "{lower(name)}", "cn": "{name}"}},
    "placement": [{"ou": "OU=Staff,DC=corp,DC=example"}],
    "dates": {"start": "start"},
}
PEOPLE = [{"no": f"E{number}", "name": {"first": f"Ann{number}", "last": "Lee", "maiden": "Roe"}, "suffix": None, "start": "2020-01-01", "work_email": f"{number}@x",
           "bank": {"iban": IBAN, "bic": None}, "tax": 123456782, "sex": "f" if number % 2 else "m", "unit": "Sales"} for number in range(40)]


def options(spec, given):
    checked = ArgumentSpecValidator(copy.deepcopy(spec)).validate(copy.deepcopy(given))
    assert not checked.error_messages, checked.error_messages
    return checked.validated_parameters


@pytest.fixture
def written(tmp_path):
    """written(people, **kept_for) -> (path of the feed, result of the module, its warnings)."""
    def write(people=PEOPLE, **kept_for):
        (tmp_path / "hr.json").write_text(json.dumps(people), encoding="utf-8")
        warnings: list[str] = []
        given = {"endpoints": [{"name": "hr", "file": str(tmp_path / "hr.json")}], "dest": str(tmp_path / "feed.jsonl")}
        if kept_for:
            given["kept_for"] = {"rules": RULES} | kept_for
        result = endpoint_info.run(options(endpoint_module.ARGUMENT_SPEC, given), False, warnings.append)
        return str(tmp_path / "feed.jsonl"), result, warnings
    return write


def rule_options(**given):
    return options(RULE_OPTIONS, RULES | given)


def lines(path):
    return [json.loads(line) for line in Path(path).read_text("utf-8").splitlines()]


def feed(path, guard=None, **rules):
    """The feed as a run of sync takes it."""
    entry = RULES | rules | {"src": path} | ({"guard": guard} if guard else {})
    [found], _bad = read_feeds(compile_sources(options({"sources": SOURCES}, {"sources": [entry]})["sources"]), STOP, None)
    return found


def test_the_file_has_what_is_read_and_the_names_of_the_rest(written):
    path, result, warnings = written(guard=False)
    first, *others = lines(path)
    assert IBAN not in Path(path).read_text("utf-8") and not warnings
    assert first.pop("hris.ad") == {"left_out": [["name", "maiden"], ["bank"], ["tax"], ["sex"], ["unit"]]}
    assert [first, *others] == [{"no": one["no"], "name": {"first": one["name"]["first"], "last": "Lee"}, "suffix": None, "start": "2020-01-01",
                                 "work_email": one["work_email"]} for one in PEOPLE]
    assert result["fields_unread"] == ["name.maiden", "bank", "tax", "sex", "unit"]
    assert feed(path).feed.records == [first, *others], "the run sees employees, and nothing about the file"


def test_without_readers_the_file_has_everything(written):
    path, result, _warnings = written()
    assert lines(path) == PEOPLE and "fields_unread" not in result


@pytest.mark.parametrize("kept_for, kept", [
    ({"fields": ["bank.iban"]}, {"bank": {"iban": IBAN}}),
    ({"fields": ["tax", "unit"]}, {"tax": 123456782, "unit": "Sales"}),
    ({"webhooks": {"w": {"url": "https://x.example/{employee.tax}"}}}, {"tax": 123456782}),
    ({"steps": [{"name": "s", "when": "employee.unit == 'x'", "webhook": "w"}]}, {"unit": "Sales"}),
    ({"steps": [{"name": "s", "tasks": "x.yml", "fields": ["name.maiden"]}]}, {"name": {"first": "Ann0", "last": "Lee", "maiden": "Roe"}}),
    ({"rules": RULES | {"risk": {"people": ["unit == 'Board'"]}}}, {"unit": "Sales"}),
    ({"rules": RULES | {"scope": {"when": "sex == 'f'"}}}, {"sex": "m"}),
    ({"rules": RULES | {"identity": {"same": {"tax": "tax"}, "similar": {"unit": "unit"}}}}, {"tax": 123456782, "unit": "Sales"}),
    ({"rules": RULES | {"correlation": {"fallbacks": [{"attribute": "mail", "value": "tax", "when": "unit == 'a'"}]}}}, {"tax": 123456782, "unit": "Sales"}),
    ({"rules": RULES | {"required": ["tax"]}}, {"tax": 123456782}),
    ({"rules": RULES | {"primary": {"prefer": ["unit == 'a'"]}}}, {"unit": "Sales"}),
    ({"rules": RULES | {"groups": [{"when": "unit == 'a'", "groups": ["A"]}], "placement": [{"when": "sex == 'f'", "ou": "OU={tax},DC=x"}]}},
     {"unit": "Sales", "sex": "m", "tax": 123456782}),
    ({"rules": RULES | {"leaver": {"attributes": {"description": "{unit}"}}}}, {"unit": "Sales"}),
    ({"rules": RULES | {"dates": {"start": "start", "timezone": "unit", "end": "tax"}}}, {"unit": "Sales", "tax": 123456782}),
    ({"rules": RULES | {"mapping": RULES["mapping"] | {"manager": {"employee": "bank.bic", "field": "tax"}}}}, {"bank": {"bic": None}, "tax": 123456782}),
])
def test_every_reader_has_its_field(written, kept_for, kept):
    path, _result, warnings = written(**kept_for)
    assert not warnings
    first = lines(path)[0]
    always = {"no", "name", "suffix", "start", "work_email", "hris.ad"}
    assert {name: first[name] for name in kept} == kept and set(first) == always | set(kept)


@pytest.mark.parametrize("kept_for, reason", [
    ({"rules": RULES | {"required": ["to_string(@)"]}}, "required[0] (to_string(@)) may read any field"),
    ({"rules": RULES | {"mapping": RULES["mapping"] | {"info": "*.iban | [0]"}}}, "mapping.info (*.iban | [0]) may read any field"),
    ({"webhooks": {"w": {"url": "https://x.example", "body": "{employee}"}}}, "the webhook w, body (employee) may read any field"),
    ({"steps": [{"name": "s", "tasks": "x.yml"}]}, "the tasks of the step s may read any field (name those that they read in its fields)"),
    ({"unknown": "'ticket' is undefined"}, "what webhooks and steps read is not known yet ('ticket' is undefined)"),
])
def test_what_may_read_any_field_is_named(written, kept_for, reason):
    path, result, warnings = written(**kept_for)
    assert lines(path) == PEOPLE and "fields_unread" not in result
    assert len(warnings) == 1 and reason in warnings[0] and "leave kept_for out" in warnings[0]


def test_rules_that_the_run_refuses_cost_nothing_here(written):
    for rules in (RULES | {"mapping": {}}, RULES | {"nonsense": 1}, RULES | {"required": ["(("]}):
        path, _result, warnings = written(rules=rules)
        assert lines(path) == PEOPLE and not warnings
    with pytest.raises(HrisError, match="kept_for.fields: the expression does not parse"):
        written(fields=["a.(("])


@pytest.mark.parametrize("kept_for, place", [
    ({"fields": ["bank.ibn"]}, "kept_for.fields: no employee has the field 'bank.ibn'. Did you mean 'iban'"),
    ({"steps": [{"name": "s", "tasks": "x.yml", "fields": ["unti"]}]}, "the step s, fields: no employee has the field 'unti'. Did you mean 'unit'"),
])
def test_a_field_to_keep_that_does_not_exist(written, kept_for, place):
    with pytest.raises(HrisError) as caught:
        written(**kept_for)
    assert str(caught.value).startswith(place)
    written(rules=RULES | {"optional_fields": ["bank.ibn", "unti"]}, **kept_for)


def test_the_guard_has_the_figures_of_whole_employees(written, tmp_path):
    people = [*PEOPLE, {**PEOPLE[0], "bank": {"iban": "another", "bic": None}}, {**PEOPLE[1]}, {**PEOPLE[2], "no": ""}]
    guard = {"file": str(tmp_path / "guard.json")}
    whole = feed(written(people)[0], guard).guard.remember()
    path = written(people, guard=True)[0]
    assert IBAN not in Path(path).read_text("utf-8")
    (tmp_path / "guard.json").unlink()
    less = feed(path, guard).guard.remember()
    assert less["duplicate_keys"] == whole["duplicate_keys"] == 1 and less["without_key"] == whole["without_key"] == 1
    hidden = {"bank", "bank.iban", "bank.bic", "tax", "sex", "unit", "name.maiden"}
    assert less == whole | {"fields": {name: one | ({"values": None} if name in hidden else {}) for name, one in whole["fields"].items()}}
    # Either one is the last good feed of the other
    assert feed(path, {"last": whole}).guard.findings == [] and feed(written(people)[0], {"last": less}).guard.findings == []
    emptied = [{**one, "tax": None} for one in people]
    with pytest.raises(HrisError, match=r"'tax' is empty for 100%, the last time for 0%"):
        feed(written(emptied, guard=True)[0], {"last": whole})
    with pytest.raises(HrisError, match="the field 'bank' is gone"):
        feed(written([{name: value for name, value in one.items() if name != "bank"} for one in people], guard=True)[0], {"last": less})


def test_a_part_of_a_file_is_judged_by_what_is_in_it(written):
    path = written(guard=True)[0]
    last = feed(path, {"last": None, "file": path + ".guard"}).guard.remember()
    text = Path(path).read_text("utf-8").splitlines(keepends=True)
    Path(path).write_text("".join(text[:5]), "utf-8")
    with pytest.raises(HrisError, match="5 employees, the last time 40"):
        feed(path, {"last": last})
    Path(path).write_text("".join(text + text), "utf-8")
    assert read_feed_file(path).profile is None and len(read_feed(path)) == 80 and read_feed_file(path).left_out[0] == ("name", "maiden")


@pytest.mark.parametrize("about", [7, [], "x", {"left_out": 7}, {"left_out": ["bank"]}, {"left_out": [[]]}, {"left_out": [[7]]}])
def test_a_damaged_note_is_refused(tmp_path, about):
    (tmp_path / "feed.jsonl").write_text(json.dumps(PEOPLE[0] | {"hris.ad": about}) + "\n", encoding="utf-8")
    with pytest.raises(HrisError, match="its field 'hris.ad' is damaged"):
        read_feed(str(tmp_path / "feed.jsonl"))


def test_a_damaged_profile_is_refused(written):
    path = written(guard=True)[0]
    text = Path(path).read_text("utf-8")
    Path(path).write_text(text.replace('"duplicate_keys":0', '"duplicate_keys":"none"'), "utf-8")
    with pytest.raises(HrisError, match="the profile is damaged"):
        feed(path, {"file": path + ".guard"})


def test_a_name_that_does_not_exist_is_still_corrected(written):
    path = written(guard=False)[0]
    for wrong, right in (("taxx", "tax"), ("name.maidn", "maiden"), ("work_mail", "work_email")):
        with pytest.raises(HrisError, match=f"no employee has the field '{wrong}'") as caught:
            feed(path, required=[wrong])
        assert f"Did you mean '{right}'" in caught.value.hint


@pytest.mark.parametrize("optional", [[], ["tax", "bank"]])
def test_other_rules_on_the_file_are_refused_by_name(written, tmp_path, optional):
    path = written(guard=False)[0]
    more = {"required": ["tax"], "optional_fields": optional}
    expected = r"required\[0\]: the field 'tax' was left out of the feed file"
    with pytest.raises(HrisError, match=expected):
        feed(path, **more)
    def source(*, src=path, **rules):
        return {"sources": [rule_options(**rules) | {"src": src, "employees": None, "allow_empty": False, "steps": []}], "domain_limits": None}
    ahead = {"directory": None, "simulated": True, "days": 3, "dest": None, "report_limit": 10, "as_of": None,
             "progress_file": None, "names": dict.fromkeys(("reuse_after_days", "ledger", "key", "taken_file")) | {"released": []}}
    with pytest.raises(HrisError, match=expected):
        forecast_info.run(source(**more) | ahead, False, pytest.fail)
    assert forecast_info.run(source() | ahead, False, pytest.fail)["days"] == []
    kept = str(tmp_path / "before.json")
    to_keep = {"rules_dest": kept, "rules_before": None, "dest": None, "at_most": None, "report_limit": 10, "as_of": None}
    to_compare = to_keep | {"rules_dest": None, "rules_before": kept}
    impact_info.run(source(src=None) | to_keep, False, pytest.fail)
    assert impact_info.run(source() | to_compare, False, pytest.fail)["people_changed"] == 0
    with pytest.raises(HrisError, match=expected):
        impact_info.run(source(**more) | to_compare, False, pytest.fail)
    impact_info.run(source(src=None, **more) | to_keep, False, pytest.fail)
    with pytest.raises(HrisError, match="rules_before, " + expected):
        impact_info.run(source() | to_compare, False, pytest.fail)


def test_feed_info_lists_what_the_file_does_not_have(written):
    path = written(guard=False)[0]
    looked = feed_info.run(options(feed_info_module.ARGUMENT_SPEC, RULES | {"src": path}), False, pytest.fail)
    assert looked["fields_unread"] == ["work_email", "name.maiden", "bank", "tax", "sex", "unit"] and not looked["problems"]
    assert "The feed does not have these fields of HR: name.maiden, bank, tax, sex, unit" in looked["report"]
    wrong = feed_info.run(options(feed_info_module.ARGUMENT_SPEC, RULES | {"src": path, "required": ["tax", "txa"]}), False, pytest.fail)
    assert [one["message"].split(":")[0] for one in wrong["problems"]] == ["the field 'tax' was left out of the feed file", "no employee has the field 'txa'"]


def test_reports_and_recorded_feeds_say_what_they_do_not_see(written, tmp_path):
    path = written(guard=True)[0]
    warnings: list[str] = []
    dest = str(tmp_path / "recorded.jsonl")
    record_feed.run({"src": path, "employees": None, "dest": dest, "key": None, "keep": [], "shift": []}, False, warnings.append)
    assert "The feed does not have 5 fields of HR (name.maiden, bank, tax, sex, unit)" in warnings[0]
    recorded = read_feed_file(dest)
    assert recorded.left_out == read_feed_file(path).left_out and recorded.profile is None and "Lee" not in Path(dest).read_text("utf-8")
    warnings.clear()
    report = {"src": path, "plan": None, "source": "hr", "as_of": None, "last_report": None, "report_limit": 100, "format": ["markdown"],
              "dest": str(tmp_path / "report"), "key": "no", "required": [], "unique": [], "redact": []}
    data_report.run(report, False, warnings.append)
    assert any("The feed does not have 5 fields of HR" in text for text in warnings)
    with pytest.raises(HrisError, match="required: the feed does not have the field 'tax'"):
        data_report.run(report | {"required": ["tax"]}, False, warnings.append)
