"""A run handed on: to the next job by set_stats, to people by mail and chat; in check mode, after success, after refusal, and where HR is gone."""
from __future__ import annotations

import json

import pytest
import yaml
from hr_playbook import ROOT, run
from mail_server import PASSWORD, USER, certificate, mailing
from receiver import receiving, said
from test_sync_module import RULES, employee

HOOK = "/services/s3cr3t-r00m"
MANY = {"disable": {"count": 0}}


class Loader(yaml.SafeLoader):
    """Takes !unsafe for the text behind it."""


Loader.add_constructor("!unsafe", lambda loader, node: loader.construct_scalar(node))


@pytest.fixture
def site(service, tmp_path):
    """site(hosts, check=False, *arguments) -> run() of the playbook sync. hosts: {name: (employees, variables)}."""
    def play(hosts, *arguments, **common):
        for name, (employees, _more) in hosts.items():
            (tmp_path / f"{name}.jsonl").unlink(missing_ok=True)
            if employees is not None:
                (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(person) + "\n" for person in employees), encoding="utf-8")
        variables = {f"lifecycle_{name}": value for name, value in RULES.items() if name != "source"} | {
            "ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}", "hr_system": "lifecycle",
            "lifecycle_employees_file": str(tmp_path / "{{ inventory_hostname }}.jsonl"), "lifecycle_directory": service, "lifecycle_limits": {}} | common
        inventory = {"hr": {"hosts": {name: more for name, (_employees, more) in hosts.items()}, "vars": variables}}
        (tmp_path / "hosts.json").write_text(json.dumps(inventory), encoding="utf-8")
        found = run(tmp_path, ["-i", "hosts.json", "hris.ad.sync", *arguments], {})
        assert PASSWORD not in found["output"] and "s3cr3t-r00m" not in found["output"]
        assert all(isinstance(value, str) for value in found["custom"].values()), "templates would make texts of numbers, and AWX merges by keys"
        return found | {"told": {name: json.loads(value) for name, value in found["custom"].items()}}
    return play


def people(prefix, count=2, **more):
    return [employee(f"{prefix}{number}", "Hand", f"{prefix}on{number}", **more) for number in range(count)]


@pytest.mark.compat
def test_the_next_job_gets_the_run_of_all_sources(clean, site):
    hosts = {"first-hr": (people("a"), {}), "second": (people("b", 3), {})}
    checked = site(hosts, "--check")
    assert checked["stats"]["failures"] == 0, checked["output"]
    assert sorted(checked["told"]) == ["hris_first_hr_second"]
    first = checked["told"]["hris_first_hr_second"]
    assert first["check_mode"] is True and first["changed"] is True and first["failed"] is False and first["sources"] == ["first-hr", "second"]
    assert (first["changes"], first["accounts"], first["limits"], "applied" in first) == ({"create": 5, "group_add": 5}, 5, [], False)
    mark = clean.mark()
    refused = site(hosts, "-e", json.dumps({"lifecycle_approved_digest": f"sha256:{64 * '0'}"}))
    told = refused["told"]["hris_first_hr_second"]
    assert refused["stats"]["failures"] == 1 and told["failed"] and clean.writes_since(mark) == []
    assert "this is not the approved plan" in told["msg"] and told["digest"] == first["digest"]
    done = site(hosts, "-e", json.dumps({"lifecycle_approved_digest": first["digest"]}))["told"]["hris_first_hr_second"]
    assert done["digest"] == first["digest"] and (done["check_mode"], done["failed"], done["applied"], done["refused"]) == (False, False, 10, 0)
    quiet = site(hosts, "--limit", "first-hr")
    assert quiet["stats"]["changed"] == 0 and quiet["told"]["hris_first_hr"]["changed"] is False and list(quiet["told"]) == ["hris_first_hr"]
    assert site(hosts, "--limit", "first-hr", lifecycle_stats=False)["custom"] == {}


@pytest.mark.long
def test_the_digest_of_the_dry_run_lets_the_real_run_through_its_limits(clean, site):
    """As examples/awx has it: the artifact comes as an extra variable, and without a digest everything is refused."""
    templates = yaml.load((ROOT / "examples/awx/vars/job_templates.yml").read_text(encoding="utf-8"), Loader=Loader)["awx_job_templates"]
    named, approved = ({template["name"]: template.get("extra_vars") for template in templates}[name] for name in ("HR, dry run", "HR, as approved"))
    named = named | {"lifecycle_stats_report": False}  # its artifact is a list of lines
    hosts = {"leave": (people("l", 4), {}), "gone": (people("g"), {})}
    assert site(hosts)["stats"]["failures"] == 0
    hosts["leave"] = (people("l", 4, end="2026-01-31"), {})
    checked = site(hosts, "--check", lifecycle_limits=MANY, **named)
    (stopped,) = checked["told"].values()
    assert stopped["failed"] and stopped["limits"] == [text for text in stopped["limits"] if "at most 0 are allowed" in text] != [] and stopped["digest"]
    assert stopped["changes"]["disable"] == stopped["accounts"] == 4 and stopped["changed"] is False, "what is to be approved"
    artifacts = json.dumps(checked["custom"])
    done = site(hosts, "-e", artifacts, lifecycle_limits=MANY, **approved)
    (told,) = done["told"].values()
    assert not told["failed"] and told["changes"]["disable"] == 4, done["output"]
    hosts["gone"] = (None, {})
    unread = site(hosts, "--check", **named)
    (told,) = unread["told"].values()
    assert told["failed"] and "gone.jsonl" in told["msg"] and "digest" not in told, told
    hosts["gone"] = (people("g", 3), {})
    mark = clean.mark()
    late = site(hosts, "-e", json.dumps(unread["custom"]), **approved)
    (told,) = late["told"].values()
    assert late["stats"]["failures"] == 1 and "lifecycle_approved_digest is 'none, the dry run made no plan'" in told["msg"]
    assert site(hosts, **approved)["stats"]["failures"] == 1 and clean.writes_since(mark) == [], "no artifact at all"


def test_nothing_that_was_said_is_taken_for_a_template(clean, site, tmp_path):
    evil = "{{ lookup('pipe', 'touch " + str(tmp_path / "hacked") + "') }}{% raw %}{# x #}"
    guard = {"file": str(tmp_path / "shape.json")}
    assert site({"evil": ([person | {evil: "x"} for person in people("e")], {})}, lifecycle_guard=guard)["stats"]["failures"] == 0
    found = site({"evil": (people("e"), {})}, lifecycle_guard=guard)
    assert evil[:80] in found["told"]["hris_evil"]["msg"] and not (tmp_path / "hacked").exists(), found["output"]
    read = {"lifecycle_plan_dest": str(tmp_path / "{{ (hris_evil | from_json).sources[0] }}.json"), "lifecycle_limits": {}}
    site({"evil": (people("e"), {})}, "--check", "-e", json.dumps(found["custom"]), **read)
    assert (tmp_path / "evil.json").exists() and not (tmp_path / "hacked").exists(), "the next job, which fills in templates of its variables"


@pytest.mark.long
def test_parts_do_not_overwrite_one_another(clean, site):
    found = site({"part1": (people("p"), {"lifecycle_shard": {"part": 1, "of": 2}}), "part2": (people("p"), {"lifecycle_shard": {"part": 2, "of": 2}})},
                 "--check", lifecycle_source="parts-told")
    assert sorted(found["told"]) == ["hris_parts_told_part_1_of_2", "hris_parts_told_part_2_of_2"]
    assert sum(told["accounts"] for told in found["told"].values()) == 2


def notify(post, chat, folder, **more):
    return {"mail": {"host": "127.0.0.1", "port": post.port, "username": USER, "password": PASSWORD, "from": "hr@example.com", "to": ["desk@example.com"]},
            "webhook": {"url": chat.url + HOOK, "body": {"text": "{text}", "failed": "{failed}"}}, "ca_cert": str(certificate(folder)), **more}


@pytest.mark.long
def test_people_are_told_of_changes_and_failures_and_not_of_quiet_runs(clean, site, tmp_path):
    hosts = {"told": (people("t"), {})}
    report = {"lifecycle_plan_dest": str(tmp_path / "plan.json"), "lifecycle_report_file": str(tmp_path / "report.html")}
    with mailing(tmp_path) as post, receiving() as chat:
        told = notify(post, chat, tmp_path, attach_report=True, link="https://awx.example.com/#/jobs/7")
        assert site(hosts, "--check", lifecycle_notify=told, **report)["stats"]["failures"] == 0 and post.seen == [] == chat.seen
        site(hosts, "--check", lifecycle_notify=told | {"check_mode": True}, **report)
        assert chat.seen.pop()["json"]["text"].startswith("told, check mode, 2026-03-02: would be 2 accounts created, 2 memberships given.")
        assert post.seen.pop()["message"]["Subject"] == "hris.ad told, check mode: 2 accounts"
        assert "4 changes are planned" in (tmp_path / "report.html").read_text(encoding="utf-8")
        done = site(hosts, lifecycle_notify=told, **report)
        assert "4 of 4 changes were applied" in (tmp_path / "report.html").read_text(encoding="utf-8"), "the page of a real run says what happened"
        assert done["stats"]["changed"] == 1 and done["stats"]["failures"] == 0, done["output"]
        message, text = post.seen.pop()["message"], chat.seen.pop()["json"]
        assert text["failed"] is False and text["text"].endswith(f"Plan {done['told']['hris_told']['digest'][7:15]}. https://awx.example.com/#/jobs/7")
        assert message["Subject"] == "hris.ad told: 2 accounts" and message.get_body().get_content().strip() == text["text"]
        assert [part.get_filename() for part in message.iter_attachments()] == ["report.html"]
        quiet = site(hosts, lifecycle_notify=told, **report)
        assert quiet["stats"]["changed"] == 0 and post.seen == [] == chat.seen
        site(hosts, lifecycle_notify=told | {"when": "always"}, **report)
        assert chat.seen.pop()["json"]["text"].startswith("told, 2026-03-02: nothing to change.") and len(post.seen) == 1
        odd = {"told": ([*people("t"), employee("", "No", "Key")], {})}
        site(odd, lifecycle_notify=told | {"when": ["findings"], "details": True, "webhook": {"url": chat.url + HOOK}}, **report)
        assert "Findings: 1 error" in chat.seen.pop()["json"]["text"] and "has no value for 'number'" in post.seen.pop()["message"].get_body().get_content()


@pytest.mark.long
def test_a_refused_run_is_told_of_and_fails_whatever_becomes_of_the_message(clean, site, tmp_path):
    site({"refused": (people("r", 3), {})})
    hosts = {"refused": (people("r", 3, end="2026-01-31"), {})}
    with mailing(tmp_path) as post, receiving() as chat:
        report = {"lifecycle_plan_dest": str(tmp_path / "plan.json"), "lifecycle_report_file": str(tmp_path / "report.html")}
        found = site(hosts, lifecycle_limits=MANY, lifecycle_notify=notify(post, chat, tmp_path), **report)
        assert found["stats"]["failures"] == 1 and found["told"]["hris_refused"]["failed"]
        assert "Nothing was written: the plan is over its limits: 3 of 3 accounts" in (tmp_path / "report.html").read_text(encoding="utf-8")
        text = chat.seen[0]["json"]
        assert text["failed"] is True and "FAILED, nothing was written: the plan is over its limits: 3 of 3 accounts would get the action 'disable'" in text["text"]
        assert post.seen[0]["message"]["Subject"] == "hris.ad refused: FAILED"
    with receiving(lambda request: said(status=500)) as broken:
        for more in ({}, {"required": True}, {"webhook": {"uri": "typing error"}}):
            found = site(hosts, lifecycle_limits=MANY, lifecycle_notify={"webhook": {"url": broken.url + HOOK}, **more})
            assert found["stats"]["failures"] == 1 and "over its limits" in found["results"]["refused", "Fail for a source that was not served"]["msg"]


@pytest.mark.long
def test_a_message_that_cannot_be_sent_is_a_warning_unless_it_must_arrive(clean, site):
    hosts = {"warned": (people("w"), {})}
    with receiving(lambda request: said(status=500)) as broken:
        given = {"webhook": {"url": broken.url + HOOK}, "when": ["always"]}
        found = site(hosts, lifecycle_notify=given)
        assert found["stats"]["failures"] == 0 and "A notification was not sent: http://127.0.0.1" in found["output"] and found["told"]["hris_warned"]["changed"]
        assert site(hosts, lifecycle_notify=given | {"webhook": {"uri": "typing error"}})["stats"]["failures"] == 0
        failed = site(hosts, lifecycle_notify=given | {"required": True})
        assert failed["stats"]["failures"] == 1 and "HTTP 500" in failed["results"]["warned", "Fail for a source that was not served"]["msg"]
    assert "chnages" in site(hosts, lifecycle_notify=given | {"when": ["chnages"]})["output"], "refused before the run"


@pytest.mark.long
def test_that_hr_could_not_be_read_is_handed_on_as_well(clean, site):
    with receiving(lambda request: said(status=503)) as down, receiving() as chat:
        found = site({"hr1": (None, {})}, hr_system="rest", rest_base_url=down.url, rest_http={"retries": 0}, rest_key="number",
                     rest_endpoints=[{"name": "people", "url": "/people", "key": "number"}], lifecycle_notify={"webhook": {"url": chat.url + HOOK}})
        assert "hris_hr1" in found["told"], found["output"]
        assert found["stats"]["failures"] >= 1 and found["told"]["hris_hr1"]["failed"] and "HTTP 503" in found["told"]["hris_hr1"]["msg"], found["output"]
        assert len(chat.seen) == 1 and chat.seen[0]["json"]["text"].startswith("hr1: FAILED: ") and "HTTP 503" in chat.seen[0]["json"]["text"]
