# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of the domain (module_utils/_hris/run/kept_state.py). The module says what it means for
it.
"""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  kept_state:
    description: The state of the domain.
    type: dict
    suboptions:
      dir:
        description:
          - The folder of the state of the domain, on the machine where the module runs. It has a
            list of what runs have left, C(state.json).
          - M(hris.ad.sync) makes it, and each module makes the folders of its other files below it,
            with mode 0700. In check mode they make only those of the files that check mode writes.
          - Accounts with the mark of a source show that there were runs of it. A folder without
            their state is a finding then.
        type: path
      must_exist:
        description:
          - Whether the task is refused before the first write where state of earlier runs is not
            there, or state would be lost with the job or the next restart; M(hris.ad.sync) also
            where O(kept_state.dir) is not there. If not, these are findings or warnings.
        type: bool
        default: false
      accept_new:
        description:
          - Whether the task goes on although O(kept_state.must_exist) is set and state of earlier
            runs is not there, or its list cannot be believed. Set it for one run only.
        type: bool
        default: false
      lasting:
        description:
          - Folders and files that last although they look as if they did not, such as a folder in a
            container that is never removed. Nothing is said of them, and initial passwords are
            written there.
        type: list
        elements: path
        default: []
"""
