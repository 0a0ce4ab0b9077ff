# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lines that delegate rights: for dsacls, PowerShell and samba-tool.

The lines of samba-tool are tested in the lab, each right by itself. Those of dsacls and PowerShell
say the same with the words of Microsoft's documentation.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ..ad_values import rights, security_descriptor
from ..ad_values.dn import is_below, normal
from ..ad_values.rights import CLASSES, EXTENDED, Grant, Right
from ..ad_values.sddl import RIGHTS
from ..data_class import frozen
from ..errors import HrisError
from ..model.directory import AttributeDefinition

_LETTERS = {mask: letters for letters, mask in RIGHTS.items()}
# {right: (word of dsacls, name of ActiveDirectoryRights)}
_WORDS = {
    security_descriptor.CREATE_CHILD: ("CC", "CreateChild"),
    security_descriptor.DELETE_CHILD: ("DC", "DeleteChild"),
    security_descriptor.READ_PROPERTY: ("RP", "ReadProperty"),
    security_descriptor.WRITE_PROPERTY: ("WP", "WriteProperty"),
    security_descriptor.CONTROL_ACCESS: ("CA", "ExtendedRight"),
    security_descriptor.DELETE: ("SD", "Delete"),
    security_descriptor.READ_CONTROL: ("RC", "ReadControl"),
    security_descriptor.WRITE_DAC: ("WD", "WriteDacl"),
}
_UNQUOTABLE = frozenset('"%\r\n')  # cmd.exe has no way to write them in quotes
_NO_TYPE = "00000000-0000-0000-0000-000000000000"


class Lines(NamedTuple):
    """What delegates the same with three tools: one line each."""

    dsacls: str  # "" for a name that cmd.exe cannot write
    powershell: str
    samba_tool: str


class _Reach(NamedTuple):
    """To which objects a line applies, in the words of each tool."""

    dsacls: str  # a switch
    sddl: str  # flags
    powershell: str  # of ActiveDirectorySecurityInheritance
    inherited: str = ""  # the class of the objects; "": any


_CONTAINER = _Reach("", "", "None")
_CONTAINERS = _Reach("/I:T ", "CI", "All")  # with those below it
_USERS = _Reach("/I:S ", "CIIO", "Descendents", rights.USER)


@frozen
class Trustee:
    """The account that gets rights."""

    name: str  # name@domain
    sid: str


def lines_of(
    grants: Iterable[Grant],
    trustee: Trustee,
    definitions: Mapping[str, AttributeDefinition],
    places: Sequence[str],
) -> list[Lines]:
    """The lines that give these rights, one for each place and kind of object. places: all
    containers that the rules use: a right on a container is handed down where one of them is below.
    """
    together: dict[tuple[str, str], list[Right]] = {}
    names: dict[str, str] = {}
    for grant in grants:
        names.setdefault(normal(grant.place), grant.place)
        own = together.setdefault((normal(grant.place), grant.on), [])
        if grant.right not in own:
            own.append(grant.right)
    return [
        _lines(names[place], own, _reach(place, on, places), trustee, definitions)
        for (place, on), own in together.items()
    ]


def _reach(place: str, on: str, places: Sequence[str]) -> _Reach:
    if on == rights.ON_NEW_ACCOUNT:
        return _USERS
    if on != rights.ON_CONTAINER:
        return _CONTAINER
    is_deep = any(normal(other) != place and is_below(other, place) for other in places)
    return _CONTAINERS if is_deep else _CONTAINER


def _lines(
    place: str,
    own: Sequence[Right],
    reach: _Reach,
    trustee: Trustee,
    definitions: Mapping[str, AttributeDefinition],
) -> Lines:
    aces = "".join(_ace(one, reach, trustee, definitions) for one in own)
    return Lines(
        _dsacls(place, own, reach, trustee),
        _powershell(place, own, reach, trustee, definitions),
        f"samba-tool dsacl set --objectdn={shlex.quote(place)} --sddl={shlex.quote(aces)}",
    )


def _dsacls(place: str, own: Sequence[Right], reach: _Reach, trustee: Trustee) -> str:
    if _UNQUOTABLE & set(place):
        return ""
    given = [
        f"{trustee.name}:{_WORDS[one.mask][0]};{one.name};{reach.inherited}".rstrip(";")
        for one in own
    ]
    return f'dsacls "{place}" {reach.dsacls}/G ' + " ".join(f'"{one}"' for one in given)


def type_of(right: Right, definitions: Mapping[str, AttributeDefinition]) -> str:
    """The GUID of what a right is about; "": it is not about one thing.

    Raises HrisError for an attribute whose GUID is not known: an entry without it gives the right
    on all attributes.
    """
    if not right.name:
        return ""
    known = {**CLASSES, **EXTENDED}
    if right.name in known:
        return known[right.name]
    definition = definitions.get(right.name.lower())
    if definition is None or not definition.schema_id:
        raise HrisError(
            f"the schema gives no schemaIDGUID of '{right.name}', so no right on it can be given",
            hint="Correct the rules, or let the account read the schema",
        )
    return definition.schema_id


def _ace(
    right: Right,
    reach: _Reach,
    trustee: Trustee,
    definitions: Mapping[str, AttributeDefinition],
) -> str:
    inherited = CLASSES.get(reach.inherited, "")
    kind = type_of(right, definitions)
    letter = "OA" if kind or inherited else "A"
    return f"({letter};{reach.sddl};{_LETTERS[right.mask]};{kind};{inherited};{trustee.sid})"


def _powershell(
    place: str,
    own: Sequence[Right],
    reach: _Reach,
    trustee: Trustee,
    definitions: Mapping[str, AttributeDefinition],
) -> str:
    quoted = place.replace("/", "\\/").replace("'", "''")
    inherited = CLASSES.get(reach.inherited, _NO_TYPE)
    steps = [
        f"$o = [ADSI]'LDAP://{quoted}'",
        "$o.psbase.Options.SecurityMasks = 'Dacl'",
        f"$s = [System.Security.Principal.SecurityIdentifier]'{trustee.sid}'",
    ]
    for one in own:
        kind = type_of(one, definitions) or _NO_TYPE
        steps.append(
            "$o.psbase.ObjectSecurity.AddAccessRule("
            "[System.DirectoryServices.ActiveDirectoryAccessRule]::new("
            f"$s, '{_WORDS[one.mask][1]}', 'Allow', [guid]'{kind}', '{reach.powershell}', "
            f"[guid]'{inherited}'))"
        )
    steps.append("$o.psbase.CommitChanges()")
    return "; ".join(steps)
