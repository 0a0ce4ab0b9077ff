# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: step_accounts
short_description: Find the accounts that a step of an orchestration is due for
version_added: 0.1.0
author:
  - hris.ad contributors (@hris-ad)
description:
  - Selects from the outcome of a run of P(hris.ad.sync#module) the accounts that a step is due for,
    by events, conditions, and days counted from an event or a date. Nothing waits for these days,
    each run computes them.
  - With O(ledger), a step is done once for each account and occurrence, even when runs in between
    were missed or failed.
  - Without it, a step is due on the very day only.
  - The role P(hris.ad.orchestration#role) uses this module.
extends_documentation_fragment:
  - hris.ad.runs_on
  - hris.ad.expressions
  - hris.ad.kept_state
  - hris.ad.definitions
  - hris.ad.variable_names
attributes:
  check_mode:
    support: full
    description: The file O(dest) is written, the ledger is not.
  diff_mode:
    support: none
    description: Returns details on what has changed, or would change, in diff mode.
  idempotent:
    support: full
    description: What the ledger already has is not recorded again.
options:
  state:
    description:
      - V(due) writes the accounts that O(step) is due for to O(dest). It records in the ledger the
        events of O(src), and that the step is known.
      - V(done) records that O(step) is done for the accounts in O(src), which is the O(dest) of
        V(due).
      - V(record) only records the events of O(src). Use it before a new run overwrites an outcome
        whose steps were not begun. The outcome of a run in check mode is ignored.
    type: str
    choices: [due, done, record]
    default: due
  src:
    description: The outcome file of a run, as O(hris.ad.sync#module:sources[].outcome_dest) writes
      it; for O(state=done), the file of due accounts.
    type: path
    required: true
  plan_key:
    description:
      - The secret that O(src) was signed with (O(hris.ad.sync#module:plan_key)). A signed file
        can only be read with it, and with it no other file is read.
      - O(dest) and O(ledger) are signed with it, too.
    type: str
  step:
    description: The step.
    type: dict
    suboptions:
      name:
        description: Its name. The ledger knows the step by it, so do not change it.
        type: str
        required: true
      events:
        description: The events that the step is for. All events if unset.
        type: list
        elements: str
        choices:
          - created
          - enabled
          - disabled
          - deleted
          - moved
          - renamed
          - updated
          - relinked
          - taken_over
          - group_added
          - group_removed
      when:
        description: A condition over the account, with the names that P(hris.ad.webhook#module)
          describes.
        type: str
      after_days:
        description: When the step is due. At once if unset.
        type: dict
        suboptions:
          days:
            description: The number of days after the date or event; before the date if negative.
            type: int
            default: 0
          of:
            description:
              - What the days are counted from. V(event) is the event itself. The others are dates
                of the account, V(start) the first day, V(end) the last day, and
                V(first_day_without_access) the day on which the account is disabled.
              - With a date and O(step.events), the account must have had one of the events, on any
                day.
            type: str
            choices: [event, start, end, first_day_without_access]
            default: event
      not_due:
        description: Whether the step is also for people who have no account yet (the state
          C(not_due)), where O(src) has them (O(hris.ad.sync#module:sources[].outcome_also)). It
          needs a date in O(step.after_days). The step is not done again when the account is
          created.
        type: bool
        default: false
      limit:
        description: The most accounts that the step may be due for at once. When there are more,
          the task fails and nothing is done.
        type: int
      webhook:
        description: The name of its webhook, for the calls that O(undelivered_dest) keeps. That of
          the step if unset.
        type: str
  dest:
    description: File for the accounts that are due, lines of O(src) with C(occurrences), mode 0600.
      Required for O(state=due).
    type: path
  ledger:
    description:
      - File that records the events, and which steps are done (JSON Lines, mode 0600). It is
        created when it does not exist, and only grows.
      - What became due before the ledger knew a step is not done.
    type: path
  source:
    description: The source of the accounts, whose ledger it is in O(kept_state).
    type: str
  kept_state:
    description:
      - The state of the domain, as the option O(hris.ad.sync#module:kept_state) of the run
        describes it. A new O(ledger) is noted in its list. One that is not there any more, or that
        will not last, is a warning.
  failed:
    description:
      - For O(state=done), files with the accounts for which the step failed, as
        O(hris.ad.webhook#module:undelivered_dest) and O(hris.ad.icehrm_employee#module:failed_dest)
        write them.
      - A call that the receiver may already have, and that is not safe to repeat
        (C(possibly_delivered)), counts as done. Otherwise the next run would make it a second time.
        A human decides, see O(undelivered_dest).
      - With O(plan_key), they must be signed with it.
    type: list
    elements: path
  undelivered_dest:
    description:
      - A file to which calls are added that may have been delivered, to be looked at and sent again
        with O(hris.ad.webhook#module:resend).
      - For O(state=done), those of O(failed). For O(state=due), those in the middle of which a run
        was killed (RV(unsure)).
    type: path
  failed_keys:
    description: For O(state=done), keys of accounts for which the step failed.
    type: list
    elements: str
  render:
    description: A structure whose texts with C({…}) are rendered for each account that is returned.
    type: dict
  optional_fields:
    description: Names that expressions may use although no account has them.
    type: list
    elements: str
  as_of:
    description: The day to compute for, YYYY-MM-DD. If unset, today in UTC; for O(state=record),
      the day on which O(src) was written.
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
- name: Find the mailboxes to convert, thirty days after the first day without access
  hris.ad.step_accounts:
    src: /var/lib/hris/outcome.jsonl
    dest: /run/hris/due.jsonl
    ledger: /var/lib/hris/ledger.jsonl
    step:
      name: convert-mailbox
      after_days:
        days: 30
        of: first_day_without_access
      when: mail
  register: due

- name: Record that they are converted
  hris.ad.step_accounts:
    state: done
    src: /run/hris/due.jsonl
    ledger: /var/lib/hris/ledger.jsonl
    step:
      name: convert-mailbox
"""

RETURN = r"""
count:
  description: How many accounts are due, or were recorded as done; for O(state=record), how many
    events were recorded.
  returned: success
  type: int
  sample: 2
possibly_delivered:
  description: For how many accounts a call failed that the receiver may have. The step counts as
    done for them.
  returned: with O(state=done)
  type: int
  sample: 0
accounts:
  description: The accounts that are due, at most O(report_limit).
  returned: with O(state=due)
  type: list
  elements: dict
  sample:
    - key: E1001
      guid: 3f2504e0-4f89-11d3-9a0c-0305e82c3301
      dn: CN=Ann Lee,OU=Leavers,DC=corp,DC=example
      state: leaver
      sAMAccountName: alee
      userPrincipalName: alee@corp.example
      mail: alee@example.com
      displayName: Ann Lee
      occurrences: [first_day_without_access@2026-03-02]
unsure:
  description:
    - The accounts whose call was made when a run was killed, and may not be made twice, at most
      O(report_limit). Nobody knows whether the receiver has it. The step counts as done for them,
      so they are told once, here and in a warning.
    - This needs O(hris.ad.webhook#module:ledger).
  returned: with O(state=due)
  type: list
  elements: str
  sample: [E1001]
truncated:
  description: Whether there are more accounts than RV(accounts) has.
  returned: with O(state=due)
  type: bool
dest:
  description: The file of the accounts that are due.
  returned: with O(state=due)
  type: str
"""

from ansible_collections.hris.ad.plugins.module_utils._hris import module_runner, variable_names
from ansible_collections.hris.ad.plugins.module_utils._hris.commands import step_accounts as command
from ansible_collections.hris.ad.plugins.module_utils._hris.model.actions import EVENTS
from ansible_collections.hris.ad.plugins.module_utils._hris.outbound import definitions
from ansible_collections.hris.ad.plugins.module_utils._hris.run.kept_state import (
    ARGUMENTS as KEPT_STATE,
)

ARGUMENT_SPEC = dict(
    **definitions.ARGUMENTS,
    **variable_names.ARGUMENTS,
    state=dict(type="str", choices=["due", "done", "record"], default="due"),
    src=dict(type="path", required=True),
    plan_key=dict(type="str", no_log=True),
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
                        type="str",
                        choices=["event", "start", "end", "first_day_without_access"],
                        default="event",
                    ),
                ),
            ),
            not_due=dict(type="bool", default=False),
            limit=dict(type="int"),
            webhook=dict(type="str"),
        ),
    ),
    dest=dict(type="path"),
    ledger=dict(type="path"),
    source=dict(type="str"),
    kept_state=KEPT_STATE,
    failed=dict(type="list", elements="path"),
    undelivered_dest=dict(type="path"),
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
        libraries=("jmespath",),
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
