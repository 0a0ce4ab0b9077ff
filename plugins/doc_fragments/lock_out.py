# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Locking an account out, and lifting that (module_utils/_hris/run/lock_out_run.py)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  who:
    description:
      - Whose account. The key in HR, the C(sAMAccountName), the C(userPrincipalName), the C(mail)
        or the objectGUID of exactly one account.
      - The module fails when no account or several accounts have it. It never creates one.
    type: str
    required: true
  reason:
    description:
      - Why. It is kept in the mark of the account, where everybody who can read the account can
        read it, so write no private matters into it.
      - Line breaks and characters that are not seen are left out, and what is longer than 200
        characters is cut.
    type: str
    default: ""
  ticket:
    description: Where more is written about it, such as the number of a ticket. At most 60
      characters are kept.
    type: str
    default: ""
  asked_by:
    description: The person who asks for it. If empty, the account that the task is bound with.
    type: str
    default: ""
  sources:
    description:
      - The rules of all sources of the domain, as the role P(hris.ad.lifecycle#role) gives them to
        the module. HR itself is not read.
      - The account belongs to the source in its mark. The rules of that source count, and the
        groups of all sources in the mark.
    type: list
    elements: dict
    required: true
    suboptions:
      source:
        description: The name of the source.
        type: str
        required: true
      correlation:
        description: The attribute with the key. See O(hris.ad.sync#module:sources[].correlation).
        type: dict
        default: {}
      ownership:
        description: Which accounts are managed, and what is protected. See
          O(hris.ad.sync#module:sources[].ownership).
        type: dict
        default: {}
      leaver:
        description: What happens to the account of a leaver. See
          O(hris.ad.sync#module:sources[].leaver).
        type: raw
      groups:
        description: Birthright groups. See O(hris.ad.sync#module:sources[].groups).
        type: raw
      joiner:
        description: Whether a new password must be changed. See
          O(hris.ad.sync#module:sources[].joiner).
        type: raw
      failed:
        description: Why the rules of this source could not be read. If not set, they were.
        type: str
  journal:
    description:
      - A new file for the journal (JSON Lines, mode 0600), as
        O(hris.ad.sync#module:journal). With a slash at its end it is a folder, in which each run
        has a file of its own.
    type: path
  audit:
    description:
      - A log file to which one line of JSON is added for each change (mode 0600), as
        O(hris.ad.sync#module:audit). It has O(reason), O(ticket) and who asked.
    type: path
  recent:
    description:
      - The file of recent writes of the domain, as O(hris.ad.sync#module:recent). The server of
        O(directory.servers) that was written last is tried first, and the one that is written now
        is remembered for the runs that follow.
      - It is what a person asked for, so no limit refuses it, and it uses up no limit of the runs.
    type: path
  plan_key:
    description: The secret with which the journal is signed, as O(hris.ad.sync#module:plan_key).
    type: str
"""
