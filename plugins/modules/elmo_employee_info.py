# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: elmo_employee_info
short_description: Read all employees from ELMO
version_added: 0.1.0
author:
  - hris.ad contributors (@hris-ad)
description:
  - Reads users, leavers and future starters through ELMO's User API and resolves their references
    to names.
  - A list that did not arrive complete is an error, never a shorter list.
  - ELMO publishes no specification of this API. Therefore its address is required, and each path is
    an option.
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
      - Address of the API, without O(paths). Ask ELMO for it, it is not public.
    type: str
    required: true
  client_id:
    description:
      - Client id of the API. A Company Admin creates it in ELMO's API Management console.
      - If unset, the environment variable E(HRIS_ELMO_CLIENT_ID) is used.
    type: str
  client_secret:
    description:
      - Client secret that belongs to O(client_id).
      - If unset, the environment variable E(HRIS_ELMO_CLIENT_SECRET) is used.
    type: str
  token_encoding:
    description:
      - Whether the body of a token request is JSON or a form.
    type: str
    choices: [json, form]
    default: json
  paths:
    description:
      - Paths below O(base_url), if those of this tenant differ. Each may also be a whole address.
    type: dict
    suboptions:
      token:
        description: Where tokens are requested.
        type: str
        default: /oauth/token
      core:
        description: The beginning of the default of each path below.
        type: str
        default: /core/v1
      users:
        description: Users and leavers. O(paths.core) and C(/users) if unset.
        type: str
      onboarding_users:
        description: Future starters. O(paths.core) and C(/onboarding-users) if unset.
        type: str
      departments:
        description: Departments. O(paths.core) and C(/departments) if unset.
        type: str
      positions:
        description: Positions. O(paths.core) and C(/positions) if unset.
        type: str
      locations:
        description: Locations. O(paths.core) and C(/locations) if unset.
        type: str
      legal_entities:
        description: Legal entities. O(paths.core) and C(/legal-entities) if unset.
        type: str
      employees:
        description: Employment details. O(paths.core) and C(/employees) if unset.
        type: str
  page_size:
    description:
      - How many records a page has. ELMO may send fewer.
      - One page with the whole list is one query of the server, and so a snapshot. Between several
        pages, one record that is added and one that is removed may hide another.
    type: int
    default: 100
  concurrency:
    description:
      - How many pages of a list are requested at a time, once the first page has stated how many
        there are.
      - Set V(1) for a server that allows no more. Status 429 is handled in any case.
    type: int
    default: 4
  deleted:
    description:
      - Whether the result has deleted users. V(both) returns them with the others, V(exclude)
        leaves them out, V(only) returns nobody else.
      - Leavers may be inactive users or deleted ones, depending on how HR works.
    type: str
    choices: [both, only, exclude]
    default: both
  include_onboarding:
    description:
      - Whether the result has future starters. They have no employee number yet.
    type: bool
    default: true
  exclude_vendor_users:
    description:
      - Whether ELMO is asked to leave its vendor users out.
    type: bool
    default: false
  include_employment:
    description:
      - Whether each record has C(employmentType) and C(terminationDate).
      - ELMO's list of employment details also has bank, tax and superannuation data. None of it is
        kept.
    type: bool
    default: false
  references:
    description:
      - Which references are resolved. The others keep their id, without a name, and their lists are
        not read.
    type: list
    elements: str
    choices: [manager, position, department, location, legalEntity]
    default: [manager, position, department, location, legalEntity]
  fields:
    description:
      - The fields to keep. C(id) is always kept. All fields if unset.
    type: list
    elements: str
  custom_fields:
    description:
      - Names of custom fields (C(customField_...)) that each record's C(customData) has, even when
        nobody has a value yet.
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
    pages agree with the total that ELMO states. If as many records are added as removed between two
    pages, this cannot be detected, and a record may be missing until the next run.
seealso:
  - module: hris.ad.icehrm_employee_info
  - module: hris.ad.sync
"""

EXAMPLES = r"""
- name: Read everyone into a file
  hris.ad.elmo_employee_info:
    base_url: https://api.elmo.example
    client_id: "{{ elmo_client_id }}"
    client_secret: "{{ elmo_client_secret }}"
    dest: /var/lib/hris/source.jsonl

- name: Read the people who work here now, with only what the rules need
  hris.ad.elmo_employee_info:
    base_url: https://api.elmo.example
    client_id: "{{ elmo_client_id }}"
    client_secret: "{{ elmo_client_secret }}"
    deleted: exclude
    include_onboarding: false
    references: [manager, position]
    fields: [employeeNumber, firstName, lastName, email, manager, position]
  register: staff

- name: Read from a tenant whose paths differ, with the certificates of the company's proxy
  hris.ad.elmo_employee_info:
    base_url: https://gateway.example.com/elmo
    client_id: "{{ elmo_client_id }}"
    client_secret: "{{ elmo_client_secret }}"
    token_encoding: form
    paths:
      token: https://login.example.com/oauth/token
      core: /core/v2
    ca_cert: /etc/ssl/certs/company.pem
    dest: /var/lib/hris/source.jsonl
"""

RETURN = r"""
employees:
  description:
    - The employees, each with the same fields, null where ELMO has no value. Further fields of ELMO
      are kept as they are.
    - An id that is in several lists is one employee. Users take precedence over future starters,
      and those over deleted users.
  returned: success, without O(dest)
  type: list
  elements: dict
  contains:
    id:
      description: The user's id.
      type: str
      sample: 3f1c8a52-7d7e-4c1f-9a55-0d2f6b1e9c11
    identifier:
      description: The name for logging on to ELMO, often the e-mail address.
      type: str
      sample: mia.chen@example.com
    username:
      description: User name in ELMO; null for future starters.
      type: str
      sample: mia.chen
    email:
      description: E-mail address.
      type: str
      sample: mia.chen@example.com
    firstName:
      description: First name.
      type: str
      sample: Mia
    lastName:
      description: Last name.
      type: str
      sample: Chen
    preferredFirstName:
      description: Preferred first name, or null.
      type: str
      sample: null
    preferredLastName:
      description: Preferred last name, or null.
      type: str
      sample: null
    employeeNumber:
      description: Employee number; null for future starters.
      type: str
      sample: "1001"
    dateOfBirth:
      description: Date of birth.
      type: str
      sample: "1991-04-30"
    mobile:
      description: Mobile phone.
      type: str
      sample: +61 400 000 001
    manager:
      description:
        - The manager, or null. C(id), C(employeeNumber), C(email), C(username), C(firstName),
          C(lastName), C(preferredFirstName), C(preferredLastName). All but C(id) are null when the
          manager is not among the users read.
      type: dict
      sample:
        id: 9b0e2c4a-1f0b-4a54-8f7a-5e8f5ad1c0aa
        employeeNumber: "0007"
        email: ana.silva@example.com
        username: ana.silva
        firstName: Ana
        lastName: Silva
        preferredFirstName: null
        preferredLastName: null
    position:
      description:
        - The position as ELMO's list has it, or null. C(title) is null when it is not in the list.
      type: dict
      sample: {id: p-17, title: Accountant, positionId: ACC}
    department:
      description: The department, likewise.
      type: dict
      sample:
        id: d-3
        title: Finance
        departmentId: FIN
        description: null
        path: Company/Finance
        parent: d-1
        deleted: false
    location:
      description: The location, likewise.
      type: dict
      sample: {id: l-2, title: Sydney, locationId: SYD}
    legalEntity:
      description: The legal entity, likewise.
      type: dict
      sample: {id: e-1, title: Example Pty Ltd}
    startDate:
      description: First day, YYYY-MM-DD.
      type: str
      sample: "2021-02-01"
    serviceStartDate:
      description: The day from which the time of service is counted.
      type: str
      sample: "2021-02-01"
    endDate:
      description: Last day, or null.
      type: str
      sample: null
    expiryDate:
      description: Day on which the user's access to ELMO ends, or null.
      type: str
      sample: null
    active:
      description: Whether the user is active in ELMO.
      type: bool
      sample: true
    role:
      description: EMPLOYEE, MANAGER or COMPANY_ADMIN.
      type: str
      sample: EMPLOYEE
    timezone:
      description: IANA name of the time zone.
      type: str
      sample: Australia/Sydney
    country:
      description: Country.
      type: str
      sample: Australia
    state:
      description: State.
      type: str
      sample: NSW
    customData:
      description: Custom fields by their names, C(customField_...).
      type: dict
      sample: {customField_costCentre: CC-42}
    onboarding:
      description: Whether this is a future starter, who is not a user yet.
      type: bool
      sample: false
    deleted:
      description: Whether the user is deleted in ELMO.
      type: bool
      sample: false
    employmentType:
      description: FULLTIME, PARTTIME, CASUAL or CONTRACTOR. Only with O(include_employment).
      type: str
      sample: FULLTIME
    terminationDate:
      description: Day of termination, or null. Only with O(include_employment).
      type: str
      sample: null
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
      sample: 1250
    onboarding:
      description: Future starters among them.
      type: int
      sample: 12
    deleted:
      description: Deleted users among them.
      type: int
      sample: 230
    overlapping:
      description: Employees that are in more than one list.
      type: int
      sample: 0
    unresolved:
      description:
        - References to records that are not in ELMO's lists. There is a warning for each kind.
      type: int
      sample: 0
    pages:
      description: Pages read.
      type: int
      sample: 21
    requests:
      description: Requests sent, with retries.
      type: int
      sample: 22
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
    elmo_employee_info as command,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.commands import kept_for
from ansible_collections.hris.ad.plugins.module_utils._hris.sources.elmo.source import LISTS
from ansible_collections.hris.ad.plugins.module_utils._hris.web.options import ARGUMENTS, TUNING

REFERENCES = ["manager", "position", "department", "location", "legalEntity"]

ARGUMENT_SPEC = dict(
    **ARGUMENTS,
    base_url=dict(type="str", required=True),
    client_id=dict(type="str", fallback=(env_fallback, ["HRIS_ELMO_CLIENT_ID"])),
    client_secret=dict(
        type="str", no_log=True, fallback=(env_fallback, ["HRIS_ELMO_CLIENT_SECRET"])
    ),
    token_encoding=dict(type="str", choices=["json", "form"], default="json", no_log=False),
    paths=dict(
        type="dict",
        apply_defaults=True,
        options=dict(
            token=dict(type="str", default="/oauth/token", no_log=False),
            core=dict(type="str", default="/core/v1"),
            **{name: dict(type="str") for name in LISTS},
        ),
    ),
    page_size=dict(type="int", default=100),
    concurrency=dict(type="int", default=4),
    deleted=dict(type="str", choices=["both", "only", "exclude"], default="both"),
    include_onboarding=dict(type="bool", default=True),
    exclude_vendor_users=dict(type="bool", default=False),
    include_employment=dict(type="bool", default=False),
    references=dict(type="list", elements="str", choices=REFERENCES, default=REFERENCES),
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
        required_by={"kept_for": ["dest"]},
        supports_check_mode=True,
    )


if __name__ == "__main__":
    main()
