"""Runs that die: killed at random points, with a journal that cannot be written on, with a server that goes away."""
from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys

from hr_playbook import ROOT
from module_process import one_source
from own_address import OWN
from test_sync_module import RULES, employee


def test_a_few_kills_lose_and_double_nobody():
    done = subprocess.run([sys.executable, "-m", "lab.chaos", "--kills", "6", "--address", f"127.0.3.{OWN}", "--root",
                           str(ROOT / ".cache" / f"chaos-tests-{OWN}")], cwd=ROOT, capture_output=True, text=True, check=False, timeout=600)
    assert done.stdout.splitlines()[-1] == "6 kills, 0 lost, 0 doubled", done.stdout + done.stderr
    assert done.returncode == 0
    ways = re.findall(r"\d (killed|cut off|disk full|undo killed)", done.stdout.splitlines()[-3])
    assert len(ways) >= 3, "different ways to die were tried"


def test_a_full_disk_stops_the_run_and_the_next_one_finishes(clean, module, service, tmp_path):
    """A process that may write no file beyond a size is as good as a disk that is full."""
    staff = [employee(f"full{number}", "Full", f"Disk{number}") for number in range(120)]
    options = RULES | {"source": "full", "employees": staff, "directory": service, "journal": str(tmp_path / "journal.jsonl")}
    arguments = tmp_path / "arguments.json"
    arguments.write_text(json.dumps({"ANSIBLE_MODULE_ARGS": one_source(options)}), encoding="utf-8")
    plan = json.dumps(module("sync", check=True, **(options | {"plan_dest": str(tmp_path / "plan.json"), "report_limit": 1})))
    assert plan
    room = (tmp_path / "plan.json").stat().st_size + 20_000  # the plan fits, and a part of what happens
    done = subprocess.run([sys.executable, "-m", "ansible_collections.hris.ad.plugins.modules.sync", str(arguments)], check=False,
                          env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}, capture_output=True, text=True,
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)))
    result = json.loads(done.stdout)
    assert result["failed"] and "the journal cannot be written any more" in json.dumps(result["refused"])
    made = len(clean.search("(adminDescription=hris.ad source=full*)", ["cn"]))
    assert made < 120 and result["applied"] <= 2 * made, "nothing was sent that the journal did not announce"
    again = module("sync", **(options | {"journal": str(tmp_path / "again.jsonl")}))
    assert not again.get("failed") and len(clean.search("(adminDescription=hris.ad source=full*)", ["cn"])) == 120


def test_passwords_that_do_not_fit_on_the_disk_stop_the_others_and_hide_no_canary(clean, module, service, tmp_path):
    certificate, handed = tmp_path / "recipient.pem", tmp_path / "passwords.jsonl"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=Service desk", "-keyout",
                    str(tmp_path / "recipient.key"), "-out", str(certificate)], check=True, capture_output=True)
    staff = [employee(f"bird{number}", "Canary", f"Bird{number}") for number in range(30)]
    options = RULES | {"source": "birds", "employees": staff, "directory": service, "canary": 1,
                       "passwords": {"certificate": str(certificate), "dest": str(handed)}, "kept_state": {"lasting": [str(tmp_path)]}}
    arguments = tmp_path / "arguments.json"
    arguments.write_text(json.dumps({"ANSIBLE_MODULE_ARGS": one_source(options)}), encoding="utf-8")
    done = subprocess.run([sys.executable, "-m", "ansible_collections.hris.ad.plugins.modules.sync", str(arguments)], check=False,
                          env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}, capture_output=True, text=True,
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000)))
    result = json.loads(done.stdout)
    made = clean.search("(adminDescription=hris.ad source=birds*)", ["cn"])
    assert len(made) == 1 and result["failed"] and result["changed"] and result["applied"] == 2, "the canary's account and its membership"
    assert "passwords.jsonl: the file cannot be written: File too large" in json.dumps(result["refused"])
    assert len(handed.read_text(encoding="utf-8").splitlines()) == 1, "that of the canary, whole"
    again = module("sync", **options)
    assert not again.get("failed") and len(clean.search("(adminDescription=hris.ad source=birds*)", ["cn"])) == 30
    assert len(handed.read_text(encoding="utf-8").splitlines()) == 30
