# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: sync
short_description: Make Active Directory follow HR
description:
  - Compares all employees of one HR source with the accounts of a domain and brings the accounts in line, in one task.
  - Employees are seen through the rules (mapping, dates, placement, groups, naming), accounts are read once, and the whole
    plan is judged by the limits before the first write. Check mode stops right there, with the same names and verdicts.
  - One bad record stops one person, with a finding that says why. A change that the server refuses is reported, the others
    are made, and the task fails at the end.
  - A new account gets a random password, set in the same write that creates it, that nobody sees but for O(passwords.certificate).
  - Privileged accounts, accounts of other sources, accounts below none of O(ownership.bases) and accounts that were disabled by
    hand are left alone.
  - The role P(hris.ad.lifecycle#role) wraps this module; its variables are these options with C(lifecycle_) in front.
version_added: 0.1.0
author:
  - hris.ad contributors (@hris-ad)
extends_documentation_fragment:
  - hris.ad.feed
  - hris.ad.directory
  - hris.ad.rules
  - hris.ad.carrying_out
  - hris.ad.progress
options:
  allow_empty:
    description: Whether a feed without employees is believed.
    type: bool
    default: false
  passwords:
    description: The initial passwords of new accounts. They are random; without O(passwords.certificate) nobody ever learns them.
    type: dict
    suboptions:
      length:
        description: How many characters they have, at least 16.
        type: int
        default: 32
      classes:
        description: The classes of characters that each of them has, three or more.
        type: list
        elements: str
        choices: [lower, upper, digits, symbols]
        default: [lower, upper, digits, symbols]
      certificate:
        description:
          - A certificate (PEM, RSA) of whoever hands the passwords over. It needs the Python library cryptography.
        type: path
      dest:
        description:
          - The file that the passwords are added to, encrypted for O(passwords.certificate), one line of JSON an account (mode 0600).
          - A password is on disk before its account exists, so that none is lost if the run is killed. Where a key has several
            lines, the last one holds.
          - Its field C(password) is CMS in base64; C(base64 -d | openssl cms -decrypt -inform DER -inkey key.pem) opens it.
        type: path
  guard:
    description:
      - Compares the feed with the last good one, by a few figures that name no person, and stops the run before anything is written.
      - A field that is gone, or has values of another type, always stops it. The first run only learns.
    type: dict
    suboptions:
      file:
        description: The file that keeps the shape of the last good feed (mode 0600). It is written after each run that was not stopped.
        type: path
      last:
        description: The shape itself, as RV(feed_profile) of an earlier run, where files do not last. It wins over O(guard.file).
        type: dict
      fewer:
        description: By how many percent there may be fewer employees.
        type: float
        default: 10
      empty:
        description: By how many percentage points a field may have become emptier.
        type: float
        default: 20
      duplicate_keys:
        description: How many more keys may be double.
        type: int
        default: 0
      new_values:
        description: What happens when a field with a fixed list of values has a new one.
        type: str
        choices: [report, stop, ignore]
        default: report
      accept:
        description: Believe the feed as it is, and learn its shape. For one run.
        type: bool
        default: false
  approved_digest:
    description:
      - The digest of the plan that a human has approved, RV(digest) of a run in check mode. Nothing is written unless this run's plan is
        the very same one.
      - It also lets exactly this plan through when it is over its limits.
    type: str
  plan_dest:
    description:
      - A file for the whole plan (JSON, mode 0600), for M(hris.ad.apply_plan), for reports and for reading. It is written in check mode as
        well.
    type: path
  plan_valid_hours:
    description: For how many hours the plan file may be applied.
    type: float
    default: 24
  held_plan_dest:
    description: A file for the plan of the changes that O(risk.hold) holds (mode 0600).
    type: path
  outcome_dest:
    description:
      - A file for the outcome (JSON Lines, mode 0600), one line for each account that an employee has, as it stands after the run.
      - A line has C(key), C(source), C(type), C(guid), C(dn), C(state), C(start), C(end), C(locked) (the first day without access),
        C(zone), C(events) (V(created), V(enabled), V(disabled), V(deleted), V(moved), V(renamed), V(updated), V(group_added),
        V(group_removed)), C(attributes), C(before) (former values of what changed), C(groups_added), C(groups_removed) and
        C(employee), the record of HR.
      - In check mode it says what would be, and each line has C(check_mode). A new account has no C(guid) then.
    type: path
  explain:
    description:
      - The key of one employee. The run stops at the plan, writes nothing, and tells what the rules make of this one in
        RV(explanation) and RV(report).
    type: str
  shard:
    description:
      - Write one part of the plan only, so that several runs share the work. Each of them plans and judges the whole, so limits
        hold for all of it and names are unique.
      - What a part cannot write because it rests on an account that another part creates (a manager) is counted in RV(waiting). A
        run without O(shard) after all parts writes it.
    type: dict
    suboptions:
      part:
        description: Which part, from 1.
        type: int
        required: true
      of:
        description: How many parts there are.
        type: int
        required: true
attributes:
  check_mode:
    support: full
    description: The plan is computed and judged, nothing is written to the directory.
  diff_mode:
    support: full
    description: One diff for each account, as far as O(report_limit) goes.
  idempotent:
    support: full
    description: A second run with the same employees and the same moment changes nothing.
  action_group:
    support: full
    membership: [hris.ad.directory, hris.ad.rules]
    description: The options of O(directory) can be given once, as module defaults of the group C(hris.ad.directory), the rules as those of
      the group C(hris.ad.rules).
seealso:
  - module: hris.ad.elmo_employee_info
  - module: hris.ad.icehrm_employee_info
  - module: hris.ad.user
"""

EXAMPLES = r"""
- name: Make the domain follow ELMO
  hris.ad.sync:
    source: elmo
    src: /run/hris/elmo.jsonl
    directory:
      servers: [dc1.corp.example, dc2.corp.example]
      username: svc-hris@corp.example
      password: "{{ vault_ad_password }}"
      ca_cert: /etc/pki/corp-ca.pem
    mapping:
      employeeID: employeeNumber
      givenName: preferredFirstName || firstName
      sn: lastName
      displayName: "{preferredFirstName || firstName} {lastName || ''}"
      title: {from: position.title, empty: clear}
      company: {constant: Example Corp}
      telephoneNumber: {from: mobile, apply: on_create}
      manager: {employee: manager.id, field: id}
    naming:
      candidates: ["{left(ascii(givenName), 1)}{ascii(sn)}", "{ascii(givenName)}.{ascii(sn)}", "{ascii(givenName)}"]
      attributes:
        sAMAccountName: "{lower(name)}"
        userPrincipalName: "{lower(name)}@corp.example"
        mail: "{lower(name)}@example.com"
        cn: "{displayName}"
    placement:
      - {when: "department.title == 'Finance'", ou: "OU=Finance,OU=Staff,DC=corp,DC=example"}
      - {ou: "OU=Staff,DC=corp,DC=example"}
    groups:
      - {groups: [All Staff]}
      - {when: "department.title == 'Finance'", groups: [Finance, ERP Users]}
    dates: {start: startDate, end: endDate, timezone: timezone || 'Australia/Sydney'}
    joiner: {create_days_before: 7}
    leaver: {groups: remove_managed, move_to: "OU=Leavers,DC=corp,DC=example"}
    limits: {disable: {count: 10, percent: 5}, create: {count: 50}, absent: {percent: 10}}
"""

RETURN = r"""
msg:
  description: The plan in one line, or why the run stopped.
  returned: always
  type: str
  sample: "elmo: 3 create, 1 disable; 2 findings"
summary:
  description:
    - Counts of people by state, changes by action, findings by kind, and of the accounts concerned.
    - C(matched) tells how people and accounts were matched; look at it in check mode at the first contact with a directory.
  returned: when a plan was made
  type: dict
  sample: {"people": {"active": 940, "leaver": 12}, "changes": {"create": 3, "disable": 1}, "accounts": 4, "findings": {"unmapped": 2},
           "matched": {"by_key": 950, "people_without_account": 2, "accounts_without_person": 31}}
findings:
  description: What a human should see, as far as O(report_limit) goes.
  returned: when a plan was made
  type: list
  elements: dict
  contains:
    severity:
      description: "V(error): somebody is held until this is mended. V(warning): look at it. V(info): left alone on purpose."
      type: str
    kind: {description: A stable word for the kind of finding., type: str}
    key: {description: The employee's key., type: str}
    place: {description: The rule or attribute., type: str}
    message: {description: What was found and what to do., type: str}
report:
  description: The plan in one line and each finding in one, for reading.
  returned: when a plan was made
  type: list
  elements: str
findings_total:
  description: How many findings there are.
  returned: when a plan was made
  type: int
limits:
  description: The verdict of every limit that is set.
  returned: when a plan was made
  type: list
  elements: dict
digest:
  description:
    - The name of the plan, equal for equal changes of one source and domain. A plan that did nothing has one, too.
  returned: when a plan was made
  type: str
  sample: "sha256:5f3a0f6f1c2b5d8e9a7c4b3d2e1f0a9b8c7d6e5f4a3b2c1d0e9f8a7b6c5d4e3f"
held:
  description: How many changes of high risk wait.
  returned: when O(risk.hold)
  type: int
held_digest:
  description: The digest of the plan of the changes that wait.
  returned: when O(risk.hold)
  type: str
feed_profile:
  description: The shape of the feed, for O(guard.last) of the next run.
  returned: when O(guard) is given and the run was not stopped, and not in check mode
  type: dict
as_of:
  description: The moment that the run was computed for.
  returned: when a plan was made
  type: str
explanation:
  description:
    - What the rules make of one employee. C(state) and C(dates); C(account) that is correlated; C(attributes) with the rule, its
      expression (C(source)), what is wanted, what is there (C(now)) and C(why) it is or is not written; C(names); C(placement) and
      C(groups) with the condition of each rule and whether it holds; C(changes) and C(findings) of this person; C(employee), the
      record of HR. Values of attributes in O(redact) are hidden.
  returned: when O(explain) is given
  type: dict
  sample: {"key": "E1001", "state": "active", "dates": {"start": "2024-02-01", "end": null, "today": "2026-03-02", "zone": "UTC",
           "first_day_without_access": null}, "attributes": [{"attribute": "title", "rule": "mapping.title",
           "source": "position.title", "now": ["Clerk"], "wanted": ["Head"], "why": "written with update"}]}
accounts:
  description:
    - The accounts by what was done to them, in check mode by what would be, as far as O(report_limit) goes for each; O(outcome_dest)
      has them all.
    - Each has C(key), C(guid), C(dn), C(sAMAccountName), C(userPrincipalName), C(mail) and C(displayName).
  returned: when the plan was within its limits
  type: dict
  sample: {"created": [{"key": "E1001", "guid": "1c9e2a4b-6c0e-4d0a-9d1b-0f1f5a1d7c11", "dn": "CN=Ann Lee,OU=Staff,DC=corp,DC=example",
                        "sAMAccountName": "alee", "userPrincipalName": "alee@corp.example", "mail": "alee@example.com",
                        "displayName": "Ann Lee"}], "disabled": []}
waiting:
  description: How many values wait for a run without O(shard).
  returned: when O(shard) is given
  type: int
applied:
  description: How many changes were made.
  returned: when changes were to be made and not in check mode
  type: int
refused:
  description:
    - Changes that the server refused, that depended on one it refused, or that it took only in part, with the reason.
    - As many as O(report_limit) allows.
  returned: when changes were to be made and not in check mode
  type: list
  elements: dict
refused_total:
  description: How many changes were not or not wholly made.
  returned: when changes were to be made and not in check mode
  type: int
chat:
  description:
    - The run in at most 500 characters, for a chat. The source, what was done (in check mode, what would be) or why not, findings,
      what waits, and the first digits of the plan's digest.
    - Of people it has the keys at most.
  returned: when a plan was made, without O(explain)
  type: str
  sample: "elmo, 2026-03-02: 3 accounts created, 1 disabled. Findings: 2 warnings. Plan 5f3a0f6f."
brief:
  description:
    - The same in figures, small enough to be handed on with M(ansible.builtin.set_stats). C(changes) and C(accounts) count what
      was done, in check mode what would be.
    - The role P(hris.ad.lifecycle#role) does that.
  returned: when a plan was made, without O(explain)
  type: dict
  sample: {"source": "elmo", "as_of": "2026-03-02T00:00:00+00:00", "check_mode": false, "changed": true,
           "digest": "sha256:5f3a0f6f1c2b5d8e9a7c4b3d2e1f0a9b8c7d6e5f4a3b2c1d0e9f8a7b6c5d4e3f", "changes": {"create": 3, "disable": 1},
           "accounts": 4, "findings": {"warning": 2}, "limits": [], "failed": false, "msg": "elmo: 3 create, 1 disable; 2 findings",
           "applied": 4, "refused": 0}
"""

from ansible_collections.hris.ad.plugins.module_utils._hris import module_runner, progress
from ansible_collections.hris.ad.plugins.module_utils._hris.commands import sync as command
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.initial_passwords import (
    ARGUMENTS as PASSWORDS,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.options import (
    ARGUMENTS as DIRECTORY,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.options import ARGUMENTS as RULES
from ansible_collections.hris.ad.plugins.module_utils._hris.run.execution import (
    ARGUMENTS as CARRYING_OUT,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.run.feed_guard import ARGUMENTS as GUARD
from ansible_collections.hris.ad.plugins.module_utils._hris.sources.files import ARGUMENTS as FEED


def main():
    """Run the module."""
    module_runner.run_module(
        command.run,
        libraries=("ldap3", "jmespath", "anyascii"),
        argument_spec=dict(
            **DIRECTORY,
            **RULES,
            **FEED,
            allow_empty=dict(type="bool", default=False),
            passwords=PASSWORDS,
            guard=GUARD,
            approved_digest=dict(type="str"),
            plan_dest=dict(type="path"),
            plan_valid_hours=dict(type="float", default=24),
            held_plan_dest=dict(type="path"),
            outcome_dest=dict(type="path"),
            explain=dict(type="str"),
            shard=dict(
                type="dict",
                options=dict(
                    part=dict(type="int", required=True), of=dict(type="int", required=True)
                ),
            ),
            **CARRYING_OUT,
            **progress.ARGUMENTS,
        ),
        mutually_exclusive=[("employees", "src")],
        required_one_of=[("employees", "src")],
        supports_check_mode=True,
    )


if __name__ == "__main__":
    main()
