"""How Windows says no: result codes and diagnostic messages where Samba has others.

The eight digits are those of [MS-ERREF] 2.2. The numbers after DSID name a place in Microsoft's
code and differ between releases. docs/windows.md says where each one is documented.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import NamedTuple

from .ber import Element

ADD, DELETE, MODIFY, RENAME = 0x68, 0x4A, 0x66, 0x6C  # tags of requests
WRITES = (ADD, DELETE, MODIFY, RENAME)
LOGON_NAME = 20  # characters
SIZE_LIMIT_EXCEEDED, REFERRAL, UNAVAILABLE_CRITICAL_EXTENSION = 4, 10, 12


class Answer(NamedTuple):
    """The result of an operation."""

    code: int
    text: str
    referral: str = ""  # URL


class _Translation(NamedTuple):
    """One refusal of Samba, and how Windows refuses the same."""

    code: int
    text: str  # a regular expression: what Samba says
    answer: Answer
    operations: tuple[int, ...] = WRITES


_POLICY = "0000052D: SvcErr: DSID-031A12D2, problem 5003 (WILL_NOT_PERFORM), data 0\n"
_PASSWORD = Answer(53, _POLICY)
_NO_OBJECT = "0000208D: NameErr: DSID-03100241, problem 2001 (NO_OBJECT), data 0, best match of:\n"
_RIGHTS = "problem 4003 (INSUFF_ACCESS_RIGHTS), data 0\n"
_EXISTS = "problem 6005 (ENTRY_EXISTS), data 0\n"
_TRANSLATIONS = (
    _Translation(68, "samAccountName", Answer(68, f"00000524: UpdErr: DSID-031A11E2, {_EXISTS}")),
    _Translation(68, "member", Answer(68, f"00000562: UpdErr: DSID-031A11E2, {_EXISTS}")),
    _Translation(68, "", Answer(68, f"00002071: UpdErr: DSID-0305038D, {_EXISTS}")),
    _Translation(
        53,
        "member doesn't exist|member already deleted",
        Answer(53, "00000561: SvcErr: DSID-031A11C4, problem 5003 (WILL_NOT_PERFORM), data 0\n"),
    ),
    _Translation(19, "0000052D", _PASSWORD),
    _Translation(80, "parent does not exist", Answer(32, _NO_OBJECT)),
    _Translation(32, "", Answer(32, _NO_OBJECT)),
    _Translation(50, "", Answer(50, f"00000005: SecErr: DSID-03152E29, {_RIGHTS}"), (ADD,)),
    _Translation(50, "", Answer(50, f"00002098: SecErr: DSID-03150F94, {_RIGHTS}")),
)
_UNIQUE = {
    "userprincipalname": ("000021C8", "90290 (userPrincipalName)"),
    "serviceprincipalname": ("000021C7", "90303 (servicePrincipalName)"),
}


def of_windows(operation: int, code: int, text: str) -> Answer | None:
    """How Windows answers what Samba refuses; None where nothing is known of it."""
    if code == 19 and re.search(r"userPrincipalName.*in use", text, re.I):
        return not_unique("userPrincipalName")
    for one in _TRANSLATIONS:
        if one.code == code and operation in one.operations and re.search(one.text, text):
            return one.answer
    return None


def not_unique(attribute: str) -> Answer:
    """For a name that an object of the forest has already."""
    if attribute.lower() not in _UNIQUE:
        return Answer(68, f"00000524: UpdErr: DSID-031A11E2, {_EXISTS}")
    number, name = _UNIQUE[attribute.lower()]
    where = f"{number}: DSID-03200EA1, problem 1005 (CONSTRAINT_ATT_TYPE), data 0, Att {name}"
    return Answer(19, f"{number}: AtrErr: DSID-03200EA1, #1:\n\t0: {where}\n")


def elsewhere(server: str, dn: str) -> Answer:
    """For an object of another domain, or a write to a read-only domain controller."""
    text = f"0000202B: RefErr: DSID-0310083C, data 0, 1 access points\n\tref 1: '{server}'\n"
    return Answer(REFERRAL, text, f"ldap://{server}/{dn}")


NO_PASSWORD = _PASSWORD  # for an account that would be enabled without one
BAD_LOGON_NAME = Answer(80, "00000523: SysErr: DSID-031A1202, problem 22 (Invalid argument)\n")
TOO_MANY = Answer(SIZE_LIMIT_EXCEEDED, "")
NO_PAGES_HERE = Answer(UNAVAILABLE_CRITICAL_EXTENSION, "00000057: LdapErr: DSID-0C0907C5, data 0\n")


def of_write(operation: Element, names: Mapping[str, list[str]]) -> Answer | None:
    """How Windows answers an add or a modify that Samba may accept; None where it accepts it, too.

    names: {attribute in lower case: values} that objects elsewhere in the forest have.
    """
    written = _written(operation)
    for name, values in names.items():
        taken = set(map(_folded, values))
        if any(_folded(value.decode()) in taken for value in written.get(name, ())):
            return not_unique(name)
    return _wrong_account(operation, written)


def _written(operation: Element) -> dict[str, list[bytes]]:
    """{attribute in lower case: values} that an add or a modify gives."""
    if operation.tag not in (ADD, MODIFY):
        return {}
    lines = [one if operation.tag == ADD else one.parts[1] for one in operation.parts[1].parts]
    return {
        line.parts[0].text.lower(): [value.data for value in line.parts[1].parts] for line in lines
    }


def _wrong_account(operation: Element, written: Mapping[str, list[bytes]]) -> Answer | None:
    """What Windows does not accept of a user, and Samba does."""
    logon_name = next(iter(written.get("samaccountname", ())), b"").decode()
    if len(logon_name) > LOGON_NAME and b"group" not in written.get("objectclass", ()):
        return BAD_LOGON_NAME
    uac = int(next(iter(written.get("useraccountcontrol", ())), b"2"))
    if operation.tag == ADD and not uac & 0x22 and "unicodepwd" not in written:
        return NO_PASSWORD
    return None


def _folded(name: str) -> str:
    """What is equal for names that Windows takes for the same, as far as this lab needs it."""
    letters = unicodedata.normalize("NFKD", name.casefold().replace("ø", "o"))
    return "".join(one for one in letters if not unicodedata.combining(one))
