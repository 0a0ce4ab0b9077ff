# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a refusal for a missing right says."""
from __future__ import annotations

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.directory import (
    ldap_errors,
    operations,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.asked_rights import (
    rights_asked,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.ldap_messages import (
    LdapResult,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.operations import Operation

STAFF, LEAVERS = "OU=Staff,DC=corp,DC=example", "OU=Leavers,DC=corp,DC=example"
ANN = f"CN=Ann,{STAFF}"


@pytest.mark.parametrize("kind, more, words", [
    (operations.ADD_OU, {}, f"create OUs in {STAFF}"),
    (operations.ADD, {"attributes": {"title": ["T"]}}, f"create users in {STAFF}"),
    (operations.MODIFY, {"attributes": {"title": ["T"], "sn": ["S"]}}, f"write title, sn of {ANN}"),
    (operations.MODIFY, {"random_password": True}, f"reset the password of {ANN}"),
    (operations.MODIFY, {"attributes": {"title": []}, "random_password": True}, f"write title of {ANN} and to reset the password of {ANN}"),
    (operations.RENAME, {"rdn": "CN=B", "parent": STAFF.lower()}, f"write cn and name of {ANN}"),
    (operations.RENAME, {"rdn": "CN=Ann", "parent": LEAVERS}, f"write cn and name of {ANN}, to delete users in {STAFF} and to create users in {LEAVERS}"),
    (operations.DELETE, {}, f"delete {ANN}"),
    (operations.PERMISSIONS, {}, f"change the permissions of {ANN}"),
    (operations.RESTORE, {}, "restore deleted objects (Reanimate Tombstones)"),
    (operations.RESTORE_VALUES, {"attributes": {"title": ["T"]}}, f"write title of {ANN}"),
])
def test_what_an_operation_asks_for(kind, more, words):
    assert rights_asked(Operation(kind, "<GUID=1>", [0], **more), ANN) == words


def test_only_a_missing_right_is_explained_by_it():
    denied = ldap_errors.refusal(LdapResult(50, "00002098: no"), "write title of X")
    assert "does not have the right to do it (it needs the right to write title of X)" in denied.message
    assert "needs the right" not in ldap_errors.refusal(LdapResult(19, "00002098: no"), "write title of X").message
