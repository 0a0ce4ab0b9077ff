# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sources of a domain where runs are only computed (module_utils/_hris/run/source_options.py):
the options of the fragments rules and feed for each of them, and the limits of the domain.
"""

from __future__ import annotations

from ansible.module_utils.common.yaml import yaml_load
from ansible_collections.hris.ad.plugins.doc_fragments import sources

OWN = r"""
allow_empty:
  description:
    - Whether a feed without employees is accepted. With V(false) it is an error, because it is
      usually a broken feed.
  type: bool
  default: false
"""
SOURCES = r"""
description:
  - The HR sources of the domain, each with its rules and its feed, as
    O(hris.ad.sync#module:sources). All of them are planned together, as a run of
    M(hris.ad.sync) does it.
  - Give all sources that share people or names. Without the others, somebody who goes from one
    source to another one is a leaver here, and a hand-over in the run.
type: list
elements: dict
required: true
"""


class ModuleDocFragment:
    # With its type: ansible-test reads the YAML of a plain assignment, and takes it for a text
    DOCUMENTATION: str = sources.documentation(yaml_load(OWN), SOURCES, has_as_of=False)
    # Where people are only compared with accounts, and no plan is made
    COMPARED: str = sources.documentation(yaml_load(OWN), SOURCES, False, has_limits=False)
