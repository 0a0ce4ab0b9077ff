# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of a run that explains what is planned for one person, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..errors import HrisError, did_you_mean
from ..model.directory import Snapshot
from ..model.people import Person, PersonId
from ..model.plan_json import plain
from ..option_names import option_name
from ..planning.explain import explain, find_person
from ..planning.explanation_text import explanation_to_json, lines_of
from ..planning.step_days import DatedStep, days_of_person
from ..rules.people import SourcePeople
from ..visible_text import bounded_data
from .domain_plan import DomainPlan
from .result import Result


def explanation(
    key: str, domain: DomainPlan, snapshot: Snapshot, steps: Mapping[str, Sequence[DatedStep]]
) -> Result:
    """What the result says about the person with a key. Raises HrisError for a key of nobody.

    steps: {source: those that are counted from dates}.
    """
    source, person = _find_person(key, domain.people)
    plan = domain.planned.plan
    if plan.only is not None and f"{person.source}:{person.key}" not in plan.only:
        hint = "Leave only out, or name this employee in it"
        raise HrisError(
            f"this run is not for the employee '{key}' (only)", option_name("explain"), hint
        )
    decided = next((one for one in domain.planned.decided if one.person is person), None)
    waiting = domain.planned.not_adopted_yet.get(PersonId(person.source, person.key))
    account = decided.account if decided else waiting
    passed_over = decided.decision.passed_over if decided else ()
    found = explain(
        person, account, plan, source.rules, snapshot, passed_over, is_adopted=waiting is None
    )
    days = list(days_of_person(steps.get(person.source, ()), person))
    told = {"steps": [plain(one) for one in days]} if days else {}
    return {
        "changed": False,
        "msg": f"{plan.title}: {person.key} is explained, and nothing is written",
        "explanation": bounded_data(explanation_to_json(found) | told),
        "report": [*lines_of(found), *(f"step {one.name}: due on {one.day}" for one in days)],
    }


def _find_person(key: str, sources: Sequence[SourcePeople]) -> tuple[SourcePeople, Person]:
    """The person with the key. Raises HrisError for a key of nobody, and of people of several
    sources.
    """
    found = [(source, find_person(source.people, key)) for source in sources]
    people = [(source, person) for source, person in found if person]
    if len(people) == 1:
        return people[0]
    if people:
        names = ", ".join(source.rules.source for source, _person in people)
        alone = "Plan one of these sources alone"
        raise HrisError(
            f"several sources have the key '{key}': {names}", option_name("explain"), alone
        )
    hint = did_you_mean(key, [one.key for source in sources for one in source.people])
    places = ", ".join(dict.fromkeys(source.rules.key for source in sources))
    reason = f"The key is the value of {places}; a record without one is in no plan"
    raise HrisError(
        f"no employee has the key '{key}'", place=option_name("explain"), hint=hint or reason
    )
