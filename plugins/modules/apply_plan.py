# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: apply_plan
short_description: Apply a stored plan, or undo a run
description:
  - Applies a plan file of M(hris.ad.sync) (O(hris.ad.sync#module:plan_dest)), the plan of the
    changes that were held for approval (O(hris.ad.sync#module:held_plan_dest)), or a plan that
    undoes another one (O(undo_dest)).
  - A plan that was changed after it was made, is signed with another key, has expired, or is for
    another domain is refused.
  - Each account is read again first. An account that has changed since the plan was made is left
    out and reported, or stops the run (O(on_drift)).
  - Whatever the plan says, no privileged account or group is changed, and nothing is put into the
    containers of the domain itself. Whose account it is, its key, its OU, and what is protected are
    checked again right before the writes.
  - With O(names), the names of the plan are checked again as well, and those that may not be given
    any more are left out with all changes of their accounts. A names ledger has to be there.
  - The changes of a run that was killed are undone from its journal (O(undo_journal)).
version_added: 0.1.0
author:
  - hris.ad contributors (@hris-ad)
extends_documentation_fragment:
  - hris.ad.runs_on
  - hris.ad.directory
  - hris.ad.execution
  - hris.ad.names
  - hris.ad.progress
  - hris.ad.variable_names
options:
  src:
    description: The plan file.
    type: path
  undo_journal:
    description:
      - A journal whose changes are undone, instead of O(src). A change without a result in the
        journal is undone when the directory shows that it was made.
    type: path
  approved_digest:
    description:
      - The digest of the plan that a human has approved. A plan with another digest is refused. A
        plan that exceeds its limits is applied only with this option.
    type: str
  on_drift:
    description:
      - What happens when an account has changed since the plan was made. V(leave_out) makes none of
        its changes, V(stop) makes no change at all and the task fails.
    type: str
    choices: [leave_out, stop]
    default: leave_out
  bases:
    description:
      - DNs below which accounts may be changed or created, whatever the plan says. Set it where a
        plan is not signed (O(plan_key)), because anybody who can write the file can write another
        plan. An empty list means that only O(hris.ad.sync#module:sources[].ownership.bases) of the
        plan count.
    type: list
    elements: str
    default: []
  protected:
    description:
      - Groups, accounts and OUs that are protected, whatever the plan says, as in
        O(hris.ad.sync#module:sources[].ownership.protected). Those of the plan are protected too.
    type: list
    elements: str
    default: []
attributes:
  check_mode:
    support: full
    description: The plan is checked and compared with the directory. Nothing is written.
  diff_mode:
    support: full
    description: One diff for each account, at most O(report_limit).
  idempotent:
    support: partial
    description:
      - When a plan is applied for the second time, all its accounts have changed since it was made.
        They are left out.
  action_group:
    support: full
    membership: [hris.ad.directory]
    description:
      - The options of O(directory) can be set once, with C(module_defaults) for the group
        C(hris.ad.directory).
seealso:
  - module: hris.ad.sync
  - module: hris.ad.plan_report
"""

EXAMPLES = r"""
- name: Apply the plan that was approved this morning
  hris.ad.apply_plan:
    src: /var/lib/hris/elmo-plan.json
    approved_digest: "{{ approved }}"
    journal: /var/lib/hris/elmo-2026-03-02.jsonl
    undo_dest: /var/lib/hris/elmo-2026-03-02.undo.json
    directory:
      servers: [dc1.corp.example]
      username: svc-hris@corp.example
      password: "{{ vault_ad_password }}"

- name: Undo it
  hris.ad.apply_plan:
    src: /var/lib/hris/elmo-2026-03-02.undo.json
    directory:
      servers: [dc1.corp.example]
      username: svc-hris@corp.example
      password: "{{ vault_ad_password }}"
"""

RETURN = r"""
msg:
  description: What was made of the plan in one line, in check mode the plan, or why it was not
    applied.
  returned: always
  type: str
  sample: "elmo: 3 accounts created, 1 disabled"
digest:
  description: The digest of the plan.
  returned: when the plan could be read
  type: str
not_written:
  description: Why nothing of the plan was written, without values of accounts.
  returned: when the plan may not be applied, or a run makes none of its changes
  type: str
  sample: "the plan is over its limits: 90 of 948 accounts would get the action 'disable'"
approval:
  description: The approval of the plan that was applied, with C(digest), C(by) and C(ticket).
  returned: when changes were made with O(approved_digest)
  type: dict
journal:
  description: The journal of this run.
  returned: when changes were made and O(journal) is set
  type: str
  sample: /var/lib/hris/elmo-2026-03-02.jsonl
applied:
  description: The number of changes that were made.
  returned: when the plan was applied, not in check mode
  type: int
alerted:
  description:
    - When another run has said already that the same limits are used up (O(recent)), so that people
      are told once, and not by each run.
  returned: when the plan is over its limits because of what other runs did, and this is known
  type: str
  sample: "2026-03-02T10:17:33.120+00:00"
not_created:
  description: How many of the changes that were left out wait for replication
    (O(replication_minutes)).
  returned: when another domain controller was written a short time ago (O(recent))
  type: int
left_out:
  description:
    - Changes of accounts that have changed since the plan was made, and those that wait for
      replication, with the reason. At most O(report_limit).
  returned: when the plan was compared with the directory
  type: list
  elements: dict
  contains:
    source:
      description: The source whose rules ask for the change, or null.
      type: str
    key:
      description: The key of the person, or null.
      type: str
    name:
      description: The name of the person, or null.
      type: str
    action:
      description: The action.
      type: str
    dn:
      description: The DN of the account.
      type: str
    message:
      description: The reason.
      type: str
left_out_total:
  description:
    - The number of changes that were left out. The task fails when an undo leaves something out.
  returned: when the plan was compared with the directory
  type: int
findings:
  description:
    - The findings of the plan, as in RV(hris.ad.sync#module:findings). An undo has one for each
      thing that it does not put back, such as a former password. At most O(report_limit).
  returned: when the plan was compared with the directory
  type: list
  elements: dict
findings_total:
  description: The number of findings of the plan.
  returned: when the plan was compared with the directory
  type: int
refused:
  description:
    - Changes that were not made, or only in part, because the server refused them or a change on
      which they depend, with the reason. At most O(report_limit).
  returned: when the plan was applied, not in check mode
  type: list
  elements: dict
  contains:
    source:
      description: The source whose rules ask for the change, or null.
      type: str
    key:
      description: The key of the person, or null.
      type: str
    name:
      description: The name of the person, or null.
      type: str
    action:
      description: The action.
      type: str
    dn:
      description: The DN of the account or OU.
      type: str
    status:
      description:
        - V(refused) by the server, or the connection was lost before its answer; V(skipped), not
          tried; V(applied), but only in part.
      type: str
    message:
      description: The reason.
      type: str
refused_total:
  description: The number of changes that were not made, or only in part.
  returned: when the plan was applied, not in check mode
  type: int
chat:
  description:
    - The run as a text of at most 500 characters, for a chat room. It has the sources, what was
      done (in check mode, what would be done) or why nothing was, the number of findings, what is
      held, and the first digits of the digest.
    - It names people by their keys at most.
  returned: when the plan could be read
  type: str
  sample: "elmo, 2026-03-02: 3 accounts created, 1 disabled. Findings: 2 warnings. Plan 5f3a0f6f."
not_disabled:
  description:
    - How many accounts were to be disabled, and can still log on, because the change was left out,
      refused or skipped. The task fails then.
  returned: when there are any
  type: int
brief:
  description:
    - The run in figures, small enough for M(ansible.builtin.set_stats). The role
      P(hris.ad.lifecycle#role) hands it on.
    - C(changes) and C(accounts) count what was done, in check mode what would be done. C(findings)
      are counted by severity. C(limits) are the messages of the limits that are exceeded.
      C(sources) are the names of the sources in the plan, C(sources_left_out) of those that were
      left out of it, when there are some.
    - C(held), C(held_digest), C(waiting), C(not_created), C(applied), C(left_out), C(refused) and
      C(not_disabled) are there when the result has them, C(refusal) with the first refused change.
  returned: when the plan could be read
  type: dict
  sample:
    sources: [elmo]
    as_of: "2026-03-02T00:00:00+00:00"
    digest: sha256:5f3a0f6f1c2b5d8e9a7c4b3d2e1f0a9b8c7d6e5f4a3b2c1d0e9f8a7b6c5d4e3f
    check_mode: false
    changed: true
    changes: {create: 3, disable: 1}
    accounts: 4
    findings: {warning: 2}
    limits: []
    failed: false
    msg: "elmo: 3 accounts created, 1 disabled; 2 findings"
    applied: 4
    refused: 0
"""

from ansible_collections.hris.ad.plugins.module_utils._hris import (
    module_runner,
    progress,
    variable_names,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.commands import apply_plan as command
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.options import (
    ARGUMENTS as DIRECTORY,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.run.execution_options import (
    ARGUMENTS as EXECUTION,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.run.names_options import (
    ARGUMENTS as NAMES,
)


def main():
    """Run the module."""
    module_runner.run_module(
        command.run,
        libraries=("ldap3",),
        argument_spec=dict(
            **variable_names.ARGUMENTS,
            **DIRECTORY,
            **EXECUTION,
            names=NAMES,
            **progress.ARGUMENTS,
            src=dict(type="path"),
            undo_journal=dict(type="path"),
            approved_digest=dict(type="str"),
            on_drift=dict(type="str", choices=["leave_out", "stop"], default="leave_out"),
            bases=dict(type="list", elements="str", default=[]),
            protected=dict(type="list", elements="str", default=[]),
        ),
        mutually_exclusive=[("src", "undo_journal")],
        required_one_of=[("src", "undo_journal")],
        supports_check_mode=True,
    )


if __name__ == "__main__":
    main()
