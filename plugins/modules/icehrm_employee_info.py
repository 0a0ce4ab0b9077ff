# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: icehrm_employee_info
short_description: Read all employees from IceHrm
version_added: 0.1.0
author:
  - hris.ad contributors (@hris-ad)
description:
  - Reads all employees, active and terminated, through IceHrm's REST API. All records have the same
    fields, whatever the version of IceHrm.
  - A list that did not arrive complete is an error, never a shorter list. IceHrm before v33.5
    states no total. Then the list is read until two readings in a row agree.
  - IceHrm never returns archived employees.
extends_documentation_fragment:
  - hris.ad.runs_on
  - hris.ad.expressions
  - hris.ad.reads_only
  - hris.ad.http_connection
  - hris.ad.progress
  - hris.ad.variable_names
  - hris.ad.kept_for
options:
  base_url:
    description:
      - Address of the API, V(https://hr.example.com/app/api) for the open source edition. It takes
        precedence over O(company_name).
    type: str
  company_name:
    description:
      - Name of the company in IceHrm Cloud, V(test1) for C(https://test1.icehrm.com). The address
        is then C(https://icehrm.com/api/test1).
      - One of O(base_url) and O(company_name) is required.
    type: str
  token:
    description:
      - Token of an Admin, from Personal Information > Basic Information > Api Access. It is valid
        for 180 days.
      - If unset, the environment variable E(HRIS_ICEHRM_TOKEN) is used.
    type: str
  token_warn_days:
    description:
      - Warn this many days before the token expires.
    type: int
    default: 14
  require_admin:
    description:
      - Whether to refuse the token of a user who is not an Admin, at the cost of one request.
      - IceHrm returns only the direct subordinates of such a user, as if they were everyone. The
        list itself does not show it.
      - An Admin without an employee profile is accepted, because IceHrm does not state the level of
        such a user.
    type: bool
    default: true
  page_size:
    description:
      - How many employees a page has. IceHrm has no upper limit.
      - One page with all employees, such as V(100000), is one query of the server, and so a
        snapshot. Between several pages, one employee who is added and one who is removed may hide
        another.
    type: int
    default: 100
  concurrency:
    description:
      - How many pages of a list are requested at a time, once the first page has stated how many
        there are.
      - Set V(1) for a server that allows no more. Status 429 is handled in any case.
    type: int
    default: 4
  fields:
    description:
      - The fields to keep. C(id) is always kept.
      - If unset, all fields except those about identity documents, tax and health. These are kept
        only when they are named here, C(ssn_num), C(nic_num), C(other_id), C(driving_license),
        C(driving_license_exp_date), C(tax_id), C(health_insurance), C(ethnicity),
        C(immigration_status) and C(notes).
    type: list
    elements: str
  custom_fields:
    description:
      - Labels of custom fields that each record's C(custom) has, even when nobody has a value yet.
      - If unset, a custom field is present once one employee has it, with null for the others.
    type: list
    elements: str
  dest:
    description:
      - File to write the employees to (JSON Lines, mode 0600). They are then not returned.
      - Use it for more than a few hundred people. Ansible is slow with large results.
    type: path
notes:
  - HR may be edited while it is read. Then everything is read again, up to three times, until the
    pages agree with the total that IceHrm states. If as many records are added as removed between
    two pages, this cannot be detected, and a record may be missing until the next run.
seealso:
  - module: hris.ad.elmo_employee_info
  - module: hris.ad.sync
"""

EXAMPLES = r"""
- name: Read everyone into a file
  hris.ad.icehrm_employee_info:
    base_url: https://hr.example.com/app/api
    token: "{{ icehrm_token }}"
    dest: /var/lib/hris/source.jsonl

- name: Read from IceHrm Cloud, with a custom field that the rules need
  hris.ad.icehrm_employee_info:
    company_name: test1
    token: "{{ icehrm_token }}"
    token_warn_days: 30
    custom_fields: [Cost Centre]
  register: staff

- name: Read only what the rules need
  hris.ad.icehrm_employee_info:
    base_url: https://hr.example.com/app/api
    token: "{{ icehrm_token }}"
    fields:
      - employee_id
      - first_name
      - last_name
      - work_email
      - job_title
      - department
      - supervisor
      - status
      - joined_date
      - termination_date
    dest: /var/lib/hris/source.jsonl
"""

RETURN = r"""
employees:
  description:
    - The employees, each with the same fields. No value, an empty text and C(0000-00-00) of IceHrm
      are null.
    - Further fields of IceHrm are kept as they are.
  returned: success, without O(dest)
  type: list
  elements: dict
  contains:
    id:
      description: IceHrm's own id, as text.
      type: str
      sample: "5"
    employee_id:
      description: The employee number that HR assigns, as text.
      type: str
      sample: EMP100
    first_name:
      description:
        - First name. Likewise C(middle_name), C(last_name), C(name_preferred),
          C(name_pronunciation), C(pronouns).
      type: str
      sample: Aroha
    birthday:
      description: Date of birth. Likewise C(gender) and C(marital_status), as IceHrm writes them.
      type: str
      sample: "1990-05-15"
    status:
      description: Active, Terminated or null.
      type: str
      sample: Active
    joined_date:
      description: First day, YYYY-MM-DD. Likewise C(confirmation_date).
      type: str
      sample: "2024-02-01"
    termination_date:
      description: Last day, or null. An Active employee with a day in the future has given notice.
      type: str
      sample: null
    job_title:
      description:
        - Its id and its name. Likewise C(department), C(employment_status), C(pay_grade),
          C(province), C(nationality), C(supervisor), C(approver1), C(approver2), C(approver3).
        - C(null) without a value. C(id) or C(display) is null when this version of IceHrm gives
          only the other.
      type: dict
      sample: {id: "3", display: Project Manager}
    country:
      description: Its code and its name, or null.
      type: dict
      sample: {code: NZ, display: New Zealand}
    indirect_supervisors:
      description: Their ids as text.
      type: list
      elements: str
      sample: ["3", "4"]
    work_email:
      description:
        - Likewise C(private_email), C(email), C(work_phone), C(mobile_phone), C(home_phone).
      type: str
      sample: aroha.ngata@example.test
    address1:
      description: Likewise C(address2), C(city), C(postal_code), C(work_station_id), C(image).
      type: str
      sample: 1 Queen St
    timezone:
      description: IANA name of the time zone.
      type: str
      sample: Pacific/Auckland
    custom4:
      description: Likewise C(custom5) to C(custom10).
      type: str
      sample: null
    custom:
      description:
        - Custom fields by label, with the value that IceHrm displays. A date is YYYY-MM-DD.
        - In JMESPath a label with a space is quoted, C(custom."Cost Centre").
      type: dict
      sample: {Cost Centre: CC-42, Last Working Day: "2027-03-31"}
dest:
  description: The file that holds the employees.
  returned: success, with O(dest)
  type: str
  sample: /var/lib/hris/source.jsonl
fields_unread:
  description: The fields that nothing of O(kept_for) reads, at most 400. They are not in the file.
  returned: success, with O(dest) and O(kept_for), unless one of them may read any field
  type: list
  elements: str
  sample: [bankAccount, customData.taxNumber]
seconds:
  description: How long reading took.
  returned: success
  type: float
  sample: 2.4
counts:
  description: How much was read.
  returned: success
  type: dict
  contains:
    employees:
      description: Employees in the result.
      type: int
      sample: 126
    terminated:
      description: Terminated employees among them.
      type: int
      sample: 9
    pages:
      description: Pages read.
      type: int
      sample: 2
    requests:
      description: Requests sent, with retries.
      type: int
      sample: 3
    retries:
      description: Retries among them.
      type: int
      sample: 0
"""

from ansible.module_utils.basic import env_fallback
from ansible_collections.hris.ad.plugins.module_utils._hris import (
    module_runner,
    progress,
    variable_names,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.commands import (
    icehrm_employee_info as command,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.commands import kept_for
from ansible_collections.hris.ad.plugins.module_utils._hris.web.options import ARGUMENTS, TUNING

ARGUMENT_SPEC = dict(
    **ARGUMENTS,
    base_url=dict(type="str"),
    company_name=dict(type="str"),
    token=dict(type="str", no_log=True, fallback=(env_fallback, ["HRIS_ICEHRM_TOKEN"])),
    token_warn_days=dict(type="int", default=14, no_log=False),
    require_admin=dict(type="bool", default=True),
    page_size=dict(type="int", default=100),
    concurrency=dict(type="int", default=4),
    fields=dict(type="list", elements="str"),
    custom_fields=dict(type="list", elements="str"),
    dest=dict(type="path"),
    **kept_for.ARGUMENTS,
    **progress.ARGUMENTS,
    **variable_names.ARGUMENTS,
)


def main():
    module_runner.run_module(
        command.run,
        libraries=("requests", "jmespath"),
        tuning=TUNING,
        argument_spec=ARGUMENT_SPEC,
        required_one_of=[("base_url", "company_name")],
        required_by={"kept_for": ["dest"]},
        supports_check_mode=True,
    )


if __name__ == "__main__":
    main()
