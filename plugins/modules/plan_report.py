# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: plan_report
short_description: Report on a plan, or on its application
version_added: 0.1.0
author:
  - hris.ad contributors (@hris-ad)
description:
  - Writes a report on a plan. One HTML page needs nothing else (no network, no server), Markdown is
    for a pull request or the output of a job, CSV has all changes for a spreadsheet.
  - The report shows each change with its reason, the values before and after, the findings and the
    limits. With O(journal) it also shows what became of each change.
  - Needs neither HR nor a directory.
extends_documentation_fragment:
  - hris.ad.runs_on
  - hris.ad.reads_only
  - hris.ad.variable_names
options:
  src:
    description:
      - The plan, as P(hris.ad.sync#module) writes it to its option
        O(hris.ad.sync#module:plan_dest).
      - A plan whose seal is missing or wrong, or whose digest is not the one of its changes, is an
        error. Nobody could see that on a page.
      - A plan that has expired can still be reported on.
      - Without it, O(journal) has the plan, with the changes that the run was to make and without
        those that it left out. So there is a report of an undo or a lock-out, too.
    type: path
  journal:
    description:
      - The journal of the application of the plan, as the option O(hris.ad.sync#module:journal)
        writes it. Each change then has a state. V(applied), V(refused) and V(skipped) are results,
        V(not attempted) was not sent, and V(unknown) may have been sent, but no answer was noted.
      - Changes that the run left out are V(not attempted). They were held for their risk, belong to
        another shard, or are for an account that had changed.
      - The journal of another plan is an error.
    type: path
  plan_key:
    description:
      - The secret that the plan and the journal were signed with
        (O(hris.ad.sync#module:plan_key)). Signed files can only be read with it.
    type: str
  dest:
    description:
      - The file for the report (mode 0600). It is written in check mode as well, because a plan is
        read before it is applied.
      - With several of O(format), it is the name without the ending; C(.html), C(.md) and C(.csv)
        are added.
      - With a slash at its end it is a folder (made with mode 0700). The report then has the name
        of the plan file, with the ending of its format.
    type: path
    required: true
  format:
    description: The formats of the report.
    type: list
    elements: str
    choices: [html, markdown, csv]
    default: [html]
  not_written:
    description:
      - Why a run wrote nothing of the plan (RV(hris.ad.sync#module:not_written)). The report then
        says this instead of what is planned.
    type: str
  redact:
    description:
      - Attributes whose values are hidden, in every format and in the data inside the page. The
        report says C((hidden)) instead.
      - Attributes that the plan hides (O(hris.ad.sync#module:sources[].redact)) are hidden as well.
      - V(cn), V(displayName), V(name) and V(distinguishedName) also hide the names in DNs and the
        names of people. The attribute that gives the names of people (rule C(label)) also hides
        these, but not the names in DNs. V(memberOf) hides the groups.
      - A finding about such an attribute keeps its kind, key and place, and loses its message.
      - Keys of employees are always shown. Other attributes may hold the same information (a logon
        name, a mail address); name them as well.
    type: list
    elements: str
    default: []
  report_limit:
    description:
      - The most accounts and the most findings in Markdown, which says what it leaves out. The page
        and CSV have everything.
    type: int
    default: 100
  markdown_limit:
    description:
      - The most characters of Markdown. A comment on GitHub can have 65,536. AWX drops the whole
        result of a task that has more than 700,000.
    type: int
    default: 60000
  whole_report:
    description:
      - Where the whole report is, as an address or a path. Markdown says it where it leaves
        something out.
    type: str
seealso:
  - module: hris.ad.sync
  - module: hris.ad.data_report
"""

EXAMPLES = r"""
- name: Make a page to read before anything is written
  hris.ad.plan_report:
    src: /var/lib/hris/elmo-plan.json
    dest: /var/lib/hris/elmo-plan.html

- name: Report what became of the plan, without private telephone numbers
  hris.ad.plan_report:
    src: /var/lib/hris/elmo-plan.json
    journal: /var/lib/hris/elmo-journal.jsonl
    dest: /var/lib/hris/elmo-applied
    format: [html, markdown, csv]
    redact: [homePhone, mobile]
  register: report

- name: Show the report in the output of the job
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
  sample:
    html: /var/lib/hris/elmo-applied.html
    csv: /var/lib/hris/elmo-applied.csv
digest:
  description: The digest of the plan.
  returned: success
  type: str
seal:
  description: The kind of the seal of the plan, V(sha256), or V(hmac-sha256) for a signed plan.
  returned: success
  type: str
  sample: sha256
changes:
  description: How many changes the plan has.
  returned: success
  type: int
  sample: 42
findings:
  description: How many findings the plan has, by severity.
  returned: success
  type: dict
  sample:
    error: 1
    warning: 3
    info: 0
markdown:
  description: The report as Markdown, at most O(markdown_limit) characters.
  returned: when O(format) has V(markdown)
  type: str
  sample: "# Plan for elmo"
"""

from ansible_collections.hris.ad.plugins.module_utils._hris import module_runner, variable_names
from ansible_collections.hris.ad.plugins.module_utils._hris.commands import plan_report as command


def main():
    """Run the module."""
    module_runner.run_module(
        command.run,
        argument_spec=dict(
            **variable_names.ARGUMENTS,
            src=dict(type="path"),
            journal=dict(type="path"),
            not_written=dict(type="str"),
            plan_key=dict(type="str", no_log=True),
            dest=dict(type="path", required=True),
            format=dict(
                type="list", elements="str", choices=["html", "markdown", "csv"], default=["html"]
            ),
            redact=dict(type="list", elements="str", default=[]),
            report_limit=dict(type="int", default=100),
            markdown_limit=dict(type="int", default=60000),
            whole_report=dict(type="str"),
        ),
        required_one_of=[("src", "journal")],
        supports_check_mode=True,
    )


if __name__ == "__main__":
    main()
