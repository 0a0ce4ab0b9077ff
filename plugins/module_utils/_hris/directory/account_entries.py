# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts, from the entries of a search. Pure: no socket."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple

from ..ad_values.binary_ids import guid_text, sid_text
from ..ad_values.user_account_control import is_enabled
from ..model.directory import Account, AttributeDefinition, AttributeValues
from ..shared_names import shared_names
from .cloud_governed import CloudMark, governed_by
from .search_entries import REMEMBERED, Decoders, Entry, RawAttributes, SearchEntry, Texts
from .values import decoder, name_text, plain_text

# What every account has, whatever the rules name: identity and protection
ACCOUNT: Decoders = {
    "objectGUID": guid_text,
    "objectSid": sid_text,
    "userAccountControl": plain_text,
    "primaryGroupID": plain_text,
    "adminCount": plain_text,
    "isCriticalSystemObject": plain_text,
    "memberOf": name_text,
}

Schema = Mapping[str, AttributeDefinition]  # {attribute in lower case: definition}


class AccountForm(NamedTuple):
    """What a search for accounts asks for, and what becomes of it."""

    decoders: Decoders  # of every attribute that is asked for
    inner: tuple[str, ...]  # those of them that an account shows as its fields only
    cloud: CloudMark | None  # None where nobody asks who governs an account
    new_values: Callable[[], AttributeValues]  # an empty dictionary for those of one object


def account_form(known: Schema, cloud: CloudMark | None = None) -> AccountForm:
    """The form of accounts. known: definitions of the attributes that they carry."""
    carried = decoders_of(known)
    asked = {**ACCOUNT, **carried}
    if cloud:
        asked.setdefault(cloud.attribute, plain_text)
    inner = tuple(name for name in asked if name not in carried)
    return AccountForm(asked, inner, cloud, shared_names())


def decoders_of(known: Schema) -> Decoders:
    """{attribute: from one of its values to its text}. known: definitions of the attributes."""
    return {one.name: decoder(one.name, one.syntax) for one in known.values()}


def texts_of(raw: RawAttributes, decoders: Decoders) -> Texts:
    """The values as texts, of attributes that have any and a decoder."""
    return {
        name: list(map(decoders[name], values))
        for name, values in raw.items()
        if values and name in decoders
    }


def account_of(entry: Entry[str], form: AccountForm) -> Account:
    """An account from an entry, which has at least ACCOUNT."""
    dn, texts = entry
    uac = _number(texts.get("userAccountControl", _ZERO)[0])
    return Account(
        guid=texts["objectGUID"][0],
        dn=dn,
        sid=texts["objectSid"][0],
        enabled=is_enabled(uac),
        uac=uac,
        primary_group=_number(texts.get("primaryGroupID", _ZERO)[0]),
        admin_count=int(texts.get("adminCount", _ZERO)[0]) > 0,
        critical=texts.get("isCriticalSystemObject") == _TRUE,
        groups=texts.get("memberOf", _NONE),
        governed=governed_by(texts, form.cloud) if form.cloud else "",
        attributes=shown(texts, form),
    )


def account_of_raw(entry: SearchEntry, form: AccountForm) -> Account:
    """The same from an entry whose values are bytes."""
    dn, raw = entry
    return account_of((dn, texts_of(raw, form.decoders)), form)


def shown(texts: Texts, form: AccountForm) -> AttributeValues:
    """The attributes that an object carries; the texts are used up."""
    for name in form.inner:
        texts.pop(name, None)
    for name, other in _ALIKE:
        one = texts.get(other)
        if one and texts.get(name) == one:
            texts[name] = one
    values = form.new_values()
    for name, one in texts.items():
        values[name] = one
    return values


# Names that most companies keep equal: then one text is enough for both
_ALIKE = (("displayName", "cn"), ("mail", "userPrincipalName"))
_ZERO, _TRUE = ["0"], ["TRUE"]
_NONE: list[str] = []
_number = lru_cache(REMEMBERED)(int)
