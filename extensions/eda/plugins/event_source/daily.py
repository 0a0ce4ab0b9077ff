# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Event source daily: a run over everybody once a day."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: daily
short_description: Ask for a run over everybody once a day
version_added: 0.1.0
author:
  - hris.ad contributors (@hris-ad)
description:
  - Gives an event about everybody once a day, for a run that finds what no event told, such as a
    last day that has come.
  - The event has the fields of the other sources. C(everybody) is true, and C(only) is null.
  - A time at which ansible-rulebook did not run is not made up for.
options:
  source:
    description: The name in events.
    type: str
    default: daily
  at:
    description: The time of day, such as V(02:30), in quotes.
    type: str
    required: true
  timezone:
    description: IANA name of the time zone. The one of the machine if unset.
    type: str
notes:
  - With AWX, a schedule of the job template does the same.
"""

EXAMPLES = r"""
- hris.ad.daily:
    at: "02:30"
    timezone: Australia/Sydney
"""

import asyncio
import importlib
import sys
from pathlib import Path
from typing import Any

# ansible-rulebook runs this file by its path, without Ansible's loader of collections, and a Python
# package may bring an ansible_collections of its own (the one that is named ansible does).
COLLECTIONS = str(Path(__file__).absolute().parents[6])
sys.path.append(str(Path(COLLECTIONS).parent))
ansible_collections = importlib.import_module("ansible_collections")
if COLLECTIONS not in ansible_collections.__path__:
    ansible_collections.__path__ = [COLLECTIONS, *ansible_collections.__path__]

from ansible_collections.hris.ad.plugins.module_utils._hris import event_source
from ansible_collections.hris.ad.plugins.module_utils._hris.events import days

NAME = "hris.ad.daily"
ARGUMENT_SPEC: dict[str, Any] = dict(
    source=dict(type="str", default="daily"),
    at=dict(type="str", required=True),
    timezone=dict(type="str"),
)


async def main(queue: asyncio.Queue[Any], args: dict[str, Any]) -> None:
    """Put an event each day until cancelled. Raises HrisError for arguments that cannot work."""
    params = event_source.checked(NAME, args, ARGUMENT_SPEC)
    await days.every_day(days.Options.from_params(params), queue)
