# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: record_feed
short_description: Save a feed with pseudonyms, for tests of rules and reports of faults
version_added: 0.1.0
author:
  - hris.ad contributors (@hris-ad)
description:
  - Writes the employees of a feed with other letters and digits in the place of their values, and says what stayed as it was.
  - Whatever O(keep) does not name is changed, but for dates and times, which rules compute with, booleans, null and what is empty.
  - A pseudonym has the shape of its value. Letters stay letters of the same script, case and diacritics, digits stay digits, and
    everything else stays. Zeros in front stay, and numbers stay numbers of as many digits. Of a telephone number the last six digits
    change.
  - With one O(key), equal words and numbers have equal pseudonyms in every field and every record, so that a manager's id is still that
    of the manager. Different ones never become equal, and nobody keeps a name that could be another.
  - These are pseudonyms. Who has the key, or knows who started on which day, may still find out who somebody is. Look at RV(kept)
    before the file is handed on.
extends_documentation_fragment:
  - hris.ad.feed
options:
  dest:
    description: The file for the recorded feed (JSON Lines, mode 0600).
    type: path
    required: true
  key:
    description:
      - The secret that the pseudonyms depend on, at least 16 characters. Keep it, and records of different days compare.
      - Without one it is random and forgotten, so that nobody can undo the pseudonyms, and the next record has others.
    type: str
  keep:
    description:
      - Fields that stay as they are, with all that is below them, such as V(department.title) or V(jobs[*].status). A field that no
        employee has is an error.
      - Name what rules compare with a text of theirs, and what a table of theirs has.
    type: list
    elements: str
    default: []
  shift:
    description:
      - Fields whose dates become another day of the same year, such as V(dateOfBirth). A value that is no date of the form YYYY-MM-DD
        becomes a pseudonym.
    type: list
    elements: str
    default: []
attributes:
  check_mode:
    support: full
    description: Everything is computed and nothing is written.
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
- name: Record what ELMO gives today, for the tests of our rules
  hris.ad.record_feed:
    src: /var/lib/hris/elmo.jsonl
    dest: tests/feed.jsonl
    key: "{{ vault_record_key }}"
    keep: [department.title, position.title, location.title, country, timezone, role]
    shift: [dateOfBirth]
  register: record

- name: Show what stayed as it was
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
  description: Whether the next record with this O(key) has the same pseudonyms.
  returned: success
  type: bool
kept:
  description: The fields that stayed as they were, and how many different values of them are in the file, at most 400 fields.
  returned: success
  type: list
  elements: dict
  contains:
    path: {description: The field., type: str}
    treatment: {description: "Why: V(keep), V(date) or V(yes or no).", type: str}
    values: {description: How many different values it has., type: int}
  sample: [{"path": "department.title", "treatment": "keep", "values": 5}, {"path": "startDate", "treatment": "date", "values": 412}]
kept_total:
  description: How many fields stayed as they were.
  returned: success
  type: int
changed_fields:
  description: The other fields, with C(treatment) V(changed) or V(shifted), at most 400.
  returned: success
  type: list
  elements: dict
report:
  description: All this for reading.
  returned: success
  type: list
  elements: str
"""

from ansible_collections.hris.ad.plugins.module_utils._hris import module_runner
from ansible_collections.hris.ad.plugins.module_utils._hris.commands import record_feed as command
from ansible_collections.hris.ad.plugins.module_utils._hris.sources.files import ARGUMENTS as FEED


def main():
    """Run the module."""
    module_runner.run_module(
        command.run,
        argument_spec=dict(
            **FEED,
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
