"""Refusals in words: directory/ldap_errors.py. The texts are those of Samba 4.17 and, where marked, Windows as Microsoft documents them."""
import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.directory import ldap_errors
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.ldap_messages import (
    LdapResult,
)


@pytest.mark.parametrize("code, text, name, words", [
    (68, "00002071: samldb: samAccountName 'a1' already in use!", "entryAlreadyExists", "the sAMAccountName is in use already"),
    (68, "Entry CN=m2,OU=T,DC=corp,DC=example already exists", "entryAlreadyExists", "the name is in use already"),
    (19, "0000202F: samldb: userPrincipalName 'x@y' is already in use", "constraintViolation", "the userPrincipalName is in use already"),
    (19, "000021C8: AtrErr: DSID-03200EA1, #1: 0: 000021C8: DSID-03200EA1, problem 1005 (CONSTRAINT_ATT_TYPE), data 0, "
     "Att 90290 (userPrincipalName)", "constraintViolation", "attribute userPrincipalName"),  # Windows
    (19, "0000052D: Constraint violation - check_password_restrictions: the password is too short",
     "constraintViolation", "the domain's policy"),
    (53, "0000052D: SvcErr: DSID-031A12D2, problem 5003 (WILL_NOT_PERFORM), data 0",
     "unwillingToPerform", "the domain's policy"),  # Windows
    (21, "0000200B: objectclass_attrs: attribute 'employeeID' on entry 'CN=bad,DC=x' contains at least one invalid value!",
     "invalidAttributeSyntax", "attribute employeeID"),
    (50, "00002098: Object CN=x has no write property access", "insufficientAccessRights", "does not have the right to do it"),
    (80, "00002095: objectclass: Cannot rename CN=e2, parent does not exist!", "other", "the OU of the new DN does not exist"),
    (32, "0000208D: NameErr: DSID-03100245, problem 2001 (NO_OBJECT), data 0", "noSuchObject", "does not exist"),  # Windows
    (32, "0000208D: NameErr: DSID-03100241, problem 2001 (NO_OBJECT), data 0, best match of:\n\t'DC=corp,DC=example'", "noSuchObject", "object or its parent"),
    (50, "00000005: SecErr: DSID-03152E29, problem 4003 (INSUFF_ACCESS_RIGHTS), data 0", "insufficientAccessRights", "does not have the right to do it"),  # Windows
    (68, "00000524: UpdErr: DSID-031A11E2, problem 6005 (ENTRY_EXISTS), data 0", "entryAlreadyExists", "an account with this name exists"),  # Windows
    (19, "00002082: AtrErr: DSID-03151FFD, #1: 0: 00002082: DSID-03151FFD, problem 1005 (CONSTRAINT_ATT_TYPE), data 0, Att 2a (givenName):len 130",
     "constraintViolation", "a value is too long, too short or out of its range, attribute givenName"),  # Windows
    (80, "00000523: SysErr: DSID-031A1202, problem 22 (Invalid argument), data 0", "other", "a form that Windows refuses"),  # Windows
    (10, "0000202B: RefErr: DSID-0310083C, data 0, 1 access points ref 1: 'other.example'", "referral", "another server has to be asked"),  # Windows
    (3, "", "timeLimitExceeded", "longer than it allows"), (4, "", "sizeLimitExceeded", "more entries than it gives at once"),
    (11, "", "adminLimitExceeded", "more than the server allows"),
    (66, "00002015: Unable to delete a non-leaf node", "notAllowedOnNonLeaf", "has objects below it"),
    (99, "", "code 99", "the server refused it"),
])
def test_refusal(code, text, name, words):
    found = ldap_errors.refusal(LdapResult(code, text))
    assert found.code == name
    assert words in found.message
    assert " ".join(text.split()) in found.message, "the server's own words stay"


@pytest.mark.parametrize("code, text, adding, already", [
    (68, "Attribute member already exists for target GUID x", True, True),
    (68, "00000562: UpdErr: DSID-031A11E2, problem 6005 (ENTRY_EXISTS), data 0", True, True),  # Windows
    (20, "", True, True),
    (53, "Attribute member doesn't exist for target GUID x", False, True),
    (53, "Attribute member already deleted for target GUID x", False, True),
    (53, "00000561: SvcErr: DSID-031A11C4, problem 5003 (WILL_NOT_PERFORM), data 0", False, True),  # Windows
    (16, "", False, True),
    (53, "00002035: something else", False, False), (53, "", True, False), (50, "", True, False), (32, "00000525", True, False),
])
def test_is_already_done(code, text, adding, already):
    assert ldap_errors.is_already_done(LdapResult(code, text), adding) is already


@pytest.mark.parametrize("data, words", [
    ("52e", "the user name or the password is wrong"), ("525", "not known"), ("533", "disabled"), ("701", "account has expired"),
    ("532", "password has expired"), ("773", "must change its password"), ("775", "locked out"), ("530", "this time"),
    ("531", "this computer"), ("35b", "requires channel binding"), ("80090346", "requires channel binding"), ("999", "the reason 999"),
])
def test_bind_refusal(data, words):
    text = f"80090308: LdapErr: DSID-0C0903A9, comment: AcceptSecurityContext error, data {data}, v1db1"
    assert words in ldap_errors.bind_refusal(LdapResult(49, text), "svc@corp.example")
    assert "svc@corp.example" in ldap_errors.bind_refusal(LdapResult(49, text), "svc@corp.example")
