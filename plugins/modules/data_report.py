# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: data_report
short_description: Report on the data of HR, and on where HR and the directory disagree
version_added: 0.1.0
author:
  - hris.ad contributors (@hris-ad)
description:
  - Finds the values of a feed (O(src)) that are missing, duplicate or unusual, field by field.
    Nothing has to be configured for that. A field that nearly all employees have is reported where
    it is empty, and a value is unusual when nearly all other values of its field have another form.
    Examples are invalid dates, texts that are not addresses, numbers of another form, values of
    another type, placeholders such as C(n/a), damaged characters and superfluous spaces.
  - Compares HR and the directory after a run (O(plan) and O(outcome)). It finds accounts without an
    owner, employees without an account, accounts that are enabled and should not be, and values
    that were changed outside the runs.
  - Either or both are in one report, as page, Markdown, CSV or JSON. With the last report
    (O(last_report)), it counts over time.
  - Needs neither HR nor a directory.
extends_documentation_fragment:
  - hris.ad.runs_on
  - hris.ad.expressions
  - hris.ad.reads_only
options:
  source:
    description:
      - The name of the source, for the title. When O(plan) is that of several sources, the report
        has the part of this source.
    type: str
    required: true
  src:
    description:
      - A feed, as P(hris.ad.elmo_employee_info#module) and P(hris.ad.icehrm_employee_info#module)
        write it.
    type: path
  key:
    description:
      - The field that identifies an employee in O(src). An employee without it, or with the key of
        another one, is an error.
    type: str
    default: id
  required:
    description:
      - Fields that every employee must have, such as V(lastName) or V(department.title). A missing
        value is an error.
    type: list
    elements: str
    default: []
  unique:
    description: Fields whose values no two employees may share. A shared value is an error.
    type: list
    elements: str
    default: []
  plan:
    description:
      - A plan, as P(hris.ad.sync#module) writes it to its option O(hris.ad.sync#module:plan_dest).
        A missing or wrong seal is an error.
    type: path
  outcome:
    description:
      - The outcome of the same run, of the same source (option
        O(hris.ad.sync#module:sources[].outcome_dest)). Without it the report only knows what the
        plan would do.
    type: path
  last_outcome:
    description:
      - The outcome of the last real run before. With it the report finds what was changed between
        the two runs.
    type: path
  last_report:
    description:
      - The last report, written with V(json) among its O(format). When the file does not exist yet,
        the module warns and counts nothing over time.
    type: path
  as_of:
    description: The moment of the report, such as V(2026-03-02). The default is now.
    type: str
  plan_key:
    description:
      - The secret that the plan and the outcome files were signed with
        (O(hris.ad.sync#module:plan_key)). Signed files can only be read with it.
    type: str
  dest:
    description:
      - The file for the report (mode 0600). It is written in check mode as well.
      - With several of O(format), it is the name without the ending; C(.html), C(.md), C(.csv) and
        C(.json) are added.
    type: path
    required: true
  format:
    description: The formats of the report.
    type: list
    elements: str
    choices: [html, markdown, csv, json]
    default: [html, json]
  redact:
    description:
      - Fields and attributes whose values are hidden. A field is a path such as V(manager.email),
        or the last name of a path, which then stands for all fields of that name.
      - In what comes from O(plan), the attributes that the plan hides are hidden as well.
      - V(cn), V(displayName), V(name) and V(distinguishedName) also hide the names in DNs and the
        names of people.
    type: list
    elements: str
    default: []
  report_limit:
    description:
      - The most findings in the result and in Markdown. The other files have all of them.
    type: int
    default: 100
seealso:
  - module: hris.ad.plan_report
  - module: hris.ad.sync
"""

EXAMPLES = r"""
- name: Report on the data of HR every day, and compare with the day before
  hris.ad.data_report:
    source: elmo
    src: /var/lib/hris/elmo.jsonl
    required: [lastName, startDate, department.title]
    unique: [employeeNumber, email]
    last_report: /var/lib/hris/elmo-data.json
    dest: /var/lib/hris/elmo-data
    redact: [dateOfBirth, mobile]

- name: Report for an auditor where HR and the directory disagree
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
  description: The number of errors and warnings, in one line.
  returned: success
  type: str
  sample: "elmo: 3 errors, 41 warnings."
dest:
  description: The files that were written, by format.
  returned: success
  type: dict
  sample:
    html: /var/lib/hris/elmo-data.html
    json: /var/lib/hris/elmo-data.json
counts:
  description:
    - The number of employees and of findings of each kind.
    - With O(src) C(employees), C(missing), C(duplicate) and C(unusual). With O(plan) C(unowned),
      C(no_account), C(wrongly_enabled) and C(changed_outside).
  returned: success
  type: dict
  sample:
    employees: 1250
    missing: 3
    duplicate: 2
    unusual: 12
findings:
  description:
    - The findings, errors first, at most O(report_limit). Their fields are those of
      RV(hris.ad.sync#module:findings).
  returned: success
  type: list
  elements: dict
  sample:
    - severity: error
      kind: duplicate
      key: "1001"
      name: null
      place: email
      message: "email is 'a@example.com', and 1 other employee has the same value."
findings_total:
  description: How many findings there are.
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
        libraries=("jmespath",),
        argument_spec=dict(
            source=dict(type="str", required=True),
            src=dict(type="path"),
            key=dict(type="str", default="id", no_log=False),
            required=dict(type="list", elements="str", default=[]),
            unique=dict(type="list", elements="str", default=[]),
            plan=dict(type="path"),
            outcome=dict(type="path"),
            last_outcome=dict(type="path"),
            last_report=dict(type="path"),
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
