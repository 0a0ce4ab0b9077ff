"""Which hosts that failed stop which domain: playbooks/vars/domain.yml, evaluated by Ansible without a directory."""
from __future__ import annotations

import json

import pytest
from hr_playbook import ROOT, run

LOCAL = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
# The hosts that declare no source are those whose variable broken is true.
HOSTS = {
    "corp1": {"lifecycle_domain": "corp"}, "corp2": {"lifecycle_domain": "corp", "broken": True}, "corp3": {"lifecycle_domain": "corp", "lifecycle_shard": {"part": 2}},
    "labs": {"lifecycle_domain": "labs"}, "numbered": {"lifecycle_domain": 7}, "unnamed": {}, "empty": {"lifecycle_domain": ""}, "null": {"lifecycle_domain": None},
    "off": {"lifecycle_domain": "labs", "lifecycle_enabled": False, "broken": True},
    "typo": {"lifecycle_domain": "{{ nowhere }}", "broken": True},
}


@pytest.mark.compat
def test_a_failed_host_stops_its_own_domain(tmp_path):
    def play(name, hosts):
        return {"name": name, "hosts": hosts, "gather_facts": False, "vars_files": [str(ROOT / "playbooks/vars/hr.yml"), str(ROOT / "playbooks/vars/domain.yml")], "tasks": [
            {"name": "Declare", "when": "broken is not defined", "ansible.builtin.set_fact": {"lifecycle_declared": {"source": "{{ inventory_hostname }}"}}},
            {"name": name, "when": "lifecycle_declared is defined", "ansible.builtin.set_fact": {
                "failed": "{{ __hris_failed_hosts }}", "together": "{{ __hris_together }}", "file": "{{ 'a.json' | regex_replace(__hris_file_name, __hris_file_of_plan) }}"}}]}

    (tmp_path / "hosts.json").write_text(json.dumps({"hr": {"hosts": {name: LOCAL | its for name, its in HOSTS.items()}}}), encoding="utf-8")
    (tmp_path / "play.yml").write_text(json.dumps([play("known", "hr:!typo"), play("one domain", "labs:off"), play("two domains", "corp2:labs"), play("unknown", "hr")]),
                                       encoding="utf-8")
    found = run(tmp_path, ["-i", "hosts.json", "play.yml"], {})
    assert found["stats"]["failures"] == 0, found["output"][-3000:]

    def answers(task, name):
        return {host: result["ansible_facts"][name] for (host, one), result in found["results"].items() if one == task and "ansible_facts" in result}
    assert answers("known", "failed") == {"corp1": ["corp2"], "corp3": ["corp2"], "labs": [], "numbered": [], "unnamed": [], "empty": [], "null": []}
    assert answers("known", "together") | {"corp1": 0} == {
        "corp1": 0, "corp3": ["corp3"], "labs": ["labs"], "numbered": ["numbered"], **dict.fromkeys(("unnamed", "empty", "null"), ["unnamed", "empty", "null"])}
    assert answers("unknown", "failed") == {name: ["corp2", "typo"] if name.startswith("corp") else ["typo"] for name in answers("known", "failed")}
    assert [answers(one, "file")["labs"] for one in ("one domain", "two domains")] == ["a.json", "a-labs.json"]
