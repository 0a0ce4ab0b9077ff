# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: data_report
short_description: What is wrong with the data of HR, and where HR and the directory do not agree
version_added: 0.1.0
author:
  - hris.ad contributors (@hris-ad)
description:
  - Of a feed (O(src)), the values that are missing, double or odd, field by field. Nobody has to say what is odd. A field that nearly
    all employees have is missed where it is empty, and a value is odd whose form nearly all others do not have. These are dates that
    cannot be, addresses, numbers of another form, other types, stand-ins such as C(n/a), damaged characters and blanks too many.
  - Of a run (O(plan) and O(outcome)), where HR and the directory do not agree. These are accounts that nobody owns, employees without an
    account, accounts that are enabled and should not be, and values that somebody else changed.
  - Either or both are one report, as page, Markdown, CSV or JSON. Given the last one (O(last)), it counts over time.
  - Needs neither HR nor a directory.
extends_documentation_fragment:
  - hris.ad.reads_only
options:
  source:
    description: The name of the source, for the title.
    type: str
    required: true
  src:
    description: A feed, as P(hris.ad.elmo_employee_info#module) and P(hris.ad.icehrm_employee_info#module) write it.
    type: path
  key:
    description: The field that identifies an employee in O(src); it must be there, and be nobody else's.
    type: str
    default: id
  required:
    description: Fields that every employee must have, such as V(lastName) or V(department.title). Their absence is an error.
    type: list
    elements: str
    default: []
  unique:
    description: Fields whose values no two employees may share. That they do is an error.
    type: list
    elements: str
    default: []
  plan:
    description: A plan, as P(hris.ad.sync#module) writes it to its option O(hris.ad.sync#module:plan_dest). Its seal must be unbroken.
    type: path
  outcome:
    description: The outcome of the same run (option O(hris.ad.sync#module:outcome_dest)). Without it nobody knows what the run achieved.
    type: path
  last_outcome:
    description: The outcome of the real run before, for what somebody else changed between the two.
    type: path
  last:
    description: The last report, written with V(json) among its O(format). That there is none yet is a warning.
    type: path
  as_of:
    description: The moment that the report is of, such as V(2026-03-02). Now if unset.
    type: str
  plan_key:
    description: The secret that the plan was signed with (O(hris.ad.sync#module:plan_key)). A signed plan is only read with it.
    type: str
  dest:
    description:
      - The file for the report (mode 0600). It is written in check mode as well.
      - With several of O(format), its name without the ending; C(.html), C(.md), C(.csv) and C(.json) are added.
    type: path
    required: true
  format:
    description: What is written.
    type: list
    elements: str
    choices: [html, markdown, csv, json]
    default: [html, json]
  redact:
    description:
      - Fields (a path such as V(manager.email), or its last name for all of that name) and attributes whose values are hidden.
      - Attributes that O(plan) hides are hidden as well, in what is reconciled.
      - V(cn), V(displayName), V(name) or V(distinguishedName) hide the names in DNs as well.
    type: list
    elements: str
    default: []
  report_limit:
    description: The most findings that the task returns and that are in Markdown. The files have all of them.
    type: int
    default: 100
seealso:
  - module: hris.ad.plan_report
  - module: hris.ad.sync
"""

EXAMPLES = r"""
- name: Look at the data of HR, every day beside the day before
  hris.ad.data_report:
    source: elmo
    src: /var/lib/hris/elmo.jsonl
    required: [lastName, startDate, department.title]
    unique: [employeeNumber, email]
    last: /var/lib/hris/elmo-data.json
    dest: /var/lib/hris/elmo-data
    redact: [dateOfBirth, mobile]

- name: Where HR and the directory do not agree, for an auditor
  hris.ad.data_report:
    source: elmo
    plan: /var/lib/hris/elmo-plan.json
    outcome: /var/lib/hris/elmo-outcome.jsonl
    last_outcome: /var/lib/hris/yesterday/elmo-outcome.jsonl
    dest: /var/lib/hris/elmo-reconciliation.csv
    format: [csv]
"""

RETURN = r"""
msg:
  description: What was found, in one line.
  returned: success
  type: str
  sample: "elmo: 3 errors, 41 warnings."
dest:
  description: The files that were written, by format.
  returned: success
  type: dict
  sample: {"html": "/var/lib/hris/elmo-data.html", "json": "/var/lib/hris/elmo-data.json"}
counts:
  description:
    - How many there are of what was looked for.
    - With O(src) C(employees), C(missing), C(double) and C(odd). With O(plan) C(unowned), C(no_account), C(wrongly_enabled) and
      C(changed_outside).
  returned: success
  type: dict
  sample: {"employees": 1250, "missing": 3, "double": 2, "odd": 12}
findings:
  description: What was found, errors first, as far as O(report_limit) goes. The fields are those of RV(hris.ad.sync#module:findings).
  returned: success
  type: list
  elements: dict
  sample: [{"severity": "error", "kind": "double", "key": "1001", "place": "email",
            "message": "email is 'a@example.com', and 1 other has it, too."}]
findings_total:
  description: How many there are.
  returned: success
  type: int
  sample: 17
markdown:
  description: The report as Markdown, at most 60,000 characters.
  returned: when O(format) has V(markdown)
  type: str
  sample: "# Data of elmo"
"""

from ansible_collections.hris.ad.plugins.module_utils._hris import module_runner
from ansible_collections.hris.ad.plugins.module_utils._hris.commands import data_report as command


def main():
    """Run the module."""
    module_runner.run_module(
        command.run,
        libraries=("jmespath", "anyascii"),
        argument_spec=dict(
            source=dict(type="str", required=True),
            src=dict(type="path"),
            key=dict(type="str", default="id", no_log=False),
            required=dict(type="list", elements="str", default=[]),
            unique=dict(type="list", elements="str", default=[]),
            plan=dict(type="path"),
            outcome=dict(type="path"),
            last_outcome=dict(type="path"),
            last=dict(type="path"),
            as_of=dict(type="str"),
            plan_key=dict(type="str", no_log=True),
            dest=dict(type="path", required=True),
            format=dict(
                type="list",
                elements="str",
                choices=["html", "markdown", "csv", "json"],
                default=["html", "json"],
            ),
            redact=dict(type="list", elements="str", default=[]),
            report_limit=dict(type="int", default=100),
        ),
        required_one_of=[("src", "plan")],
        required_by={"outcome": "plan", "last_outcome": "outcome"},
        supports_check_mode=True,
    )


if __name__ == "__main__":
    main()
