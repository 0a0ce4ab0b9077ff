# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: apply_plan
short_description: Apply a stored plan, and nothing but it
description:
  - Applies a plan that M(hris.ad.sync) has written (O(hris.ad.sync#module:plan_dest)), one that waited for its risk
    (O(hris.ad.sync#module:held_plan_dest)), or one that undoes another (O(undo_dest)).
  - It refuses a plan that is not as it was made, is signed with another key, has expired, or is for another domain.
  - Every account is read again first. One that no longer looks as the plan says is left out and reported, or stops everything
    (O(on_drift)). Privileged accounts are never touched.
  - What a killed run did is undone from its journal.
version_added: 0.1.0
author:
  - hris.ad contributors (@hris-ad)
extends_documentation_fragment:
  - hris.ad.directory
  - hris.ad.carrying_out
  - hris.ad.progress
options:
  src:
    description: The file with the plan.
    type: path
  undo_journal:
    description:
      - A journal whose changes are to be undone, instead of a plan. Changes of which it does not tell what became of them are undone
        where the directory shows that they were made.
    type: path
  approved_digest:
    description: The digest of the plan that a human has approved. A plan over its limits is only applied with it, and no other is.
    type: str
  on_drift:
    description: What happens when an account has changed since the plan was made.
    type: str
    choices: [leave_out, stop]
    default: leave_out
attributes:
  check_mode:
    support: full
    description: Everything is judged and compared, nothing is written.
  diff_mode:
    support: full
    description: One diff for each account, as far as O(report_limit) goes.
  idempotent:
    support: partial
    description: A plan that was applied finds every account changed, and leaves it out.
  action_group:
    support: full
    membership: [hris.ad.directory]
    description: The options of O(directory) can be given once, as module defaults of the group C(hris.ad.directory).
seealso:
  - module: hris.ad.sync
"""

EXAMPLES = r"""
- name: Apply what was approved this morning
  hris.ad.apply_plan:
    src: /var/lib/hris/elmo-plan.json
    approved_digest: "{{ approved }}"
    journal: /var/lib/hris/elmo-2026-03-02.jsonl
    undo_dest: /var/lib/hris/elmo-2026-03-02.undo.json
    directory:
      servers: [dc1.corp.example]
      username: svc-hris@corp.example
      password: "{{ vault_ad_password }}"

- name: Put back what it changed
  hris.ad.apply_plan:
    src: /var/lib/hris/elmo-2026-03-02.undo.json
    directory:
      servers: [dc1.corp.example]
      username: svc-hris@corp.example
      password: "{{ vault_ad_password }}"
"""

RETURN = r"""
msg:
  description: The plan in one line, or why it was not applied.
  returned: always
  type: str
  sample: "elmo: 3 create, 1 disable"
digest:
  description: The digest of the plan.
  returned: when the plan could be opened
  type: str
applied:
  description: How many changes were made.
  returned: when not in check mode
  type: int
left_out:
  description: Changes of accounts that are not as the plan says any more, with the reason, as far as O(report_limit) goes.
  returned: when the plan could be opened
  type: list
  elements: dict
left_out_total:
  description: How many changes were left out.
  returned: when the plan could be opened
  type: int
refused:
  description: Changes that the server refused, that depended on one it refused, or that it took only in part, with the reason.
  returned: when not in check mode
  type: list
  elements: dict
refused_total:
  description: How many changes were not or not wholly made.
  returned: when not in check mode
  type: int
chat:
  description:
    - The run in at most 500 characters, for a chat. The source, what was done (in check mode, what would be) or why not, findings,
      what waits, and the first digits of the plan's digest.
    - Of people it has the keys at most.
  returned: when the plan could be opened
  type: str
  sample: "elmo, 2026-03-02: 3 accounts created, 1 disabled. Findings: 2 warnings. Plan 5f3a0f6f."
brief:
  description:
    - The same in figures, small enough to be handed on with M(ansible.builtin.set_stats). C(changes) and C(accounts) count what
      was done, in check mode what would be.
    - The role P(hris.ad.lifecycle#role) does that.
  returned: when the plan could be opened
  type: dict
  sample: {"source": "elmo", "as_of": "2026-03-02T00:00:00+00:00", "check_mode": false, "changed": true,
           "digest": "sha256:5f3a0f6f1c2b5d8e9a7c4b3d2e1f0a9b8c7d6e5f4a3b2c1d0e9f8a7b6c5d4e3f", "changes": {"create": 3, "disable": 1},
           "accounts": 4, "findings": {"warning": 2}, "limits": [], "failed": false, "msg": "elmo: 3 create, 1 disable; 2 findings",
           "applied": 4, "refused": 0}
"""

from ansible_collections.hris.ad.plugins.module_utils._hris import module_runner, progress
from ansible_collections.hris.ad.plugins.module_utils._hris.commands import apply_plan as command
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.options import (
    ARGUMENTS as DIRECTORY,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.run.execution import (
    ARGUMENTS as CARRYING_OUT,
)


def main():
    """Run the module."""
    module_runner.run_module(
        command.run,
        libraries=("ldap3",),
        argument_spec=dict(
            **DIRECTORY,
            **CARRYING_OUT,
            **progress.ARGUMENTS,
            src=dict(type="path"),
            undo_journal=dict(type="path"),
            approved_digest=dict(type="str"),
            on_drift=dict(type="str", choices=["leave_out", "stop"], default="leave_out"),
        ),
        mutually_exclusive=[("src", "undo_journal")],
        required_one_of=[("src", "undo_journal")],
        supports_check_mode=True,
    )


if __name__ == "__main__":
    main()
