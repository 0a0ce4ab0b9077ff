# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state that runs of a domain keep: its folder, the list of what earlier runs have left there,
and places that do not last.

planning/lost_state.py says what is missing; here files are looked at.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ..data_class import frozen
from ..errors import HrisError
from ..json_files import read_json
from ..model.findings import WARNING, Finding
from ..model.kept_state import KeptState, state_from_json, state_to_json, with_file, with_run
from ..option_names import option_name, with_options
from ..planning.lost_state import KeptFile
from ..private_file import write_private
from ..seals import check_seal, seal_of
from ..user_files import make_folder
from .file_lock import alone
from .lasting_places import Loss, loss_at, real_path, surroundings

ARGUMENTS: dict[str, Any] = dict(
    type="dict",
    apply_defaults=True,
    options=dict(
        dir=dict(type="path"),
        must_exist=dict(type="bool", default=False),
        accept_new=dict(type="bool", default=False),
        lasting=dict(type="list", elements="path", default=[]),
    ),
)
VANISHING_STATE = "vanishing_state"
_LIST = "state.json"
_ACCEPT = "accept the state as it is with {kept_state.accept_new}"
ACCEPT_ONCE = (
    "Nothing was written. Mount the folder that earlier runs used, name it in "
    f"{{kept_state.dir}}, or {_ACCEPT} for one run"
)
_MOUNT = (
    "Name a place that is mounted into the job. If this one lasts, name it in {kept_state.lasting}"
)


@frozen
class KeptStateOptions:
    """The option group `kept_state`."""

    dir: str | None  # the folder of the state of the domain; None: there is none
    must_exist: bool  # whether state that is lost, or would be, stops the run
    accept_new: bool  # whether state that is lost is accepted
    lasting: Sequence[str]  # places that last whatever they look like

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> KeptStateOptions:
        """The options as ARGUMENTS describes them."""
        return cls(
            params["dir"] or None, params["must_exist"], params["accept_new"], params["lasting"]
        )


@frozen
class Place:
    """A file that a run leaves."""

    what: str  # for people: ``the journal``
    path: str


def check_folder(options: KeptStateOptions) -> None:
    """Raise HrisError where the folder of the state must be there, and is not."""
    is_needed = options.must_exist and not options.accept_new
    if options.dir and is_needed and not os.path.isdir(options.dir):
        raise HrisError(
            "the folder of the state is not there", options.dir, with_options(ACCEPT_ONCE)
        )


def loss_of(path: str, options: KeptStateOptions) -> Loss | None:
    """What becomes of a file; None where it lasts, or nothing is known."""
    real = real_path(path)
    for folder in map(real_path, options.lasting):
        if real == folder or real.startswith(folder.rstrip("/") + "/"):
            return None
    return loss_at(real, surroundings())


def check_passwords(path: str | None, options: KeptStateOptions) -> None:
    """Raise HrisError where initial passwords would be lost with the job: nobody could log on with
    the accounts that it creates.
    """
    if not path:
        return
    loss = loss_of(path, options)
    if loss and loss.with_job:
        raise HrisError(
            f"initial passwords are not written here, because it {loss.why}, and they would be "
            "lost with the job",
            f"{option_name('passwords.dest')} {path}",
            with_options(f"Nothing was written. {_MOUNT}"),
        )


def vanishing(places: Iterable[Place], options: KeptStateOptions) -> list[Finding]:
    """The findings about files that the next run does not find. Raises HrisError where state must
    exist.
    """
    together: dict[tuple[str, bool, str], list[Place]] = {}
    for place in places:
        loss = loss_of(place.path, options)
        if loss:
            where = place.path
            if options.dir and is_in(place.path, options.dir):
                where = options.dir
            together.setdefault((loss.why, loss.with_job, where), []).append(place)
    found, advice = [], with_options(_MOUNT)
    for (why, with_job, where), lost in together.items():
        names = _listed(sorted({place.what for place in lost}))
        end = "the job" if with_job else "the next restart"
        message = f"{where} {why}: with {end}, {names} will be lost"
        if options.must_exist:
            hint = f"Nothing was written. {advice}"
            raise HrisError(message, option_name("kept_state.must_exist"), hint)
        found.append(Finding(VANISHING_STATE, f"{message}. {advice}.", severity=WARNING))
    return found


def is_in(path: str, folder: str | None) -> bool:
    """Whether a path is below a folder."""
    return bool(folder) and real_path(path).startswith(real_path(folder or "").rstrip("/") + "/")


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def kept_file(kind: str, path: str) -> KeptFile:
    """A file of the state as it is now."""
    return KeptFile(kind, path, os.path.exists(path))


def read_state(options: KeptStateOptions, key: str | None) -> KeptState | None:
    """The list of what earlier runs have left; None where there is none, and for one that cannot be
    believed where new state is accepted.
    """
    path = _list_of(options)
    if path is None or not os.path.exists(path):
        return None
    try:
        return _read(path, key)
    except HrisError:
        if options.accept_new:
            return None
        raise


def _read(path: str, key: str | None) -> KeptState:
    data = read_json(path, trusted=True)
    again = f"When the state is right, {with_options(_ACCEPT)} for one run, which makes a new list"
    document = data if isinstance(data, dict) else {}
    check_seal(document, key, "the list of the state", path, again)
    return state_from_json(document, path, again)


def remember(
    options: KeptStateOptions,
    key: str | None,
    files: Mapping[str, Sequence[KeptFile]],
    moment: str,
) -> None:
    """Note in the list which files of these sources are there. Raises HrisError.

    files: {source: what it keeps}, as they are now. moment: ISO 8601.
    """
    found = {source: [one.kind for one in kept if one.exists] for source, kept in files.items()}
    configured = {source: [one.kind for one in kept] for source, kept in files.items()}
    _change(options, key, lambda before: with_run(before, found, moment, configured))


def remember_file(
    options: KeptStateOptions, key: str | None, source: str, kind: str, moment: str
) -> None:
    """Note in the list that a source has left a file. Raises HrisError."""
    _change(options, key, lambda before: with_file(before, source, kind, moment))


def _change(
    options: KeptStateOptions,
    key: str | None,
    changed: Callable[[KeptState | None], KeptState],
) -> None:
    """Change the list. Runs that do so at the same time wait for each other."""
    path = _list_of(options)
    if path is None:
        return
    make_folder(os.path.dirname(path))
    with alone(path):
        before = read_state(options, key)
        after = changed(before)
        if after != before:
            data = state_to_json(after)
            data["seal"] = seal_of(data, key)
            write_private(path, [json.dumps(data, indent=1), "\n"])


def _list_of(options: KeptStateOptions) -> str | None:
    return os.path.join(options.dir, _LIST) if options.dir else None


def refuse_lost(findings: Sequence[Finding], options: KeptStateOptions) -> None:
    """Raise HrisError for state that is lost, where it must exist and is not accepted."""
    if findings and options.must_exist and not options.accept_new:
        message = findings[0].message
        if findings[0].source:
            message = f"{findings[0].source}: {message}"
        raise HrisError(message, option_name("kept_state.must_exist"), with_options(ACCEPT_ONCE))


def refuse_lost_names(finding: Finding, options: KeptStateOptions) -> None:
    """Raise HrisError for a names ledger that is lost, where a new one is not accepted."""
    if not options.accept_new:
        raise HrisError(
            finding.message,
            option_name("names.ledger"),
            with_options(
                "Nothing was written. Restore it from a copy. Only where there is none, let this "
                "run make a new one from what Active Directory still shows: accept that with "
                "{kept_state.accept_new} for one run"
            ),
        )
