# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a plan is executed (module_utils/_hris/run/execution_options.py)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  journal:
    description:
      - A new file for the journal of this run (JSON Lines, mode 0600). The task fails before the
        first write when the file exists already.
      - The first line contains the plan. Each change has a line before it is sent and a line with
        its result, so that the file shows what happened even when the run was killed.
      - The file is created only when there are changes to make.
      - With a slash at its end it is a folder, in which each run has a file of its own, such as
        C(20260302T040506.789Z-elmo-journal.jsonl). The folder is made with mode 0700.
    type: path
  audit:
    description:
      - A log file for a log collector and for auditors (mode 0600). Each run that makes changes
        adds a line of JSON about itself, and one for each change when its answer has come.
      - A line says who changed which account, when, why, by which plan, and with which result. It
        has the names of attributes, but none of their values. The line about the run has the
        approval.
      - Each line ends with a seal over itself and the line before it. M(hris.ad.audit_info) finds
        a line that was changed, added or removed. With O(plan_key) only holders of the key can make
        a seal.
    type: path
  approved_by:
    description:
      - Who approved the plan, as the audit log, the journal, the report and the result
        (C(approval)) are to name them. It is noted with the approved digest; a run without one has
        no approval to note.
      - Nothing checks the name. Whoever starts the run says it.
    type: str
  approval_ticket:
    description: Where more is written about the approval, such as the number of a ticket.
    type: str
  undo_dest:
    description:
      - A file for the plan that undoes the changes of this run (mode 0600). Apply it with
        M(hris.ad.apply_plan).
      - With a slash at its end it is a folder, in which each run that has changes to make has a
        file of its own.
    type: path
  plan_key:
    description:
      - A secret with which all files that a later run believes are signed (HMAC-SHA256), such as
        plans, journals, undo plans, outcome files and profiles of feeds. A signed file is used only
        with the same key, and with a key no unsigned file is used.
      - Without it, a plan file has a plain checksum (SHA-256), which detects damage and edits, but
        anybody can compute a new one. The other files have none.
    type: str
  canary:
    description:
      - How many accounts are changed and read back first. The other changes are made only when all
        changes of these accounts succeed and are in the directory as planned.
      - With V(0), no account is changed ahead of the others.
    type: int
    default: 0
  stop:
    description:
      - When the run stops before its end, because refusals of the server show that something is
        wrong for all accounts. The changes that are left are not tried.
    type: dict
    suboptions:
      first:
        description:
          - The run stops when the first changes, as many as this, are all refused with the same
            LDAP result code. V(0) means never.
        type: int
        default: 10
      percent:
        description:
          - The run stops when a larger share of the changes than this, in percent, is refused. It
            is checked when 20 changes, and at least a tenth of all changes, have a result. V(100)
            means never.
        type: float
        default: 50
  report_limit:
    description:
      - The most findings, refused changes and accounts in the diff that the task returns. A few of
        each cause come first. The plan file and the journal, where they are kept, have all of them.
    type: int
    default: 100
  recent:
    description:
      - A file that remembers what the runs of the last days have written, and to which domain
        controller (JSON, mode 0600). All runs for one domain use the same file, also several at
        once. It names nobody. Beside it is a file with C(.lock) at the end of its name.
      - With it, limits for actions and attributes count this run together with the other runs of
        the last O(recent_hours), each person once. So changes that come one by one stop where one
        run with all of them would. What has no limit is not kept. When a limit is used up, nothing
        of a plan that would use it again is written, unless it is approved; a plan that does not is
        written.
      - A run is counted before its first write, so a killed run is counted too. A run in check mode
        reads the file, and is not counted.
      - The server of O(directory.servers) that was written last is tried first. See
        O(replication_minutes).
      - With O(plan_key) the file is signed. A damaged file stops the run.
    type: path
  recent_hours:
    description: How many hours back limits count what other runs have written (O(recent)).
    type: float
    default: 24
  replication_minutes:
    description:
      - How long a domain controller needs to get what was written to another one. With O(recent),
        for so many minutes after a write to another server, no account and no OU is created,
        because this server may not know yet what the other one has created. No account is changed
        that was locked out there in this time. Other changes and locks are made. The finding
        C(replication) says who waits and why.
      - Name the domain controllers themselves in O(directory.servers). Behind a name that stands
        for several of them, the run cannot see which one it works with.
    type: float
    default: 15
"""
