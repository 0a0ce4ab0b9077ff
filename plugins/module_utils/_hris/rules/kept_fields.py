# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which fields of HR expressions read: the others are not kept in a feed file.

Inside of objects, only what is read is kept. A list is kept whole, with all that its items have.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..data_class import frozen
from ..errors import HrisError
from ..model.record_fields import FieldTree, Path, kept_part, tree_of
from ..model.records import Record
from ..option_names import with_options
from .expressions import Expression

_ADVICE = "Read HR again with these rules, or name the field in {kept_for.fields} for the next file"


@frozen
class FieldsRead:
    """What expressions read of a record."""

    paths: frozenset[Path]
    whole: Sequence[Expression]  # those that may read any field

    @property
    def tree(self) -> FieldTree | None:
        """The fields that are read; None where an expression may read any field."""
        return None if self.whole else tree_of(self.paths)


def fields_read(expressions: Iterable[Expression]) -> FieldsRead:
    """What the expressions, each over a record, read together."""
    paths: set[Path] = set()
    whole: dict[tuple[str, str], Expression] = {}
    for expression in expressions:
        paths |= expression.paths
        if expression.whole:
            whole[expression.place, expression.source] = expression
    return FieldsRead(frozenset(paths), list(whole.values()))


def unread_fields(records: Iterable[Record], tree: FieldTree | None) -> list[Path]:
    """The fields of the records that are not in the tree, in the order of the records."""
    found: dict[Path, None] = {}
    if tree is not None:
        for record in records:
            kept_part(record, tree, found)
    return list(found)


def check_left_out(expressions: Iterable[Expression], left_out: Iterable[Path]) -> None:
    """Raise HrisError for an expression that reads something of these fields, which HR has and the
    records lack: it would have no value for anybody.
    """
    for error in reads_of_left_out(expressions, left_out):
        raise error


def reads_of_left_out(
    expressions: Iterable[Expression], left_out: Iterable[Path]
) -> Iterable[HrisError]:
    """Yield an error for each expression and each of these fields that it reads."""
    missing = list(left_out)
    if not missing:
        return
    for expression in expressions:
        for path in missing:
            if expression.whole or any(_overlap(read, path) for read in expression.paths):
                message = f"the field '{'.'.join(path)}' was left out of the feed file"
                why = "no rule, webhook or step of the run that made the file reads it"
                yield HrisError(f"{message}: {why}", expression.place, with_options(_ADVICE))


def _overlap(read: Path, path: Path) -> bool:
    """Whether one of the two is inside of the other."""
    common = min(len(read), len(path))
    return read[:common] == path[:common]
