# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The option group `names`: names that nobody has in the domain, and that may not be given all the
same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..ad_values.unique_names import comparable
from ..data_class import frozen
from ..errors import HrisError
from ..json_files import read_text
from ..option_names import option_name, said, with_options

ARGUMENTS: dict[str, Any] = dict(
    type="dict",
    apply_defaults=True,
    options=dict(
        reuse_after_days=dict(type="str"),
        ledger=dict(type="path"),
        key=dict(type="str", no_log=True),
        released=dict(type="list", elements="str", default=[]),
        forest=dict(type="bool", default=False),
        global_catalogue=dict(type="list", elements="str", default=[]),
        taken_file=dict(type="path"),
    ),
)
# A forecast does not ask the forest
WITHOUT_FOREST: dict[str, Any] = dict(
    type="dict",
    apply_defaults=True,
    options={
        name: option
        for name, option in ARGUMENTS["options"].items()
        if name not in ("forest", "global_catalogue")
    },
)
NEVER = "never"
SHORTEST_KEY = 32  # characters
_MOST_DAYS = 366 * 100


@frozen
class NamesOptions:
    """The options in ARGUMENTS."""

    has_ledger: bool
    reuse_after: int | None  # days; None: never
    ledger: str  # a path; "" without a ledger
    key: str
    released: Sequence[str]
    forest: bool
    global_catalogue: Sequence[str]  # servers; none: that of the run
    taken_file: str | None

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> NamesOptions:
        """The checked options. Raises HrisError."""
        text = (params["reuse_after_days"] or "").strip()
        path, key = params["ledger"] or "", params["key"] or ""
        if text:
            _check_ledger(path, key)
        elif path or key or params["released"]:
            raise HrisError(
                with_options(
                    "{names.ledger}, {names.key} and {names.released} are for a names ledger, and "
                    "there is none"
                ),
                option_name("names"),
                with_options("Set {names.reuse_after_days}, or leave them out"),
            )
        servers, forest = params.get("global_catalogue", []), params.get("forest", False)
        if servers and not forest:
            hint = with_options("Set {names.forest}, or leave it out")
            raise HrisError("the forest is not asked", option_name("names.global_catalogue"), hint)
        return cls(
            bool(text),
            _days(text),
            path,
            key,
            params["released"],
            forest,
            servers,
            params["taken_file"] or None,
        )

    @property
    def is_empty(self) -> bool:
        """Whether a name is free when nobody in the domain has it."""
        return not (self.has_ledger or self.forest or self.taken_file)


def _days(text: str) -> int | None:
    if text in ("", NEVER):
        return None
    days = int(text) if text.isascii() and text.isdecimal() else 0
    if not 0 < days <= _MOST_DAYS:
        hint = f"Write a number of days, at least 1, or {NEVER}"
        raise HrisError(
            f"'{text}' is no number of days", option_name("names.reuse_after_days"), hint
        )
    return days


def _check_ledger(path: str, key: str) -> None:
    if not path:
        raise HrisError(
            "the names ledger has no file",
            option_name("names.ledger"),
            said(
                "Set it to a file",
                "Set lifecycle_state.dir, or a file of its own (lifecycle_names.ledger)",
            ),
        )
    if len(key) < SHORTEST_KEY:
        raise HrisError(
            f"it has {len(key)} characters" if key else "there is no key",
            option_name("names.key"),
            "Who guesses the key can read names from the ledger: use at least "
            f"{SHORTEST_KEY} characters, such as openssl rand -hex 32 gives, and keep them for "
            "good",
        )


def taken_names(path: str) -> frozenset[str]:
    """The names in the file of another system. Raises HrisError."""
    lines = (line.strip() for line in read_text(path).splitlines())
    return frozenset(comparable(line) for line in lines if line and not line.startswith("#"))
