# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a module of a role after a look at the names of variables: step_accounts, and the modules
that meta/runtime.yml names.

ansible-test wants a module of the same name for each action plugin, so it has the name of one.
"""

from __future__ import annotations

from ansible_collections.hris.ad.plugins.plugin_utils._role_variables import CheckedAction


class ActionModule(CheckedAction):
    """As of plugin_utils/_role_variables.py."""
