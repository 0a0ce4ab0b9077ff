"""The whole lifecycle on real parts: a company through days that are each checked by a program that shares no code with the plugins."""
from __future__ import annotations

import fcntl
import shutil
import subprocess
import sys

import pytest
from hr_playbook import ROOT
from own_address import OWN

from lab import moves, stories

ADDRESSES = ("--address", f"127.0.1.{OWN}", "--other-address", f"127.0.2.{OWN}")


@pytest.fixture(scope="module")
def scenario():
    """scenario(*options) -> (exit code, lines of the output)."""
    root = ROOT / ".cache" / f"scenario-tests-{OWN}"
    root.mkdir(parents=True, exist_ok=True)

    def run(*options):
        done = subprocess.run([sys.executable, "-m", "lab.scenario", "--root", str(root), *ADDRESSES, *options], cwd=ROOT, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=3600)
        return done.returncode, done.stdout.splitlines()

    with (root / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield run


def test_a_few_days_without_a_difference(scenario):
    """make full plays twenty, with everything that can happen, and make scenario 120."""
    code, lines = scenario("--days", "3", "--people", "40")
    assert lines[-1] == "3 days, 4 checks, 0 differences", "\n".join(line for line in lines if "DIFFERENCE" in line) or lines[-5:]
    assert code == 0
    told = {words[2] for words in map(str.split, lines) if len(words) > 3}
    assert {"joiner", "leaver", "mover"} <= told


@pytest.mark.long
def test_twenty_days_without_a_difference(scenario):
    code, lines = scenario("--days", "20", "--people", "40")
    assert lines[-1] == "20 days, 21 checks, 0 differences", "\n".join(line for line in lines if "DIFFERENCE" in line) or lines[-5:]
    assert code == 0
    told = {(words[1], words[2]) for words in map(str.split, lines) if len(words) > 3}
    for name in stories.STORIES:
        assert ("icehrm", name) in told, name
        assert ("elmo", name) in told or name in stories.ICEHRM_ONLY, name
    for name in moves.MOVES:  # from one company to the other
        assert ("elmo", name) in told or ("icehrm", name) in told, name
    assert ("elmo", "move_next_day") in told and ("icehrm", "move_next_day") in told
    (names,) = (line for line in lines if line.startswith("names: "))
    assert int(names.split(" seen, ")[1].split()[0]) > 0, f"nobody came back after the account was deleted: {names}"
    acts = {line.split(": ")[1] for line in lines if "  IT: " in line}
    assert acts == {"disable", "enable leaver", "group", "title", "enable again"}


@pytest.mark.long
def test_a_rule_that_says_something_else_is_a_difference(scenario, tmp_path):
    inventory = shutil.copytree(ROOT / "lab/scenario/inventory", tmp_path / "inventory")
    rules = inventory / "host_vars/elmo.yml"
    text = rules.read_text(encoding="utf-8")
    assert "groups: [People]" in text and "title: {from: position.title" in text
    rules.write_text(text.replace("groups: [People]", "groups: [Sales]").replace("title: {from: position.title", "title: {from: department.title"),
                     encoding="utf-8")
    code, lines = scenario("--days", "2", "--people", "20", "--pause", "1", "--inventory", str(inventory / "hosts.yml"))
    found = [line for line in lines if line.startswith("DIFFERENCE")]
    assert code == 1 and lines[-1] == f"2 days, 3 checks, {len(found)} differences"
    assert any(": groups: expected All Staff, People, found All Staff, Sales" in line for line in found)
    assert any(": title: expected " in line for line in found)
