# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""As simulated_sources, with the steps whose days a forecast tells."""

from __future__ import annotations

from ansible.module_utils.common.yaml import yaml_load
from ansible_collections.hris.ad.plugins.doc_fragments import simulated_sources, sources

STEPS = r"""
steps:
  description:
    - Steps of an orchestration that are counted from a date of the person, so that RV(report) and
      RV(days) tell for how many people each is due on a day.
    - Only dates are looked at. Whether the condition of a step holds, and whether the step is done
      already, is known when the day has come.
  type: list
  elements: dict
  default: []
  suboptions:
    name:
      description: The name of the step.
      type: str
      required: true
    days:
      description: The days after the date, before it when negative.
      type: int
      default: 0
    of:
      description: The date.
      type: str
      choices: [start, end, first_day_without_access]
      required: true
"""


class ModuleDocFragment:
    # With its type: ansible-test reads the YAML of a plain assignment, and takes it for a text
    DOCUMENTATION: str = sources.documentation(
        yaml_load(simulated_sources.OWN + STEPS), simulated_sources.SOURCES, has_as_of=False
    )
