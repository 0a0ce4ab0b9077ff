# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan: every change that one run makes, and what became of each. docs/plan.schema.json has its
JSON form.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..data_class import field, mutable
from ..visible_text import bounded_message
from .findings import Finding

# The result of a change: Outcome.status
APPLIED, REFUSED, SKIPPED, UNKNOWN = "applied", "refused", "skipped", "unknown"
LOW, HIGH = "low", "high"  # Change.risk


@mutable
class ValueChange:
    """The values of one attribute before and after a change; an empty list means that it has
    none.
    """

    before: list[str]
    after: list[str]


@mutable
class Referrer:
    """An account whose attribute names another account, such as that of a manager."""

    guid: str  # objectGUID
    dn: str
    attribute: str


ValueChanges = dict[str, ValueChange]  # {attribute as the schema spells it: its values}


@mutable
class Change:
    """One action on one object of the directory. An account can have several changes in a plan."""

    action: str  # a name of actions.TABLE
    source: str | None  # whose rules ask for it
    key: str | None  # of the person; None for an OU and for an account whose key is not known
    guid: str | None  # objectGUID; None for an object that the plan creates
    dn: str  # where the object is when the plan is made, or where it is created
    reason: str  # for people, a few words
    attributes: ValueChanges = field(
        default_factory=dict
    )  # delete: all that was read of the account
    to: str | None = None  # move and rename: the DN afterwards
    group: str | None = None  # group_add and group_remove: the DN of the group
    groups: Sequence[str] = ()  # delete: the DNs of the groups that the account was in
    random_password: bool = False  # the account gets a random password that nobody knows
    last: bool = False  # is made after all memberships
    risk: str | None = None  # LOW or HIGH; None before it is assessed
    risks: Sequence[str] = ()  # why the risk is high
    deleted_dn: str | None = (
        None  # restore: the DN among the deleted objects; known when it is applied
    )
    name: str | None = None  # of the person; None where it is hidden or not known
    referrers: Sequence[Referrer] = ()  # delete: the accounts that name it
    # move and delete: takes the protection from accidental deletion away (and sets it again)
    lifts_protection: bool = False
    # disable: the moment when the access of a leaver ends by HR, ISO 8601 in UTC; None: not known
    access_ends: str | None = None


@mutable
class LimitVerdict:
    """One limit of a source or of the whole domain, compared with the plan."""

    source: str | None  # None: it is a limit of the whole domain

    action: str  # the action, "absent", or "attribute NAME"
    changes: int  # accounts concerned
    of: int  # the whole of the percentage: people in the feed (create), else accounts of the source
    count: float | None  # the most that is allowed
    percent: float | None  # the most that is allowed
    exceeded: bool
    message: str
    option: str = ""  # that sets it, as whoever made the plan wrote it
    recent: int = 0  # accounts that other runs have changed so lately; they count as well


@mutable
class Denied:
    """Changes that the account of the run may not make at one place."""

    action: str
    place: str  # DN of the container or group
    changes: int  # how many


@mutable
class PlanDomain:
    """The domain that a plan is for."""

    name: str  # DNS name
    dn: str
    server: str  # the domain controller that was read


@mutable
class PlanOwnership:
    """What the rules of one source may change. It is checked again when a plan is applied."""

    bases: list[str]  # normal DNs below which accounts are; an empty list means the whole domain
    key: str  # the key attribute
    protected: list[str]  # of ownership.protected


@mutable
class Owner:
    """Whose account it was when a plan was made."""

    source: str | None  # of the mark; None without a mark
    key: str | None  # the value of the key attribute
    locked_out: str | None = None  # since when it was locked out; None: it was not


@mutable
class Provenance:
    """Where the value of an attribute comes from."""

    place: str  # the rule
    source: str | None  # its expression; None for a constant


@mutable
class Seal:
    """A checksum over a whole plan file."""

    kind: str  # sha256, or hmac-sha256 of a plan that is signed with a key
    value: str  # hexadecimal


@mutable
class Approval:
    """Who approved a plan."""

    digest: str  # of the plan that was approved
    by: str | None  # the name as it was given; None: it was not given
    ticket: str | None  # where more is written about it


@mutable
class Plan:
    """Everything that one run would do in one domain for all its sources."""

    sources: list[str]  # in their order
    as_of: str  # the moment that the states of people are computed for, ISO 8601
    domain: PlanDomain
    changes: list[Change]  # in the order in which they are made
    findings: list[Finding]
    limits: list[LimitVerdict]
    people: dict[str, int]  # {state: how many}
    counts: dict[str, int]  # {action: how many changes}
    matched: dict[str, int]  # {how people and accounts were matched: how many}
    left_out: list[str] = field(default_factory=list)  # sources whose feeds could not be used
    # source:key of the people whose changes it has, of a run for some people only
    only: list[str] | None = None
    digest: str = ""  # sha256:… of what the plan would do
    made: str = ""  # ISO 8601
    expires: str = ""  # ISO 8601; from then on the plan is not applied
    digests: dict[str, str] = field(
        default_factory=dict
    )  # of what it was made from: feed, rules, code
    # {source: {attribute: where it comes from}}
    rules: dict[str, dict[str, Provenance]] = field(default_factory=dict)
    mark: str = ""  # the attribute that keeps the mark of ownership
    ownership: dict[str, PlanOwnership] = field(default_factory=dict)  # {source: …}
    owners: dict[str, Owner] = field(default_factory=dict)  # {objectGUID: …} of accounts it changes
    redact: list[str] = field(
        default_factory=list
    )  # attributes in lower case whose values are hidden
    labels: list[str] = field(default_factory=list)  # attributes that give the names of people
    # what the account of the run may not do, as far as that is known; None: nothing
    denied: list[Denied] | None = None
    # {source:key: [source, key] of the other records} of people with several who get a name, where
    # names stay with their owners
    other_keys: dict[str, list[list[str]]] = field(default_factory=dict)
    undoes: str | None = None  # of a plan that undoes another one: the digest of that one
    approval: Approval | None = None  # of a plan that was applied with one
    seal: Seal | None = None

    @property
    def title(self) -> str:
        """The sources, for messages."""
        return ", ".join(self.sources)


@mutable
class Outcome:
    """What became of one change."""

    status: str  # APPLIED, REFUSED, SKIPPED (not tried) or UNKNOWN (no answer came)
    message: str = ""  # why it was not, or not wholly, applied
    code: str = ""  # the name of the LDAP result code
    incomplete: Sequence[str] = ()  # attributes that were not written by a change that was applied

    def __post_init__(self) -> None:
        """What a server says cannot look like a line of its own."""
        self.message = bounded_message(self.message)
