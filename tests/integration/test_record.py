"""The playbook hris.ad.record against the lab's HR systems: what is saved, and that the examples' rules see the same company in it."""
from __future__ import annotations

import json
import re

import pytest
import yaml
from hr_playbook import ROOT, run
from module_process import run_module

from lab import hr, population

KEY = "a-key-that-nobody-knows-4711"
KEEP = {
    "elmo": ["department", "position", "location", "legalEntity", "country", "timezone", "role"],
    "icehrm": ["department", "job_title", "country", "employment_status", "status", "timezone"],
}
BIRTH = {"elmo": "dateOfBirth", "icehrm": "birthday"}
FETCH = [{"name": "Fetch", "hosts": "hr", "gather_facts": False, "tasks": [
    {"name": "Fetch", "ansible.builtin.include_role": {"name": "hris.ad.{{ hr_system }}", "tasks_from": "fetch"}}]}]


@pytest.fixture(scope="module", params=sorted(KEEP))
def system(request, tmp_path_factory):
    """(kind, server, folder, arguments, environment, the employees as they are)."""
    kind, folder = request.param, tmp_path_factory.mktemp("record")
    with hr.serve(kind, population.generate(250, company=kind), tls=tmp_path_factory.mktemp("tls")) as server:
        environment = {"HRIS_ELMO_BASE_URL": server.url, "HRIS_ELMO_CLIENT_ID": "lab-client", "HRIS_ELMO_CLIENT_SECRET": "lab-secret",
                       "HRIS_ICEHRM_BASE_URL": server.url, "HRIS_ICEHRM_TOKEN": server.token() if kind == "icehrm" else ""}
        arguments = ["-i", str(ROOT / "examples" / kind), "-e", f"{kind}_ca_cert={server.ca_file}"]
        (folder / "fetch.yml").write_text(json.dumps(FETCH), encoding="utf-8")
        assert run(folder, [*arguments, "-e", f"{kind}_employees_file={folder}/true.jsonl", "fetch.yml"], environment)["stats"]["failures"] == 0
        yield kind, folder, arguments, environment, lines(folder / "true.jsonl")


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def record(system, name, *more, **variables):
    _kind, folder, arguments, environment, _employees = system
    given = {"hris_record_dest": str(folder / name), "hris_record_key": KEY} | variables
    found = run(folder, [*arguments, "-e", json.dumps({name: value for name, value in given.items() if value}), "hris.ad.record", *more], environment)
    assert KEY not in found["output"] and not list((folder / "tmp").glob("hris.ad-*")), "a file with employees was left behind"
    return found


def texts(value):
    """All texts and numbers at every depth, with the path."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from ((f"{name}.{path}".rstrip("."), text) for path, text in texts(item))
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
    else:
        yield "", value


def rules(kind):
    found = yaml.safe_load((ROOT / "examples" / kind / "group_vars/hr.yml").read_text(encoding="utf-8"))
    return {name.removeprefix("lifecycle_"): value for name, value in found.items() if name.startswith("lifecycle_") and name != "lifecycle_directory"}


def test_the_rules_see_the_same_company(system):
    kind, folder, _arguments, _environment, employees = system
    options = {"hris_record_keep": KEEP[kind], "hris_record_shift": [BIRTH[kind]]}
    checked = record(system, "recorded.jsonl", "--check", **options)
    assert checked["stats"] == {"ok": checked["stats"]["ok"], "changed": 1, "failures": 0}, checked["output"]
    assert not (folder / "recorded.jsonl").exists()
    done = record(system, "recorded.jsonl", **options)
    assert (done["stats"]["failures"], done["stats"]["changed"]) == (0, 1) and oct((folder / "recorded.jsonl").stat().st_mode & 0o777) == "0o600"
    assert record(system, "recorded.jsonl", **options)["stats"]["changed"] == 0, "stable: the same key and feed give the same file"
    made = lines(folder / "recorded.jsonl")
    assert len(made) == len(employees) > 200
    judged = [run_module(folder, "feed_info", {"src": str(folder / name), "source": kind, "as_of": "2026-03-02", **rules(kind)})
              for name in ("true.jsonl", "recorded.jsonl")]
    assert judged[0]["people"] == judged[1]["people"] and sum(judged[0]["people"].values()) > 150 and len(judged[0]["people"]) > 1
    assert judged[0]["problems"] == judged[1]["problems"] == [] and judged[0]["findings_total"] == judged[1]["findings_total"]
    assert [entry["kind"] for entry in judged[0]["findings"]] == [entry["kind"] for entry in judged[1]["findings"]]


def test_nobody_is_in_it_and_references_meet(system):
    kind, folder, _arguments, _environment, employees = system
    result = next(value for (_host, task), value in record(system, "all.jsonl", hris_record_shift=[BIRTH[kind]])["results"].items()
                  if task == "Save the employees with pseudonyms")
    made, kept = lines(folder / "all.jsonl"), {line["path"] for line in result["kept"]}
    pairs = [(path, old, new) for before, after in zip(employees, made, strict=True)
             for (path, old), (_path, new) in zip(texts(before), texts(after), strict=True)]
    same = {path for path, old, new in pairs if old == new and isinstance(old, str) and re.search(r"[^\W\d_]|[1-9]", old)}
    assert same <= kept and not [line for line in result["kept"] if line["treatment"] == "kept"] and result["stable"]
    assert not [old for path, old, new in pairs if isinstance(old, int) and not isinstance(old, bool) and old > 0 and old == new]
    one = {}
    for _path, old, new in pairs:
        if isinstance(old, str) and not re.fullmatch(r"\d{4}-\d\d-\d\d.*", old):
            assert one.setdefault(old, new) == new, "one value has one pseudonym, in every field"
    assert len(set(one.values())) == len(one), "and two values never have one"
    text = (folder / "all.jsonl").read_text(encoding="utf-8")
    assert not [name for before in employees for name in (before.get("lastName") or before.get("last_name") or "",) if len(name) > 4 and f'"{name}"' in text]


def test_without_a_key_it_is_another_one_each_time(system):
    kind, folder, *_rest = system
    found = [record(system, f"random{number}.jsonl", hris_record_key="") for number in (1, 2)]
    results = [next(value for (_host, task), value in one["results"].items() if task == "Save the employees with pseudonyms") for one in found]
    assert not any(result["stable"] for result in results) and (folder / "random1.jsonl").read_bytes() != (folder / "random2.jsonl").read_bytes()
    assert "Name it in hris_record_shift" in found[0]["output"]


def test_the_file_that_other_runs_keep_is_left_alone(system):
    kind, folder, *_rest = system
    kept = folder / "kept.jsonl"
    kept.write_text("as it was", encoding="utf-8")
    assert record(system, "beside.jsonl", **{f"{kind}_employees_file": str(kept)})["stats"]["failures"] == 0
    assert kept.read_text(encoding="utf-8") == "as it was" and (folder / "beside.jsonl").exists()


@pytest.mark.parametrize(("variables", "words"), [
    ({"hris_record_key": "short"}, ["hris_record_key: ", "at least 16"]),
    ({"hris_record_keep": ["departmnt"]}, ["hris_record_keep[0]", "Did you mean"]),
    ({"hris_record_dest": ""}, ["hris_record_dest"]),
])
def test_what_cannot_be_is_said(system, variables, words):
    found = record(system, "wrong.jsonl", **variables)
    assert found["stats"]["failures"] == 1 and all(word in found["output"] for word in words) and not (system[1] / "wrong.jsonl").exists()


def test_several_sources_need_several_files(tmp_path):
    (tmp_path / "feed.jsonl").write_text('{"id": 7, "name": "Ann"}\n', encoding="utf-8")
    variables = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}", "hr_system": "lifecycle",
                 "lifecycle_employees_file": str(tmp_path / "feed.jsonl")}
    (tmp_path / "hosts.json").write_text(json.dumps({"hr": {"hosts": {"a": {}, "b": {}}, "vars": variables}}), encoding="utf-8")
    arguments = ["-i", "hosts.json", "-e", f"hris_record_key={KEY}", "hris.ad.record", "-e"]
    assert "names one file" in run(tmp_path, [*arguments, "hris_record_dest=one.jsonl"], {})["output"]
    assert not (tmp_path / "one.jsonl").exists()
    found = run(tmp_path, [*arguments, json.dumps({"hris_record_dest": "{{ inventory_hostname }}.jsonl"})], {})
    assert found["stats"]["failures"] == 0, found["output"]
    assert lines(tmp_path / "a.jsonl") == lines(tmp_path / "b.jsonl") and lines(tmp_path / "a.jsonl")[0]["id"] != 7
