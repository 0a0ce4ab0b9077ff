"""The collection without I/O: accounts from the bytes that a directory would send, and the snapshot
that they belong to.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from datetime import datetime, timezone

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.hris.ad.plugins.module_utils._hris.directory import (
    account_entries,
    reading,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.search_entries import (
    entry_decoder,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.model.directory import (
    Account,
    AttributeDefinition,
    Domain,
    Group,
    Snapshot,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.compile_ruleset import (
    compile_ruleset,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.options import ARGUMENTS
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.ruleset import Ruleset

from lab.seed import DEPARTMENTS

from . import people, rules

AS_OF = datetime(2026, 3, 2, tzinfo=timezone.utc)
# rangeUpper in the real schema, of the texts that the rules use; all others have at most 64
# characters
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
SEVERAL_VALUES = ("extensionName", "proxyAddresses")
SYNTAXES = {"manager": "dn", "accountExpires": "large_integer", "whenCreated": "time"}
COMPUTED = ("cn", "whenCreated")


def ruleset() -> Ruleset:
    """The rules of the bench, compiled as the module compiles them."""
    checked = ArgumentSpecValidator(ARGUMENTS).validate(copy.deepcopy(rules.OPTIONS))
    if checked.error_messages:
        raise ValueError("; ".join(checked.error_messages))
    return compile_ruleset(checked.validated_parameters)


def _definition(name: str) -> AttributeDefinition:
    return AttributeDefinition(
        name=name,
        syntax=SYNTAXES.get(name, "text"),
        single=name not in SEVERAL_VALUES,
        lower=1,
        upper=None if name in SYNTAXES else LENGTHS.get(name, 64),
        writable=name not in COMPUTED,
        linked="forward" if name == "manager" else None,
    )


def _group(name: str, number: int) -> Group:
    return Group(
        guid=f"00000000-0000-0000-0000-{number:012}",
        dn=f"CN={name},{people.GROUPS_OU}",
        sid=f"S-1-5-21-1-2-3-{number}",
        name=name,
        cn=name,
        groups=[],
        attributes={},
    )


def empty_snapshot(compiled: Ruleset) -> Snapshot:
    """A snapshot as reading.read_snapshot makes it, with no account yet."""
    base = people.BASE
    upper = [base, *(f"OU={name},{base}" for name in ("Staff", "Leavers", "Groups"))]
    names = dict.fromkeys([*compiled.attributes, *reading.ALWAYS])
    return Snapshot(
        domain=Domain(
            dn=base,
            name="corp.example",
            sid="S-1-5-21-1-2-3",
            server="ldaps://127.0.0.1:636",
            bound_as="svc-hris@corp.example",
            bound_sid="S-1-5-21-1-2-3-1103",
        ),
        schema={name.lower(): _definition(name) for name in names},
        containers=upper + [f"OU={name},OU=Staff,{base}" for name in DEPARTMENTS],
        groups=[_group(*item) for item in people.GROUP_NUMBERS.items()],
        accounts=[],
        contacts=[],
        deleted=[],
    )


def element(tag: int, content: bytes, wide: bool = False) -> bytes:
    """A BER element.

    wide: as Windows encodes it, the length of every constructed element in four bytes; Samba uses
    as few as possible.
    """
    size = len(content)
    if wide and tag & 0x20:
        return bytes((tag, 0x84)) + size.to_bytes(4, "big") + content
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def search_entry(dn: str, values: people.RawValues, wide: bool = False) -> bytes:
    """The SearchResultEntry (RFC 4511, 4.5.2) of an entry, as ldap_stream.py passes it on."""
    attributes = (_attribute(name, texts, wide) for name, texts in values.items())
    content = element(4, dn.encode()) + element(0x30, b"".join(attributes), wide)
    return element(0x64, content, wide)


def _attribute(name: str, values: list[bytes], wide: bool) -> bytes:
    encoded = b"".join(element(4, value) for value in values)
    return element(0x30, element(4, name.encode()) + element(0x31, encoded, wide), wide)


def search_entries(
    size: int, snapshot: Snapshot, changed: int = 100, wide: bool = False
) -> Iterator[bytes]:
    """What a directory would send for the accounts of `size` people; every `changed`-th account has
    another title than HR.
    """
    wanted = {
        *account_entries.ACCOUNT,
        *(definition.name for definition in snapshot.schema.values()),
    }
    for number in range(size):
        dn, values = people.entry(number, changed)
        asked = {name: texts for name, texts in values.items() if name in wanted}
        yield search_entry(dn, asked, wide)


def decoder(snapshot: Snapshot) -> Callable[[bytes], Account]:
    """The function that makes an account of a SearchResultEntry, as reading.read_accounts does."""
    form = account_entries.account_form(snapshot.schema)
    decode = entry_decoder(form.decoders)
    return lambda body: account_entries.account_of(decode(body), form)
