# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the account may do of what the rules need, in each OU, for each attribute and group."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..ad_values import rights
from ..ad_values.access_check import Verdict
from ..ad_values.dn import is_below, normal
from ..ad_values.rights import Grant, Permissions
from ..data_class import field, frozen, mutable
from ..planning.delegation import Trustee, lines_of
from ..planning.group_names import GroupNames
from ..planning.lacking_rights import joined
from ..planning.needed_rights import Need
from ..planning.rule_rights import Places, RuleNeed, unknown_groups
from ..rules.ruleset import Ruleset
from ..wording import counted
from .checks import ERROR, WARNING, Check, good, with_lines

RIGHTS = "rights"


@frozen
class Examined:
    """What is examined: the needs of the rules, and what was read of the directory."""

    needs: Sequence[RuleNeed]
    places: Places
    permissions: Permissions
    trustee: Trustee


@mutable
class _Missing:
    """Rights of one kind that are missing at one place."""

    grants: list[Grant] = field(default_factory=list)
    below: int = 0  # containers below the place that lack the same
    denied: Verdict | None = None


# (place in normal form, where it is asked, the right's mask, what it is for)
_Key = tuple[str, str, int, str]


def check_rights(examined: Examined) -> Iterator[Check]:
    """Yield a line for each place and kind of right that is missing, or one that all are there."""
    missing: dict[_Key, _Missing] = {}
    unread: dict[str, None] = {}
    for one in examined.needs:
        verdict = _verdict(one.need, examined.permissions)
        if verdict is None:
            unread.setdefault(one.need.grant.place)
        elif not verdict.allowed:
            grant = one.need.grant
            key = (normal(grant.place), grant.on, grant.right.mask, one.only_for)
            entry = missing.setdefault(key, _Missing())
            entry.grants.append(grant)
            entry.denied = verdict if verdict.denied_by else entry.denied
    for place in unread:
        yield Check(
            RIGHTS,
            WARNING,
            f"The permissions of {place} cannot be read, so nothing is known of the rights there.",
            "Give the account the right to read permissions (RC) there.",
        )
    missing = _without_tops(missing, examined.places)
    for key, entry in _upper(missing, examined).items():
        yield _line(key, entry, examined)
    if not missing and not unread:
        yield good(RIGHTS, f"{_counted(examined)} that the rules need are there.")


def _counted(examined: Examined) -> str:
    places = {normal(one.need.grant.place) for one in examined.needs}
    return f"All {len(examined.needs)} rights at {len(places)} places"


def _verdict(need: Need, permissions: Permissions) -> Verdict | None:
    """The verdict for the first of the rights of which one is enough; None: it is not known."""
    verdicts = [permissions.verdict(grant) for grant in need.any_of]
    known = [one for one in verdicts if one is not None]
    allowed = next((one for one in known if one.allowed), None)
    if allowed or len(known) < len(verdicts):
        return allowed
    return next((one for one in known if one.denied_by), known[0])


def _without_tops(missing: dict[_Key, _Missing], places: Places) -> dict[_Key, _Missing]:
    """Without containers in which no account is, unless everything below them lacks the same: then
    one line there gives it to all.
    """
    found = {}
    for key, entry in missing.items():
        place, *rest = key
        below = [normal(dn) for dn in places.people if is_below(dn, place)]
        others = [(dn, *rest) for dn in below if dn != place]
        if place not in places.tops or (others and all(one in missing for one in others)):
            found[key] = entry
    return found


def _upper(missing: dict[_Key, _Missing], examined: Examined) -> dict[_Key, _Missing]:
    """Without what the line of a container above gives as well."""
    found: dict[_Key, _Missing] = {}
    for key, entry in missing.items():
        place, on, mask, only_for = key
        lacking = {grant.right for grant in entry.grants}
        for (above, *rest), upper in found.items():
            same = rest == [on, mask, only_for] and on != rights.ON_GROUP
            covered = lacking <= {grant.right for grant in upper.grants}
            if same and covered and not entry.denied and _inherits(place, above, examined):
                upper.below += 1
                break
        else:
            found[key] = entry
    return found


def _inherits(place: str, above: str, examined: Examined) -> bool:
    """Whether a container gets what is given to one above it: none of those between is protected
    from it.
    """
    return is_below(place, above) and not any(
        examined.permissions.is_cut_off(other.place)
        for other in (one.need.grant for one in examined.needs)
        if is_below(place, other.place)
        and is_below(other.place, above)
        and normal(other.place) != above
    )


def _line(key: _Key, entry: _Missing, examined: Examined) -> Check:
    _place, on, _mask, only_for = key
    place = entry.grants[0].place
    words = joined([rights.words(grant.right) for grant in entry.grants])
    where = f"accounts in {place}" if on == rights.ON_NEW_ACCOUNT else place
    message = f"No right to {words}: {where}"
    if entry.below:
        message += f" and {counted(entry.below, 'container', 'containers')} below it"
    if only_for:
        message += f". It is needed only where {only_for}"
    status = WARNING if only_for else ERROR
    if entry.denied and entry.denied.denied_by:
        whom = entry.denied.denied_by.sid
        remedy = (
            f"An entry of the access list denies it to {whom}. Remove that entry: it comes before "
            "what is allowed."
        )
        return Check(RIGHTS, status, f"{message}.", remedy)
    grants = [examined.permissions.anchor(grant) for grant in entry.grants]
    (lines,) = lines_of(
        grants, examined.trustee, examined.permissions.definitions, examined.places.people
    )
    remedy = "Delegate it with one of these lines."
    return with_lines(RIGHTS, status, f"{message}.", remedy, lines)


def check_names(rules: Ruleset, places: Places, groups: GroupNames) -> Iterator[Check]:
    """Yield a line for each OU and group of the rules that the directory does not have."""
    for place in places.missing:
        remedy = "Create it, or correct the rule. With 'create: true' a placement rule creates it."
        yield Check("place", ERROR, f"There is no {place}, which the rules name.", remedy)
    for name in unknown_groups(rules, groups):
        remedy = "Create it, or correct the rules of groups."
        yield Check("group", ERROR, f"There is no group '{name}', which the rules name.", remedy)


def check_accounts(examined: Examined, accounts: Iterable[tuple[str, str, str]]) -> Iterator[Check]:
    """Yield a line about accounts that do not have what their container gives. accounts: (DN,
    place, objectGUID) of those whose permissions were read.
    """
    odd: list[str] = []
    number = 0
    for dn, place, guid in accounts:
        number += 1
        if any(_lacks(one.need, place, guid, examined) for one in examined.needs):
            odd.append(dn)
    looked_at = counted(number, "account", "accounts")
    if odd:
        yield Check(
            RIGHTS,
            WARNING,
            f"{len(odd)} of {looked_at} that were looked at do not inherit the rights of "
            f"their container, the first is {odd[0]}.",
            "Enable inheritance in the security settings of these accounts. AdminSDHolder switches "
            "it off for members of privileged groups, and nobody switches it on again.",
        )
    elif number:
        message = f"{looked_at} looked at: all inherit the rights of their containers."
        yield good(RIGHTS, message)


def _lacks(need: Need, place: str, guid: str, examined: Examined) -> bool:
    """Whether an account lacks what new ones at its place have."""
    grant = need.grant
    if grant.on != rights.ON_NEW_ACCOUNT or normal(grant.place) != normal(place):
        return False
    as_new = _verdict(need, examined.permissions)
    if not as_new or not as_new.allowed:
        return False
    on_account = [
        Grant(rights.ON_ACCOUNT, one.place, one.right, guid)
        if one.on == rights.ON_NEW_ACCOUNT
        else one
        for one in need.any_of
    ]
    own = _verdict(Need(tuple(on_account)), examined.permissions)
    return own is not None and not own.allowed
