# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: feed_info
short_description: Show which fields a feed of employees has, and whether the rules fit it
version_added: 0.1.0
author:
  - hris.ad contributors (@hris-ad)
description:
  - Shows which fields the employees have, as paths that can be copied into a mapping.
  - With O(mapping), O(naming) and O(placement) it compiles the rules as P(hris.ad.sync#module)
    does, and lists every field that a rule reads and no employee has. Without such a field it shows
    how many people are in each state, and the findings about them.
  - No directory is asked, and nothing is written.
extends_documentation_fragment:
  - hris.ad.runs_on
  - hris.ad.expressions
  - hris.ad.feed
  - hris.ad.reads_only
  - hris.ad.rules
  - hris.ad.variable_names
options:
  redact_samples:
    description:
      - Whether samples show only the form of a value, with letters as C(x) and digits as C(9).
        The values themselves would stay in the output of the job.
    type: bool
    default: true
  report_limit:
    description: The most findings that are returned.
    type: int
    default: 50
  source:
    description: The name of the source.
    type: str
    default: feed
    required: false
  mapping:
    description:
      - The attributes of Active Directory, each with the rule that gives its value, see
        O(hris.ad.sync#module:sources[].mapping).
    type: dict
    required: false
  naming:
    required: false
  placement:
    required: false
seealso:
  - module: hris.ad.endpoint_info
  - module: hris.ad.sync
"""

EXAMPLES = r"""
- name: Show the fields of the feed
  hris.ad.feed_info:
    src: /var/lib/hris/elmo.jsonl
  register: feed

- name: Check the rules against it
  hris.ad.feed_info:
    src: /var/lib/hris/elmo.jsonl
    mapping: "{{ lifecycle_mapping }}"
    naming: "{{ lifecycle_naming }}"
    placement: "{{ lifecycle_placement }}"
    dates: "{{ lifecycle_dates }}"
"""

RETURN = r"""
records:
  description: How many employees the feed has.
  returned: success
  type: int
  sample: 126
fields:
  description: The fields, at most 400, as in the module P(hris.ad.endpoint_info#module).
  returned: success
  type: list
  elements: dict
  sample:
    - path: position.title
      type: text
      count: 120
      share: 95.2
      sample: xxxxx
fields_left_out:
  description: How many more fields there are.
  returned: success
  type: int
  sample: 0
problems:
  description:
    - Why the rules do not fit, each with its C(place), a C(message), and a C(hint) or null.
  returned: success
  type: list
  elements: dict
  sample:
    - place: mapping.title
      message: no employee has the field 'position.titel'
      hint: Did you mean 'title'. List a field that only some people have in optional_fields
fields_unread:
  description:
    - The fields that no rule reads, if the rules fit. They need not be fetched, unless a webhook or
      a step uses them.
  returned: success
  type: list
  elements: str
  sample: [bankAccounts, taxFileNumber]
people:
  description: How many people are in each state, if the rules fit.
  returned: success
  type: dict
  sample: {active: 110, leaver: 12, prepared: 4}
findings:
  description:
    - The findings about the employees, at most O(report_limit), as in the module
      P(hris.ad.sync#module).
  returned: success
  type: list
  elements: dict
  sample:
    - severity: error
      kind: missing_key
      key: null
      name: null
      place: mapping.employeeID
      message: >-
        record 7 (id 7) has no value for 'employeeNumber': it is left out. Enter the value in HR.
findings_total:
  description: How many findings there are.
  returned: success
  type: int
  sample: 1
report:
  description: The same as lines of text.
  returned: success
  type: list
  elements: str
  sample: ["126 employees have these fields:", "position.title  text  95.2 %  xxxxx"]
"""

from ansible_collections.hris.ad.plugins.module_utils._hris import module_runner, variable_names
from ansible_collections.hris.ad.plugins.module_utils._hris.commands import feed_info as command
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.options import ARGUMENTS
from ansible_collections.hris.ad.plugins.module_utils._hris.sources.files import ARGUMENTS as FEED

ARGUMENT_SPEC = {
    **{
        name: {key: value for key, value in option.items() if key != "required"}
        for name, option in ARGUMENTS.items()
    },
    "source": dict(type="str", default="feed"),
    **FEED,
    **variable_names.ARGUMENTS,
    "redact_samples": dict(type="bool", default=True),
    "report_limit": dict(type="int", default=50),
}


def main():
    """Run the module."""
    module_runner.run_module(
        command.run,
        libraries=("jmespath",),
        argument_spec=ARGUMENT_SPEC,
        required_one_of=[("src", "employees")],
        mutually_exclusive=[("src", "employees")],
        required_together=[("mapping", "naming", "placement")],
        supports_check_mode=True,
    )


if __name__ == "__main__":
    main()
