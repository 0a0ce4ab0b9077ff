# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Event source hr_changes: asks HR, and tells what changed."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: hr_changes
short_description: Ask HR again and again, and tell whose records changed
version_added: 0.1.0
author:
  - hris.ad contributors (@hris-ad)
description:
  - Reads all of HR at intervals, as the modules of this collection do, and tells whose records
    differ from the last reading. It is for IceHrm, which has no webhooks, and for any other source.
  - A digest of each record is kept in a file, by key. The file holds no other value of HR.
  - An event has the fields C(source), C(kind), C(everybody), C(only) and C(changes). C(only) is a
    list of keys for the variable C(lifecycle_only). Where anybody may have changed, C(everybody) is
    true and C(only) is null. An event holds no other value of HR.
  - The first reading, and one after the file was lost or damaged, gives one event about everybody,
    because nobody knows what changed before.
  - While HR cannot be read, there are no events, the log says why, and the pauses grow. A list that
    did not arrive complete is an error, so nobody is gone because of it.
options:
  source:
    description:
      - The name of the source in events, and of its folder in O(state_dir), such as the name of its
        host in the inventory.
      - If unset, V(elmo), V(icehrm) or V(rest), as the option that is given.
    type: str
  elmo:
    description:
      - Options of the module M(hris.ad.elmo_employee_info), except C(dest), C(progress_file) and
        C(variable_prefix). Exactly one of O(elmo), O(icehrm) and O(rest) is required.
      - Credentials that are not given come from the same environment variables.
    type: dict
  icehrm:
    description: The same of the module M(hris.ad.icehrm_employee_info).
    type: dict
  rest:
    description:
      - The same of the module M(hris.ad.endpoint_info), for any other source and for files. It has
        no C(describe) and C(describe_pages) either.
    type: dict
  key:
    description:
      - Expression (JMESPath, or text with C({…})) for the key of a record. It is the one that
        C(lifecycle_mapping) has for the attribute in C(lifecycle_correlation.key).
      - When a record without a key changes, the event is about everybody.
    type: str
    required: true
  state_dir:
    description:
      - The folder of the domain's state, C(lifecycle_state.dir). The digests are in the folder of
        the source in it, in the file C(digests.json) (mode 0600).
      - In a container it must be a volume, otherwise each start gives an event about everybody.
    type: path
    required: true
  interval_seconds:
    description:
      - The time between two readings, ten percent more or less. It should be longer than a run
        takes.
    type: float
    default: 300
  max_backoff_seconds:
    description:
      - The longest pause after errors. It is doubled with each error in a row, and is at least as
        long as the C(Retry-After) of HR, up to this limit.
    type: float
    default: 3600
  max_keys:
    description:
      - With more keys than this, an event is about everybody, and also with keys that are together
        longer than 1000 characters, which is what a survey of AWX takes.
    type: int
    default: 20
notes:
  - Runs where ansible-rulebook runs, with the libraries of C(requirements.txt).
  - Choose C(fields) of the module, so that only what the rules read is fetched, and so that a
    change of another field gives no event.
  - A day that comes is no change in HR, such as a known last day. For it, use
    C(hris.ad.daily) or another schedule.
"""

EXAMPLES = r"""
- hris.ad.hr_changes:
    icehrm:
      base_url: https://hr.example.com/app/api
      fields: [employee_id, first_name, last_name, department, status, termination_date]
    key: employee_id
    state_dir: /var/lib/hris
    interval_seconds: 120

- hris.ad.hr_changes:
    source: crew
    rest:
      base_url: https://crew.example.com/v2
      auth: {type: api_key}
      endpoints:
        - {name: people, url: /people, records: items}
    key: ref
    state_dir: /var/lib/hris
"""

import asyncio
import importlib
import sys
from collections.abc import Callable, Mapping
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
from ansible_collections.hris.ad.plugins.module_utils._hris.data_class import frozen
from ansible_collections.hris.ad.plugins.module_utils._hris.events import feed_digests, watching
from ansible_collections.hris.ad.plugins.module_utils._hris.sources.delivery import Fetched
from ansible_collections.hris.ad.plugins.module_utils._hris.sources.elmo import source as elmo
from ansible_collections.hris.ad.plugins.module_utils._hris.sources.icehrm import source as icehrm
from ansible_collections.hris.ad.plugins.module_utils._hris.sources.rest import source as rest
from ansible_collections.hris.ad.plugins.modules import (
    elmo_employee_info,
    endpoint_info,
    icehrm_employee_info,
)

NAME = "hris.ad.hr_changes"


@frozen
class System:
    """How one kind of source is read."""

    fetch: Callable[[Mapping[str, Any], Callable[[str], None]], Fetched]
    argument_spec: Mapping[str, Any]  # of its module


SYSTEMS = {
    "elmo": System(elmo.fetch, elmo_employee_info.ARGUMENT_SPEC),
    "icehrm": System(icehrm.fetch, icehrm_employee_info.ARGUMENT_SPEC),
    "rest": System(rest.fetch, endpoint_info.ARGUMENT_SPEC),
}
# Options of the modules that have no meaning here
OF_MODULES = ("dest", "progress_file", "variable_prefix", "describe", "describe_pages")


def options_of(system: str) -> dict[str, Any]:
    """The options of a system's module."""
    every = SYSTEMS[system].argument_spec
    return {name: one for name, one in every.items() if name not in OF_MODULES}


ARGUMENT_SPEC: dict[str, Any] = dict(
    source=dict(type="str"),
    **{system: dict(type="dict", options=options_of(system)) for system in SYSTEMS},
    key=dict(type="str", required=True, no_log=False),
    state_dir=dict(type="path", required=True),
    interval_seconds=dict(type="float", default=300),
    max_backoff_seconds=dict(type="float", default=3600),
    max_keys=dict(type="int", default=20, no_log=False),
)


def reader(
    system: System, options: Mapping[str, Any], key: str, tell: event_source.Teller
) -> Callable[[], feed_digests.Digests]:
    """What reads HR once: callable() -> digests. Raises HrisError for a key that is no rule."""
    line = feed_digests.key_line(key)
    defaults = {name: one.get("default") for name, one in system.argument_spec.items()}
    complete = {**defaults, **options}

    def read() -> feed_digests.Digests:
        tell.begin()
        return feed_digests.digests_of(system.fetch(complete, tell).employees, line)

    return read


async def main(queue: asyncio.Queue[Any], args: dict[str, Any]) -> None:
    """Watch HR until cancelled. Raises HrisError for arguments that cannot work."""
    systems = tuple(SYSTEMS)
    params = event_source.checked(
        NAME,
        args,
        ARGUMENT_SPEC,
        ("requests", "jmespath"),
        required_one_of=(systems,),
        mutually_exclusive=(systems,),
    )
    name = next(one for one in systems if params[one] is not None)
    logger = event_source.log_of(NAME)
    options = watching.Options.from_params({**params, "source": params["source"] or name})
    read = reader(SYSTEMS[name], params[name], params["key"], event_source.Teller(logger))
    await watching.watch(options, read, queue, logger)
