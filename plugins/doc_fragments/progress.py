# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a long run shows its progress (module_utils/_hris/progress.py)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  progress_file:
    description:
      - A file for the progress of the run (JSON Lines, mode 0600). It gets at most two lines a
        second. Former content of the file is lost.
      - A line has the time C(at), the C(phase), how many objects are C(done), and the C(total),
        which is null while it is not known. It contains no personal data.
      - Without this option, a task that runs on the control node (connection C(local), without
        C(async), C(become) and C(no_log)) shows its progress in the output of the playbook. The
        first line appears after five seconds, and then one every ten seconds.
      - The variable C(hris_progress_seconds) sets the number of seconds between two lines. The
        first line appears after half of this time. V(0) shows no lines.
    type: path
"""
