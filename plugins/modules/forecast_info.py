# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: forecast_info
short_description: Show what the next days bring, if HR's data stays as it is
version_added: 0.1.0
author:
  - hris.ad contributors (@hris-ad)
description:
  - Makes the plan of P(hris.ad.sync#module) for all sources of a domain, for today and for each of
    the next days, each over the directory as the day before would have left it. It shows first
    days, last days, leaves, retention and absence that lie ahead.
  - The result has the changes of each day, the findings that the day before did not have, and the
    days on which a limit would stop the run. The days after such a day go on as if that run had
    been approved.
  - The directory is read once, and nothing is written to it. With O(simulated) no directory is
    read; it is taken to be as the rules would have left it by today.
extends_documentation_fragment:
  - hris.ad.runs_on
  - hris.ad.expressions
  - hris.ad.foreseen_sources
  - hris.ad.reads_only
  - hris.ad.directory
  - hris.ad.progress
  - hris.ad.variable_names
options:
  directory:
    description:
      - How to reach the domain. It is needed unless O(simulated) is set. C({}) takes all of it from
        the environment.
      - One server is bound to once, always inside TLS.
  simulated:
    description:
      - Whether a simulated directory is used instead of a real one. Names that other accounts have
        in the real one, and what was done by hand, are not known then.
    type: bool
    default: false
  names:
    description:
      - Names that are not given although nobody in the domain has them, as in
        O(hris.ad.sync#module:names). The names ledger is read. The forest is not asked.
    type: dict
    suboptions:
      reuse_after_days:
        description: As in O(hris.ad.sync#module:names.reuse_after_days).
        type: str
      ledger:
        description: As in O(hris.ad.sync#module:names.ledger).
        type: path
      key:
        description: As in O(hris.ad.sync#module:names.key).
        type: str
      released:
        description: As in O(hris.ad.sync#module:names.released).
        type: list
        elements: str
        default: []
      taken_file:
        description: As in O(hris.ad.sync#module:names.taken_file).
        type: path
  days:
    description: How many days to look ahead, at most 366.
    type: int
    default: 30
  dest:
    description:
      - A file for the whole forecast (JSON Lines, mode 0600). A line has C(day), C(type)
        (V(change), V(finding), V(limit) or V(step)), and the data of the change, finding, limit or
        step. That of a change or finding has the C(source) and the C(key) of the person.
      - The file has no values of attributes but the names of people in findings.
    type: path
  report_limit:
    description: The most lines of RV(report).
    type: int
    default: 100
  as_of:
    description:
      - The moment of the first day, such as C(2026-03-02). Now, by default. Each day is computed
        for the same time of day.
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
  - module: hris.ad.impact_info
"""

EXAMPLES = r"""
- name: Compute what the next two weeks bring
  hris.ad.forecast_info:
    sources:
      - source: elmo
        src: /var/lib/hris/elmo.jsonl
        mapping: "{{ lifecycle_mapping }}"
        naming: "{{ lifecycle_naming }}"
        placement: "{{ lifecycle_placement }}"
        dates: "{{ lifecycle_dates }}"
        leaver: "{{ lifecycle_leaver }}"
        limits: "{{ lifecycle_limits }}"
    directory:
      servers: [dc1.corp.example]
      username: svc-hris@corp.example
      password: "{{ vault_ad_password }}"
      ca_cert: /etc/pki/corp-ca.pem
    days: 14
    dest: /var/lib/hris/elmo-forecast.jsonl
  register: forecast

- name: Show it
  ansible.builtin.debug:
    msg: "{{ forecast.report }}"
"""

RETURN = r"""
msg:
  description: The forecast in one line.
  returned: success
  type: str
  sample: >-
    elmo: 42 changes from 2026-03-02 to 2026-04-01; limits would stop the run of 2026-04-01.
changes:
  description: How many changes the days bring.
  returned: success
  type: int
  sample: 42
days:
  description: The days on which something happens.
  returned: success
  type: list
  elements: dict
  contains:
    day:
      description: The day.
      type: str
    counts:
      description: How many changes there are of each action.
      type: dict
    findings:
      description: How many findings the day before did not have.
      type: int
    stopped:
      description: The message of each limit that would stop the run.
      type: list
      elements: str
    steps:
      description: For how many people each step is due (O(sources[].steps)).
      type: dict
  sample:
    - day: "2026-04-01"
      counts:
        disable: 12
      findings: 0
      stopped:
        - "12 of 100 accounts would get the action 'disable' (12.0 %): at most 10 are allowed"
      steps: {}
report:
  description: The forecast as lines of text, at most O(report_limit).
  returned: success
  type: list
  elements: str
  sample:
    - "elmo: 1 change from 2026-03-02 to 2026-04-01"
    - "2026-03-14: 1 disable"
    - "  disable E1001 CN=Ann Lee,OU=Staff,DC=corp,DC=example: left on 2026-03-13"
"""

from ansible_collections.hris.ad.plugins.module_utils._hris import (
    module_runner,
    progress,
    variable_names,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.commands import forecast_info as command
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.options import (
    ARGUMENTS as DIRECTORY,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.options import ARGUMENTS as RULES
from ansible_collections.hris.ad.plugins.module_utils._hris.run.names_options import (
    WITHOUT_FOREST as NAMES,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.run.source_options import FORESEEN


def main():
    """Run the module."""
    module_runner.run_module(
        command.run,
        libraries=command.libraries,
        argument_spec=dict(
            **variable_names.ARGUMENTS,
            sources=FORESEEN,
            domain_limits=RULES["limits"],
            as_of=RULES["as_of"],
            directory={**DIRECTORY["directory"], "apply_defaults": False},
            simulated=dict(type="bool", default=False),
            names=NAMES,
            days=dict(type="int", default=30),
            dest=dict(type="path"),
            report_limit=dict(type="int", default=100),
            **progress.ARGUMENTS,
        ),
        supports_check_mode=True,
    )


if __name__ == "__main__":
    main()
