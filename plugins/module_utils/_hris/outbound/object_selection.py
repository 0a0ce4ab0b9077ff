# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which objects a webhook is called for: those of a file, of the playbook, of a search of the
directory, or of calls that were not delivered; and what expressions see beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..data_class import field, frozen, mutable
from ..errors import HrisError
from ..model.records import Record
from ..rules.expressions import Expression, compile_rule
from . import dead_letters, objects
from .dead_letters import DeadLetter
from .options import Params

# Attributes that are always read, because a result names the object by one of them
ALWAYS_READ = ("sAMAccountName", "userPrincipalName", "displayName", "mail")
# (options, names of attributes) → users or groups of the directory
Search = Callable[["ObjectOptions", set[str]], list[Record]]
# Names that expressions see beside the object and the variables
MOMENTS, SECRETS = ("today", "now"), "secrets"
_COMPUTED = ("enabled", "groups")  # by directory.selection, not attributes


@frozen
class ObjectOptions:
    """Which objects the webhook is called for."""

    unchanged: bool
    resend_possibly_delivered: bool
    src: str | None = None
    objects: list[Record] | None = None
    select: Params | None = None
    directory: Params | None = None
    resend: str | None = None
    plan_key: str | None = None
    events: list[str] = field(default_factory=list)
    only: list[str] = field(default_factory=list)
    when: str | None = None
    as_of: str | None = None
    optional_fields: list[str] = field(default_factory=list)
    variables: Record = field(default_factory=dict)
    secrets: Record = field(default_factory=dict)


@mutable
class Selection:
    """The objects of a run."""

    read: list[Record]  # all that were read, for the check of names
    chosen: list[Record]  # those that the webhook may be called for
    letters: list[DeadLetter] = field(default_factory=list)  # with resend: of each chosen object
    kept: list[DeadLetter] = field(default_factory=list)  # with resend: those not sent again now


def variables_of(options: ObjectOptions) -> Record:
    """What every expression sees beside the object: the variables, and the secrets. Raises
    HrisError for a name that is no name, or is reserved.
    """
    variables = {str(name): value for name, value in options.variables.items()}
    for name in variables:
        if name in (SECRETS, *MOMENTS, *objects.FIXED):
            raise HrisError(
                "this name is reserved", f"variables.{name}", "Give the variable another name"
            )
        compile_rule(name, f"variables.{name}")
    return {**variables, SECRETS: options.secrets}


def select_objects(
    options: ObjectOptions,
    webhook: str,
    expressions: list[Expression],
    check_mode: bool,
    search: Search,
) -> Selection:
    """The objects of the options. webhook: its name. search: is called where the options want it.

    Raises HrisError for files that cannot be used, and for keys that no object has.
    """
    if options.resend:
        return _undelivered(options, options.resend, webhook)
    if options.src:
        accounts = objects.read(options.src, check_mode, options.plan_key)
        chosen = objects.with_events(accounts, options.events, options.unchanged)
        if options.only:
            chosen = objects.with_keys(chosen, options.only)
        return Selection(accounts, chosen)
    items = options.objects
    if items is None:
        items = search(options, _attributes(options, expressions))
    flat = list(map(objects.of_mapping, items))
    return Selection(flat, flat)


def _undelivered(options: ObjectOptions, path: str, webhook: str) -> Selection:
    """The objects of undelivered calls of the webhook, and the letters that stay in the file."""
    letters, kept = [], []
    for letter in dead_letters.read(path, options.plan_key):
        possible = not letter.possibly_delivered or options.resend_possibly_delivered
        if letter.webhook == webhook and possible:
            letters.append(letter)
        else:
            kept.append(letter)
    flat = [objects.of_mapping(letter.object) for letter in letters]
    return Selection(flat, flat, letters, kept)


def _attributes(options: ObjectOptions, expressions: list[Expression]) -> set[str]:
    """The attributes that the expressions read."""
    other = {*objects.FIXED, *options.variables, SECRETS, *MOMENTS, *_COMPUTED}
    return {*(_first_names(expressions) - other), *ALWAYS_READ}


def _first_names(expressions: Iterable[Expression]) -> set[str]:
    """The names at which the paths of expressions begin."""
    return {path[0] for expression in expressions for path in expression.paths}


def check_names(
    expressions: list[Expression], items: list[Record], variables: Record, optional: list[str]
) -> None:
    """Raise HrisError for a name that stands for nothing, or for two things."""
    for name in variables:
        if any(name in item for item in items):
            raise HrisError(
                f"the objects have '{name}' themselves",
                f"variables.{name}",
                "Give the variable another name",
            )
    objects.check_names(expressions, items, optional, [*variables, *MOMENTS])
    others = _first_names(expressions) - {SECRETS}
    objects.check_names(expressions, [{SECRETS: variables[SECRETS]}], others)
