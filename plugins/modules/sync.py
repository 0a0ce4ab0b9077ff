# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: sync
short_description: Make Active Directory follow HR
description:
  - Compares all employees of the HR sources of a domain with its accounts and changes the accounts
    that differ, in one task. Several sources are planned together, and make one plan.
  - The rules of each source (mapping, dates, placement, groups, naming) decide what its employees
    need. All accounts are read once. The whole plan is checked against the limits before the first
    write. Check mode stops there, with the same plan.
  - A record with an error holds one person, with a finding that says why. A change that the server
    refuses is reported, the other changes are made, and the task fails at the end.
  - A new account gets a random password when it is created. Nobody learns it, unless
    O(passwords.certificate) is set.
  - Privileged accounts, accounts of sources that are not in the run and accounts outside of
    O(sources[].ownership.bases) are not changed. Accounts that were disabled by hand are not
    enabled.
  - The role P(hris.ad.lifecycle#role) calls this module. Its variables are these options, and those
    of one source, with the prefix C(lifecycle_).
version_added: 0.1.0
author:
  - hris.ad contributors (@hris-ad)
extends_documentation_fragment:
  - hris.ad.runs_on
  - hris.ad.expressions
  - hris.ad.directory
  - hris.ad.sources
  - hris.ad.execution
  - hris.ad.passwords
  - hris.ad.kept_state
  - hris.ad.names
  - hris.ad.progress
  - hris.ad.variable_names
options:
  on_bad_source:
    description:
      - What happens with a bad source, of which HR could not be read (O(sources[].failed)), whose
        feed cannot be used (O(sources[].allow_empty), O(sources[].guard)), or that is over one of
        its own limits (O(sources[].limits)).
      - V(stop) stops the run before the first write.
      - V(leave_out) makes the plan without this source. Nothing is taken from an account that the
        source owns or contributes to. It is not locked, deleted, moved, renamed or taken over, and
        loses no group and no value. A finding names the source. When all sources are bad, the run
        stops.
    type: str
    choices: [stop, leave_out]
    default: stop
  passwords:
    description:
      - The initial passwords of new accounts, and of accounts that are enabled for an employee who
        comes back, where O(sources[].leaver.scramble_password) is set. They are random. Without
        O(passwords.certificate) they are not stored, and nobody learns them.
  kept_state:
    description:
      - What later runs need from this one, such as the profiles of feeds and the step ledgers, and
        whether it is still there. C(docs/state.md) of this collection has all of it in one table.
      - A file that would be lost with the job is a finding C(vanishing_state), and state of earlier
        runs that is not there is a finding C(new_state), in check mode too. That are files on the
        file system or in the memory of a container, below the folder of ansible-runner, and, with
        the next restart, in the memory of a machine. Only Linux tells what is mounted.
      - Initial passwords (O(passwords.dest)) are never written to a place that is lost with the
        job.
  approved_digest:
    description:
      - The digest of the plan that a human has approved, from RV(digest) of a run in check mode.
        Nothing is written when the plan of this run has another digest.
      - The approved plan is applied even when it exceeds its limits.
    type: str
  plan_dest:
    description:
      - A file for the whole plan (JSON, mode 0600), for M(hris.ad.apply_plan) and
        M(hris.ad.plan_report). It is written in check mode as well.
      - With a slash at its end it is a folder, in which each run has a file of its own.
    type: path
  plan_valid_hours:
    description: For how many hours M(hris.ad.apply_plan) accepts the plan file.
    type: float
    default: 24
  held_plan_dest:
    description:
      - A file for the plan of the changes that O(sources[].risk.hold) holds (JSON, mode 0600).
        Apply it with M(hris.ad.apply_plan) after the approval.
      - With a slash at its end it is a folder, as of O(plan_dest).
    type: path
  report_folder:
    description:
      - A folder for what only a report needs (M(hris.ad.plan_report)), and that is removed after
        it. C(plan.json) is written there where O(plan_dest) is not set, and C(journal.jsonl) where
        O(journal) is not set.
    type: path
  explain:
    description:
      - The key of one employee. The run only plans, and writes nothing to the directory.
        RV(explanation) and RV(report) say what the rules decide for this employee, and why.
      - When employees of several sources have the key, it is an error. Run one source alone then.
    type: str
  only:
    description:
      - The run is for these people only, such as those about whom HR has sent an event. Everything
        is read and planned as in a run for everybody, so names, references, the guards and the
        limits of the feed (C(absent), C(held), C(out_of_scope)) are the same. Only the changes of
        these people are made, compared with the other limits, and reported.
      - An entry is a key, which stands for everybody who has it in any source, or C(source:key),
        such as V(elmo:E1001). Each key of a person will do, and that of an account whose employee
        is absent.
      - A key that nobody has is the finding C(unknown_key). A value that needs a change of somebody
        else, such as a manager whose account does not exist yet, or a name that somebody else gives
        up, is the finding C(waiting), and is written by the next run for everybody.
      - The plan has a digest of its own, for O(approved_digest). O(sources[].outcome_dest) has only
        these people. The profile of O(sources[].guard) is compared, but not kept.
      - With an empty list there is nothing to do. If not set, the run is for everybody. It cannot
        be used with O(shard).
    type: list
    elements: str
  shadow:
    description:
      - Only compare, whatever the mode is, for those whom another tool still serves. Nothing is
        written to the directory, and no state that a later run believes, such as the profile of
        O(sources[].guard), the names ledger, O(recent), O(journal) or O(sources[].outcome_dest).
        Only O(plan_dest) is written, for the report.
      - RV(attributes) counts the accounts that differ, by attribute. A plan over its limits is no
        failure. The message says that a run would write nothing.
    type: bool
    default: false
  shard:
    description:
      - Write only one part of the plan, so that several runs share the work. Each run makes and
        checks the whole plan, so that limits apply to all parts together and names are unique.
      - A value that names an account which another part creates, such as a manager, cannot be
        written yet. RV(waiting) counts such values. A run without O(shard), after all parts, writes
        them.
      - All parts are written to one domain controller, the PDC emulator of the domain. A run with
        O(shard) on another one is refused, because two domain controllers could create the same
        account or OU before they know of each other.
    type: dict
    suboptions:
      part:
        description: The number of the part, from 1.
        type: int
        required: true
      of:
        description: The number of parts.
        type: int
        required: true
attributes:
  check_mode:
    support: full
    description: The plan is made and checked. Nothing is written to the directory.
  diff_mode:
    support: full
    description: One diff for each account, at most O(report_limit).
  idempotent:
    support: full
    description: A second run with the same sources and the same moment changes nothing.
  action_group:
    support: full
    membership: [hris.ad.directory]
    description:
      - The options of O(directory) can be set once, with C(module_defaults) for the group
        C(hris.ad.directory).
seealso:
  - module: hris.ad.apply_plan
  - module: hris.ad.elmo_employee_info
  - module: hris.ad.icehrm_employee_info
  - module: hris.ad.user
"""

EXAMPLES = r"""
- name: Make the domain follow ELMO
  hris.ad.sync:
    directory:
      servers: [dc1.corp.example, dc2.corp.example]
      username: svc-hris@corp.example
      password: "{{ vault_ad_password }}"
      ca_cert: /etc/pki/corp-ca.pem
    sources:
      - source: elmo
        src: /run/hris/elmo.jsonl
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
          candidates:
            - "{left(ascii(givenName), 1)}{ascii(sn)}"
            - "{ascii(givenName)}.{ascii(sn)}"
            - "{ascii(givenName)}"
          attributes:
            sAMAccountName: "{lower(name)}"
            userPrincipalName: "{lower(name)}@corp.example"
            mail: "{lower(name)}@example.com"
            cn: "{displayName}"
        placement:
          - when: department.title == 'Finance'
            ou: OU=Finance,OU=Staff,DC=corp,DC=example
          - ou: OU=Staff,DC=corp,DC=example
        groups:
          - groups: [All Staff]
          - when: department.title == 'Finance'
            groups: [Finance, ERP Users]
        dates:
          start: startDate
          end: endDate
          timezone: timezone || 'Australia/Sydney'
        joiner:
          create_days_before: 7
        leaver:
          groups: remove_managed
          move_to: OU=Leavers,DC=corp,DC=example
        limits:
          disable: {count: 10, percent: 5}
          create: {count: 50}
          absent: {percent: 10}

- name: Make the domain follow ELMO and IceHrm, also when one of them cannot be read
  hris.ad.sync:
    directory:
      servers: [dc1.corp.example, dc2.corp.example]
      username: svc-hris@corp.example
      password: "{{ vault_ad_password }}"
      ca_cert: /etc/pki/corp-ca.pem
    sources:
      - "{{ rules_of_elmo | combine({'source': 'elmo', 'src': '/run/hris/elmo.jsonl'}) }}"
      - "{{ rules_of_icehrm | combine({'source': 'icehrm', 'src': '/run/hris/icehrm.jsonl'}) }}"
    on_bad_source: leave_out
    domain_limits:
      disable: {count: 20, percent: 5}
      create: {count: 80}
      take_over: {count: 5}

- name: Make the changes of two people now
  hris.ad.sync:
    directory:
      servers: [dc1.corp.example, dc2.corp.example]
      username: svc-hris@corp.example
      password: "{{ vault_ad_password }}"
      ca_cert: /etc/pki/corp-ca.pem
    sources:
      - "{{ rules_of_elmo | combine({'source': 'elmo', 'src': '/run/hris/elmo.jsonl'}) }}"
    only: [E1001, "elmo:E1002"]
"""

RETURN = r"""
msg:
  description: The sources and what the run did in one line, in check mode the plan, or why the run
    failed.
  returned: always
  type: str
  sample: "elmo, icehrm: 3 accounts created, 1 disabled; 2 findings"
summary:
  description:
    - The number of C(people) by state (with O(only), of those people), of C(changes) by action, of
      C(accounts) with a change, and of C(findings) by kind. After a run the changes are those that
      it made, in check mode those of the plan.
    - C(matched) says how people and accounts were matched, how many accounts are C(adopted) now,
      and how many are C(not_adopted_yet) (O(sources[].ownership.adopt_when)). Check it in check
      mode before the first run with a directory.
    - C(open_access) counts the people who can still log on although they have left
      (C(has_left)), may have left (C(may_have_left)) or are out of scope (C(out_of_scope)).
  returned: when a plan was made
  type: dict
  sample:
    people: {active: 940, leaver: 12}
    changes: {create: 3, disable: 1}
    accounts: 4
    findings: {unmapped: 2}
    matched: {by_key: 950, people_without_account: 2, accounts_without_person: 31}
    open_access: {has_left: 1}
findings:
  description: What a human must see, at most O(report_limit).
  returned: when a plan was made
  type: list
  elements: dict
  contains:
    severity:
      description:
        - V(error) means that a person is held, or gets no change, until the problem is corrected.
          V(warning) means that the run goes on and somebody should look. V(info) means that
          something is left as it is on purpose.
      type: str
    kind:
      description: The kind of finding, a fixed word such as V(duplicate_account).
      type: str
    source:
      description: The source of the person or of the records, or null.
      type: str
    key:
      description: The key of the person, or null.
      type: str
    name:
      description: The name of the person (O(sources[].label)), or null.
      type: str
    place:
      description: The rule, option or attribute, or null.
      type: str
    message:
      description: What is wrong, and what to do.
      type: str
  sample:
    - severity: error
      kind: has_left
      source: elmo
      key: E1001
      name: Ann Lee
      place: null
      message: >-
        has left and can still log on with CN=Ann Lee,OU=Staff,DC=corp,DC=example: it is protected,
        so a run never changes it. Lock it by hand.
report:
  description: What the run did in one line, in check mode the plan, and one line for each finding,
    for people to read.
  returned: when a plan was made
  type: list
  elements: str
findings_total:
  description: The number of findings.
  returned: when a plan was made
  type: int
limits:
  description: Each limit that is set, compared with the plan.
  returned: when a plan was made
  type: list
  elements: dict
  contains:
    source:
      description: The source whose limit it is, or null for O(domain_limits) of the whole domain.
      type: str
    action:
      description: The action, V(absent), V(adopted), V(held), V(out_of_scope), or
        C(attribute NAME).
      type: str
    changes:
      description: How many accounts are concerned.
      type: int
    of:
      description: The number that C(percent) is of.
      type: int
    count:
      description: The most accounts, or null.
      type: float
    percent:
      description: The most accounts, in percent, or null.
      type: float
    recent:
      description: How many more accounts other runs have changed so lately (O(recent)). They count
        as well.
      type: int
    exceeded:
      description: Whether the plan exceeds the limit.
      type: bool
    option:
      description: What sets the limit, such as C(limits.disable) of a source.
      type: str
    message:
      description: The same as a text.
      type: str
digest:
  description:
    - The digest of the plan. Plans of the same sources and domain with the same changes have the
      same digest. A plan without changes has one as well. A source that is left out changes it, and
      so does O(only).
  returned: when a plan was made
  type: str
  sample: "sha256:5f3a0f6f1c2b5d8e9a7c4b3d2e1f0a9b8c7d6e5f4a3b2c1d0e9f8a7b6c5d4e3f"
held:
  description: The number of changes of high risk that are held.
  returned: when O(sources[].risk.hold) is set
  type: int
held_digest:
  description: The digest of the plan of the changes that are held.
  returned: when O(sources[].risk.hold) is set
  type: str
feed_profiles:
  description:
    - The profile of the feed of each source with O(sources[].guard), by its name, for
      O(sources[].guard.last) of the next run. A source that is left out has none.
  returned: when O(sources[].guard) is set and the run was not stopped, without O(only), and not in
    check mode
  type: dict
as_of:
  description: The moment for which the run was computed.
  returned: when a plan was made
  type: str
explanation:
  description:
    - What the rules decide for one employee. Values of attributes in O(sources[].redact) are
      hidden.
    - C(key), C(state), C(dates), C(employee) (the record), C(changes) and C(findings) are those of
      the employee. C(account) is the account that was found, or null.
    - C(attributes) has for each mapped attribute the rule, its expression (C(source)), the values
      of the account (C(now)), the values by the rule (C(wanted)), and C(why) they are written or
      not. C(names) has the same for names, without values, and in C(passed_over) the candidates
      that the person does not get, each with the reason.
    - C(definitions) has the value of each named expression (O(sources[].definitions)).
    - C(records) has the records of a person who has several, the primary record first. C(time) is
      V(past), V(current), V(future) or V(unreadable) on the day of the run.
    - C(steps) has the C(name) and the C(day) of each of O(sources[].steps).
    - C(placement) and C(groups) have the condition of each rule (C(when)) and whether it is true
      (C(holds)). C(groups) also has whether the account is a C(member), and whether it was one
      before a rule gave the group (C(found)), so that no rule takes it. C(governed) says why nobody
      is added to a group that Entra governs, or removed from it. C(first_day) and C(last_day) are
      those of a rule with C(from) or C(until).
    - C(saved) has what the account remembers of before its person left, without values. C(what) is
      an attribute, V(place), or V(group) with its DN in C(group). A rehire gets it back until
      C(given_back_until), where HR does not decide.
  returned: when O(explain) is set
  type: dict
  sample:
    key: E1001
    state: active
    dates:
      start: "2024-02-01"
      end: null
      today: "2026-03-02"
      timezone: UTC
      first_day_without_access: null
      next_start: null
    attributes:
      - attribute: title
        rule: mapping.title
        source: position.title
        now: [Clerk]
        wanted: [Head]
        why: written with update
accounts:
  description:
    - The accounts for each event, in check mode those that would have it. At most O(report_limit)
      for each event. The files O(sources[].outcome_dest) have all of them, where they are set.
    - An account has C(key), C(guid), C(dn), C(sAMAccountName), C(userPrincipalName), C(mail) and
      C(displayName).
  returned: when the plan was within its limits or approved
  type: dict
  sample:
    created:
      - key: E1001
        guid: 1c9e2a4b-6c0e-4d0a-9d1b-0f1f5a1d7c11
        dn: CN=Ann Lee,OU=Staff,DC=corp,DC=example
        sAMAccountName: alee
        userPrincipalName: alee@corp.example
        mail: alee@example.com
        displayName: Ann Lee
    disabled: []
shadow:
  description: That the run only compares.
  returned: when O(shadow) is set
  type: bool
attributes:
  description:
    - How many accounts differ from HR in each attribute, the most frequent first. New accounts do
      not count.
  returned: when O(shadow) is set
  type: dict
  sample: {"title": 120, "department": 4}
waiting:
  description: The number of values that only a run without O(shard) can write.
  returned: when O(shard) is set
  type: int
not_created:
  description: The number of changes that wait for replication (O(replication_minutes)).
  returned: when another domain controller was written a short time ago (O(recent))
  type: int
alerted:
  description:
    - When another run has said already that the same limits are used up (O(recent)), so that people
      are told once, and not by each run. After O(recent_hours) it is said again.
  returned: when the plan is over its limits because of what other runs did, and this is known
  type: str
  sample: "2026-03-02T10:17:33.120+00:00"
not_written:
  description: Why nothing of the plan was written, without values of accounts.
  returned: when the plan may not be applied, or a run makes none of its changes
  type: str
  sample: "the plan is over its limits: 90 of 948 accounts would get the action 'disable'"
plan_dest:
  description: The plan file.
  returned: when a plan was made and O(plan_dest) or O(report_folder) is set
  type: str
  sample: /var/lib/hris/plans/20260302T040506.789Z-elmo.json
whole_plan:
  description: The plan file of O(plan_dest), when it is still there after the job.
  returned: when there is one
  type: str
held_plan_dest:
  description: The plan file of the changes that are held.
  returned: when O(held_plan_dest) and O(sources[].risk.hold) are set
  type: str
undo_dest:
  description: The plan that undoes this run.
  returned: when O(undo_dest) is set, not in check mode; of a folder, when there were changes
  type: str
  sample: /var/lib/hris/undo/20260302T040506.789Z-elmo-undo.json
approval:
  description: The approval of the plan that was applied, with C(digest), C(by) and C(ticket).
  returned: when changes were made with O(approved_digest)
  type: dict
journal:
  description: The journal of this run.
  returned: when changes were made and O(journal) or O(report_folder) is set
  type: str
  sample: /var/lib/hris/elmo-2026-03-02.jsonl
applied:
  description: The number of changes that were made.
  returned: when the plan was applied, not in check mode
  type: int
refused:
  description:
    - Changes that were not made, or only in part, because the server refused them or a change on
      which they depend, with the reason. At most O(report_limit).
  returned: when the plan was applied, not in check mode
  type: list
  elements: dict
  contains:
    source:
      description: The source whose rules ask for the change, or null.
      type: str
    key:
      description: The key of the person, or null.
      type: str
    name:
      description: The name of the person (O(sources[].label)), or null.
      type: str
    action:
      description: The action.
      type: str
    dn:
      description: The DN of the account or OU.
      type: str
    status:
      description:
        - V(refused) by the server, or the connection was lost before its answer; V(skipped), not
          tried; V(applied), but only in part.
      type: str
    message:
      description: The reason.
      type: str
refused_total:
  description: The number of changes that were not made, or only in part.
  returned: when the plan was applied, not in check mode
  type: int
chat:
  description:
    - The run as a text of at most 500 characters, for a chat room. It has the sources, what was
      done (in check mode, what would be done) or why nothing was, the number of findings, what is
      held, and the first digits of the digest.
    - It names people by their keys at most.
  returned: when a plan was made, without O(explain)
  type: str
  sample: "elmo, 2026-03-02: 3 accounts created, 1 disabled. Findings: 2 warnings. Plan 5f3a0f6f."
not_disabled:
  description:
    - How many accounts were to be disabled, and can still log on, because the change was left out,
      refused or skipped. The task fails then.
  returned: when there are any
  type: int
brief:
  description:
    - The run in figures, small enough for M(ansible.builtin.set_stats). The role
      P(hris.ad.lifecycle#role) hands it on.
    - C(changes) and C(accounts) count what was done, in check mode what would be done. C(findings)
      are counted by severity. C(open_access) is that of the summary. C(limits) are the messages of
      the limits that are exceeded. C(sources) are the names of the sources in the plan,
      C(sources_left_out) of those that are left out, when there are some. C(only) is how many
      people the run is for, when O(only) is set.
    - C(held), C(held_digest), C(waiting), C(not_created), C(applied), C(left_out), C(refused) and
      C(not_disabled) are there when the result has them, C(refusal) with the first refused change.
      C(shadow) is true when the run only compares.
  returned: when a plan was made, without O(explain)
  type: dict
  sample:
    sources: [elmo]
    as_of: "2026-03-02T00:00:00+00:00"
    digest: sha256:5f3a0f6f1c2b5d8e9a7c4b3d2e1f0a9b8c7d6e5f4a3b2c1d0e9f8a7b6c5d4e3f
    check_mode: false
    changed: true
    changes: {create: 3, disable: 1}
    accounts: 4
    findings: {warning: 2}
    limits: []
    failed: false
    msg: "elmo: 3 accounts created, 1 disabled; 2 findings"
    applied: 4
    refused: 0
"""

from ansible_collections.hris.ad.plugins.module_utils._hris import (
    module_runner,
    progress,
    variable_names,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.commands import sync as command
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.initial_passwords import (
    ARGUMENTS as PASSWORDS,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.options import (
    ARGUMENTS as DIRECTORY,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.options import ARGUMENTS as RULES
from ansible_collections.hris.ad.plugins.module_utils._hris.run.execution_options import (
    ARGUMENTS as EXECUTION,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.run.kept_state import (
    ARGUMENTS as KEPT_STATE,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.run.names_options import (
    ARGUMENTS as NAMES,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.run.source_options import (
    ARGUMENTS as SOURCES,
)


def main():
    """Run the module."""
    module_runner.run_module(
        command.run,
        libraries=("ldap3", "jmespath"),
        argument_spec=dict(
            **variable_names.ARGUMENTS,
            **DIRECTORY,
            sources=SOURCES,
            as_of=RULES["as_of"],
            domain_limits=RULES["limits"],
            on_bad_source=dict(type="str", choices=["stop", "leave_out"], default="stop"),
            passwords=PASSWORDS,
            approved_digest=dict(type="str"),
            kept_state=KEPT_STATE,
            names=NAMES,
            plan_dest=dict(type="path"),
            plan_valid_hours=dict(type="float", default=24),
            held_plan_dest=dict(type="path"),
            report_folder=dict(type="path"),
            explain=dict(type="str"),
            only=dict(type="list", elements="str"),
            shadow=dict(type="bool", default=False),
            shard=dict(
                type="dict",
                options=dict(
                    part=dict(type="int", required=True), of=dict(type="int", required=True)
                ),
            ),
            **EXECUTION,
            **progress.ARGUMENTS,
        ),
        supports_check_mode=True,
    )


if __name__ == "__main__":
    main()
