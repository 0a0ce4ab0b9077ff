# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said of people for whom no account can be chosen."""

from __future__ import annotations

from ..model.people import PersonId


def of_shared_account(dn: str, names: str) -> str:
    """About an account that was found for several people. names: of these."""
    return (
        f"{dn} was found for the employees {names}. It is not changed. Write the key of the right "
        "one on it. Where its mark has the key of somebody else, write an exception with the "
        "action separate for the two keys."
    )


def of_two_people(other: PersonId) -> str:
    """About somebody who has the same key as somebody of another source."""
    return (
        f"the employee {other.key} of the source {other.source} has the same key, and nothing says "
        "that this is one person. Where it is one, write an exception with the action join; where "
        "these are two, give them different keys."
    )
