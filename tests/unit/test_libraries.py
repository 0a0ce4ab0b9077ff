"""Missing Python libraries: all are told at once, with the line that installs them, and only those that the options need."""
from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris import libraries
from ansible_collections.hris.ad.plugins.module_utils._hris.commands import (
    endpoint_info,
    forecast_info,
    webhook,
)

ROOT = Path(__file__).parents[2]
DIRECTORY = {"servers": ["dc1.corp.example"], "username": "svc", "password": "4-Secret-Words"}


def run_without(missing: set[str], name: str, options: dict) -> dict:
    """The result of a module in a process in which these libraries, and what only they bring, cannot be imported."""
    start = f"import runpy, sys; sys.modules.update(dict.fromkeys({sorted(missing)})); runpy.run_module('ansible_collections.hris.ad.plugins.modules.{name}', run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", start], input=json.dumps({"ANSIBLE_MODULE_ARGS": options}),
                          env={**os.environ, "PYTHONPATH": str(ROOT / ".cache/dev")}, capture_output=True, text=True, check=False)
    assert done.stdout.strip(), done.stderr
    return json.loads(done.stdout)


def test_a_csv_file_needs_no_requests(tmp_path):
    people = tmp_path / "people.csv"
    people.write_text("id,first,last\n1,Ann,Lee\n2,Bo,Ek\n", encoding="utf-8")
    done = run_without({"requests", "urllib3", "ldap3", "anyascii", "regex", "phonenumbers", "openpyxl"}, "endpoint_info", {"endpoints": [{"name": "people", "file": str(people)}]})
    assert not done.get("failed") and [one["first"] for one in done["employees"]] == ["Ann", "Bo"], done


def test_all_that_is_missing_is_told_at_once():
    done = run_without({"ldap3", "jmespath"}, "sync", {"sources": [], "directory": DIRECTORY})
    assert done["failed"] and "traceback" not in str(done).lower()
    assert "the Python libraries ldap3 and jmespath cannot be loaded here. Install what is missing: " in done["msg"]
    assert done["msg"].endswith(f"{sys.executable} -m pip install 'ldap3>=2.9.1' 'jmespath>=1.0'.")


def test_a_rule_names_the_library_that_only_it_needs(tmp_path):
    people = tmp_path / "people.csv"
    people.write_text("id,first\n1,Ann\n", encoding="utf-8")
    cases = {"cases": [{"name": "x", "employee": {"id": "1", "first": "Ann"}, "expect": {"state": "active"}}]}
    rules = {"source": "people", "mapping": {"employeeID": "id", "displayName": "ascii(first)"}, "cases": cases,
             "naming": {"candidates": ["first"], "attributes": {"sAMAccountName": "{name}", "cn": "{name}"}}, "placement": [{"ou": "OU=Staff,DC=corp,DC=example"}]}
    done = run_without({"anyascii"}, "test_rules", rules)
    assert done["failed"] and "the function 'ascii' needs the Python library anyascii, which is missing" in done["msg"] and "pip install anyascii" in done["msg"], done


@pytest.mark.parametrize("asked, params, needed", [
    (endpoint_info.libraries, {"endpoints": [{"file": "people.csv"}]}, {"jmespath"}),
    (endpoint_info.libraries, {"endpoints": [{"file": "people.csv"}, {"url": "/jobs"}]}, {"jmespath", "requests"}),
    (forecast_info.libraries, {"simulated": True}, {"jmespath"}), (forecast_info.libraries, {"simulated": False}, {"jmespath", "ldap3"}),
    (webhook.libraries, {"src": "outcome.jsonl"}, {"requests", "jmespath"}), (webhook.libraries, {"select": "users"}, {"requests", "jmespath", "ldap3"}),
])
def test_what_options_need(asked, params, needed):
    assert set(asked(params)) == needed


def test_a_library_that_is_there_and_broken_says_why(monkeypatch, tmp_path):
    (tmp_path / "jmespath.py").write_text("raise ImportError('libfoo.so: cannot open shared object file')", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "jmespath")
    assert "jmespath cannot be loaded here (libfoo.so: cannot open" in libraries.what_is_missing(libraries.not_loaded(["jmespath"]))


def test_the_oldest_versions_are_those_of_the_requirements():
    asked = {}
    for name in ("requirements.txt", "requirements-kerberos.txt", "extensions/eda/requirements.txt"):
        asked |= dict(re.findall(r"^([a-z0-9]+)>=([0-9.]+)$", (ROOT / name).read_text(encoding="utf-8"), re.M))
    assert asked == libraries.OLDEST
