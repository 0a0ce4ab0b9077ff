# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Endpoints, compiled once and checked before the first request."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ...data_class import frozen
from ...errors import HrisError, did_you_mean
from ...option_names import option_name
from ...rules.expressions import Expression, compile_answer_rule, compile_rule
from ...web import urls
from .endpoint_checks import check_endpoint
from .macros import Macro, compile_macros
from .options import EndpointOptions, Options, PagingOptions

DEPENDENT = "value"  # the macro that holds the value which a dependent endpoint is called for


@frozen
class Paging:
    """How an endpoint gives its list in pages, with compiled expressions."""

    options: PagingOptions
    next: Expression | None
    stop: Expression | None
    total: Expression | None


@dataclass(frozen=True, eq=False, slots=True)
class Endpoint:
    """One endpoint, compiled."""

    name: str
    place: str  # for messages
    key_place: str  # of its key, the same
    options: EndpointOptions
    url: Macro | None
    file: Macro | None
    headers: Macro
    params: Macro
    body: Macro
    records: Expression | None
    key: Expression | None
    identifier: Expression | None
    match: Expression | None
    value: Expression | None  # of a dependent endpoint
    paging: Paging


def compile_endpoints(options: Options, variables: Mapping[str, Any]) -> list[Endpoint]:
    """The endpoints in their order. variables: what macros may use. Raises HrisError."""
    if not options.endpoints:
        raise HrisError("there is none", option_name("endpoints"), "Give at least one")
    endpoints: list[Endpoint] = []
    for index, one in enumerate(options.endpoints):
        if not one.key and not one.dependent:
            one = replace(one, key=options.key)
        path = f"endpoints[{index}] ({one.name})"
        place = option_name(path)
        check_endpoint(one, place, [endpoint.options for endpoint in endpoints])
        endpoints.append(_compile(one, place, option_name(f"{path}.key"), set(variables)))
    names = [endpoint.name for endpoint in endpoints if not endpoint.options.into]
    for field, name in options.wins.items():
        if name not in names:
            raise HrisError(
                f"no endpoint that gives fields of its own is called '{name}'",
                option_name(f"wins.{field}"),
                did_you_mean(str(name), names),
            )
    return endpoints


def _compile(
    options: EndpointOptions, place: str, key_place: str, variables: Collection[str]
) -> Endpoint:
    known = set(variables)
    value = None
    if options.dependent:
        known.add(DEPENDENT)
        value = compile_rule(options.dependent.value, f"{place}.dependent.value")
    url = options.url
    if url and not set("{}") & set(url) and "://" in url:
        urls.whole(url, f"{place}.url")
    return Endpoint(
        name=options.name,
        place=place,
        key_place=key_place,
        options=options,
        url=_address(url, f"{place}.url", known),
        file=compile_macros(options.file, f"{place}.file", known) if options.file else None,
        headers=compile_macros(options.headers or {}, f"{place}.headers", known),
        params=compile_macros(options.params or {}, f"{place}.params", known),
        body=compile_macros(options.body, f"{place}.body", known),
        records=_answer_rule(options.records, f"{place}.records"),
        key=_rule(options.key, key_place),
        identifier=_rule(options.identifier, f"{place}.identifier"),
        match=_rule(options.match, f"{place}.match"),
        value=value,
        paging=_paging(options.paging, f"{place}.paging"),
    )


def _address(url: str | None, place: str, known: Collection[str]) -> Macro | None:
    """Each inserted value is one part of the path."""
    if not url:
        return None
    return compile_macros(url, place, known, lambda text: urls.path_part(text, place))


def _paging(options: PagingOptions, place: str) -> Paging:
    return Paging(
        options=options,
        next=_answer_rule(options.next, f"{place}.next"),
        stop=_answer_rule(options.stop, f"{place}.stop"),
        total=_answer_rule(options.total, f"{place}.total"),
    )


def _rule(source: str | None, place: str) -> Expression | None:
    if not source:
        return None
    return compile_rule(source, place)


def _answer_rule(source: str | None, place: str) -> Expression | None:
    return compile_answer_rule(source, place) if source and source.strip() else None
