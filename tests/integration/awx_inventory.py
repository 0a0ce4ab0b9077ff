# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Inventories of AWX: imported once, and divided for the slices of a job."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def inventory_of(path: Path) -> dict[str, Any]:
    """An inventory as AWX imports it from a project: groups with their variables, and no files."""
    command = [Path(sys.executable).with_name("ansible-inventory"), "-i", path, "--list", "--export"]
    return json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


def slices_of(inventory: Mapping[str, Any], wanted: int) -> int:
    """How many slices a job gets: none without a host."""
    return min(wanted, len(_hosts(inventory)))


def slice_of(inventory: Mapping[str, Any], number: int, wanted: int) -> dict[str, Any]:
    """The inventory of one slice: its hosts only, in the groups and with the variables of all."""
    of = slices_of(inventory, wanted)
    hosts = set(_hosts(inventory)[number - 1::of])
    known = inventory.get("_meta", {}).get("hostvars", {})
    more = {"remote_tower_enabled": "true"}
    groups = {
        name: {**group, "hosts": [host for host in group.get("hosts", []) if host in hosts]}
        for name, group in inventory.items() if name != "_meta"
    }
    return {**groups, "_meta": {"hostvars": {host: {**known.get(host, {}), **more} for host in hosts}}}


def _hosts(inventory: Mapping[str, Any]) -> list[str]:
    """All hosts, by name."""
    groups = [group for name, group in inventory.items() if name != "_meta"]
    return sorted({host for group in groups for host in group.get("hosts", [])})
