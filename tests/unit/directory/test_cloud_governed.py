# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which objects say that the cloud governs them."""
from __future__ import annotations

from types import SimpleNamespace

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.cloud_governed import (
    CloudMark,
    cloud_mark,
    governed_by,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.options import CloudGoverned

SOA = "msDS-ObjectSoa"


def connection(attribute=SOA, values=("Cloud",), known=True):
    definition = SimpleNamespace(name=SOA) if known else None
    return SimpleNamespace(cloud_governed=CloudGoverned(attribute, values), schema={attribute.lower(): definition})


@pytest.mark.parametrize(("given", "mark"), [
    ({}, CloudMark(SOA, frozenset({"cloud"}))),
    ({"attribute": SOA.upper()}, CloudMark(SOA, frozenset({"cloud"}))),  # the server spells it in its own way
    ({"values": ["Cloud", "Entra"]}, CloudMark(SOA, frozenset({"cloud", "entra"}))),
    ({"values": []}, None),
    ({"known": False}, None),
])
def test_what_is_looked_for(given, mark):
    assert cloud_mark(connection(**given)) == mark


@pytest.mark.parametrize(("values", "text"), [
    (["Cloud"], "msDS-ObjectSoa is Cloud"),
    (["CLOUD"], "msDS-ObjectSoa is CLOUD"),
    (["OnPremises"], ""),
    (["Clouds"], ""),
    (None, ""),
])
def test_an_object(values, text):
    texts = {"cn": ["Cloud"]} | ({SOA: values} if values else {})
    assert governed_by(texts, CloudMark(SOA, frozenset({"cloud"}))) == text
