# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the refusals of a directory server mean, in words.

Sources: RFC 4511 section 4.1.9 (result codes), [MS-ERREF] 2.2 (the extended error: eight
hexadecimal digits that begin a diagnostic message), and what Samba 4.17 and Windows write behind
them. No text here ever holds a password.
"""

from __future__ import annotations

import re

from ..data_class import frozen
from .ldap_messages import LdapResult

TIME_LIMIT_EXCEEDED = 3
SIZE_LIMIT_EXCEEDED = 4
STRONGER_AUTH_REQUIRED = 8
REFERRAL = 10
ADMIN_LIMIT_EXCEEDED = 11
NO_SUCH_ATTRIBUTE = 16
CONSTRAINT_VIOLATION = 19
ATTRIBUTE_OR_VALUE_EXISTS = 20
NO_SUCH_OBJECT = 32
INVALID_CREDENTIALS = 49
INSUFFICIENT_ACCESS_RIGHTS = 50
BUSY = 51
UNAVAILABLE = 52
UNWILLING_TO_PERFORM = 53
ENTRY_ALREADY_EXISTS = 68
OTHER = 80
CODES = {
    1: "operationsError",
    2: "protocolError",
    TIME_LIMIT_EXCEEDED: "timeLimitExceeded",
    SIZE_LIMIT_EXCEEDED: "sizeLimitExceeded",
    7: "authMethodNotSupported",
    STRONGER_AUTH_REQUIRED: "strongerAuthRequired",
    REFERRAL: "referral",
    ADMIN_LIMIT_EXCEEDED: "adminLimitExceeded",
    12: "unavailableCriticalExtension",
    NO_SUCH_ATTRIBUTE: "noSuchAttribute",
    17: "undefinedAttributeType",
    18: "inappropriateMatching",
    CONSTRAINT_VIOLATION: "constraintViolation",
    ATTRIBUTE_OR_VALUE_EXISTS: "attributeOrValueExists",
    21: "invalidAttributeSyntax",
    NO_SUCH_OBJECT: "noSuchObject",
    34: "invalidDNSyntax",
    48: "inappropriateAuthentication",
    INVALID_CREDENTIALS: "invalidCredentials",
    INSUFFICIENT_ACCESS_RIGHTS: "insufficientAccessRights",
    BUSY: "busy",
    UNAVAILABLE: "unavailable",
    UNWILLING_TO_PERFORM: "unwillingToPerform",
    64: "namingViolation",
    65: "objectClassViolation",
    66: "notAllowedOnNonLeaf",
    67: "notAllowedOnRDN",
    ENTRY_ALREADY_EXISTS: "entryAlreadyExists",
    69: "objectClassModsProhibited",
    71: "affectsMultipleDSAs",
    OTHER: "other",
}
# A search that is refused with one of these says nothing about what is there
PASSING = frozenset(
    (TIME_LIMIT_EXCEEDED, SIZE_LIMIT_EXCEEDED, ADMIN_LIMIT_EXCEEDED, BUSY, UNAVAILABLE)
)
# A batch of memberships that is refused with one of these can hold good ones: they are tried one
# by one
ONE_BY_ONE = frozenset(
    (
        NO_SUCH_ATTRIBUTE,
        CONSTRAINT_VIOLATION,
        ATTRIBUTE_OR_VALUE_EXISTS,
        NO_SUCH_OBJECT,
        UNWILLING_TO_PERFORM,
        ENTRY_ALREADY_EXISTS,
        OTHER,
    )
)
_MEANINGS = {
    1: "the server cannot do this (a search needs a successful bind first)",
    STRONGER_AUTH_REQUIRED: "the server wants TLS or signing",
    TIME_LIMIT_EXCEEDED: "the server gave up, because it took longer than it allows",
    SIZE_LIMIT_EXCEEDED: "the server has more entries than it gives at once",
    REFERRAL: "another server has to be asked: the object is in another domain, or this domain "
    "controller is read-only",
    ADMIN_LIMIT_EXCEEDED: "it is more than the server allows (its LDAP policies)",
    NO_SUCH_ATTRIBUTE: "the object or the schema does not have an attribute",
    17: "the directory's schema does not have an attribute",
    CONSTRAINT_VIOLATION: "a value violates a constraint of the directory",
    ATTRIBUTE_OR_VALUE_EXISTS: "a single-valued attribute would get several values, "
    "or a value exists already",
    21: "a value has the wrong form, is empty or is too long for its attribute",
    NO_SUCH_OBJECT: "an object does not exist",
    34: "a value is not a distinguished name",
    INSUFFICIENT_ACCESS_RIGHTS: "the account that runs this does not have the right to do it",
    BUSY: "the server is busy",
    UNAVAILABLE: "the server is not available",
    UNWILLING_TO_PERFORM: "the server refuses to do it",
    64: "the name is not allowed below this parent",
    65: "an attribute does not belong to this kind of object, or a mandatory one is missing",
    66: "the object has objects below it",
    67: "the name can only be changed by a rename",
    ENTRY_ALREADY_EXISTS: "the name is in use already",
    OTHER: "the server reports an internal error",
}
_NOT_A_MEMBER = "00000561"
# [MS-ERREF] 2.2, the codes that writes to users and groups meet.
_EXTENDED_ERRORS = {
    "00000005": "access denied",
    "00000523": "the logon name has a form that Windows refuses (length, characters)",
    "00000525": "no such account",
    "0000052D": "the password does not meet the domain's policy (length, complexity, history)",
    "00000524": "an account with this name exists already",
    "00000526": "a group with this name exists already",
    "00000056": "the old password is wrong",
    _NOT_A_MEMBER: "it is not a member of the group",
    "00000562": "it is a member of the group already",
    "00002014": "an attribute may have one value only",
    "00002015": "the object has objects below it",
    "00002071": "an object with this name exists already",
    "00002082": "a value is too long, too short or out of its range",
    "0000208D": "the object or its parent does not exist",
    "00002089": "the parent does not exist",
    "00002098": "insufficient rights",
    "000020B5": "a value is the DN of an object that does not exist",
    "000020EF": "the schema does not have an attribute or class",
    "000021C7": "a service principal name is in use already",
    "000021C8": "the userPrincipalName is in use already",
}
# (pattern, meaning, attribute) of diagnostic messages whose extended error says too little
_DIAGNOSTICS = (
    (
        re.compile(r"samAccountName .*already in use", re.I),
        "the sAMAccountName is in use already",
        "sAMAccountName",
    ),
    (
        re.compile(r"userPrincipalName .*in use", re.I),
        "the userPrincipalName is in use already",
        "userPrincipalName",
    ),
    (re.compile(r"parent does not exist", re.I), "the OU of the new DN does not exist", None),
    (
        re.compile(r"Referenced object not found", re.I),
        "a value is the DN of an object that does not exist",
        None,
    ),
)
_ATTRIBUTE = re.compile(
    r"\bAtt [0-9a-f]+ \((?P<windows>[A-Za-z][\w-]*)"
    r"|attribute:? '?(?P<samba>[A-Za-z][\w-]*)'?"
    r"|'(?P<quoted>[A-Za-z][\w-]*)' on entry",
    re.I,
)
# Words that Samba writes after "attribute" which are not the name of one
_NOT_ATTRIBUTES = ("already", "with", "values", "value", "or")
_SAMBA_NOT_A_MEMBER = re.compile(r"member doesn't exist|member already deleted")
_EXTENDED_ERROR = re.compile(r"\b([0-9A-F]{8}):", re.I)
_BIND_REASON = re.compile(r"\bdata ([0-9a-f]{1,8})\b", re.I)
_WRONG_CREDENTIALS = "52e"
# [MS-ERREF] 2.1: SEC_E_BAD_BINDINGS
_NOT_BOUND = (
    "the server requires channel binding, and its certificate is not the one that was seen here."
    " Is there something in between that ends TLS (a proxy, a load balancer)"
)
_BIND_REASONS = {
    "525": "the user name is not known",
    _WRONG_CREDENTIALS: "the user name or the password is wrong"
    " (write a user as name@domain, DOMAIN\\name or a DN)",
    "530": "the account may not log on at this time",
    "531": "the account may not log on from this computer",
    "532": "the account's password has expired",
    "533": "the account is disabled",
    "35b": _NOT_BOUND,  # Samba 4.22
    "80090346": _NOT_BOUND,  # Windows
    "568": "the account is in too many groups",
    "701": "the account has expired",
    "773": "the account must change its password first",
    "775": "the account is locked out",
}


@frozen
class Refusal:
    """A refused operation, for people."""

    code: str  # LDAP name of the result code
    message: str  # what it means, and the server's own words


def code_name(code: int) -> str:
    """The LDAP name of a result code."""
    return CODES.get(code, f"code {code}")


def refusal(result: LdapResult, asked: str = "") -> Refusal:
    """The meaning of the result of a refused operation. asked: the rights that it needs, after
    ``the right to``.
    """
    text = " ".join(result.message.split())
    meanings = _meanings(result.code, text)
    if asked and result.code == INSUFFICIENT_ACCESS_RIGHTS:
        meanings[0] = f"{meanings[0]} (it needs the right to {asked})"
    name = code_name(result.code)
    detail = f"{result.code} {name}"
    if text:
        detail += f": {text}"
    return Refusal(name, f"{', '.join(meanings)} ({detail})")


def _meanings(code: int, text: str) -> list[str]:
    """What a result code and a diagnostic message say, and the attribute that they concern."""
    for pattern, meaning, attribute in _DIAGNOSTICS:
        if pattern.search(text) and attribute:
            return [meaning]
        if pattern.search(text):
            return [meaning, *_attribute(text)]
    general = _MEANINGS.get(code, "the server refused it")
    extended = _EXTENDED_ERRORS.get(extended_error(text), general)
    if code == INSUFFICIENT_ACCESS_RIGHTS and extended != general:
        return [general, extended, *_attribute(text)]
    return [extended, *_attribute(text)]


def _attribute(text: str) -> list[str]:
    """The attribute that a diagnostic message names, in words; [] when it names none."""
    match = _ATTRIBUTE.search(text)
    if not match:
        return []
    name = match["windows"] or match["samba"] or match["quoted"]
    if name.lower() in _NOT_ATTRIBUTES:
        return []
    return [f"attribute {name}"]


def extended_error(text: str) -> str:
    """The extended error in a diagnostic message, eight upper-case digits; '' without one."""
    match = _EXTENDED_ERROR.search(text)
    if not match:
        return ""
    return match[1].upper()


def is_already_done(result: LdapResult, adding: bool) -> bool:
    """Whether a refused change of one membership means that the membership is as wanted already.

    Adding: Windows and Samba answer 68, a plain multi-valued attribute 20. Removing: Samba answers
    53 with its own words, Windows 53 with 00000561, a plain attribute 16.
    """
    if adding:
        return result.code in (ATTRIBUTE_OR_VALUE_EXISTS, ENTRY_ALREADY_EXISTS)
    if result.code != UNWILLING_TO_PERFORM:
        return result.code == NO_SUCH_ATTRIBUTE
    if extended_error(result.message) == _NOT_A_MEMBER:
        return True
    return _SAMBA_NOT_A_MEMBER.search(result.message) is not None


def bind_refusal(result: LdapResult, username: str) -> str:
    """Why a bind was refused, as a sentence without its full stop."""
    return f"the log-on of '{username}' was refused: {_bind_reason(result)}"


def _bind_reason(result: LdapResult) -> str:
    code, text = result.code, result.message
    if code == INVALID_CREDENTIALS:
        match = _BIND_REASON.search(text)
        if not match:
            return _BIND_REASONS[_WRONG_CREDENTIALS]
        reason = match[1].lower()
        return _BIND_REASONS.get(reason, f"the server gives the reason {reason}")
    if code == STRONGER_AUTH_REQUIRED:
        return f"the server wants a signed connection ({text or code_name(code)})"
    meaning = _MEANINGS.get(code, "the reason is not known")
    return f"{meaning} ({code} {code_name(code)}: {text})"
