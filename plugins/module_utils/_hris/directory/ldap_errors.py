# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a directory server's refusals mean, in words.

Sources: RFC 4511 section 4.1.9 (result codes), [MS-ERREF] 2.2 (the eight hexadecimal digits that begin a diagnostic message),
and what Samba 4.17 and Windows write behind them. No text here ever holds a password.
"""

from __future__ import annotations

import re

CODES = {
    1: "operationsError",
    2: "protocolError",
    3: "timeLimitExceeded",
    4: "sizeLimitExceeded",
    7: "authMethodNotSupported",
    8: "strongerAuthRequired",
    10: "referral",
    11: "adminLimitExceeded",
    12: "unavailableCriticalExtension",
    16: "noSuchAttribute",
    17: "undefinedAttributeType",
    18: "inappropriateMatching",
    19: "constraintViolation",
    20: "attributeOrValueExists",
    21: "invalidAttributeSyntax",
    32: "noSuchObject",
    34: "invalidDNSyntax",
    48: "inappropriateAuthentication",
    49: "invalidCredentials",
    50: "insufficientAccessRights",
    51: "busy",
    52: "unavailable",
    53: "unwillingToPerform",
    64: "namingViolation",
    65: "objectClassViolation",
    66: "notAllowedOnNonLeaf",
    67: "notAllowedOnRDN",
    68: "entryAlreadyExists",
    69: "objectClassModsProhibited",
    71: "affectsMultipleDSAs",
    80: "other",
}
_MEANING = {
    1: "the server could not carry it out (a search needs a successful bind first)",
    8: "the server wants TLS or signing",
    10: "the object belongs to another domain (referral)",
    16: "an attribute is not there, or the directory's schema lacks it",
    17: "the directory's schema lacks an attribute",
    19: "a value breaks a rule of the directory",
    20: "a single-valued attribute would get several values, or a value is there already",
    21: "a value has the wrong form, is empty or is too long for its attribute",
    32: "an object does not exist",
    34: "a value is not a distinguished name",
    50: "the account that runs this has not the right to do it",
    51: "the server is busy",
    52: "the server is not available",
    53: "the server will not do it",
    64: "the name does not fit the place",
    65: "an attribute does not belong to this kind of object, or a mandatory one is missing",
    66: "the object has objects below it",
    67: "the name can only be changed by a rename",
    68: "the name is taken already",
    80: "the server reports an error of its own",
}
# [MS-ERREF] 2.2, the codes that writes to users and groups meet.
_EXTENDED = {
    "00000005": "access denied",
    "00000525": "no such account",
    "0000052D": "the password does not meet the domain's policy (length, complexity, history)",
    "00000524": "an account with this name exists already",
    "00000056": "the old password is wrong",
    "00000561": "not a member of the group",
    "00000562": "a member of the group already",
    "00002014": "an attribute may have one value only",
    "00002015": "the object has objects below it",
    "00002071": "an object with this name exists already",
    "0000208D": "the object or its parent does not exist",
    "00002089": "the parent does not exist",
    "00002098": "insufficient rights",
    "000020B5": "a name in a value refers to an object that does not exist",
    "000020EF": "the schema lacks an attribute or class",
    "000021C7": "a service principal name is in use already",
    "000021C8": "the userPrincipalName is in use already",
}
# What the server's hex code does not decide, its words do.
_WORDS = (
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
    (re.compile(r"parent does not exist", re.I), "the OU it should go to does not exist", None),
    (
        re.compile(r"Referenced object not found", re.I),
        "a name in a value refers to an object that does not exist",
        None,
    ),
)
_ATTRIBUTE = re.compile(
    r"(?:\bAtt [0-9a-f]+ \((?P<win>[A-Za-z][\w-]*)|attribute:? '?(?P<samba>[A-Za-z][\w-]*)'?|'(?P<quoted>[A-Za-z][\w-]*)' on entry)",
    re.I,
)
_HEX = re.compile(r"\b([0-9A-F]{8}):", re.I)
_BIND_DATA = re.compile(r"\bdata ([0-9a-f]{1,8})\b", re.I)
_BIND = {
    "525": "the user name is not known",
    "52e": "the user name or the password is wrong",
    "530": "the account may not log on at this hour",
    "531": "the account may not log on from this machine",
    "532": "the account's password has expired",
    "533": "the account is disabled",
    "568": "the account is in too many groups",
    "701": "the account has expired",
    "773": "the account must change its password first",
    "775": "the account is locked out",
}
# What ssl and the socket say when the other side speaks no TLS
_NO_TLS = (
    "wrong version number",
    "record layer",
    "packet length",
    "unknown protocol",
    "eof occurred",
    "unexpected eof",
    "ssl wrapping error: [errno 104]",
)


def code_name(code: int) -> str:
    """The LDAP name of a result code."""
    return CODES.get(code, f"code {code}")


def refusal(result: dict) -> dict:
    """{"code": name of the code, "message": text} for a refused operation's result (messages.result)."""
    code, text = result["code"], " ".join(result["text"].split())
    words = [_MEANING.get(code, "the server refused it")]
    attribute = None
    for pattern, meaning, name in _WORDS:
        if pattern.search(text):
            words, attribute = [meaning], name
            break
    else:
        extended = _EXTENDED.get(hexadecimal(result))
        if extended and extended not in words:
            words = [extended] if code not in (50,) else words + [extended]
    if not attribute:
        match = _ATTRIBUTE.search(text)
        attribute = next((name for name in match.groups() if name), None) if match else None
        if attribute and attribute.lower() in (
            "already",
            "member",
            "with",
            "values",
            "value",
            "or",
        ):
            attribute = attribute if attribute.lower() == "member" else None
        if attribute:
            words.append(f"attribute {attribute}")
    detail = f" {text}" if text else ""
    return {
        "code": code_name(code),
        "message": f"{', '.join(words)} ({code} {code_name(code)}{':' + detail if detail else ''})",
    }


def hexadecimal(result: dict) -> str:
    """The extended error of a result, eight upper-case hex digits, '' when it has none."""
    match = _HEX.search(result["text"])
    return match[1].upper() if match else ""


def already_so(result: dict, adding: bool) -> bool:
    """Whether a refused change of one membership says that the membership is already as wanted.

    Adding: Windows and Samba answer 68, a plain multi-valued attribute 20. Removing: Samba 53 with its own words ("doesn't exist",
    "already deleted"), Windows 53 with 00000561, a plain attribute 16.
    """
    if adding:
        return result["code"] in (20, 68)
    return result["code"] == 16 or (
        result["code"] == 53
        and (
            hexadecimal(result) == "00000561"
            or bool(re.search(r"member doesn't exist|member already deleted", result["text"]))
        )
    )


def bind_refusal(code: int, text: str, username: str) -> str:
    """Why a bind was refused, as a sentence without its full stop, with what to do."""
    if code == 49:
        data = _BIND_DATA.search(text or "")
        why = _BIND.get(
            data[1].lower() if data else "52e",
            f"the server gives the reason {data[1] if data else text}",
        )
        more = (
            " (a user is written name@domain, DOMAIN\\name or as a DN)"
            if why.startswith("the user name")
            else ""
        )
        return f"the log-on of '{username}' was refused: {why}{more}"
    if code == 8:
        return f"the log-on of '{username}' was refused: the server wants a signed connection ({text or code_name(code)})"
    return f"the log-on of '{username}' was refused: {_MEANING.get(code, 'no reason known')} ({code} {code_name(code)}: {text})"


def connect_failure(error: BaseException, tls_mode: str, timeout: int) -> str:
    """Why a server could not be reached or trusted, as a sentence without its full stop, with what to do.

    error: what ldap3 or the socket raised; only its text tells the causes apart, since ldap3 wraps what ssl and socket raise.
    """
    text = " ".join(str(error).split())
    low = text.lower()
    if "certificate verify failed" in low:
        if "mismatch" in low:
            return "its certificate is made out for another name: use the name that is in the certificate, in servers"
        if "expired" in low:
            return "its certificate has expired: renew it on the server"
        if "not yet valid" in low:
            return "its certificate is not valid yet: compare the clocks"
        return "its certificate is not signed by a trusted CA: give the CA's certificate in ca_cert"
    if "timed out" in low or "timeout" in low or "resource temporarily unavailable" in low:
        return f"no answer within {timeout} seconds: check the address, the port and the firewall"
    if "refused" in low:
        return "nothing listens there (connection refused): check the address and the port"
    if any(
        word in low
        for word in (
            "name or service",
            "nodename",
            "temporary failure in name",
            "no address",
            "invalid server address",
        )
    ):
        return "its name is not known: check the spelling and the DNS"
    if any(word in low for word in ("unreachable", "no route")):
        return "there is no way to it (network unreachable)"
    if any(word in low for word in _NO_TLS):
        return "it does not speak TLS there: is the port the one of ldaps (636), or is start_tls meant?"
    if tls_mode == "start_tls" and ("reset" in low or "start" in low or "terminated" in low):
        return f"it does not take StartTLS there: the port of start_tls is 389 ({text})"
    return f"the connection failed ({text})"
