# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: lock_out
short_description: Lock one account out before HR has the leaving
description:
  - Ends the access of one person now. It first disables the account, in one write of its own, with
    who asked for it, when and why in the mark of the account. Then it gives the account a random
    password that nobody knows, takes the managed groups (with
    O(hris.ad.sync#module:sources[].leaver.groups=remove_all) all groups), which are saved in the
    account, and moves the account where the leaver rules say.
  - When a later part cannot be done, because the rules are wrong or the directory refuses it, the
    account stays disabled. The task fails, and its message says what was not done.
  - M(hris.ad.sync) leaves the account as it is, whatever HR says, until HR has the leaving or
    M(hris.ad.lift_lock_out) lifts the lock-out. Each run has a finding about it.
  - Privileged and protected accounts, and the account of the task itself, are never changed. The
    task fails instead.
  - What disabling does not end, such as sessions that are open, is in the guide
    C(docs/lock-out.md).
version_added: 0.1.0
author:
  - hris.ad contributors (@hris-ad)
extends_documentation_fragment:
  - hris.ad.runs_on
  - hris.ad.directory
  - hris.ad.lock_out
  - hris.ad.variable_names
options:
  unowned:
    description:
      - Whether an account is disabled too that has no mark of a source, or is not below
        O(hris.ad.sync#module:sources[].ownership.bases). If V(false), the task fails.
      - An account without a mark gets none. It is disabled and gets a random password, and it keeps
        its groups and its place. M(hris.ad.lift_lock_out) cannot lift that.
    type: bool
    default: false
attributes:
  check_mode:
    support: full
    description: Everything is looked up and checked, nothing is written.
  diff_mode:
    support: full
    description: Shows what changes. Of the password it only shows that it changes.
  idempotent:
    support: partial
    description:
      - A second run changes nothing, and keeps who asked first and why. What a first run could not
        do is done.
      - An account without a mark (O(unowned)) gets a new random password each time.
  action_group:
    support: full
    membership: [hris.ad.directory]
    description:
      - The options of O(directory) can be set once, as module defaults of the group
        C(hris.ad.directory).
seealso:
  - module: hris.ad.lift_lock_out
  - module: hris.ad.sync
"""

EXAMPLES = r"""
- name: Lock a person out
  hris.ad.lock_out:
    who: ann.lee@corp.example
    reason: Dismissed today
    ticket: SEC-4711
    asked_by: "{{ awx_user_name }}"
    sources:
      - source: elmo
        ownership: {bases: ["OU=Staff,DC=corp,DC=example"]}
        groups: [{groups: [All Staff]}]
        leaver: {move_to: "OU=Leavers,DC=corp,DC=example"}
    directory:
      servers: [dc1.corp.example, dc2.corp.example]
      username: svc-hris@corp.example
      password: "{{ vault_ad_password }}"
      ca_cert: /etc/pki/corp-ca.pem
  register: lock_out
"""

RETURN = r"""
msg:
  description: What the account is now, in check mode what it would be, and what was not done.
  returned: always
  type: str
  sample: >-
    CN=Ann Lee,OU=Staff,DC=corp,DC=example is locked out by grace since 2026-03-02T10:15:00Z:
    Dismissed today (SEC-4711)
account:
  description: The account.
  returned: when one was found that may be changed
  type: dict
  contains:
    source:
      description: The source that owns it. Null for an account without a mark.
      type: str
    key:
      description: The key of the person, or null.
      type: str
    guid:
      description: The objectGUID.
      type: str
    dn:
      description: The DN after the changes.
      type: str
    sAMAccountName:
      description: The logon name.
      type: str
    userPrincipalName:
      description: The user principal name, or null.
      type: str
locked_out:
  description: The lock-out that the account has, which may be an earlier one.
  returned: when an account was found that may be changed
  type: dict
  contains:
    at:
      description: Since when, in UTC.
      type: str
    by:
      description: Who asked for it.
      type: str
    reason:
      description: Why, or null.
      type: str
    ticket:
      description: The ticket, or null.
      type: str
  sample: {at: "2026-03-02T10:15:00Z", by: grace, reason: Dismissed today, ticket: SEC-4711}
changes:
  description: The number of changes for each action.
  returned: when an account was found that may be changed
  type: dict
  sample: {disable: 1, update: 2, move: 1, group_remove: 3}
not_done:
  description: What was not done, and why. The task fails when it is not empty.
  returned: when an account was found that may be changed
  type: list
  elements: str
journal:
  description: The journal of this run.
  returned: when changes were made and O(journal) is set
  type: str
"""

from ansible_collections.hris.ad.plugins.module_utils._hris import module_runner, variable_names
from ansible_collections.hris.ad.plugins.module_utils._hris.commands import lock_out as command
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.options import (
    ARGUMENTS as DIRECTORY,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.run.lock_out_run import ARGUMENTS

ARGUMENT_SPEC = dict(
    **DIRECTORY,
    **ARGUMENTS,
    **variable_names.ARGUMENTS,
    unowned=dict(type="bool", default=False),
)


def main():
    module_runner.run_module(
        command.run,
        libraries=("ldap3",),
        argument_spec=ARGUMENT_SPEC,
        supports_check_mode=True,
    )


if __name__ == "__main__":
    main()
