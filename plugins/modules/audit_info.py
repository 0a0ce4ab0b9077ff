# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: audit_info
short_description: Verify the audit log, and report how long leavers kept access
version_added: 0.1.0
author:
  - hris.ad contributors (@hris-ad)
description:
  - Checks each line of an audit log (O(hris.ad.sync#module:audit)) against its seal, which covers
    the line and the seal before it. A line that was changed, added, moved or removed fails the
    task.
  - Lines that were removed from the end cannot be seen. Compare RV(last_seal) with the one of an
    earlier report, or send the lines to a log collector.
  - Reports for each leaver when access should have ended by HR, when a run disabled the account,
    and how many minutes are between them. An account that was disabled already is not in the log.
  - Needs neither HR nor a directory.
extends_documentation_fragment:
  - hris.ad.runs_on
  - hris.ad.reads_only
options:
  src:
    description: The audit log.
    type: path
    required: true
  plan_key:
    description:
      - The secret that the lines were signed with (O(hris.ad.sync#module:plan_key)). Without a key,
        the seals are checksums, which anybody can make who may write the file.
    type: str
  month:
    description:
      - The month that is reported, such as V(2026-03), in UTC. If not set, it is all of the log.
      - The seals of the whole file are checked in any case.
    type: str
  dest:
    description:
      - The file for the report (mode 0600). If not set, no file is written.
      - With several of O(format), it is the name without the ending; C(.html), C(.md) and C(.csv)
        are added.
    type: path
  format:
    description: The formats of the report.
    type: list
    elements: str
    choices: [html, markdown, csv]
    default: [html]
  report_limit:
    description: The most entries of each list in the result and in Markdown.
    type: int
    default: 100
seealso:
  - module: hris.ad.sync
  - module: hris.ad.plan_report
"""

EXAMPLES = r"""
- name: Make the page of the last month
  hris.ad.audit_info:
    src: /var/lib/hris/audit.jsonl
    plan_key: "{{ hris_plan_key }}"
    month: "2026-03"
    dest: /var/lib/hris/access-2026-03
    format: [html, csv]
"""

RETURN = r"""
msg:
  description: The verdict in one line.
  returned: always
  type: str
  sample: 12 leavers, the longest access after its end was 34 minutes.
counts:
  description:
    - How many C(runs), C(changes) and C(leavers) there are in the month, and how many C(lines)
      cannot be believed in the whole file.
  returned: always
  type: dict
last_seal:
  description: The seal of the last line. The next report must find it as well.
  returned: always
  type: str
approvals:
  description:
    - The last approvals. Each has C(at), C(plan) and C(digest), and C(by) and C(ticket) as they
      were given.
  returned: always
  type: list
  elements: dict
leavers:
  description:
    - The leavers, those who were not locked first, then the longest access. Each has C(source),
      C(key), C(dn), C(access_ends), C(locked) (null where no lock was made) and C(minutes).
  returned: always
  type: list
  elements: dict
leavers_total:
  description: How many there are.
  returned: always
  type: int
problems:
  description: The lines that cannot be believed, with C(line) and C(problem).
  returned: always
  type: list
  elements: dict
dest:
  description: The files that were written, by format.
  returned: when O(dest) is set
  type: dict
"""

from ansible_collections.hris.ad.plugins.module_utils._hris.commands import audit_info
from ansible_collections.hris.ad.plugins.module_utils._hris.module_runner import run_module


def main() -> None:
    """Verify the audit log and write the report."""
    run_module(
        audit_info.run,
        argument_spec=dict(
            src=dict(type="path", required=True),
            plan_key=dict(type="str", no_log=True),
            month=dict(type="str"),
            dest=dict(type="path"),
            format=dict(
                type="list", elements="str", choices=["html", "markdown", "csv"], default=["html"]
            ),
            report_limit=dict(type="int", default=100),
        ),
        supports_check_mode=True,
    )


if __name__ == "__main__":
    main()
