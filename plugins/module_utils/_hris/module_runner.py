# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a module's work meets Ansible: the only file that knows fail_json."""

from __future__ import annotations

import importlib

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from .errors import HrisError


def run_module(work, libraries=(), **spec) -> None:
    """Make an AnsibleModule of spec, do the work and end the module with its result.

    work: callable(params, check_mode, warn) -> dict of results. ``params`` are the module's options, ``check_mode`` a bool,
        ``warn`` a callable(text). A result with ``failed: True`` and ``msg`` fails the task and keeps the rest of the result
        (what was written is never hidden by a failure). HrisError fails the task with its text.
    libraries: names of the third-party packages that the work needs.
    spec: what AnsibleModule takes (argument_spec, mutually_exclusive, …).
    """
    module = AnsibleModule(**spec)
    for name in libraries:
        try:
            importlib.import_module(name)
        except ImportError as error:
            module.fail_json(msg=missing_required_lib(name), exception=str(error))
    try:
        result = work(module.params, module.check_mode, module.warn)
    except HrisError as error:
        module.fail_json(msg=str(error))
    if result.get("failed"):
        module.fail_json(**result)
    module.exit_json(**result)
