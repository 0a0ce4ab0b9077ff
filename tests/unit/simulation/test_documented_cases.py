# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cases that people will copy hold: those of the guide and of the module's examples. The playbook's test runs those of examples/."""
from __future__ import annotations

import json
import re
from pathlib import Path

import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.hris.ad.plugins.module_utils._hris.commands import test_rules as command
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.transitions import ABSENT
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.options import ACTIONS, ARGUMENTS
from ansible_collections.hris.ad.plugins.module_utils._hris.simulation import (
    case_domain,
    cases,
    expectations,
    given_accounts,
)
from ansible_collections.hris.ad.plugins.modules import test_rules

ROOT = Path(__file__).resolve().parents[3]
GUIDE = (ROOT / "docs/rules-under-test.md").read_text(encoding="utf-8")


def result(rules: dict, document) -> dict:
    checked = ArgumentSpecValidator(ARGUMENTS).validate(rules)
    assert not checked.error_messages
    as_json = json.dumps(document, default=str)  # as a task hands it to its module
    return command.run(checked.validated_parameters | {"cases": as_json, "as_of": None, "junit": None, "report_limit": 9}, False, None)


def test_the_module_s_examples_hold():
    (task,) = yaml.safe_load(test_rules.EXAMPLES)
    given = task["hris.ad.test_rules"]
    found = result({name: value for name, value in given.items() if name in ARGUMENTS}, given["cases"])
    assert not found["failed"] and found["tests"] == 3, found["report"]


def test_the_guide_s_cases_hold():
    """With the example inventory that the guide names."""
    (block,) = re.findall(r"^```yaml\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
    (folder,) = re.findall(r"^    ansible-playbook hris.ad.test_rules -i (examples/\w+)/hosts.yml ", GUIDE, re.MULTILINE)
    variables = yaml.safe_load((ROOT / folder / "group_vars/hr.yml").read_text(encoding="utf-8"))
    rules = {name: variables[f"lifecycle_{name}"] for name in ARGUMENTS if f"lifecycle_{name}" in variables}
    found = result(rules | {"source": "elmo"}, yaml.safe_load(block))
    assert not found["failed"] and f"elmo: {found['tests']} of {found['tests']} cases hold" in GUIDE, found["report"]


def test_the_guide_has_every_word():
    words = set(cases.CASE) | set(cases.EXPECT) | set(cases.COMMON) | {"domain", "common", *case_domain.WORDS, *cases.GROUPS} | set(given_accounts.WORDS) | set(given_accounts.STATES)
    assert [word for word in sorted(words) if f"`{word}`" not in GUIDE and f"{word}:" not in GUIDE] == []
    assert [action for action in ACTIONS if action != "create_ou" and f"`{action}`" not in GUIDE] == [] and ABSENT in expectations.ALL_STATES


def test_what_is_no_data(options):
    for wrong in ("{", "[1]"):
        found = None
        try:
            command.run(options() | {"cases": wrong, "as_of": None, "junit": None, "report_limit": 9}, False, None)
        except command.HrisError as error:
            found = str(error)
        assert found and found.startswith("case")
