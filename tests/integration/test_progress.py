"""Long runs show how far they are, in the output of the real ansible-playbook; short ones are silent, and results stay what they are."""
from __future__ import annotations

import json
import re

import hr_playbook
import pytest
from few import few
from module_process import one_source
from slow_pages import fetching, serving
from test_sync_module import RULES, employee

from lab.delay import Delay

LINE = re.compile(r"^(\w+ localhost: .*)$", re.MULTILINE)


@pytest.fixture(scope="module")
def slow_hr():
    """The address of a server that takes its time for each page of its list."""
    with serving(6, 0.25) as url:
        yield url


def fetch(url: str, dest, **more) -> dict:
    """A task that reads the slow list, in about two seconds."""
    return {"name": "Fetch", "hris.ad.endpoint_info": fetching(url, str(dest)), **more}


def shown(found: dict) -> list[str]:
    """The lines of progress in the output."""
    return LINE.findall(found["output"])


def before_the_result(found: dict, line: str) -> bool:
    return 0 <= found["output"].index(line) < re.search(r"^(ok|changed): \[localhost\]", found["output"], re.MULTILINE).start()


@pytest.mark.compat
def test_a_slow_source_is_watched_page_by_page(slow_hr, tmp_path):
    found = hr_playbook.play(tmp_path, [fetch(slow_hr, tmp_path / "feed.jsonl")], {"hris_progress_seconds": 0.8})
    lines = [line for line in shown(found) if re.fullmatch(r"endpoint_info localhost: fetch people \d+/60, \d+ a second, \d+ s left", line)]
    assert lines and before_the_result(found, lines[0]), found["output"]
    result = found["results"]["Fetch"]
    assert result["counts"]["employees"] == 60 and result["changed"] is False
    assert result["invocation"]["module_args"]["progress_file"] is None, "the task is shown as it was written"
    assert "p1-0" not in "".join(shown(found))


def test_a_slow_directory_is_watched_change_by_change(domain, clean, service, tmp_path):
    staff = [employee(f"long{number}", "Long", f"Run{number}") for number in range(150)]
    with Delay(domain.address, (domain.address, 636), 40) as slow:
        task = {"name": "Sync", "hris.ad.sync": one_source(RULES | {
            "source": "long", "employees": staff, "directory": service | {"servers": [slow.address]}})}
        found = hr_playbook.play(tmp_path, [task], {"hris_progress_seconds": 0.5})
        lines = [line for line in shown(found) if re.fullmatch(r"sync localhost: write \d+/300, \d+ a second, \d+ s left", line)]
        assert lines and before_the_result(found, lines[-1]), found["output"]
        result = found["results"]["Sync"]
        assert result["changed"] and result["applied"] == 300
        again = hr_playbook.play(tmp_path, [task], {}, check=True)  # the usual ten seconds
        assert not again["results"]["Sync"]["changed"] and shown(again) == []
    assert "Run1" not in "".join(lines)


SILENT = {
    "a run that is over before the first line": ({"hris_progress_seconds": 120}, {}),
    "when nobody wants to see it": ({"hris_progress_seconds": 0}, {}),
    "a task that is not to be seen": ({"hris_progress_seconds": 0.2}, {"no_log": True}),
    "a task in the background": ({"hris_progress_seconds": 0.2}, {"async": 30, "poll": 1}),
}


@pytest.mark.parametrize(("variables", "more"), few(SILENT.values()), ids=SILENT)
def test_nothing_is_shown(slow_hr, tmp_path, variables, more):
    found = hr_playbook.play(tmp_path, [fetch(slow_hr, tmp_path / "feed.jsonl", **more)], variables)
    assert found["stats"]["ok"] == 1 and shown(found) == [], found["output"]
    assert len((tmp_path / "feed.jsonl").read_text(encoding="utf-8").splitlines()) == 60


def test_a_file_of_ones_own_gets_the_lines_and_the_screen_none(slow_hr, tmp_path):
    task = fetch(slow_hr, tmp_path / "feed.jsonl")
    task["hris.ad.endpoint_info"]["progress_file"] = str(tmp_path / "progress.jsonl")
    found = hr_playbook.play(tmp_path, [task], {"hris_progress_seconds": 0.2})
    assert shown(found) == []
    lines = [json.loads(line) for line in (tmp_path / "progress.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {line["phase"] for line in lines} == {"fetch people"} and lines[-1]["done"] == lines[-1]["total"] == 60
    assert (tmp_path / "progress.jsonl").stat().st_mode & 0o777 == 0o600


def test_all_that_a_task_may_say_holds(slow_hr, tmp_path):
    """Defaults of the module, a loop, delegation, check mode, and a time that is none."""
    options = fetch(slow_hr, "{{ item }}")["hris.ad.endpoint_info"]
    tasks = [{"name": "Fetch", "block": [{
        "name": "Loop", "hris.ad.endpoint_info": {"dest": "{{ item }}"}, "delegate_to": "localhost",
        "loop": [str(tmp_path / "one.jsonl"), str(tmp_path / "two.jsonl")]}],
        "module_defaults": {"hris.ad.endpoint_info": {name: value for name, value in options.items() if name != "dest"}}},
        fetch(slow_hr, tmp_path / "three.jsonl", vars={"hris_progress_seconds": "often"}, ignore_errors=True)]
    found = hr_playbook.play(tmp_path, tasks, {"hris_progress_seconds": "{{ 1 / 2 }}"}, check=True)
    assert [item["counts"]["employees"] for item in found["results"]["Loop"]["results"]] == [60, 60]
    assert len([line for line in shown(found) if line.startswith("endpoint_info localhost: fetch people ")]) >= 4
    assert "hris_progress_seconds: 'often' is no number of seconds" in found["results"]["Fetch"]["msg"]


def test_directory_options_come_from_the_action_group(clean, service, tmp_path):
    task = {"name": "Sync", "hris.ad.sync": one_source(RULES | {"source": "grouped", "employees": [employee("grouped1", "Gina", "Rouped")]}),
            "module_defaults": {"group/hris.ad.directory": {"directory": service}}, "diff": True}
    found = hr_playbook.play(tmp_path, [task], {}, check=True)["results"]["Sync"]
    assert found["changed"] and found["diff"] and not found.get("failed")
