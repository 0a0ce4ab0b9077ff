# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""proxyAddresses: the addresses of one mailbox, of which one is the primary address.

``SMTP:`` in upper case marks the primary address, ``smtp:`` the others ([MS-OXOABK] 2.2.3.23).
Addresses are compared without case.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

PRIMARY, OTHER = "SMTP:", "smtp:"


def is_primary(text: str) -> bool:
    """Whether a value is a primary address."""
    return text.startswith(PRIMARY)


def address_of(text: str) -> str:
    """What is equal for two values with the same address, primary or not."""
    return text.casefold()


def same_address(text: str) -> str:
    """What is equal for two values that say the same: the address, and whether it is primary."""
    folded = address_of(text)
    return PRIMARY + folded[len(PRIMARY) :] if is_primary(text) else folded


def one_primary(texts: Iterable[str]) -> list[str]:
    """The values in their order, each address once; of several primary ones the first stays so."""
    found: dict[str, str] = {}
    primary: str | None = None
    for text in texts:
        address = address_of(text)
        if is_primary(text):
            if primary is None:
                primary = address
                found[address] = text
                continue
            text = _demoted(text)
        found.setdefault(address, text)
    return list(found.values())


def merged(
    present: Sequence[str], wanted: Sequence[str], domains: Collection[str] = ()
) -> list[str]:
    """The present values and the wanted ones. domains: in lower case; of their mail addresses only
    those stay that are wanted.

    A wanted primary address takes the place of the present one, which stays as an alias. A primary
    address that is wanted only as an alias stays primary, where none other is wanted.
    """
    given = one_primary(wanted)
    has_primary = any(map(is_primary, given))
    present = one_primary(text for text in present if not _is_of(text, domains))
    if has_primary:
        present = [_demoted(text) for text in present]
    addresses = {address_of(text): text for text in given}
    kept = []
    for text in present:
        other = addresses.get(address_of(text))
        if other is None or (is_primary(text) and not is_primary(other)):
            kept.append(text)
        else:
            kept.append(other)
    known = set(map(address_of, kept))
    return kept + [text for text in given if address_of(text) not in known]


def _is_of(text: str, domains: Collection[str]) -> bool:
    address = address_of(text)
    return address.startswith(OTHER) and address.rpartition("@")[2] in domains


def _demoted(text: str) -> str:
    return OTHER + text[len(PRIMARY) :] if is_primary(text) else text
