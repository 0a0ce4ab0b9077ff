# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: record_feed
short_description: Save a feed with pseudonyms, for tests of rules and bug reports
version_added: 0.1.0
author:
  - hris.ad contributors (@hris-ad)
description:
  - Writes the employees of a feed with other letters and digits in the place of their values, and
    reports which values stayed.
  - All values change that O(keep) does not name, except dates and times (rules compute with them),
    booleans, null and empty values.
  - A pseudonym has the form of its value. Letters become letters of the same script, case and
    diacritics, digits become digits, and other characters stay. Leading zeros stay, and numbers
    stay numbers with as many digits. Of a telephone number the last six digits change.
  - With the same O(key), equal words and numbers have equal pseudonyms in all fields and records,
    so that the id of a manager still refers to the manager. Different values never become equal,
    and no name stays that can be replaced.
  - Pseudonyms do not make people anonymous. Whoever has the key, or knows who started on which day,
    may still identify somebody. Check RV(kept) before you pass the file on.
extends_documentation_fragment:
  - hris.ad.runs_on
  - hris.ad.feed
  - hris.ad.variable_names
options:
  dest:
    description: The file for the feed with pseudonyms (JSON Lines, mode 0600).
    type: path
    required: true
  key:
    description:
      - The secret that the pseudonyms depend on, at least 16 characters. With the same key, feeds
        of different days can be compared.
      - If unset, a random key is used and not kept. Nobody can undo the pseudonyms, and the next
        run gives others.
    type: str
  keep:
    description:
      - Fields whose values stay, with everything inside of them, such as V(department.title) or
        V(jobs[*].status). A field that no employee has is an error.
      - Name the fields that rules compare with a text, or look up in a table.
    type: list
    elements: str
    default: []
  shift:
    description:
      - Fields whose dates become another day of the same year, such as V(dateOfBirth). A value that
        is not a date of the form YYYY-MM-DD gets a pseudonym.
    type: list
    elements: str
    default: []
attributes:
  check_mode:
    support: full
    description: Computes everything and writes nothing.
  diff_mode:
    support: none
    description: Returns details on what has changed, or would change, in diff mode.
  idempotent:
    support: full
    description: With O(key), the same feed gives the same file.
seealso:
  - module: hris.ad.feed_info
"""

EXAMPLES = r"""
- name: Save today's employees of ELMO with pseudonyms, for the tests of our rules
  hris.ad.record_feed:
    src: /var/lib/hris/elmo.jsonl
    dest: tests/feed.jsonl
    key: "{{ vault_record_key }}"
    keep: [department.title, position.title, location.title, country, timezone, role]
    shift: [dateOfBirth]
  register: record

- name: Show which values stayed
  ansible.builtin.debug:
    msg: "{{ record.report }}"
"""

RETURN = r"""
dest:
  description: The file.
  returned: success
  type: str
records:
  description: How many employees there are.
  returned: success
  type: int
stable:
  description: Whether the next run with this O(key) gives the same pseudonyms.
  returned: success
  type: bool
kept:
  description: The fields whose values stayed, at most 400.
  returned: success
  type: list
  elements: dict
  contains:
    path: {description: The field., type: str}
    treatment: {description: "Why the values stayed, V(kept), V(date) or V(boolean).", type: str}
    different_values: {description: How many different values of it are in the file., type: int}
  sample:
    - {path: department.title, treatment: kept, different_values: 5}
    - {path: startDate, treatment: date, different_values: 412}
kept_total:
  description: How many fields have values that stayed.
  returned: success
  type: int
changed_fields:
  description: The other fields, with C(treatment) V(changed) or V(shifted), at most 400.
  returned: success
  type: list
  elements: dict
report:
  description: The same as text.
  returned: success
  type: list
  elements: str
"""

from ansible_collections.hris.ad.plugins.module_utils._hris import module_runner, variable_names
from ansible_collections.hris.ad.plugins.module_utils._hris.commands import record_feed as command
from ansible_collections.hris.ad.plugins.module_utils._hris.sources.files import ARGUMENTS as FEED


def main():
    """Run the module."""
    module_runner.run_module(
        command.run,
        argument_spec=dict(
            **FEED,
            **variable_names.ARGUMENTS,
            dest=dict(type="path", required=True),
            key=dict(type="str", no_log=True),
            keep=dict(type="list", elements="str", default=[]),
            shift=dict(type="list", elements="str", default=[]),
        ),
        mutually_exclusive=[("src", "employees")],
        required_one_of=[("src", "employees")],
        supports_check_mode=True,
    )


if __name__ == "__main__":
    main()
