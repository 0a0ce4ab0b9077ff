# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a plan is carried out (module_utils/carrying_out.py)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  journal:
    description:
      - A new file for the journal of this run (JSON Lines, mode 0600). It holds the plan, then each change before it is sent and what
        became of it, so that it tells what happened however the run ends.
      - It exists only where there was something to write. A file that is there already is never written over.
    type: path
  audit:
    description:
      - A file that a line of JSON is added to for each write (mode 0600), with who did what to whom, why, by which plan, and the result. It
        has the names of attributes and no values, for a log collector.
    type: path
  undo_dest:
    description:
      - A file for the plan that undoes what was written (mode 0600). Give it to M(hris.ad.apply_plan) to put everything back.
    type: path
  plan_key:
    description:
      - A secret that plans are signed with. A plan that was signed is only applied with the same one, and then no other is.
      - Without it a plan carries a seal that shows damage and carelessness, but no forgery.
    type: str
  canary:
    description:
      - So many accounts are changed first and read back. Only when all is well with them the others follow.
    type: int
    default: 0
  stop:
    description: When the run gives up, because what is refused is a fault of the whole and not of single people.
    type: dict
    suboptions:
      first:
        description: So many refusals alike at the very beginning. V(0) for never.
        type: int
        default: 10
      percent:
        description: A larger share of refusals than this, once twenty changes or a tenth of all have been tried. V(100) for never.
        type: float
        default: 50
  report_limit:
    description: The most findings, refused changes and accounts in the diff that the task returns. Files have them all.
    type: int
    default: 100
"""
