# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One table of actions: whatever lists actions or events has just those of model/actions.py."""
from __future__ import annotations

import json
import re

import collection_parts as parts
import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.directory import operations
from ansible_collections.hris.ad.plugins.module_utils._hris.model import actions
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.options import LIMITED
from ansible_collections.hris.ad.plugins.module_utils._hris.simulation import application


def lists(node, path=""):
    """(path, list of texts) of every list of texts below a YAML or JSON node."""
    if isinstance(node, dict):
        for name, value in node.items():
            yield from lists(value, f"{path}.{name}")
    elif isinstance(node, list) and node and all(isinstance(one, str) for one in node):
        yield path, node
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from lists(value, f"{path}[{number}]")


def documents():
    yield "docs/plan.schema.json", json.loads((parts.ROOT / "docs/plan.schema.json").read_text(encoding="utf-8"))
    for path in sorted(parts.ROOT.glob("roles/*/meta/argument_specs.yml")):
        yield parts.relative(path), parts.load_yaml(path.read_text(encoding="utf-8"))
    for name, document in parts.documents().items():
        yield f"module {name}", document["doc"]["options"]


def choices(of):
    """(place, names) of every list of choices in which one of the names stands."""
    return [(f"{name}{path}", found) for name, document in documents() for path, found in lists(document)
            if path.endswith((".choices", ".enum")) and set(found) & of]


# A word such as "disable" or "update" is also the choice of other options: what has one of these is a list of actions or events
SURE_ACTIONS, SURE_EVENTS = {"group_add", "group_remove"}, {"group_added", "group_removed"}


@pytest.mark.parametrize(("place", "found"), choices(SURE_ACTIONS), ids=lambda value: value if isinstance(value, str) else "")
def test_lists_of_actions(place, found):
    assert set(found) in (set(actions.CONFIGURABLE), set(actions.NAMES)), place


@pytest.mark.parametrize(("place", "found"), choices(SURE_EVENTS), ids=lambda value: value if isinstance(value, str) else "")
def test_lists_of_events(place, found):
    assert set(found) == set(actions.EVENTS), place


def texts(node):
    """Every text at any depth of a document."""
    if isinstance(node, dict):
        node = list(node.values())
    if isinstance(node, list):
        for value in node:
            yield from texts(value)
    elif isinstance(node, str):
        yield node


def sentences_with(names):
    """(place, text) of every paragraph of the guides and of the modules' documentation that has all of the names."""
    found = []
    for path in sorted((parts.ROOT / "docs").glob("*.md")):
        found += [(parts.relative(path), text) for text in path.read_text(encoding="utf-8").split("\n\n")]
    for name, document in parts.documents().items():
        found += [(f"module {name}", text) for text in texts([document["doc"], document["return"]])]
    return [(place, text) for place, text in found if names <= set(re.findall(r"\w+", text))]


@pytest.mark.parametrize(("place", "text"), sentences_with(SURE_EVENTS), ids=lambda value: value[:20])
def test_sentences_with_events(place, text):
    assert set(actions.EVENTS) <= set(re.findall(r"\w+", text)), place


def test_there_are_such_lists():
    assert len(choices(SURE_ACTIONS)) >= 4 and len(choices(SURE_EVENTS)) >= 5 and len(sentences_with(SURE_EVENTS)) >= 2


def test_limits_are_documented_for_each_action():
    limits = parts.documents()["sync"]["doc"]["options"]["domain_limits"]["suboptions"]
    assert set(limits) == {*LIMITED, "attributes"}


def test_every_action_is_made_and_simulated():
    assert set(operations._ARRANGE) == set(actions.NAMES)
    assert set(application._APPLY) == set(actions.CONFIGURABLE)


def test_what_undoes_an_action_is_an_action():
    assert {action.undone_by for action in actions.TABLE} - {None} <= set(actions.NAMES)
