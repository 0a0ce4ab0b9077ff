# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names that objects of the directory have, as the names ledger keeps them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ..ad_values.dn import normal
from ..ad_values.unique_names import KEPT_FOR_GOOD, LOGON_NAME, comparable
from ..data_class import frozen
from ..model.directory import Account, AttributeValues, NamedObject, Snapshot
from ..model.names_ledger import Hashes, Owners
from ..rules.ruleset import Ruleset
from .identity_checks import DELETED
from .ownership import Mark, mark_of, read_mark

Names = Mapping[str, Owners]  # {hash of a name: its owner}


@frozen
class OwnerAttributes:
    """Where an account says whose it is, as the directory spells it."""

    mark: str
    keys: Mapping[str, str]  # {source: its key attribute}


class PresentNames(NamedTuple):
    """The names of the directory at one moment."""

    held: Names
    deleted: Names  # those of deleted accounts


def owner_attributes(snapshot: Snapshot, rulesets: Iterable[Ruleset]) -> OwnerAttributes:
    """Where accounts say whose they are."""
    mark, keys = "", {}
    for rules in rulesets:
        keys[rules.source] = snapshot.schema[rules.key.casefold()].name
        mark = snapshot.schema[rules.ownership.attribute.casefold()].name
    return OwnerAttributes(mark, keys)


def fingerprint(snapshot: Snapshot, where: OwnerAttributes) -> str:
    """Equal for directories with the same names of the same owners. It is made quickly, because
    nearly always nothing has changed.
    """
    wanted = (*KEPT_FOR_GOOD, where.mark, *where.keys.values())
    total = 0
    for one in snapshot.accounts:
        attributes = one.attributes
        values = ["\1".join(attributes.get(name, ())) for name in wanted]
        total += _number("\0".join((one.guid, *values)))
    for group in snapshot.groups:
        total += _number(f"{group.guid}{group.name}{sorted(group.attributes.items())}")
    for other in (*snapshot.contacts, *snapshot.deleted):
        total += _number(f"{other.dn}{sorted(other.attributes.items())}")
    return f"{total % (1 << 128):032x}"


def _number(text: str) -> int:
    made = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16)
    return int.from_bytes(made.digest(), "big")


def present_names(snapshot: Snapshot, where: OwnerAttributes, hashes: Hashes) -> PresentNames:
    """Everything that has a name now. Of a name that several have, all of them are the owner."""
    held: dict[str, Owners] = {}
    for account in snapshot.accounts:
        owners = _of_account(account, where, hashes)
        _add(held, account.attributes, owners, hashes)
    for group in snapshot.groups:
        owners = frozenset((hashes.account(group.guid),))
        # Their logon names are taken for users as well
        _add_one(held, hashes.name(LOGON_NAME, comparable(group.name)), owners)
        _add(held, group.attributes, owners, hashes)
    for contact in snapshot.contacts:
        owners = frozenset((hashes.other(normal(contact.dn)),))
        _add(held, contact.attributes, owners, hashes)
    deleted: dict[str, Owners] = {}
    for one in snapshot.deleted:
        _add(deleted, one.attributes, _of_deleted(one, where, hashes), hashes)
    return PresentNames(held, deleted)


def _add(
    found: dict[str, Owners], attributes: AttributeValues, owners: Owners, hashes: Hashes
) -> None:
    names = {
        (space, comparable(text))
        for name, space in KEPT_FOR_GOOD.items()
        for text in attributes.get(name, ())
    }
    for name in names:
        _add_one(found, hashes.name(*name), owners)


def _add_one(found: dict[str, Owners], name: str, owners: Owners) -> None:
    known = found.get(name)
    found[name] = owners if known is None or known == owners else known | owners


def _of_account(account: Account, where: OwnerAttributes, hashes: Hashes) -> Owners:
    """The owner of the names of an account: itself, and the person that its mark tells."""
    mark = mark_of(account, where.mark)
    own = [hashes.account(account.guid)]
    if mark:
        keys = account.attributes.get(where.keys.get(mark.source, ""), ())
        own += _of_mark(mark, keys, hashes)
    return frozenset(own)


def _of_mark(mark: Mark, keys: Iterable[str], hashes: Hashes) -> Iterable[str]:
    yield from (hashes.person(mark.source, key) for key in keys)
    if mark.key:
        yield hashes.person(mark.key_source or mark.source, mark.key)


def _of_deleted(one: NamedObject, where: OwnerAttributes, hashes: Hashes) -> Owners:
    """The same for a deleted account, which has its objectGUID in its DN."""
    guid = one.dn.partition(DELETED)[2].partition(",")[0].lower()
    own = [hashes.account(guid) if guid else hashes.other(normal(one.dn))]
    folded = {name.casefold(): values for name, values in one.attributes.items()}
    mark = read_mark(next(iter(folded.get(where.mark.casefold(), ())), None))
    if mark:
        keys = folded.get(where.keys.get(mark.source, "").casefold(), ())
        own += _of_mark(mark, keys, hashes)
    return frozenset(own)
