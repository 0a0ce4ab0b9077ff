# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""As simulated_sources, with the steps whose days a forecast tells."""

from __future__ import annotations

from ansible.module_utils.common.yaml import yaml_load
from ansible_collections.hris.ad.plugins.doc_fragments import simulated_sources, sources


class ModuleDocFragment:
    # With its type: ansible-test reads the YAML of a plain assignment, and takes it for a text
    DOCUMENTATION: str = sources.documentation(
        yaml_load(simulated_sources.OWN + sources.STEPS), simulated_sources.SOURCES, has_as_of=False
    )
