# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which fields of HR a feed file keeps (module_utils/_hris/commands/kept_for.py)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  kept_for:
    description:
      - What reads the file O(dest). Fields that nothing of this reads are left out of it, so that
        bank accounts and tax numbers do not get onto a disk. If unset, the file has all fields.
      - Of an object, only what is read is kept. A list is kept with all that its items have.
      - An expression with C(@) or C(*) over the employee may read any field. Then the file has all
        fields, and a warning names the expression. In a filter, or behind C(&), C(@) is an item of
        a list, and costs nothing.
      - The names of the fields that are left out, and figures of whole employees for the guard of
        P(hris.ad.sync#module), stand in the field C(hris.ad) of the first employee. All modules of
        this collection know it. A rule that reads a field which was left out is refused with its
        name.
      - C(id), C(employee_id), C(employeeNumber), C(email) and C(work_email) always stay, because
        messages name an employee by them who has no key.
      - The roles of this collection set it.
    type: dict
    suboptions:
      rules:
        description: The rules of the source, as the options of P(hris.ad.test_rules#module).
        type: dict
        required: true
      guard:
        description: Whether the file has figures of whole employees for
          O(hris.ad.sync#module:sources[].guard). They have no value of a field that is left out.
        type: bool
        default: false
      webhooks:
        description:
          - Webhooks by name, as C(orchestration_webhooks) of the role hris.ad.orchestration.
        type: dict
        default: {}
      steps:
        description:
          - Steps, as C(orchestration_steps) of the role hris.ad.orchestration. A step with C(tasks)
            may read any field, unless its C(fields) name those that it reads.
        type: list
        elements: dict
        default: []
      fields:
        description: Further fields to keep, as paths such as C(customData.shirt).
        type: list
        elements: str
        default: []
      unknown:
        description: Why it is not known what webhooks and steps read. All fields are kept then.
        type: str
"""
