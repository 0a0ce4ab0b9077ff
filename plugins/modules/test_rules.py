# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: test_rules
short_description: Try rules on invented employees, without HR and without a directory
version_added: 0.1.0
author:
  - hris.ad contributors (@hris-ad)
description:
  - A case describes an employee, the account, the day, and what is expected. The same code as that
    of P(hris.ad.sync#module) makes the plan for it, over a simulated directory.
  - The directory has every OU and group that the rules name, and Active Directory's own attributes.
  - For a case that does not hold, the result has what was expected, what the rules did instead, and
    the rule that decided. The task fails then.
  - The playbook C(hris.ad.test_rules) does this for every source of an inventory.
  - It takes the rules of one source, because a case is a few records of one HR system, and says
    what these rules make of them. What becomes of people of whom several sources know is shown by
    M(hris.ad.impact_info) and M(hris.ad.forecast_info), which plan all sources together.
  - Cases are about single people. O(limits) and O(risk) are only checked for mistakes.
extends_documentation_fragment:
  - hris.ad.runs_on
  - hris.ad.expressions
  - hris.ad.reads_only
  - hris.ad.rules
  - hris.ad.variable_names
options:
  cases:
    description:
      - A list of cases, or a mapping with C(cases), C(common) and C(domain).
      - C(common) has an C(employee), whose fields all employees have unless a case gives them other
        values, and C(as_of).
      - C(domain) has the C(ous), C(groups) and C(attributes) that your directory has and the rules
        do not name, and the C(taken_names) that nobody may get (C(docs/names.md)).
      - A case has a C(name); C(employee) or C(employees), records as HR gives them; C(account) or
        C(accounts), as they are in the directory; C(before), what was different in the record when
        the account was last brought up to date; C(as_of); and C(expect).
      - C(expect) has any of C(state), C(actions), C(nothing), C(attributes), C(unchanged),
        C(exists), C(enabled), C(dn), C(ou), C(groups), C(findings) and C(held), and C(key) where it
        is not about the first employee. Only what it names is compared.
      - C(docs/rules-under-test.md) of this collection describes each word, with examples. An
        unknown word is an error.
    type: raw
    required: true
  junit:
    description:
      - A file for the results as JUnit XML (mode 0600), one testsuite, for CI systems. It is
        written in check mode as well, and when cases do not hold.
    type: path
  report_limit:
    description: The most cases in RV(failures).
    type: int
    default: 100
  as_of:
    description: The moment of the cases for which O(cases) gives none, such as C(2026-03-02).
    type: str
seealso:
  - module: hris.ad.sync
  - module: hris.ad.forecast_info
  - module: hris.ad.impact_info
"""

EXAMPLES = r"""
- name: Try the rules of ELMO
  hris.ad.test_rules:
    source: elmo
    mapping:
      employeeID: employeeNumber
      givenName: firstName
      sn: lastName
      displayName: "{firstName} {lastName}"
      title: position.title
    naming:
      candidates:
        - "{left(ascii(givenName), 1)}{ascii(sn)}"
      attributes:
        sAMAccountName: "{lower(name)}"
        cn: "{displayName}"
    placement:
      - ou: OU=Staff,DC=corp,DC=example
    dates:
      start: startDate
      end: endDate
    junit: /tmp/elmo-rules.xml
    cases:
      common:
        as_of: 2026-03-02
        employee:
          employeeNumber: E1
          firstName: Ann
          lastName: Lee
          position:
            title: Clerk
          startDate: 2024-02-01
          endDate: null
      cases:
        - name: A joiner gets an account
          employee: {}
          expect:
            state: active
            actions: create
            attributes:
              sAMAccountName: alee
              title: Clerk
            enabled: true
        - name: A leaver is locked on the day after the last one
          employee:
            endDate: 2026-03-01
          before:
            endDate: null
          expect:
            actions: disable
            enabled: false
            unchanged: [sAMAccountName, title]
        - name: An account that was disabled by hand stays disabled
          employee: {}
          account:
            sAMAccountName: alee
            enabled: false
          expect:
            enabled: false
            findings: disabled_by_hand
"""

RETURN = r"""
msg:
  description: How many cases hold, and the names of those that do not.
  returned: always
  type: str
  sample: "elmo: 11 of 12 cases hold. These do not: A joiner gets an account"
tests:
  description: How many cases there are.
  returned: when the rules and the cases could be read
  type: int
  sample: 12
passed:
  description: How many of them hold.
  returned: when the rules and the cases could be read
  type: int
  sample: 11
failures:
  description: The cases that do not hold, at most O(report_limit).
  returned: when the rules and the cases could be read
  type: list
  elements: dict
  contains:
    name:
      description: The case.
      type: str
    error:
      description: What stopped the rules; null where a plan was made.
      type: str
    problems:
      description: The differences.
      type: list
      elements: dict
      contains:
        what:
          description: The word of the case, such as C(attributes.title).
          type: str
        expected:
          description: What the case expects.
          type: str
        actual:
          description: What the rules did.
          type: str
        decided:
          description: The rule that decided.
          type: str
  sample:
    - name: A joiner gets an account
      error: null
      problems:
        - what: attributes.title
          expected: Head
          actual: Clerk
          decided: "mapping.title: position.title: written with create"
failures_total:
  description: How many cases do not hold.
  returned: when the rules and the cases could be read
  type: int
  sample: 1
report:
  description: The same as lines of text.
  returned: when the rules and the cases could be read
  type: list
  elements: str
  sample: ["elmo: 12 of 12 cases hold"]
"""

from ansible_collections.hris.ad.plugins.module_utils._hris import module_runner, variable_names
from ansible_collections.hris.ad.plugins.module_utils._hris.commands import test_rules as command
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.options import ARGUMENTS


def main():
    """Run the module."""
    module_runner.run_module(
        command.run,
        libraries=("jmespath",),
        argument_spec=dict(
            **variable_names.ARGUMENTS,
            **ARGUMENTS,
            cases=dict(type="raw", required=True),
            junit=dict(type="path"),
            report_limit=dict(type="int", default=100),
        ),
        supports_check_mode=True,
    )


if __name__ == "__main__":
    main()
