# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that may not be given (module_utils/_hris/run/names_options.py)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  names:
    description:
      - Names that are not given although nobody in the domain has them. C(docs/names.md) of this
        collection says when a name enters, whose it is, and what happens at a return.
      - A name that may not be given is passed over like one that is in use.
    type: dict
    suboptions:
      reuse_after_days:
        description:
          - With this option there is a names ledger, which has every logon name, user principal
            name and address that was ever given, with its owner and its last day.
          - For how many days after its last day a name is not given to anybody else. V(never) means
            that it is never given to anybody else. Its owner gets it again at any time.
          - A names ledger that is lost stops the run before the first write.
        type: str
      ledger:
        description:
          - The file of the names ledger (mode 0600). All sources of a domain, and all runs for it,
            have the same one. Beside it is a file with C(.lock) at the end of its name.
          - The run makes it from what the directory shows where there is none yet. In check mode it
            is only read.
        type: path
      key:
        description:
          - The secret with which the names ledger is hashed and sealed, at least 32 characters. It
            is never changed, because with another key the ledger cannot be read.
        type: str
      released:
        description: Logon names and addresses that anybody may get, whatever the names ledger says.
        type: list
        elements: str
        default: []
      forest:
        description:
          - Whether names that are in use in another domain of the forest are not given either. The
            global catalogue is asked for the names that the plan gives, and for nothing when it
            gives none.
        type: bool
        default: false
      global_catalogue:
        description:
          - The servers with a global catalogue, in the order in which they are tried. The default
            is the domain controller of the run. The default port is 3269, with V(start_tls) in
            O(directory.tls_mode) 3268.
        type: list
        elements: str
        default: []
      taken_file:
        description:
          - A text file in UTF-8 with one logon name or address in each line that nobody gets, such
            as those of another system. Lines that begin with C(#) do not count.
        type: path
"""
