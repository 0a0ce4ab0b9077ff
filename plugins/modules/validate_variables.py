# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: validate_variables
short_description: Check the variables of the roles and playbooks of this collection
version_added: 0.1.0
author:
  - hris.ad contributors (@hris-ad)
description:
  - Checks the values of variables as Ansible does when a role is included. An empty text, which a
    survey of AWX gives for a question without an answer, is "not given" for a variable that is no
    text.
  - Checks the names as well. A variable of the host that begins like those of a role, such as
    C(lifecycle_limit), and is close to one of them, is an error. For any other name that begins so
    and that no role reads there is a warning. C(lifecycle_own_variables) names your own.
  - A variable that begins with C(hris_), such as C(hris_forecast_dst), and is close to one of a
    playbook is an error, too, and so is one without this beginning, such as C(forecast_dest).
  - Only names are shown, no values.
  - The playbooks of this collection use it. The modules that a role runs check the names, too, so
    that a playbook of your own needs it only to check before anything is done.
extends_documentation_fragment:
  - hris.ad.runs_on
attributes:
  action:
    support: full
    description: It runs on the machine with Ansible, in the process of the task.
  check_mode:
    support: full
    description: The same in check mode.
  diff_mode:
    support: none
    description: Returns details on what has changed, or would change, in diff mode.
  idempotent:
    support: full
    description: It changes nothing.
options:
  entry_points:
    description:
      - The entry points of roles whose variables are checked, each as C([role, entry point]), such
        as C([lifecycle, main]), or playbooks, each as C([playbooks, forecast]).
      - The names of variables are checked for all roles and playbooks.
    type: list
    elements: list
    required: true
  group:
    description: The host is in this group of the inventory; otherwise the task fails.
    type: str
  on_misspelled:
    description:
      - What happens when a name is close to a variable. With V(warn), for what may not wait, there
        is only a warning, unless it is close to a variable of O(entry_points).
    type: str
    choices: [fail, warn]
    default: fail
"""

EXAMPLES = r"""
- name: Check the variables before anything is read
  hris.ad.validate_variables:
    entry_points: [[elmo, fetch], [lifecycle, main]]
"""

RETURN = r"""
empty:
  description: The variables that are empty and no texts, so that their defaults are used.
  returned: success
  type: list
  elements: str
  sample: [lifecycle_canary]
"""
