# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: icehrm_employee
short_description: Write fields of employees back to IceHrm
version_added: 0.1.0
author:
  - hris.ad contributors (@hris-ad)
description:
  - Sets fields of one or many employees through IceHrm's REST API. Only what differs is written.
  - Each employee is read right before and after the write. IceHrm creates a new employee when a
    write names an id that does not exist, and keeps misspelt field names as values of no field. The
    module prevents or reports both, and says what IceHrm has then.
  - An employee who cannot be updated is reported, the others are updated, and the task fails at the
    end.
  - The updates are a list, a file, or rendered from the accounts of a run of
    P(hris.ad.sync#module).
  - Employees are never created or deleted.
extends_documentation_fragment:
  - hris.ad.runs_on
  - hris.ad.expressions
  - hris.ad.http_connection
  - hris.ad.definitions
  - hris.ad.variable_names
attributes:
  check_mode:
    support: full
    description: Everything is read and compared, nothing is written.
  diff_mode:
    support: full
    description: One diff for each employee that changes, at most O(report_limit).
  idempotent:
    support: full
    description: A second run writes nothing.
options:
  base_url:
    description:
      - Address of the API, V(https://hr.example.com/app/api) for the open source edition. It takes
        precedence over O(company_name).
    type: str
  company_name:
    description:
      - Name of the company in IceHrm Cloud.
      - One of O(base_url) and O(company_name) is required.
    type: str
  token:
    description:
      - Token of a user with the level Admin. Other users cannot write.
      - If unset, the environment variable E(HRIS_ICEHRM_TOKEN) is used.
    type: str
  token_warn_days:
    description:
      - Warn this many days before the token expires.
    type: int
    default: 14
  page_size:
    description:
      - How many employees a request asks for when all employees are read. This happens for more
        than twenty updates, and for references that are given by name.
    type: int
    default: 100
  updates:
    description:
      - The employees to update, and their fields.
    type: list
    elements: dict
    suboptions:
      employee_id:
        description: The employee number, whatever blanks IceHrm has at its ends. One of
          O(updates[].employee_id) and O(updates[].id) names the employee.
        type: str
      id:
        description: IceHrm's own id.
        type: str
      fields:
        description:
          - The fields and their values, with the names of P(hris.ad.icehrm_employee_info#module).
            Other fields are left as they are. Null or an empty text clears a field.
          - A reference (C(department), C(job_title), C(employment_status), C(pay_grade),
            C(province), C(supervisor) and so on) is an id, or a name that an employee or the
            company's structure has. A person is named by employee number, work e-mail, full name or
            id. A C(country) is a name or a two-letter code. A name of several things is refused.
          - Custom fields are below C(custom), by their name in IceHrm or by their label, as
            O(custom_fields) declares them. The value of a choice is the value of the option, which
            IceHrm keeps, and not its label. A field with several options has a list of them.
          - A text that is too long for IceHrm, and a C(timezone) that is none, are refused before
            anything is sent. A C(timezone) cannot be cleared.
        type: dict
        required: true
  src:
    description:
      - A file with one update in each line (JSON Lines), in the form of O(updates).
    type: path
  outcome:
    description:
      - The outcome file of a run, as O(hris.ad.sync#module:sources[].outcome_dest) writes it.
        O(mapping) says what to write.
    type: path
  plan_key:
    description:
      - The secret that O(outcome) was signed with (O(hris.ad.sync#module:plan_key)). A signed file
        can only be read with it, and with it no other file is read.
      - O(failed_dest) is signed with it, too.
    type: str
  mapping:
    description:
      - "The fields to write, each with the expression of its value, for example
        V({work_email: mail})."
      - An expression sees the account, every attribute by its LDAP name, and the other names that
        P(hris.ad.webhook#module) describes. A text with C({…}) is a text.
      - Instead of an expression, an object can have C(from), an expression, or C(constant), a
        value. With C(from), C(empty) says what happens when the attribute has no value. V(keep),
        the default, leaves the field as it is; V(clear) clears it.
    type: dict
  key:
    description:
      - The expression that gives the employee of an account.
    type: str
    default: key
  key_field:
    description:
      - What O(key) is in IceHrm.
    type: str
    choices: [employee_id, id]
    default: employee_id
  events:
    description:
      - Only accounts that had one of these events in the run. If unset, all accounts that the run
        changed.
    type: list
    elements: str
    choices:
      - created
      - enabled
      - disabled
      - deleted
      - moved
      - renamed
      - updated
      - relinked
      - taken_over
      - group_added
      - group_removed
  unchanged:
    description:
      - Whether accounts that the run did not change are written back as well. Use it once to fill a
        field for all employees.
    type: bool
    default: false
  when:
    description:
      - A condition over the account.
    type: str
  optional_fields:
    description:
      - Names that expressions may use although no account of the run has them.
    type: list
    elements: str
  inbound_mapping:
    description:
      - The mapping from HR to the directory (C(lifecycle_mapping)). A field is refused when it is
        written back from the attribute that it is mapped to, unless the mapping of the attribute
        has C(apply=on_create).
    type: dict
  custom_fields:
    description:
      - The custom fields that can be written, as names in IceHrm and labels.
      - IceHrm's list of employees shows labels of options instead of the values. So the employees
        of updates with such fields are read one by one, in each run.
    type: dict
  failed_dest:
    description:
      - A file for all employees who could not be updated (JSON Lines, mode 0600), independent of
        O(report_limit). It is empty when there are none.
    type: path
  report_limit:
    description:
      - The most employees in RV(updated), RV(failures) and the diff.
    type: int
    default: 100
notes:
  - Accounts whose employee is absent from HR are ignored.
seealso:
  - module: hris.ad.icehrm_employee_info
  - module: hris.ad.webhook
"""

EXAMPLES = r"""
- name: Write one employee's address and phone back
  hris.ad.icehrm_employee:
    base_url: https://hr.example.com/app/api
    token: "{{ icehrm_token }}"
    updates:
      - employee_id: EMP0042
        fields:
          work_email: aroha.ngata@example.com
          work_phone: "+64 9 555 0142"
          department: Finance
          custom:
            ad_username: angata
    custom_fields:
      ad_username: AD Username

- name: Write attributes of the accounts of a run back
  hris.ad.icehrm_employee:
    base_url: https://hr.example.com/app/api
    token: "{{ icehrm_token }}"
    outcome: /var/lib/hris/outcome.jsonl
    mapping:
      work_email: mail
      work_phone:
        from: telephoneNumber
        empty: clear
      custom:
        ad_username: sAMAccountName
    custom_fields:
      ad_username: AD Username
    events: [created, renamed, updated]
"""

RETURN = r"""
counts:
  description: How many updates there were, and how many had each result. An employee who has only
    some of the fields is counted as changed and as failed.
  returned: always, unless nothing could be done
  type: dict
  sample: {updates: 12, changed: 3, failed: 0, unattempted: 0, requests: 17, retries: 0}
updated:
  description: The employees that changed, or would change in check mode, with the names of the
    fields, at most O(report_limit).
  returned: always, unless nothing could be done
  type: list
  elements: dict
  sample:
    - employee_id: EMP0042
      id: "42"
      fields: [work_email, custom.ad_username]
failures:
  description: The employees that could not be updated, and why, at most O(report_limit).
  returned: always, unless nothing could be done
  type: list
  elements: dict
  sample:
    - employee: EMP9999
      message: >-
        updates[1]: there is no employee with the employee_id 'EMP9999': nothing is written.
"""

from ansible.module_utils.basic import env_fallback
from ansible_collections.hris.ad.plugins.module_utils._hris import module_runner, variable_names
from ansible_collections.hris.ad.plugins.module_utils._hris.commands import (
    icehrm_employee as command,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.model.actions import EVENTS
from ansible_collections.hris.ad.plugins.module_utils._hris.outbound import definitions
from ansible_collections.hris.ad.plugins.module_utils._hris.web.options import ARGUMENTS, TUNING

ARGUMENT_SPEC = dict(
    **ARGUMENTS,
    **definitions.ARGUMENTS,
    **variable_names.ARGUMENTS,
    base_url=dict(type="str"),
    company_name=dict(type="str"),
    token=dict(type="str", no_log=True, fallback=(env_fallback, ["HRIS_ICEHRM_TOKEN"])),
    token_warn_days=dict(type="int", default=14, no_log=False),
    page_size=dict(type="int", default=100),
    updates=dict(
        type="list",
        elements="dict",
        options=dict(
            employee_id=dict(type="str"),
            id=dict(type="str"),
            fields=dict(type="dict", required=True),
        ),
    ),
    src=dict(type="path"),
    outcome=dict(type="path"),
    plan_key=dict(type="str", no_log=True),
    mapping=dict(type="dict"),
    key=dict(type="str", default="key", no_log=False),
    key_field=dict(type="str", choices=["employee_id", "id"], default="employee_id", no_log=False),
    events=dict(type="list", elements="str", choices=list(EVENTS)),
    unchanged=dict(type="bool", default=False),
    when=dict(type="str"),
    optional_fields=dict(type="list", elements="str"),
    inbound_mapping=dict(type="dict"),
    custom_fields=dict(type="dict"),
    failed_dest=dict(type="path"),
    report_limit=dict(type="int", default=100),
)


def main():
    """Run the module."""
    module_runner.run_module(
        command.run,
        libraries=("requests", "jmespath"),
        tuning=TUNING,
        argument_spec=ARGUMENT_SPEC,
        mutually_exclusive=[("updates", "src", "outcome")],
        required_one_of=[("updates", "src", "outcome"), ("base_url", "company_name")],
        required_together=[("outcome", "mapping")],
        supports_check_mode=True,
    )


if __name__ == "__main__":
    main()
