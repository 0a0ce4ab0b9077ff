# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: endpoint_info
short_description: Read employees from any REST source, or from files
version_added: 0.1.0
author:
  - hris.ad contributors (@hris-ad)
description:
  - Reads one endpoint or several, joins them on one key, and gives all employees the same fields.
  - A list that did not arrive complete is an error, never a shorter list.
  - With O(describe) it returns the fields that the employees have, as paths that can be copied into
    a mapping.
  - O(base_url), and the address, headers, parameters and body of an endpoint, may have macros, see
    the notes.
extends_documentation_fragment:
  - hris.ad.runs_on
  - hris.ad.expressions
  - hris.ad.reads_only
  - hris.ad.http_connection
  - hris.ad.progress
  - hris.ad.variable_names
  - hris.ad.kept_for
  - hris.ad.authentication
requirements:
  - openpyxl >= 3.1 (only for Excel files)
options:
  base_url:
    description:
      - Address that the paths of the endpoints begin with. If unset, the server of the first
        endpoint's whole address is used.
      - All endpoints must be on this server. Credentials are never sent to another one.
    type: str
  key:
    description: The key of endpoints without a key of their own, see O(endpoints[].key).
    type: str
  endpoints:
    description:
      - What is read. The first endpoint says who the employees are, the others add to them.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: A name for messages, for O(wins) and for O(endpoints[].dependent).
        type: str
        required: true
      url:
        description:
          - Path below O(base_url), or a whole address. The query belongs into
            O(endpoints[].params).
          - One of O(endpoints[].url) and O(endpoints[].file) is required.
        type: str
      file:
        description:
          - A file to read instead, such as an export, or the C(dest) of another module of this
            collection.
        type: path
      format:
        description:
          - Format of the file. If unset, its ending decides (C(.csv), C(.xlsx), C(.json),
            C(.jsonl)).
          - V(xlsx) needs the Python library C(openpyxl). Dates and times become ISO texts, and a
            number whose cell has a format of zeros becomes a text with leading zeros.
        type: str
        choices: [csv, xlsx, json, jsonl]
      delimiter:
        description:
          - The character between the values of a CSV file. If unset, a first line such as C(sep=;)
            says it, else it is the one of comma, semicolon, tab and bar that divides the line of
            names into most fields.
        type: str
      encoding:
        description:
          - Encoding of a CSV file, by its name in Python, such as V(cp1252). JSON is UTF-8, or
            UTF-16 with a byte order mark.
        type: str
        default: utf-8
      sheet:
        description: The sheet of an XLSX file. If unset, the only one.
        type: str
      skip_lines:
        description:
          - How many lines of a CSV or XLSX file stand above the names of the fields, such as a
            title. The lines C(sep=;) of Excel and C(#TYPE) of PowerShell need no option.
        type: int
        default: 0
      skip_last_lines:
        description:
          - How many lines of a CSV or XLSX file stand below the last employee, such as a total.
            Empty lines do not count.
        type: int
        default: 0
      names:
        description:
          - The names of the fields of a CSV or XLSX file that does not have them, from the first
            column on. To replace the names in the file, leave its line out with
            O(endpoints[].skip_lines).
        type: list
        elements: str
      null_values:
        description:
          - Texts in a CSV or XLSX file that mean no value, such as V(NULL) or V(N/A). They are
            compared exactly. An empty value is always null.
        type: list
        elements: str
        default: []
      method:
        description:
          - Method of the requests. They must only read, because a request that fails is sent again,
            and because check mode sends them, too.
        type: str
        choices: [GET, POST, PUT]
        default: GET
      headers:
        description:
          - Headers by name. C(Accept) is C(application/json) if it is not given. Credentials belong
            into O(auth).
        type: dict
      params:
        description:
          - Parameters of the query by name. A list is sent as several parameters, a null is left
            out.
          - Credentials belong into O(auth).
        type: dict
      body:
        description: Body of the request, an object, a list or a text.
        type: raw
      body_format:
        description: Format of O(endpoints[].body).
        type: str
        choices: [json, form, text]
        default: json
      records:
        description:
          - Expression (JMESPath) for the list of records in the response or JSON file, such as
            V(data), or V(@) for a response that is one record itself.
          - If unset, the response is the list.
        type: str
      key:
        description:
          - Expression for the key that a record is joined by, such as V(employeeIdentifier). The
            number 7 and the text 7 are the same key.
          - Required when there are several endpoints, except for a dependent one, whose records
            belong to the value that it was called for.
        type: str
      identifier:
        description:
          - Expression for the identifier that the system itself gives to a record, such as V(id).
            Two different records with one identifier are an error. Identical ones count once.
          - If unset, this is checked for the field C(id) of the first endpoint when its
            O(endpoints[].key) is another field. Records with the same key may then have the same
            C(id).
        type: str
      match:
        description:
          - Expression over the employee, as joined so far, for the key of the record that belongs
            to the employee, when that is not the employee's own key. An example is V(departmentId)
            for an endpoint of departments.
        type: str
      into:
        description:
          - A field for the whole record. If unset, the fields of the record become fields of the
            employee.
        type: str
      many:
        description:
          - Whether an employee may have several records. O(endpoints[].into) is then a list.
        type: bool
        default: false
      unmatched:
        description:
          - What happens to records with a key that no endpoint above has. V(add) adds them as
            employees.
        type: str
        choices: [leave_out, add]
        default: leave_out
      fields:
        description: The fields of the records to keep. All if unset.
        type: list
        elements: str
      paging:
        description: How the list is divided into pages.
        type: dict
        suboptions:
          type:
            description:
              - V(none) is one response.
              - V(page) counts pages, V(offset) counts records.
              - V(cursor) sends the value of O(endpoints[].paging.next) in the previous response.
              - V(link) follows the C(Link) header of the response (C(rel=next)), or the address
                that is the value of O(endpoints[].paging.next).
            type: str
            choices: [none, page, offset, cursor, link]
            default: none
          parameter:
            description:
              - Name of the parameter for the page, offset or cursor. C(page), C(offset) or
                C(cursor) if unset.
            type: str
          location:
            description: Whether the parameters of the pages are sent in the query or in the body.
            type: str
            choices: [params, body]
            default: params
          first:
            description: Number of the first page, 1 if unset, or the first offset, 0 if unset.
            type: int
          size_parameter:
            description: Name of the parameter for the number of records on a page.
            type: str
          size:
            description:
              - How many records a page has, sent as O(endpoints[].paging.size_parameter). The
                server may send fewer.
            type: int
          next:
            description:
              - Expression over the response for the next cursor or address. Without a value the
                list ends.
            type: str
          stop:
            description:
              - Condition over the response that is true on the last page, such as C(metadata.page
                >= metadata.lastPage).
              - If unset, V(page) and V(offset) end at the stated total, or at an empty page.
            type: str
          total:
            description:
              - Expression over the response for the number of records in the whole list. Any other
                number is then an error.
              - Without it, a list that ends although the response states a higher number, under a
                usual name such as C(total) or C(metadata.totalItems), is an error. So is a single
                response that names a next page. C(length(data)) says that the records in C(data)
                are the whole list.
              - A list by V(page) or V(offset) without a total is read until two readings agree,
                because such pages shift when HR is edited at the same time.
            type: str
          concurrency:
            description:
              - How many pages are requested at a time, with V(page) and
                O(endpoints[].paging.total).
            type: int
            default: 1
          max_pages:
            description:
              - The largest number of pages. More are an error. 1000 if unset, or 10000 for a list
                with O(endpoints[].paging.total).
            type: int
      dependent:
        description: With this, the endpoint is called once for each value of another one.
        type: dict
        suboptions:
          of:
            description: Name of the other endpoint, which is above this one.
            type: str
            required: true
          value:
            description:
              - Expression over the records of the other endpoint for the value, or for a list of
                values. The macro C({value}) is this value.
            type: str
            required: true
          concurrency:
            description: How many calls are made at the same time.
            type: int
            default: 4
          missing_status:
            description:
              - HTTP statuses that mean that there are no records for this value, such as V(404).
            type: list
            elements: int
            default: []
  variables:
    description: Variables for macros, besides C(as_of) and C(today).
    type: dict
    default: {}
  as_of:
    description:
      - The time of C(as_of) and C(today), as C(2026-03-02) or C(2026-03-02T18:00:00+10:00). If
        unset, the current time.
    type: str
  wins:
    description:
      - By field, the endpoint whose value is used wherever that endpoint has a record.
      - For other fields the first value that is not null is used, in the order of the endpoints.
    type: dict
    default: {}
  describe:
    description:
      - Whether to return the fields that were found instead of the employees. O(dest) is still
        written.
    type: bool
    default: false
  describe_pages:
    description:
      - With O(describe), how many pages of each list are read. V(0) reads all pages.
      - With any other number, dependent endpoints are called for five values only.
    type: int
    default: 0
  redact_samples:
    description:
      - Whether the samples of O(describe) show only the form of a value, with letters as C(x) and
        digits as C(9). The values themselves would stay in the output of the job.
    type: bool
    default: true
  dest:
    description:
      - File to write the employees to (JSON Lines, mode 0600). They are then not returned.
      - Use it for more than a few hundred people. Ansible is slow with large results.
    type: path
notes:
  - A macro is an expression in braces over O(variables), C(as_of) (date and time) and C(today) (a
    date), such as C({company_name}) or C({date_add(today, -30, 'days')}), with the functions of
    mappings. A text that is one macro and nothing else keeps the type of the value. An unknown name
    is an error, and so is a missing value. A literal brace is C({'{'}).
  - In an address each value is one part of the path, with its special characters escaped.
seealso:
  - module: hris.ad.elmo_employee_info
  - module: hris.ad.icehrm_employee_info
  - module: hris.ad.sync
"""

EXAMPLES = r"""
- name: Read everyone from a server that gives pages by cursor, with an API key from the environment
  hris.ad.endpoint_info:
    base_url: https://crew.example.com/v2
    auth:
      type: api_key
      key_name: X-Crew-Key
    endpoints:
      - name: people
        url: people
        params: {changedAfter: "{date_add(today, -3650, 'days')}"}
        records: items
        key: ref
        paging:
          type: cursor
          parameter: after
          next: page.next
          size_parameter: limit
          size: 200
          total: page.total
    dest: /var/lib/hris/crew.jsonl

- name: Join people, their departments and, with one call for each person, their badges
  hris.ad.endpoint_info:
    base_url: "https://{tenant}.example.com/api"
    variables: {tenant: acme}
    auth: {type: basic, username: reader, password: "{{ hr_password }}"}
    endpoints:
      - name: people
        url: /people
        records: data
        key: id
        paging: {type: page, total: total}
      - name: departments
        url: /departments
        records: data
        key: id
        match: departmentId
        into: department
      - name: badges
        url: "/people/{value}/badges"
        dependent: {of: people, value: id, concurrency: 8, missing_status: [404]}
        into: badges
        many: true
    dest: /var/lib/hris/acme.jsonl

- name: Add the desk numbers of a spreadsheet to the employees of ELMO
  hris.ad.endpoint_info:
    endpoints:
      - {name: elmo, file: /var/lib/hris/elmo.jsonl, key: employeeNumber}
      - {name: desks, file: /srv/exports/desks.csv, key: number, fields: [desk, phone]}
    wins: {phone: desks}
    dest: /var/lib/hris/staff.jsonl

- name: See which fields there are before mapping them
  hris.ad.endpoint_info:
    auth: {type: bearer, token: "{{ hr_token }}"}
    endpoints:
      - name: people
        url: https://hr.example.com/api/people
        records: results
        paging: {type: link, next: next}
    describe: true
    describe_pages: 1
"""

RETURN = r"""
employees:
  description: The employees, each with the same fields, null where there is no value.
  returned: success, without O(dest) and O(describe)
  type: list
  elements: dict
  sample: [{ref: C-1007, name: {given: Aroha, family: Ngata}}]
dest:
  description: The file that holds the employees.
  returned: success, with O(dest)
  type: str
  sample: /var/lib/hris/crew.jsonl
fields_unread:
  description: The fields that nothing of O(kept_for) reads, at most 400. They are not in the file.
  returned: success, with O(dest) and O(kept_for), unless one of them may read any field
  type: list
  elements: str
  sample: [bankAccount, customData.taxNumber]
counts:
  description: How much was read.
  returned: success
  type: dict
  contains:
    employees:
      description: Employees in the result.
      type: int
      sample: 126
    requests:
      description: Requests sent, with retries and those for tokens.
      type: int
      sample: 3
    retries:
      description: Retries among them.
      type: int
      sample: 0
seconds:
  description: How long reading took.
  returned: success
  type: float
  sample: 2.4
endpoints:
  description:
    - By endpoint, the number of C(records), C(pages) and C(requests), the C(seconds) and the last
      HTTP C(status).
  returned: success
  type: dict
  sample: {people: {records: 126, pages: 2, requests: 2, seconds: 0.4, status: 200}}
join:
  description: How the endpoints were joined.
  returned: success
  type: dict
  contains:
    endpoints:
      description:
        - For each endpoint after the first one, how many employees have a record of it
          (C(matched)), how many keys of employees have none (C(missing)), how many of its keys
          belong to no employee (C(unmatched)), how many employees these keys C(added), and how many
          of its records are C(without_key).
        - C(missing_keys) and C(unmatched_keys) name the first twenty. C(nothing_to_match) counts
          employees without a key.
      type: list
      elements: dict
      sample:
        - endpoint: desks
          matched: 120
          missing: 6
          missing_keys: ["1007"]
          nothing_to_match: 0
          unmatched: 0
          unmatched_keys: []
          added: 0
          without_key: 0
    conflicts:
      description:
        - By field without an entry in O(wins), for how many employees endpoints have different
          values.
      type: dict
      sample: {phone: 3}
fields:
  description: The fields found, at most 400, in their own order.
  returned: success, with O(describe)
  type: list
  elements: dict
  contains:
    path:
      description: The field as an expression that can be copied into a mapping.
      type: str
      sample: name.given
    type:
      description:
        - The type of the values, such as text, integer, boolean, date, list of text, or null
          without any value.
      type: str
      sample: text
    count:
      description: How many employees have a value.
      type: int
      sample: 126
    share:
      description: The same in percent.
      type: float
      sample: 100.0
    sample:
      description: The first value, or its form with O(redact_samples).
      type: str
      sample: xxxxx
fields_left_out:
  description: How many more fields there are.
  returned: success, with O(describe)
  type: int
  sample: 0
"""

from ansible_collections.hris.ad.plugins.module_utils._hris import (
    module_runner,
    progress,
    variable_names,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.commands import (
    endpoint_info as command,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.commands import kept_for
from ansible_collections.hris.ad.plugins.module_utils._hris.sources.rest.options import (
    ARGUMENTS as ENDPOINTS,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.web.authentication import (
    ARGUMENTS as AUTHENTICATION,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.web.options import ARGUMENTS as HTTP
from ansible_collections.hris.ad.plugins.module_utils._hris.web.options import TUNING

ARGUMENT_SPEC = dict(
    **HTTP,
    **AUTHENTICATION,
    **ENDPOINTS,
    dest=dict(type="path"),
    **kept_for.ARGUMENTS,
    **progress.ARGUMENTS,
    **variable_names.ARGUMENTS,
)


def main():
    """Run the module."""
    module_runner.run_module(
        command.run,
        libraries=command.libraries,
        tuning=TUNING,
        argument_spec=ARGUMENT_SPEC,
        required_by={"kept_for": ["dest"]},
        supports_check_mode=True,
    )


if __name__ == "__main__":
    main()
