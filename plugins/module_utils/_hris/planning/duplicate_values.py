# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that must be unique, and that several accounts have already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..ad_values.unique_names import PREFIX, REFUSED_TWICE, comparable, folded, space_of
from ..model.directory import Account
from ..model.findings import WARNING, Finding
from ..model.people import LEAVER, Person
from ..option_names import option_name
from .account_index import in_bases, listed
from .context import Context
from .summary import HIDDEN


def duplicate_values(
    context: Context,
    people: Iterable[Person],
    links: Mapping[str, Account],
    accounts: Sequence[Account],
) -> list[Finding]:
    """A finding for each person whose account has such a value in common with another account below
    our bases. accounts: all of the directory.
    """
    bases = context.rules.ownership.bases
    scoped = accounts
    if bases:
        scoped = [account for account in accounts if in_bases(account.dn, bases)]
    shared: dict[str, list[tuple[str, str, list[Account]]]] = defaultdict(list)
    for names in _spaces(context):
        for value, several in _several(scoped, names):
            for account in several:
                shared[account.guid].append((names[0], value, several))
    if not shared:
        return []
    found = []
    for person in people:
        linked = links.get(person.key)
        if linked and person.state != LEAVER:
            for name, value, several in shared.get(linked.guid, ()):
                found.append(_finding(context, person, linked, name, value, several))
    return found


def _spaces(context: Context) -> list[list[str]]:
    """The attributes as the directory spells them, those of one name space together, without those
    of which it refuses a second value.
    """
    spaces: dict[str, list[str]] = defaultdict(list)
    for name in sorted({context.spelled(name) for name in context.unique}):
        if name.casefold() not in REFUSED_TWICE:
            spaces[space_of(name)].append(name)
    return list(spaces.values())


def _several(
    accounts: Sequence[Account], names: Sequence[str]
) -> Iterator[tuple[str, list[Account]]]:
    """(value, the accounts that have it) of values that several have."""
    used = [name for name in names if any(name in account.attributes for account in accounts)]
    if not used or (len(used) == 1 and _are_all_different(accounts, used[0])):
        return
    first: dict[str, Account] = {}
    more: dict[str, dict[str, Account]] = {}
    for account in accounts:
        attributes = account.attributes
        for name in used:
            if name not in attributes:
                continue
            for text in map(comparable, attributes[name]):
                other = first.setdefault(text, account)
                if other is not account:
                    known = more.setdefault(text, {other.guid: other})
                    known[account.guid] = account
    for text, known in more.items():
        yield text, list(known.values())


def _are_all_different(accounts: Iterable[Account], name: str) -> bool:
    """Whether the values of an attribute are of ASCII letters, and none comes twice: nearly
    always, and found quickly.
    """
    lists = (account.attributes.get(name, ()) for account in accounts)
    texts = [text for texts in lists for text in texts]
    whole = folded("\n".join(texts))
    if not whole.isascii() or PREFIX in whole:
        return False
    found = whole.split("\n") if texts else []
    return len(set(found)) == len(found) == len(texts)


def _finding(
    context: Context,
    person: Person,
    account: Account,
    name: str,
    value: str,
    several: Iterable[Account],
) -> Finding:
    others = [one for one in several if one.guid != account.guid]
    shown = HIDDEN if name.casefold() in context.rules.redact else f"'{value}'"
    message = (
        f"{name} {shown} of {account.dn} is also that of {listed(others)}. It must be unique: "
        "correct one of them."
    )
    return Finding(
        "duplicate_value", message, key=person.key, place=option_name("unique"), severity=WARNING
    )
