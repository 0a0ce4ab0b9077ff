# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/first-run.md, followed word by word: the example of a CSV file, an account without rights, the doctor's script, a leaver, and the end."""
from __future__ import annotations

import re
import shutil
from datetime import date, timedelta

from conftest import ROOT
from hr_playbook import run
from test_doctor import tool  # noqa: F401  (the fixture)

PAGE = (ROOT / "docs/first-run.md").read_text(encoding="utf-8")
PASSWORD = "Trial-Account-1!"
COMMANDS = re.findall(r"^    ansible-playbook (.+)$", PAGE, re.MULTILINE)
SAID = re.findall(r"^    ((?:trial|ok): .+|Every field .+)$", PAGE, re.MULTILINE)
PREPARED, REMOVED = (block.splitlines() for block in re.findall(r"^```shell\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL))


def test_the_page_is_right(clean, tool, read, tmp_path):  # noqa: F811
    environment = {"HRIS_AD_SERVERS": clean.address, "HRIS_AD_USERNAME": "svc-hr-trial@corp.example", "HRIS_AD_PASSWORD": PASSWORD, "HRIS_AD_CA_CERT": clean.ca_file}
    shutil.copytree(ROOT / "examples/csv", tmp_path / "trial")

    def play(command, said=None):
        assert command in COMMANDS and (said is None or said in SAID)
        found = run(tmp_path, command.split(), environment)
        assert said is None or said in found["output"], found["output"]
        return found["stats"]["failures"]

    def account(key):
        return read(f"(employeeID={key})")

    for line in PREPARED:
        tool(line + (f" {PASSWORD}" if "user create" in line else ""))
    doctor = next(command for command in COMMANDS if "hris_delegation_dest" in command)
    script = tmp_path / "delegation.sh"
    words = [*doctor.replace("delegation.ps1", script.name).split(), "-e", "hris_delegation_format=samba_tool"]
    assert " ".join(words[-4:-2]) in " ".join(PAGE.split()) and words[-1] in PAGE
    assert run(tmp_path, words, environment)["stats"]["failures"], "the account has no rights yet"
    for line in script.read_text(encoding="utf-8").splitlines():
        if line.startswith("samba-tool"):
            tool(line)
    sync = "hris.ad.sync -i trial/hosts.yml"
    assert not play(sync, "trial: 6 accounts created, 9 memberships given")
    assert account("T003")["sAMAccountName"] == ["zoe.muller"] and account("T006")["userAccountControl"] == ["512"]
    people = tmp_path / "trial/people.csv"
    yesterday = (date.today() - timedelta(days=1)).isoformat()
    people.write_text(re.sub(r"^(T006.*)$", rf"\g<1>{yesterday}", people.read_text(encoding="utf-8"), flags=re.MULTILINE).replace(",Accountant", ",Senior Accountant"),
                      encoding="utf-8")
    assert not play(sync, "trial: 1 updated, 1 disabled, 1 moved, 2 memberships taken")
    gone = account("T006")
    assert gone["userAccountControl"] == ["514"] and "memberOf" not in gone and ",OU=Leavers,OU=HR Trial," in gone["dn"][0]
    for line in REMOVED:
        tool(line)
    assert account("T001") is None


def test_the_page_shows_what_the_playbooks_say():
    assert len(COMMANDS) == 7 and len(SAID) == 6
