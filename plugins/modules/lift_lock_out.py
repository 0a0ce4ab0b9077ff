# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: lift_lock_out
short_description: Lift a lock-out
description:
  - Gives an account back what M(hris.ad.lock_out) took. It enables the account, with a new
    password, and gives the saved groups back. The next run of M(hris.ad.sync) moves it back and
    gives what the rules give.
  - The new password is handed over like that of a new employee (O(passwords)). Without
    O(passwords.certificate) nobody knows it, and a help desk has to reset it.
  - An account that was disabled already when it was locked out stays disabled. The next run of
    M(hris.ad.sync) decides about it.
  - When HR has the leaving already, and a run of M(hris.ad.sync) has seen it, there is no lock-out
    any more. Then nothing is changed, because HR decides.
  - Privileged and protected accounts are never changed. The task fails instead.
version_added: 0.1.0
author:
  - hris.ad contributors (@hris-ad)
extends_documentation_fragment:
  - hris.ad.runs_on
  - hris.ad.directory
  - hris.ad.lock_out
  - hris.ad.variable_names
  - hris.ad.passwords
  - hris.ad.kept_state
options:
  passwords:
    description: How the new password is handed over, as O(hris.ad.sync#module:passwords).
  kept_state:
    description:
      - The state of the domain, as O(hris.ad.sync#module:kept_state). Folders below
        O(kept_state.dir) are made where they are missing. O(passwords.dest) is refused where it
        would be lost with the job.
      - O(kept_state.must_exist) and O(kept_state.accept_new) make no difference here.
attributes:
  check_mode:
    support: full
    description: Everything is looked up and checked, nothing is written.
  diff_mode:
    support: full
    description: Shows what changes. Of the password it only shows that it changes.
  idempotent:
    support: full
    description: An account that is not locked out is not changed.
  action_group:
    support: full
    membership: [hris.ad.directory]
    description:
      - The options of O(directory) can be set once, as module defaults of the group
        C(hris.ad.directory).
seealso:
  - module: hris.ad.lock_out
  - module: hris.ad.sync
"""

EXAMPLES = r"""
- name: It was the wrong person
  hris.ad.lift_lock_out:
    who: ann.lee@corp.example
    reason: Mistaken for another Ann Lee
    ticket: SEC-4711
    asked_by: "{{ awx_user_name }}"
    sources:
      - source: elmo
        leaver: {move_to: "OU=Leavers,DC=corp,DC=example"}
    passwords:
      certificate: /etc/pki/hris-passwords.pem
      dest: /var/lib/hris/passwords.jsonl
    directory:
      servers: [dc1.corp.example, dc2.corp.example]
      username: svc-hris@corp.example
      password: "{{ vault_ad_password }}"
      ca_cert: /etc/pki/corp-ca.pem
"""

RETURN = r"""
msg:
  description: What was lifted, in check mode what would be, and what others have to do.
  returned: always
  type: str
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
      description: The DN.
      type: str
    sAMAccountName:
      description: The logon name.
      type: str
    userPrincipalName:
      description: The user principal name, or null.
      type: str
changes:
  description: The number of changes for each action.
  returned: when an account was found that may be changed
  type: dict
  sample: {enable: 1, update: 1, group_add: 3}
journal:
  description: The journal of this run.
  returned: when changes were made and O(journal) is set
  type: str
"""

from ansible_collections.hris.ad.plugins.module_utils._hris import module_runner, variable_names
from ansible_collections.hris.ad.plugins.module_utils._hris.commands import (
    lift_lock_out as command,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.initial_passwords import (
    ARGUMENTS as PASSWORDS,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.options import (
    ARGUMENTS as DIRECTORY,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.run.kept_state import (
    ARGUMENTS as KEPT_STATE,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.run.lock_out_run import ARGUMENTS

ARGUMENT_SPEC = dict(
    **DIRECTORY,
    **ARGUMENTS,
    **variable_names.ARGUMENTS,
    passwords=PASSWORDS,
    kept_state=KEPT_STATE,
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
