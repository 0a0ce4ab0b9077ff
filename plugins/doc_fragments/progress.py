# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a long run tells how far it is (module_utils/progress.py)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  progress_file:
    description:
      - A file for the progress of the run (JSON Lines, mode 0600), at most two lines a second, each with the moment C(at), the C(phase),
        how many are C(done) and of how many (C(total), null where nobody knows). What it held before is gone. It has no personal data.
      - Without it, a task that runs on the controller itself (connection C(local), without C(async), C(become) and C(no_log)) shows its
        progress in the output of the playbook. The first line comes after five seconds and then one
        every ten, so that short runs are silent. The variable C(hris_progress_seconds) sets another time than ten seconds, V(0) for no
        line at all; the first line comes after half of it.
      - AWX and ansible-runner (callback C(awx_display)) show no progress for now. This option works there too.
    type: path
"""
