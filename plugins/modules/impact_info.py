# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: impact_info
short_description: Show who changes, and why, when rules change
version_added: 0.1.0
author:
  - hris.ad contributors (@hris-ad)
description:
  - Compares old rules with new ones on recorded feeds of all sources of a domain, for pull
    requests. Neither HR nor a directory is asked.
  - A directory is simulated as the old rules would have left it by today. The impact is what a run
    with the new rules would change in it. Names that the old rules gave stay where the new rules do
    not rename, as in a real run.
  - The old rules come from a file. A task with O(rules_dest) writes it while they are in force, for
    example on the branch that a pull request is for.
extends_documentation_fragment:
  - hris.ad.runs_on
  - hris.ad.expressions
  - hris.ad.simulated_sources
  - hris.ad.reads_only
  - hris.ad.variable_names
options:
  rules_dest:
    description:
      - A file to keep the rules of all O(sources) in (JSON, sorted, mode 0600). It has no
        credentials.
    type: path
  rules_before:
    description:
      - The file with the old rules, which O(rules_dest) of an earlier task wrote. Each source then
        needs a recorded feed, O(sources[].src) or O(sources[].employees).
      - A source that the file does not have is new. One that only the file has is an error.
      - Without it, nothing is compared.
    type: path
  dest:
    description:
      - A file for the impact as Markdown (mode 0600), at most 60,000 characters, for a comment on a
        pull request.
    type: path
  at_most:
    description: How many people may change. The task fails when more would.
    type: dict
    suboptions:
      count:
        description: The number of people.
        type: int
      percent:
        description: The share of the people in all feeds, in percent.
        type: float
  report_limit:
    description: The most lines of RV(report), and the most people and findings in Markdown.
    type: int
    default: 100
  as_of:
    description: The moment that both are computed for, such as C(2026-03-02). Now, by default.
    type: str
seealso:
  - module: hris.ad.test_rules
  - module: hris.ad.forecast_info
"""

EXAMPLES = r"""
- name: Keep the rules as they are
  hris.ad.impact_info:
    sources:
      - source: elmo
        mapping: "{{ lifecycle_mapping }}"
        naming: "{{ lifecycle_naming }}"
        placement: "{{ lifecycle_placement }}"
    rules_dest: /tmp/elmo-rules-before.json

- name: Compare them with the rules of the branch, on a recorded feed
  hris.ad.impact_info:
    sources:
      - source: elmo
        src: tests/feeds/elmo.jsonl
        mapping: "{{ lifecycle_mapping }}"
        naming: "{{ lifecycle_naming }}"
        placement: "{{ lifecycle_placement }}"
    rules_before: /tmp/elmo-rules-before.json
    dest: /tmp/impact.md
    at_most:
      percent: 20
"""

RETURN = r"""
msg:
  description: The impact in one line.
  returned: always
  type: str
  sample: "elmo: 3 of 120 people change (2.5 %): 3 update."
people:
  description: How many people the feeds have.
  returned: when O(rules_before) is given
  type: int
  sample: 120
people_changed:
  description: How many of them change.
  returned: when O(rules_before) is given
  type: int
  sample: 3
percent:
  description: The people who change, in percent of those in the feeds.
  returned: when O(rules_before) is given
  type: float
  sample: 2.5
counts:
  description: How many changes there are of each action.
  returned: when O(rules_before) is given
  type: dict
  sample: {"update": 3}
attributes:
  description: How many accounts get another value, by attribute.
  returned: when O(rules_before) is given
  type: dict
  sample: {"title": 3}
findings_new:
  description: How many findings only the new rules have.
  returned: when O(rules_before) is given
  type: int
  sample: 0
findings_gone:
  description: How many findings only the old rules have.
  returned: when O(rules_before) is given
  type: int
  sample: 1
markdown:
  description:
    - The impact as Markdown. Values of the attributes in O(sources[].redact), of the old rules or
      the new ones, are hidden.
  returned: when O(rules_before) is given
  type: str
report:
  description:
    - The impact as lines of text, each change with its values, its reason and the rule that
      decided.
  returned: when O(rules_before) is given
  type: list
  elements: str
  sample:
    - "elmo: 1 of 120 people change (0.8 %): 1 update"
    - >-
      update E1 CN=Ann Lee,OU=Staff,DC=corp,DC=example: title: Clerk → Officer
      (differs from HR; mapping.title: job)
"""

from ansible_collections.hris.ad.plugins.module_utils._hris import module_runner, variable_names
from ansible_collections.hris.ad.plugins.module_utils._hris.commands import impact_info as command
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.options import ARGUMENTS as RULES
from ansible_collections.hris.ad.plugins.module_utils._hris.run.source_options import SIMULATED


def main():
    """Run the module."""
    module_runner.run_module(
        command.run,
        libraries=("jmespath",),
        argument_spec=dict(
            **variable_names.ARGUMENTS,
            sources=SIMULATED,
            domain_limits=RULES["limits"],
            as_of=RULES["as_of"],
            rules_dest=dict(type="path"),
            rules_before=dict(type="path"),
            dest=dict(type="path"),
            at_most=dict(
                type="dict", options=dict(count=dict(type="int"), percent=dict(type="float"))
            ),
            report_limit=dict(type="int", default=100),
        ),
        required_one_of=[("rules_dest", "rules_before")],
        supports_check_mode=True,
    )


if __name__ == "__main__":
    main()
