# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module apply_plan, with its progress on the screen while it runs."""

from __future__ import annotations

from ansible_collections.hris.ad.plugins.plugin_utils.progress import WatchedAction


class ActionModule(WatchedAction):
    """Runs the module; plugin_utils/progress.py tells how."""
