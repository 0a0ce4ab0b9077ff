"""Refusals in words: directory/ldap_errors.py. The texts are those of Samba 4.17 and, where marked, Windows as Microsoft documents them."""
import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.directory import ldap_errors


@pytest.mark.parametrize("code, text, name, words", [
    (68, "00002071: samldb: samAccountName 'a1' already in use!", "entryAlreadyExists", "the sAMAccountName is in use already"),
    (68, "Entry CN=m2,OU=T,DC=corp,DC=example already exists", "entryAlreadyExists", "the name is taken already"),
    (19, "0000202F: samldb: userPrincipalName 'x@y' is already in use", "constraintViolation", "the userPrincipalName is in use already"),
    (19, "000021C8: AtrErr: DSID-03200EA1, #1: 0: 000021C8: DSID-03200EA1, problem 1005 (CONSTRAINT_ATT_TYPE), data 0, "
     "Att 90290 (userPrincipalName)", "constraintViolation", "attribute userPrincipalName"),  # Windows
    (19, "0000052D: Constraint violation - check_password_restrictions: the password is too short",
     "constraintViolation", "the domain's policy"),
    (53, "0000052D: SvcErr: DSID-031A12D2, problem 5003 (WILL_NOT_PERFORM), data 0",
     "unwillingToPerform", "the domain's policy"),  # Windows
    (21, "0000200B: objectclass_attrs: attribute 'employeeID' on entry 'CN=bad,DC=x' contains at least one invalid value!",
     "invalidAttributeSyntax", "attribute employeeID"),
    (50, "00002098: Object CN=x has no write property access", "insufficientAccessRights", "has not the right to do it"),
    (80, "00002095: objectclass: Cannot rename CN=e2, parent does not exist!", "other", "the OU it should go to does not exist"),
    (32, "0000208D: NameErr: DSID-03100245, problem 2001 (NO_OBJECT), data 0", "noSuchObject", "does not exist"),  # Windows
    (66, "00002015: Unable to delete a non-leaf node", "notAllowedOnNonLeaf", "has objects below it"),
    (99, "", "code 99", "the server refused it"),
])
def test_refusal(code, text, name, words):
    found = ldap_errors.refusal({"code": code, "text": text})
    assert found["code"] == name
    assert words in found["message"]
    assert text in found["message"], "the server's own words stay"


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
def test_already_so(code, text, adding, already):
    assert ldap_errors.already_so({"code": code, "text": text}, adding) is already


@pytest.mark.parametrize("data, words", [
    ("52e", "the user name or the password is wrong"), ("525", "not known"), ("533", "disabled"), ("701", "account has expired"),
    ("532", "password has expired"), ("773", "must change its password"), ("775", "locked out"), ("530", "this hour"),
    ("531", "this machine"), ("999", "the reason 999"),
])
def test_bind_refusal(data, words):
    text = f"80090308: LdapErr: DSID-0C0903A9, comment: AcceptSecurityContext error, data {data}, v1db1"
    assert words in ldap_errors.bind_refusal(49, text, "svc@corp.example")
    assert "svc@corp.example" in ldap_errors.bind_refusal(49, text, "svc@corp.example")


@pytest.mark.parametrize("text, words", [
    ("socket ssl wrapping error: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate in chain",
     "not signed by a trusted CA"),
    ("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired (_ssl.c:992)", "has expired"),
    ("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate is not yet valid", "compare the clocks"),
    ("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: IP address mismatch, certificate is not valid for '10.0.0.1'.",
     "another name"),
    ("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: Hostname mismatch, certificate is not valid for 'x'.", "another name"),
    ("socket connection error while opening: timed out", "no answer within 7 seconds"),
    ("socket connection error while opening: [Errno 111] Connection refused", "nothing listens there"),
    ("invalid server address", "its name is not known"),
    ("[Errno 101] Network is unreachable", "no way to it"),
    ("[SSL: WRONG_VERSION_NUMBER] wrong version number", "does not speak TLS there"),
    ("anything else", "the connection failed (anything else)"),
])
def test_connect_failure(text, words):
    assert words in ldap_errors.connect_failure(OSError(text), "ldaps", 7)


def test_connect_failure_of_start_tls():
    error = OSError("error receiving data: [Errno 104] Connection reset by peer")
    assert "does not take StartTLS" in ldap_errors.connect_failure(error, "start_tls", 7)
