"""What happens to people over several days: every change that HR data can bring, as small scripts.

A story is (who, [step]); a step is (days after the story began, its description, the fields that
change). Who:
  calm        works here, leads nobody
  contractor  as calm, with a contract of that kind
  boss        somebody reports to the person
  hire        a new record, made by the first step
  namesake    a hire with the name and the department of somebody here
  again       the first step with a start makes a second record, with a new number, of somebody calm
              or of a contractor
  duplicate   a hire whose key is somebody else's
"""

from __future__ import annotations

from typing import NamedTuple


class Day(NamedTuple):
    """A date of a story: days after it began."""

    after: int


BACK = {"end": None, "terminated": False, "archived": False, "hidden": False}

STORIES: dict[str, tuple[str, list[tuple[int, str, dict]]]] = {
    # joiners
    "earlier_before": (
        "hire",
        [
            (0, "hired, starts {start}", {"start": Day(9)}),
            (2, "starts earlier, {start}", {"start": Day(6)}),
        ],
    ),
    "later_before": (
        "hire",
        [
            (0, "hired, starts {start}", {"start": Day(8)}),
            (2, "starts later, {start}", {"start": Day(10)}),
        ],
    ),
    "earlier_after": (
        "hire",
        [
            (0, "hired, starts {start}", {"start": Day(5)}),
            (2, "starts earlier, {start}", {"start": Day(3)}),
        ],
    ),
    "later_after": (
        "hire",
        [
            (0, "hired, starts {start}", {"start": Day(4)}),
            (2, "starts later, {start}", {"start": Day(8)}),
        ],
    ),
    "much_later": (
        "hire",
        [
            (0, "hired, starts {start}", {"start": Day(4)}),
            (2, "starts much later, {start}", {"start": Day(9)}),
        ],
    ),
    "later_begun": (
        "hire",
        [
            (0, "hired, starts {start}", {"start": Day(2)}),
            (3, "has not started: starts {start}", {"start": Day(6)}),
        ],
    ),
    "rescinded": (
        "hire",
        [
            (0, "hired, starts {start}", {"start": Day(5)}),
            (3, "the hire is cancelled", {"terminated": True}),
        ],
    ),
    "no_show": (
        "hire",
        [
            (0, "hired, starts {start}", {"start": Day(2)}),
            (3, "never came: ended on {end}", {"terminated": True, "end": Day(2)}),
        ],
    ),
    "same_name": (
        "namesake",
        [(0, "hired, starts {start}: there is one of that name already", {"start": Day(3)})],
    ),
    # leaves
    "leave": (
        "calm",
        [
            (
                0,
                "on leave from {leave[start]} to {leave[end]}",
                {"leave": {"start": Day(1), "end": Day(4)}},
            )
        ],
    ),
    "leave_cut": (
        "calm",
        [
            (
                0,
                "on leave from {leave[start]} to {leave[end]}",
                {"leave": {"start": Day(0), "end": Day(30)}},
            ),
            (4, "back from leave early", {"leave": None}),
        ],
    ),
    "leave_status": (
        "calm",
        [
            (0, "on leave", {"leave": {"start": None, "end": None, "status": True}}),
            (3, "back from leave", {"leave": None}),
        ],
    ),
    # leaving
    "end_later": (
        "calm",
        [
            (0, "leaves, last day {end}", {"end": Day(3)}),
            (1, "stays longer, last day {end}", {"end": Day(5)}),
        ],
    ),
    "end_earlier": (
        "calm",
        [
            (0, "leaves, last day {end}", {"end": Day(7)}),
            (2, "leaves earlier, last day {end}", {"end": Day(3)}),
        ],
    ),
    "withdrawn": (
        "calm",
        [(0, "leaves, last day {end}", {"end": Day(3)}), (2, "stays after all", {"end": None})],
    ),
    "withdrawn_late": (
        "calm",
        [
            (0, "leaves, last day {end}", {"end": Day(0)}),
            (2, "never left: the end was a mistake", {"end": None}),
        ],
    ),
    "dismissed": ("calm", [(0, "dismissed at once", {"terminated": True})]),
    "boss_leaves": (
        "boss",
        [(0, "leaves, last day {end}; the reports still point there", {"end": Day(0)})],
    ),
    # coming back
    "back_soon": (
        "calm",
        [
            (0, "leaves, last day {end}", {"end": Day(0)}),
            (4, "back from {start}", BACK | {"start": Day(4)}),
        ],
    ),
    "back_late": (
        "calm",
        [
            (0, "leaves, last day {end}", {"end": Day(0)}),
            (7, "back from {start}", BACK | {"start": Day(7)}),
        ],
    ),
    "back_planned": (
        "calm",
        [
            (0, "leaves, last day {end}", {"end": Day(0)}),
            (3, "will be back from {start}", BACK | {"start": Day(5)}),
        ],
    ),
    "back_deleted": (
        "calm",
        [
            (0, "leaves, last day {end}", {"end": Day(0)}),
            (13, "back from {start}", BACK | {"start": Day(13)}),
        ],
    ),
    "new_key": (
        "again",
        [
            (0, "leaves, last day {end}", {"end": Day(0)}),
            (4, "back under a new number", {"start": Day(4)}),
        ],
    ),
    "new_key_archived": (
        "again",
        [
            (0, "leaves, last day {end}", {"end": Day(0)}),
            (2, "the record is archived", {"archived": True}),
            (4, "back under a new number", {"start": Day(4)}),
        ],
    ),
    "new_key_deleted": (
        "again",
        [
            (0, "leaves, last day {end}", {"end": Day(0)}),
            (12, "back under a new number", {"start": Day(12)}),
        ],
    ),
    "hired_over": (
        "again",
        [
            (0, "will be an employee from {start}, under a new number", {"start": Day(3)}),
            (1, "as a contractor until {end}", {"end": Day(6)}),
        ],
    ),
    # several records
    "gap": (
        "again",
        [
            (0, "leaves, last day {end}", {"end": Day(1)}),
            (1, "the next contract begins on {start}", {"start": Day(8)}),
        ],
    ),
    "short_gap": (
        "again",
        [
            (0, "leaves, last day {end}", {"end": Day(2)}),
            (1, "the next contract begins on {start}", {"start": Day(5)}),
        ],
    ),
    "second": (
        "again",
        [
            (0, "a second contract from {start}", {"start": Day(1)}),
            (6, "the first contract ends on {end}", {"end": Day(7)}),
        ],
    ),
    # the scope
    "turns_casual": (
        "calm",
        [
            (0, "becomes casual", {"employment": "CASUAL"}),
            (4, "is employed again", {"employment": "FULLTIME"}),
        ],
    ),
    # the feed
    "hidden": (
        "calm",
        [
            (0, "missing from the feed", {"hidden": True}),
            (2, "in the feed again", {"hidden": False}),
        ],
    ),
    "hidden_long": (
        "calm",
        [
            (0, "missing from the feed", {"hidden": True}),
            (6, "in the feed again", {"hidden": False}),
        ],
    ),
    "hidden_for_good": ("calm", [(0, "missing from the feed, for good", {"hidden": True})]),
    "end_before_start": (
        "calm",
        [
            (0, "a typing error: ends on {end}", {"end": "1999-12-31"}),
            (3, "corrected", {"end": None}),
        ],
    ),
    "no_first_name": (
        "calm",
        [(0, "the first name was deleted", {"first": "", "preferred": None}), (3, "corrected", {})],
    ),
    "missing_key": (
        "calm",
        [
            (0, "the number was deleted", {"columns": {"employee_id": None}}),
            (2, "corrected", {"columns": {}}),
        ],
    ),
    "duplicate_key": (
        "duplicate",
        [
            (0, "hired, starts {start}, with the number of somebody else", {"start": Day(1)}),
            (2, "corrected", {"columns": {}}),
        ],
    ),
    # changes
    "marries": ("calm", [(0, "marries", {"last": ...})]),
    "moves": ("calm", [(0, "moves", {"department": ...})]),
    "new_boss": ("calm", [(0, "has another manager", {"manager": ...})]),
}
# ELMO has no such status, and its key is an id that ELMO gives itself
ICEHRM_ONLY = {"leave_status", "missing_key", "duplicate_key"}

# Stories that begin so many days after the company's first day, and again every ROUND days. None
# begins on the first two days.
PROGRAMME = {
    3: ("back_deleted", "new_key_deleted", "hidden_for_good", "end_later"),
    4: ("back_soon", "earlier_before", "leave", "hired_over", "second"),
    5: ("back_late", "later_before", "new_key", "hidden", "gap"),
    6: ("withdrawn", "later_after", "dismissed", "end_before_start", "short_gap"),
    7: ("earlier_after", "rescinded", "hidden_long", "missing_key", "turns_casual"),
    8: ("no_show", "later_begun", "duplicate_key", "boss_leaves"),
    9: ("end_earlier", "withdrawn_late", "same_name", "new_boss"),
    10: ("no_first_name", "marries", "moves", "back_planned", "much_later"),
    11: ("leave_cut", "leave_status", "new_key_archived"),
}
ROUND = 20
