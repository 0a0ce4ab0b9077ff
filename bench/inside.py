"""The collection from inside, without I/O: decoding what a directory would send, and what surrounds its accounts."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from datetime import datetime, timezone

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.hris.ad.plugins.module_utils._hris.directory import ldap_messages, reading
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.compile_ruleset import (
    compile_ruleset,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.options import ARGUMENTS
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.ruleset import Ruleset

from lab.seed import DEPARTMENTS, GROUPS

from . import people, rules

AS_OF = datetime(2026, 3, 2, tzinfo=timezone.utc)
# What the real schema says of the attributes that the rules touch, as far as it is not a text of 64 characters
LENGTHS = {
    "userPrincipalName": 1024,
    "mail": 256,
    "displayName": 256,
    "title": 128,
    "division": 256,
    "co": 128,
    "streetAddress": 1024,
    "physicalDeliveryOfficeName": 128,
    "employeeType": 256,
    "employeeNumber": 512,
    "employeeID": 16,
    "adminDescription": 256,
    "info": 1024,
    "sAMAccountName": 20,
    "extensionName": 255,
    "proxyAddresses": 1123,
    "postalCode": 40,
    "l": 128,
    "st": 128,
}
MANY = ("extensionName", "proxyAddresses")
SYNTAXES = {"manager": "dn", "accountExpires": "large_integer", "whenCreated": "time"}
COMPUTED = ("cn", "whenCreated")


def ruleset() -> Ruleset:
    """The rules of the bench, compiled as the module compiles them."""
    checked = ArgumentSpecValidator(ARGUMENTS).validate(copy.deepcopy(rules.OPTIONS))
    if checked.error_messages:
        raise ValueError("; ".join(checked.error_messages))
    return compile_ruleset(checked.validated_parameters)


def _schema(names: list[str]) -> dict:
    return {
        name.lower(): {
            "name": name,
            "single": name not in MANY,
            "max": None if name in SYNTAXES else LENGTHS.get(name, 64),
            "min": 1,
            "syntax": SYNTAXES.get(name, "text"),
            "writable": name not in COMPUTED,
            "linked": "forward" if name == "manager" else None,
        }
        for name in names
    }


def _group(number: int, name: str) -> dict:
    return {
        "guid": f"00000000-0000-0000-0000-{number:012}",
        "dn": f"CN={name},OU=Groups,{people.BASE}",
        "sid": f"S-1-5-21-1-2-3-{1200 + number}",
        "name": name,
        "cn": name,
        "groups": [],
        "attributes": {},
    }


def surroundings(compiled: Ruleset) -> dict:
    """A snapshot as reading.read_snapshot gives it, with no account yet."""
    containers = [
        people.BASE,
        *(f"OU={name},{people.BASE}" for name in ("Staff", "Leavers", "Groups")),
    ]
    return {
        "domain": {
            "dn": people.BASE,
            "name": "corp.example",
            "sid": "S-1-5-21-1-2-3",
            "server": "ldaps://127.0.0.1:636",
            "bound_as": "svc-hris@corp.example",
            "bound_sid": "S-1-5-21-1-2-3-1103",
        },
        "schema": _schema(list(dict.fromkeys([*compiled.attributes, *reading.ALWAYS]))),
        "containers": containers + [f"OU={name},OU=Staff,{people.BASE}" for name in DEPARTMENTS],
        "groups": [_group(number, name) for number, name in enumerate(GROUPS)],
        "contacts": [],
        "deleted": [],
        "accounts": [],
    }


def part(tag: int, content: bytes, wide: bool = False) -> bytes:
    """A BER element. wide: as Windows writes it, the length of whatever is constructed in four bytes; Samba uses as few as will do."""
    size = len(content)
    if wide and tag & 0x20:
        return bytes((tag, 0x84)) + size.to_bytes(4, "big") + content
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def answer(dn: str, values: dict[str, list[bytes]], wide: bool = False) -> bytes:
    """The SearchResultEntry (RFC 4511, 4.5.2) of an entry, as ldap_stream.py hands it on."""
    attributes = (
        part(
            0x30,
            part(4, name.encode()) + part(0x31, b"".join(part(4, value) for value in found), wide),
            wide,
        )
        for name, found in values.items()
    )
    return part(0x64, part(4, dn.encode()) + part(0x30, b"".join(attributes), wide), wide)


def answers(size: int, snapshot: dict, changed: int = 100, wide: bool = False) -> Iterator[bytes]:
    """What a directory would send for the accounts of `size` people; every `changed`-th account has another title than HR."""
    asked = {*reading.ACCOUNT, *(info["name"] for info in snapshot["schema"].values())}
    for number in range(size):
        dn, values = people.entry(number, changed)
        yield answer(dn, {name: found for name, found in values.items() if name in asked}, wide)


def decoder(snapshot: dict) -> Callable[[bytes], dict]:
    """What makes an account of a server's answer, as reading.accounts does."""
    decoders = reading.decoders_of(snapshot["schema"])
    return lambda body: reading.account_of(*ldap_messages.decode_entry(body), decoders)
