# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: first_contact_info
short_description: Compare employees with the accounts that a domain has already
version_added: 0.1.0
author:
  - hris.ad contributors (@hris-ad)
description:
  - For a domain that has accounts, before the first run. It finds the account of each employee as a
    run of M(hris.ad.sync) does, and says how it was found. It names the employees without an
    account, the accounts of nobody, and where several accounts or several people are in question.
  - For an employee without an account it proposes accounts of nobody, with a confidence from 0 to
    100 (O(sources[].correlation.proposals)). A proposal links nothing. With O(links_dest) a file of
    proposals is written. Somebody edits it, and it then takes the place of
    O(sources[].exceptions).
  - The directory is read once, and never written.
extends_documentation_fragment:
  - hris.ad.runs_on
  - hris.ad.expressions
  - hris.ad.simulated_sources.compared
  - hris.ad.directory
  - hris.ad.reads_only
  - hris.ad.variable_names
options:
  confidence:
    description: Which confidence a proposal needs.
    type: dict
    suboptions:
      least:
        description: A proposal with less is not shown.
        type: int
        default: 30
      sure:
        description:
          - From here a proposal is an entry of O(links_dest), where it is the best one both for the
            employee and for the account. The others are comments there.
        type: int
        default: 80
  dest:
    description:
      - A file for the report, or the beginning of the names of several files (mode 0600).
    type: path
  format:
    description:
      - The formats of the report. One format is written to O(dest) itself; several get the endings
        C(.html), C(.md) and C(.csv).
    type: list
    elements: str
    choices: [html, markdown, csv]
    default: [html]
  links_dest:
    description:
      - A file of proposals (YAML, mode 0600). It has the exceptions that the source has now, and a
        link for each proposal.
      - Of several sources, each has a file with its name before the ending.
      - A file that exists is an error, because it may have decisions.
    type: path
  report_limit:
    description: The most lines of RV(report), the most entries of RV(findings), and the most lines
      of the Markdown.
    type: int
    default: 100
  as_of:
    description: The moment that states are computed for, such as C(2026-03-02). Now, by default.
    type: str
attributes:
  action_group:
    support: full
    membership: [hris.ad.directory]
    description:
      - The options of O(directory) can be given once, as module defaults of the group
        C(hris.ad.directory).
seealso:
  - module: hris.ad.sync
  - module: hris.ad.data_report
"""

EXAMPLES = r"""
- name: Compare the employees with the accounts of the domain
  hris.ad.first_contact_info:
    sources:
      - source: elmo
        src: /var/lib/hris/elmo.jsonl
        mapping: "{{ lifecycle_mapping }}"
        naming: "{{ lifecycle_naming }}"
        placement: "{{ lifecycle_placement }}"
        correlation:
          proposals:
            - name: name
              all: [givenName, sn]
              any: [displayName]
              weight: 40
            - name: birth date
              any: [extensionAttribute5]
              value: birth_date
              weight: 50
              against: 50
    directory:
      servers: [dc1.corp.example]
    dest: /var/lib/hris/first-contact
    format: [html, csv]
    links_dest: /var/lib/hris/links.yml
"""

RETURN = r"""
msg:
  description: The report in one line.
  returned: always
  type: str
  sample: "elmo: 950 employees have accounts, 2 have none, 31 accounts are nobody's, 2 warnings."
counts:
  description:
    - How many lines there are of each kind. V(matched) are employees whose account a run follows,
      V(not_adopted_yet) those whose account a later run adopts, V(no_account) those without an
      account, and V(proposals) those of them with a proposal. V(unowned) are accounts of nobody,
      and V(second_account) those of them that are like somebody who has another one.
    - V(by_mark), V(by_key), V(by_fallback) and V(by_link) say how accounts were found.
    - Other kinds are those of findings, such as V(duplicate_account).
  returned: success
  type: dict
  sample: {"matched": 950, "by_key": 950, "no_account": 2, "proposals": 1, "unowned": 31}
findings:
  description:
    - What a human must look at, errors first, at most O(report_limit). Who has an account, or is to
      get one, is in O(dest) only.
  returned: success
  type: list
  elements: dict
  sample:
    - severity: warning
      kind: no_account
      key: E1001
      name: Ann Lee
      source: elmo
      message: >-
        no account was found. CN=Ann Lee,OU=Staff,DC=corp,DC=example (90: name and mail agree) may
        be it.
findings_total:
  description: How many there are.
  returned: success
  type: int
  sample: 2
dest:
  description: The files of the report, by format.
  returned: when O(dest) is set
  type: dict
  sample: {"html": "/var/lib/hris/first-contact.html", "csv": "/var/lib/hris/first-contact.csv"}
links_dest:
  description: The files of proposals, by source.
  returned: when O(links_dest) is set
  type: dict
  sample: {"elmo": "/var/lib/hris/links.yml"}
report:
  description: The counts and the findings as lines of text.
  returned: success
  type: list
  elements: str
  sample:
    - "elmo: 950 employees have accounts, 2 have none, 31 accounts are nobody's, 2 warnings"
    - "Accounts found by the key: 950"
"""

from ansible_collections.hris.ad.plugins.module_utils._hris import module_runner, variable_names
from ansible_collections.hris.ad.plugins.module_utils._hris.commands import (
    first_contact_info as command,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.options import (
    ARGUMENTS as DIRECTORY,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.options import ARGUMENTS as RULES
from ansible_collections.hris.ad.plugins.module_utils._hris.run.source_options import SIMULATED


def main():
    """Run the module."""
    module_runner.run_module(
        command.run,
        libraries=("ldap3", "jmespath"),
        argument_spec=dict(
            **variable_names.ARGUMENTS,
            **DIRECTORY,
            **command.ARGUMENTS,
            sources=SIMULATED,
            as_of=RULES["as_of"],
        ),
        supports_check_mode=True,
    )


if __name__ == "__main__":
    main()
