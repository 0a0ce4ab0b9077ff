#!/usr/bin/python
# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: doctor_info
short_description: Check whether a run will work, and which rights the account lacks
version_added: 0.1.0
author:
  - hris.ad contributors (@hris-ad)
description:
  - Looks at what is around the rules of one source before the first run. These are the Python
    libraries, each domain controller, the password policies, the recycle bin, the schema, and the
    place of what runs keep.
  - Computes which rights the rules need, in each OU, for each attribute and on each group, and
    compares them with the security descriptors of these objects. What is missing is one line, with
    the commands that delegate just that.
  - Dangerous rights that no rules need are warnings.
  - HR is not asked, and nothing is written to a directory. C(docs/doctor.md) of this collection has
    all checks in a table.
extends_documentation_fragment:
  - hris.ad.runs_on
  - hris.ad.expressions
  - hris.ad.reads_only
  - hris.ad.directory
  - hris.ad.rules
  - hris.ad.variable_names
options:
  directory:
    description:
      - How to reach the domain. C({}) takes all of it from the environment.
      - Each of the servers is bound to once. After a refused log-on no other server is tried.
  password_length:
    description:
      - How many characters initial passwords have, as O(hris.ad.sync#module:passwords.length).
    type: int
    default: 32
  password_classes:
    description: Their classes of characters, as O(hris.ad.sync#module:passwords.classes).
    type: list
    elements: str
    choices: [lower, upper, digits, symbols]
    default: [lower, upper, digits, symbols]
  state_dir:
    description: The folder of what runs keep, as O(hris.ad.sync#module:kept_state.dir).
    type: path
  state_lasting:
    description:
      - Places that last although they look as if they did not, as
        O(hris.ad.sync#module:kept_state.lasting).
    type: list
    elements: path
    default: []
  hr_token:
    description:
      - A token of HR that says when it expires (a JWT, such as that of IceHrm). It is only looked
        at, and sent nowhere.
    type: str
  delegation_dest:
    description:
      - A file for the script that delegates all that the rules need, and no more (mode 0600). It is
        written in check mode as well.
    type: path
  delegation_format:
    description: What the script is written for.
    type: str
    choices: [powershell, dsacls, samba_tool]
    default: powershell
  as_of:
    description:
      - The moment from which the days of certificates and tokens are counted. Now, by default.
    type: str
attributes:
  action_group:
    support: full
    membership: [hris.ad.directory, hris.ad.rules]
    description:
      - The options of O(directory) and the rules can be given once, as module defaults of these
        groups.
seealso:
  - module: hris.ad.sync
  - module: hris.ad.feed_info
"""

EXAMPLES = r"""
- name: Look whether a run of the rules would work
  hris.ad.doctor_info:
    source: elmo
    directory:
      servers: [dc1.corp.example]
      username: svc-hris@corp.example
      password: "{{ vault_ad_password }}"
      ca_cert: /etc/pki/corp-ca.pem
    mapping: "{{ lifecycle_mapping }}"
    naming: "{{ lifecycle_naming }}"
    placement: "{{ lifecycle_placement }}"
    groups: "{{ lifecycle_groups }}"
    leaver: "{{ lifecycle_leaver }}"
    delegation_dest: delegation.ps1
  register: doctor

- name: Show what was found
  ansible.builtin.debug:
    msg: "{{ doctor.report }}"
"""

RETURN = r"""
msg:
  description: The checks in one line.
  returned: success
  type: str
  sample: "elmo: 14 checks, 1 error, 0 warnings."
errors_total:
  description: How many checks found something without which a run fails.
  returned: success
  type: int
  sample: 1
warnings_total:
  description: How many checks found something that a human should look at.
  returned: success
  type: int
  sample: 0
checks:
  description: What was looked at, in this order.
  returned: success
  type: list
  elements: dict
  contains:
    check:
      description: What was looked at.
      type: str
    status:
      description: V(ok), V(warning) or V(error).
      type: str
    message:
      description: What was found.
      type: str
    remedy:
      description: What to do, where something is to be done.
      type: str
    dsacls:
      description: The command line of Windows that delegates a right that is missing.
      type: str
    powershell:
      description: The line of PowerShell that does the same.
      type: str
    samba_tool:
      description: The line that does the same on a domain controller of Samba.
      type: str
  sample:
    - check: rights
      status: error
      message: "No right to write title: accounts in OU=Staff,DC=corp,DC=example."
      remedy: Delegate it with one of these lines.
      dsacls: >-
        dsacls "OU=Staff,DC=corp,DC=example" /I:S /G "svc-hris@corp.example:WP;title;user"
delegation_dest:
  description: The file with the script.
  returned: when O(delegation_dest) is set and the domain could be read
  type: str
report:
  description:
    - The checks as lines of text, errors first. Below a right that is missing are the lines that
      delegate it.
  returned: success
  type: list
  elements: str
  sample:
    - >-
      error: rights: No right to write title: accounts in OU=Staff,DC=corp,DC=example. Delegate it
      with one of these lines.
"""

from ansible_collections.hris.ad.plugins.module_utils._hris import module_runner, variable_names
from ansible_collections.hris.ad.plugins.module_utils._hris.commands import doctor_info as command
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.options import (
    ARGUMENTS as DIRECTORY,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.options import ARGUMENTS as RULES


def main():
    """Run the module."""
    module_runner.run_module(
        command.run,
        libraries=("ldap3", "jmespath"),
        argument_spec=dict(**RULES, **DIRECTORY, **variable_names.ARGUMENTS, **command.ARGUMENTS),
        supports_check_mode=True,
    )


if __name__ == "__main__":
    main()
