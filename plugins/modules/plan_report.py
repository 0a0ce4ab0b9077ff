# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: plan_report
short_description: A plan, or its application, as a page that people read
version_added: 0.1.0
author:
  - hris.ad contributors (@hris-ad)
description:
  - Makes of a plan file one HTML page that needs nothing else (no network, no server), Markdown for a pull request or the output of a
    job, or CSV with all changes for a spreadsheet.
  - It tells what would be done to whom and why, before and after of each attribute, what was found, how the limits were judged; with
    O(journal) also what became of each change.
  - Needs neither HR nor a directory.
extends_documentation_fragment:
  - hris.ad.reads_only
options:
  src:
    description:
      - The plan, as P(hris.ad.sync#module) writes it to its option O(hris.ad.sync#module:plan_dest), or to one of the others.
      - One whose seal is broken or missing, or whose digest is not that of its changes, is an error, since nobody would see that on a page.
    type: path
    required: true
  journal:
    description:
      - The journal of its application, as the option O(hris.ad.sync#module:journal) writes it. Changes are then shown as V(applied),
        V(refused), V(skipped), V(not attempted) or V(unknown) (it may have been sent, and no answer was noted).
      - Changes that the run left out (held for their risk, in another shard, or of an account that had changed) are V(not attempted).
      - A journal of another plan is an error.
    type: path
  plan_key:
    description: The secret that the plan was signed with (O(hris.ad.sync#module:plan_key)). A signed plan is only read with it.
    type: str
  dest:
    description:
      - The file for the report (mode 0600). It is written in check mode as well, since a plan is there to be read before it is applied.
      - With several of O(format), its name without the ending; C(.html), C(.md) and C(.csv) are added.
    type: path
    required: true
  format:
    description: What is written.
    type: list
    elements: str
    choices: [html, markdown, csv]
    default: [html]
  redact:
    description:
      - Attributes whose values are hidden, in every format and in the data inside the page. The report says C((hidden)) instead.
      - Those that the plan hides (O(hris.ad.sync#module:redact)) are hidden as well.
      - V(cn), V(displayName), V(name) or V(distinguishedName) hide the names in DNs as well, V(memberOf) the groups.
      - A finding about such an attribute keeps its kind, its employee and its place, and loses its message.
      - Keys of employees are shown always. Other attributes may tell what these do (a logon name, a name); name them too.
    type: list
    elements: str
    default: []
  report_limit:
    description: The most accounts and the most findings in Markdown, which has no more than 60,000 characters in any case and says what
      it leaves out. The page and CSV have all.
    type: int
    default: 100
seealso:
  - module: hris.ad.sync
  - module: hris.ad.data_report
"""

EXAMPLES = r"""
- name: A page to look at before anything is written
  hris.ad.plan_report:
    src: /var/lib/hris/elmo-plan.json
    dest: /var/lib/hris/elmo-plan.html

- name: What became of it, as page, Markdown and CSV, without private telephone numbers
  hris.ad.plan_report:
    src: /var/lib/hris/elmo-plan.json
    journal: /var/lib/hris/elmo-journal.jsonl
    dest: /var/lib/hris/elmo-applied
    format: [html, markdown, csv]
    redact: [homePhone, mobile]
  register: report

- name: Show it in the output of the job
  ansible.builtin.debug:
    msg: "{{ report.markdown.splitlines() }}"
"""

RETURN = r"""
msg:
  description: The verdict in one line.
  returned: success
  type: str
  sample: "elmo: Within its limits. 42 changes are planned."
dest:
  description: The files that were written, by format.
  returned: success
  type: dict
  sample: {"html": "/var/lib/hris/elmo-applied.html", "csv": "/var/lib/hris/elmo-applied.csv"}
digest:
  description: The digest of the plan.
  returned: success
  type: str
seal:
  description: The kind of the seal that was found unbroken, V(sha256), or V(hmac-sha256) for a signed plan.
  returned: success
  type: str
  sample: sha256
changes:
  description: How many changes the plan has.
  returned: success
  type: int
  sample: 42
findings:
  description: How many findings it has, by severity.
  returned: success
  type: dict
  sample: {"error": 1, "warning": 3, "info": 0}
markdown:
  description: The report as Markdown, at most 60,000 characters.
  returned: when O(format) has V(markdown)
  type: str
  sample: "# Plan for elmo"
"""

from ansible_collections.hris.ad.plugins.module_utils._hris import module_runner
from ansible_collections.hris.ad.plugins.module_utils._hris.commands import plan_report as command


def main():
    """Run the module."""
    module_runner.run_module(
        command.run,
        argument_spec=dict(
            src=dict(type="path", required=True),
            journal=dict(type="path"),
            plan_key=dict(type="str", no_log=True),
            dest=dict(type="path", required=True),
            format=dict(
                type="list", elements="str", choices=["html", "markdown", "csv"], default=["html"]
            ),
            redact=dict(type="list", elements="str", default=[]),
            report_limit=dict(type="int", default=100),
        ),
        supports_check_mode=True,
    )


if __name__ == "__main__":
    main()
