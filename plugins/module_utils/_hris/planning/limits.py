# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits: how much one run may do, checked for the whole plan before the first write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from ..data_class import frozen
from ..model import actions
from ..model.plan import Change, LimitVerdict
from ..option_names import option_name
from ..rules.policies import Limit, Limits

# A percent limit does not stop the first few: one leaver of ten people is 10 % and still one
# leaver.
PERCENT_FLOOR = 3
ABSENT, ADOPTED, HELD, OUT_OF_SCOPE = "absent", "adopted", "held", "out_of_scope"
ATTRIBUTE = "attribute "  # the name of a limit for one attribute begins so
# Their percentage is taken of the people in the feed
OF_PEOPLE = (actions.CREATE, actions.CREATE_OU, ADOPTED, HELD)


@frozen
class Population:
    """What limits beside those for actions count, and what percentages are taken of."""

    people: int  # in the feed, without those who are out of scope
    owned: int  # accounts that the source has
    absent: int  # accounts without a person
    adopted: int  # accounts that get their first mark
    held: int  # people who are held
    out_of_scope: int  # accounts of people without a record in scope that are not locked


def judge_limits(
    limits: Limits, changes: Sequence[Change], population: Population, source: str | None
) -> list[LimitVerdict]:
    """The verdict for every limit that is set.

    changes and population: of the source; for source None of the whole domain.
    """
    counts: Counter[str | tuple[str, str]] = Counter()
    concerned = {(change.source, change.key or change.dn, change.action) for change in changes}
    counts.update(action for _source, _account, action in concerned)
    counts[ABSENT], counts[HELD] = population.absent, population.held
    counts[OUT_OF_SCOPE], counts[ADOPTED] = population.out_of_scope, population.adopted
    for change in changes:
        if change.action not in (actions.CREATE, actions.DELETE):
            counts.update(("attribute", name) for name in change.attributes)
    return [
        _verdict(source, limited, limit, counts[limited], _whole(limited, population))
        for limited, limit in sorted(limits.items(), key=str)
    ]


def _whole(limited: str | tuple[str, str], population: Population) -> int:
    return population.people if limited in OF_PEOPLE else population.owned


def whole(populations: Sequence[Population]) -> Population:
    """The population of all sources together."""
    return Population(
        people=sum(one.people for one in populations),
        owned=sum(one.owned for one in populations),
        absent=sum(one.absent for one in populations),
        adopted=sum(one.adopted for one in populations),
        held=sum(one.held for one in populations),
        out_of_scope=sum(one.out_of_scope for one in populations),
    )


def _verdict(
    source: str | None, limited: str | tuple[str, str], limit: Limit, changes: int, of: int
) -> LimitVerdict:
    option = option_name("domain_limits" if source is None else "limits")
    if isinstance(limited, str):
        name, option = limited, f"{option}.{limited}"
    else:
        attribute = limited[1]
        name, option = f"{ATTRIBUTE}{attribute}", f"{option}.attributes.{attribute}"
    return verdict_of(
        LimitVerdict(source, name, changes, of, limit.count, limit.percent, False, "", option)
    )


def verdict_of(verdict: LimitVerdict, hours: float = 0) -> LimitVerdict:
    """The verdict with what its numbers say. hours: in which other runs have written."""
    counted = verdict.changes + verdict.recent
    share = 100 * counted / verdict.of if verdict.of else 0.0
    reasons = []
    if verdict.count is not None and counted > verdict.count:
        reasons.append(f"at most {verdict.count} are allowed")
    if verdict.percent is not None and counted > PERCENT_FLOOR and share > verdict.percent:
        reasons.append(f"at most {verdict.percent:g} % are allowed")
    message = f"{counted} of {verdict.of} {_words(verdict.action)} ({share:.1f} %"
    if verdict.recent:
        message += f"; {verdict.recent} of them by other runs of the last {hours:g} hours"
    message += ")"
    if reasons:
        message += f": {' and '.join(reasons)}{_set_by(verdict)}"
    return replace(verdict, exceeded=bool(reasons), message=message)


def _set_by(verdict: LimitVerdict) -> str:
    return f" ({verdict.option})" if verdict.option else ""  # former plans do not say it


_WORDS = {
    ABSENT: "accounts are absent from the feed",
    ADOPTED: "accounts would be adopted",
    HELD: "people are held",
    OUT_OF_SCOPE: "accounts belong to people who are out of scope",
}


def _words(name: str) -> str:
    """What a limit counts. name: as LimitVerdict.action."""
    if name.startswith(ATTRIBUTE):
        return f"accounts would get another {name.removeprefix(ATTRIBUTE)}"
    return _WORDS.get(name, f"accounts would get the action '{name}'")
