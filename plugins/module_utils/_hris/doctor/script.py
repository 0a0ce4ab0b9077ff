# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The script that delegates what the rules need, and no more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..ad_values import rights
from ..ad_values.dn import is_below, normal
from ..ad_values.rights import Grant
from ..ad_values.security_descriptor import READ_PROPERTY
from ..planning.delegation import lines_of
from ..visible_text import visible
from .rights import Examined

POWERSHELL, DSACLS, SAMBA_TOOL = "powershell", "dsacls", "samba_tool"  # forms: fields of Lines
FORMS = (POWERSHELL, DSACLS, SAMBA_TOOL)
_ADMINISTRATOR = "Run it as an administrator of the domain."
# {form: (lines before the first comment, what begins a comment, who runs it, lines after the head)}
_HEADS = {
    POWERSHELL: ([], "# ", _ADMINISTRATOR, ["$ErrorActionPreference = 'Stop'"]),
    DSACLS: (["@echo off"], "rem ", _ADMINISTRATOR, []),
    SAMBA_TOOL: (["#!/bin/sh"], "# ", "Run it on a domain controller, as root.", ["set -e"]),
}


def script_of(source: str, examined: Examined, form: str) -> list[str]:
    """The lines of the script. form: one of FORMS."""
    first, comment, by_whom, after = _HEADS[form]
    what = f"Delegates to {examined.trustee.name} what the rules of {source} need, and no more."
    head = [*first, comment + what, comment + by_whom, *after]
    return [*head, *_lines(examined, form, comment)]


def _lines(examined: Examined, form: str, comment: str) -> Iterator[str]:
    definitions = examined.permissions.definitions
    places = examined.places.people
    for only_for in dict.fromkeys(one.only_for for one in examined.needs):
        if only_for:
            yield f"{comment}Needed only where {only_for}:"
        grants = [one.need.grant for one in examined.needs if one.only_for == only_for]
        for lines in lines_of(_upper(grants, examined), examined.trustee, definitions, places):
            text: str = getattr(lines, form)
            yield text or f"{comment}Not for cmd.exe, in PowerShell: {visible(lines.powershell)}"


def _upper(grants: Sequence[Grant], examined: Examined) -> list[Grant]:
    """Without what a container gets from one above it, and what everybody may read."""
    found: list[Grant] = []
    for grant in grants:
        verdict = examined.permissions.verdict(grant)
        if grant.right.mask == READ_PROPERTY and verdict and verdict.allowed:
            continue
        anchored = examined.permissions.anchor(grant)
        if not any(_covers(above, anchored, examined) for above in found):
            found.append(anchored)
    return found


def _covers(above: Grant, grant: Grant, examined: Examined) -> bool:
    same = (above.on, above.right) == (grant.on, grant.right) and grant.on != rights.ON_GROUP
    return (
        same
        and normal(above.place) != normal(grant.place)
        and is_below(grant.place, above.place)
        and not examined.permissions.is_cut_off(grant.place)
    )
