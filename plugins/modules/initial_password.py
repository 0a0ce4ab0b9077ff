# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: initial_password
short_description: Show one initial password to the person who hands it over
version_added: 0.1.0
author:
  - hris.ad contributors (@hris-ad)
description:
  - Decrypts the initial password of one account, as M(hris.ad.sync) has encrypted it for a
    certificate, with the private key of this certificate.
  - It is shown at the terminal of the person who has started C(ansible-playbook), until Enter is
    pressed, or written to a file that only this user can read (O(dest)). It is in no log, diff or
    result, and in no event of AWX, unless O(in_result) asks for it.
  - The audit log has a line about it before it is shown. When that line cannot be written, it is
    not shown.
  - Nothing is read from the directory, or written to it.
extends_documentation_fragment:
  - hris.ad.runs_on
  - hris.ad.variable_names
attributes:
  check_mode:
    support: full
    description: The password is looked up and decrypted, and neither shown nor noted.
  diff_mode:
    support: none
    description: Returns details on what has changed, or would change, in diff mode.
  idempotent:
    support: none
    description: Each run shows it again, and the audit log has a line each time.
requirements:
  - cryptography >= 43
options:
  src:
    description: The file of encrypted passwords (O(hris.ad.sync#module:passwords.dest)).
    type: path
    required: true
  who:
    description: Whose password, as the key, C(sAMAccountName), C(userPrincipalName) or DN. Of
      several lines about one person the last one counts.
    type: str
    required: true
  source:
    description: The source of the account, where two sources use the same key.
    type: str
  certificate:
    description: The certificate that it is encrypted for
      (O(hris.ad.sync#module:passwords.certificate)), a PEM file.
    type: path
    required: true
  private_key:
    description: The private key of O(certificate), a PEM file that nobody else may write.
    type: path
    required: true
  passphrase:
    description:
      - The passphrase of O(private_key), when it has one.
      - If unset, the environment variable E(HRIS_PASSWORD_PASSPHRASE) is used.
    type: str
  dest:
    description: A file for the password (one line, mode 0600), instead of the terminal.
    type: path
  in_result:
    description: Whether the password is returned, instead of the terminal, for a task that hands it
      to another system. Set C(no_log) on this task, and on every task that uses the result.
    type: bool
    default: false
  seconds:
    description: How long the terminal shows it at the longest.
    type: float
    default: 120
  asked_by:
    description: Who gets to see it, for the audit log.
    type: str
    required: true
  audit:
    description: The audit log (O(hris.ad.sync#module:audit)).
    type: path
    required: true
  plan_key:
    description: The secret that the audit log is signed with (O(hris.ad.sync#module:plan_key)).
    type: str
seealso:
  - module: hris.ad.sync
  - module: hris.ad.audit_info
"""

EXAMPLES = r"""
- name: Write the initial password of Ann Lee to a file
  hris.ad.initial_password:
    src: /var/lib/hris/passwords/initial.jsonl
    who: ann.lee
    certificate: /etc/hris/service-desk.pem
    private_key: /home/grace/service-desk.key
    dest: /home/grace/ann.lee.password
    asked_by: grace
    audit: /var/lib/hris/audit.jsonl
"""

RETURN = r"""
msg:
  description: Where the password is.
  returned: success
  type: str
  sample: The initial password of ann.lee was shown at the terminal
source: {description: The source of the account., returned: success, type: str, sample: elmo}
key: {description: The key of the person., returned: success, type: str, sample: E1001}
dn: {description: The DN that the account was given., returned: success, type: str}
sAMAccountName: {description: The logon name., returned: success, type: str, sample: ann.lee}
userPrincipalName: {description: The user principal name., returned: success, type: str}
password:
  description: The password.
  returned: with O(in_result), not in check mode
  type: str
"""

from ansible.module_utils.basic import env_fallback
from ansible_collections.hris.ad.plugins.module_utils._hris import module_runner, variable_names
from ansible_collections.hris.ad.plugins.module_utils._hris.commands import (
    initial_password as command,
)


def main():
    """Run the module."""
    module_runner.run_module(
        command.run,
        argument_spec=dict(
            **variable_names.ARGUMENTS,
            src=dict(type="path", required=True),
            who=dict(type="str", required=True),
            source=dict(type="str"),
            certificate=dict(type="path", required=True),
            private_key=dict(type="path", required=True, no_log=False),
            passphrase=dict(
                type="str",
                no_log=True,
                fallback=(env_fallback, ["HRIS_PASSWORD_PASSPHRASE"]),
            ),
            dest=dict(type="path"),
            in_result=dict(type="bool", default=False),
            seconds=dict(type="float", default=120),
            asked_by=dict(type="str", required=True),
            audit=dict(type="path", required=True),
            plan_key=dict(type="str", no_log=True),
        ),
        mutually_exclusive=[("dest", "in_result")],
        supports_check_mode=True,
    )


if __name__ == "__main__":
    main()
