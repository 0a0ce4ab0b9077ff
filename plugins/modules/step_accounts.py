# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: step_accounts
short_description: Tell which accounts a step of an orchestration is due for
version_added: 0.1.0
author:
  - hris.ad contributors (@hris-ad)
description:
  - Chooses from the outcome of a run of P(hris.ad.sync#module) the accounts that a step is due for, by events, conditions and days
    counted from an event or a date. Days are computed, never waited for.
  - With O(ledger), a step is done once for each account and occurrence, however many runs were missed or failed in between.
  - Without it, a step is due on the very day only.
  - The role P(hris.ad.orchestration#role) wraps this module.
attributes:
  check_mode:
    support: full
    description: The file O(dest) is written, the ledger is not.
  diff_mode:
    support: none
    description: Returns details on what has changed, or would change, in diff mode.
  idempotent:
    support: full
    description: What is noted once in the ledger is not noted again.
options:
  state:
    description:
      - V(due) writes the accounts that O(step) is due for to O(dest), and notes in the ledger the events of O(src) and that the step is
        known.
      - V(done) notes that O(step) is done for the accounts in O(src), which is the O(dest) of before.
      - V(record) only notes the events of O(src). Run it before a new run overwrites an outcome whose steps were not begun. The outcome of
        a run in check mode (lines with C(check_mode)) is passed over.
    type: str
    choices: [due, done, record]
    default: due
  src:
    description: The outcome file of a run, as O(hris.ad.sync#module:outcome_dest) writes it; for O(state=done), the file of due accounts.
    type: path
    required: true
  step:
    description: The step.
    type: dict
    suboptions:
      name:
        description: Its name, by which the ledger knows it. Keep it.
        type: str
        required: true
      events:
        description: The events that it is for. All events if unset.
        type: list
        elements: str
        choices: [created, enabled, disabled, deleted, moved, renamed, updated, group_added, group_removed]
      when:
        description: A condition over the account, as P(hris.ad.webhook#module) sees it.
        type: str
      after_days:
        description: When it is due. At once if unset.
        type: dict
        suboptions:
          days:
            description: So many days after, or before if negative.
            type: int
            default: 0
          of:
            description:
              - The event itself, or a date of the account, its first day, its last day or its first day without access.
              - With a date and O(step.events), the account must have had one of the events, on whatever day.
            type: str
            choices: [event, start, end, first_day_without_access]
            default: event
      limit:
        description: The most accounts that may be due at once. More are an error, and nothing is done.
        type: int
  dest:
    description: File for the accounts that are due, lines of O(src) with C(occurrences), mode 0600. Required for O(state=due).
    type: path
  ledger:
    description:
      - File that knows the events and which steps are done (JSON Lines, mode 0600). It is made when it is not there, and only grows.
      - What was due before the ledger first met a step is not made up for.
    type: path
  failed:
    description: For O(state=done), files that name accounts whose step failed, as O(hris.ad.webhook#module:undelivered_dest) writes them.
    type: list
    elements: path
  failed_keys:
    description: For O(state=done), keys of accounts whose step failed.
    type: list
    elements: str
  render:
    description: A structure whose texts with C({…}) are rendered for each account that is returned.
    type: dict
  optional_fields:
    description: Names that an expression may use although no account has them.
    type: list
    elements: str
  as_of:
    description: The day to compute for, YYYY-MM-DD. Today in UTC if unset; for O(state=record), the day that O(src) was written.
    type: str
  report_limit:
    description: The most accounts that the task returns. The file has them all.
    type: int
    default: 100
seealso:
  - module: hris.ad.webhook
  - module: hris.ad.icehrm_employee
"""

EXAMPLES = r"""
- name: Whose mailbox is to be converted, thirty days after they were locked?
  hris.ad.step_accounts:
    src: /var/lib/hris/outcome.jsonl
    dest: /run/hris/due.jsonl
    ledger: /var/lib/hris/ledger.jsonl
    step:
      name: convert-mailbox
      after_days: {days: 30, of: first_day_without_access}
      when: mail
  register: due

- name: It is done
  hris.ad.step_accounts:
    state: done
    src: /run/hris/due.jsonl
    ledger: /var/lib/hris/ledger.jsonl
    step: {name: convert-mailbox}
"""

RETURN = r"""
count:
  description: How many accounts are due, or how many were noted as done; for O(state=record), how many events were noted.
  returned: success
  type: int
  sample: 2
accounts:
  description: The accounts that are due, as far as O(report_limit) goes.
  returned: with O(state=due)
  type: list
  elements: dict
  sample: [{key: E1001, guid: 3f2504e0-4f89-11d3-9a0c-0305e82c3301, dn: "CN=Ann Lee,OU=Leavers,DC=corp,DC=example", state: leaver,
            sAMAccountName: alee, userPrincipalName: alee@corp.example, mail: alee@example.com, displayName: Ann Lee,
            occurrences: [first_day_without_access@2026-03-02]}]
truncated:
  description: Whether there are more accounts than RV(accounts) has.
  returned: with O(state=due)
  type: bool
dest:
  description: The file of the accounts that are due.
  returned: with O(state=due)
  type: str
"""

from ansible_collections.hris.ad.plugins.module_utils._hris import module_runner
from ansible_collections.hris.ad.plugins.module_utils._hris.commands import step_accounts as command
from ansible_collections.hris.ad.plugins.module_utils._hris.outbound.objects import EVENTS

ARGUMENT_SPEC = dict(
    state=dict(type="str", choices=["due", "done", "record"], default="due"),
    src=dict(type="path", required=True),
    step=dict(
        type="dict",
        options=dict(
            name=dict(type="str", required=True),
            events=dict(type="list", elements="str", choices=list(EVENTS)),
            when=dict(type="str"),
            after_days=dict(
                type="dict",
                options=dict(
                    days=dict(type="int", default=0),
                    of=dict(
                        type="str", choices=["event", "start", "end", "first_day_without_access"], default="event"
                    ),
                ),
            ),
            limit=dict(type="int"),
        ),
    ),
    dest=dict(type="path"),
    ledger=dict(type="path"),
    failed=dict(type="list", elements="path"),
    failed_keys=dict(type="list", elements="str", no_log=False),
    render=dict(type="dict"),
    optional_fields=dict(type="list", elements="str"),
    as_of=dict(type="str"),
    report_limit=dict(type="int", default=100),
)


def main():
    """Run the module."""
    module_runner.run_module(
        command.run,
        libraries=("jmespath", "anyascii"),
        argument_spec=ARGUMENT_SPEC,
        required_if=[
            ("state", "due", ("step", "dest")),
            ("state", "done", ("step",)),
            ("state", "record", ("ledger",)),
        ],
        supports_check_mode=True,
    )


if __name__ == "__main__":
    main()
