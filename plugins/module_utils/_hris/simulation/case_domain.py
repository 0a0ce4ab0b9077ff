# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The domain of a case file: what a directory has and the rules do not name."""

from __future__ import annotations

from ..ad_values.dn import normal
from ..data_class import frozen
from ..errors import did_you_mean
from ..model.directory import AttributeDefinition
from .case_values import CaseError, located, names_in, words_in

WORDS = ("ous", "groups", "attributes", "taken_names")
# The words about one attribute, and the type of their values
DEFINITION: dict[str, type] = {"syntax": str, "single": bool, "min": int, "max": int}
SYNTAXES = (
    "text",
    "exact_text",
    "dn",
    "integer",
    "boolean",
    "large_integer",
    "time",
    "binary",
    "sid",
    "other",
)


@frozen
class CaseDomain:
    """What the simulated directory has beside the things that the rules name."""

    ous: list[str]  # DNs
    groups: list[str]  # logon names or DNs
    attributes: dict[str, AttributeDefinition]  # {name: definition}
    taken_names: list[str]  # names that nobody in the directory has, and that may not be given


def read_domain(value: object) -> CaseDomain:
    """The domain of a case file. Raises CaseError naming the word that is wrong."""
    words = words_in(value or {}, WORDS, "domain")
    ous = names_in(words.get("ous"), "domain.ous")
    for dn in ous:
        located(normal, "domain.ous", dn)
    groups = names_in(words.get("groups"), "domain.groups")
    for name in groups:
        if "=" in name:
            located(normal, "domain.groups", name)
    attributes = words_in(words.get("attributes") or {}, None, "domain.attributes")
    definitions = {str(name): _definition(str(name), given) for name, given in attributes.items()}
    taken = names_in(words.get("taken_names"), "domain.taken_names")
    return CaseDomain(ous, groups, definitions, taken)


def _definition(name: str, given: object) -> AttributeDefinition:
    place = f"domain.attributes.{name}"
    words = words_in(given or {}, DEFINITION, place)
    for word, value in words.items():
        _check_type(word, value, place)
    syntax = words.get("syntax", "text")
    if syntax not in SYNTAXES:
        raise CaseError(f"unknown syntax '{syntax}'", place, did_you_mean(syntax, SYNTAXES))
    return AttributeDefinition(
        name=name,
        syntax=syntax,
        single=words.get("single", True),
        lower=words.get("min"),
        upper=words.get("max"),
        writable=True,
        linked=None,
    )


def _check_type(word: str, value: object, place: str) -> None:
    needed = DEFINITION[word]
    is_wrong_number = needed is int and isinstance(value, bool)
    if not isinstance(value, needed) or is_wrong_number:
        raise CaseError(f"{value!r} is not a value for {word}", place)
