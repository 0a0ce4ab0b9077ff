# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What runs leave for later runs: the list of it, which is itself a file of the state of a domain.

It says which files earlier runs have left, and since when, so that a run knows when one is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any

from ..data_class import field, frozen
from ..errors import HrisError
from .shapes import shaped

FORMAT = "hris.ad kept state 1"
NO_STATE = "this is no list of the state of a domain"
# Kinds of files that are there once a run has made them, as their options are called
GUARD, LEDGER, RECENT, NAMES = "guard", "ledger", "recent", "names"
DOMAIN = ""  # stands for a source where a file is that of the whole domain

Files = dict[str, str]  # {kind: since when, ISO 8601}


@frozen
class KeptSource:
    """What the runs of one source have left."""

    since: str  # ISO 8601
    files: Files = field(default_factory=dict)


@frozen
class KeptState:
    """What the runs of a domain have left."""

    since: str  # ISO 8601
    sources: dict[str, KeptSource] = field(default_factory=dict)


def state_from_json(data: Mapping[str, Any], place: str, hint: str) -> KeptState:
    """The list of a document. Raises HrisError naming the place and the field."""
    if data.get("format") != FORMAT:
        raise HrisError(NO_STATE, place, hint)
    bare = {name: value for name, value in data.items() if name not in ("format", "seal")}
    return shaped(KeptState, bare, NO_STATE, place, hint)


def state_to_json(state: KeptState) -> dict[str, Any]:
    """The document, without its seal."""
    return {"format": FORMAT, **asdict(state)}


def with_run(
    state: KeptState | None,
    found: Mapping[str, Iterable[str]],
    moment: str,
    configured: Mapping[str, Iterable[str]],
) -> KeptState:
    """The list after a run. found: {source: kinds of its files that are there}. configured:
    {source: kinds that it keeps}: what is not kept any more is not missed later.

    Other sources keep what is said of them.
    """
    before = state or KeptState(moment)
    sources = dict(before.sources)
    for source, kinds in found.items():
        known = sources.get(source) or KeptSource(moment)
        kept = set(configured.get(source, ()))
        files = {kind: since for kind, since in known.files.items() if kind in kept}
        files |= {kind: known.files.get(kind, moment) for kind in kinds}
        sources[source] = replace(known, files=files)
    return replace(before, sources=sources)


def with_file(state: KeptState | None, source: str, kind: str, moment: str) -> KeptState:
    """The list with one more file of a source."""
    before = state or KeptState(moment)
    known = before.sources.get(source) or KeptSource(moment)
    files = {kind: moment, **known.files}
    return replace(before, sources={**before.sources, source: replace(known, files=files)})
