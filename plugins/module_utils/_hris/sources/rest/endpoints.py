# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Endpoints as an administrator describes them, compiled once and checked before the first request."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ...errors import HrisError, did_you_mean
from ...rules.expressions import Expression, compile_condition, compile_rule
from ...web import urls
from .macros import compile_macros

# Names of headers and parameters that hold nothing but credentials
_CREDENTIALS = {
    "headers": re.compile(r"(proxy-)?authorization|cookie|x-(api|auth)-(key|token)", re.IGNORECASE),
    "params": re.compile(
        r"api[-_]?key|(access|auth|api)[-_]?token|client[-_]?secret|password|secret", re.IGNORECASE
    ),
}
DEPENDENT = "value"  # the macro that holds the value which a dependent endpoint is called for


@dataclass(frozen=True, eq=False)
class Endpoint:
    """One endpoint. ``url``, ``file``, ``headers``, ``params`` and ``body`` are callables as of macros.compile_macros."""

    name: str
    place: str
    settings: dict  # the options as given
    url: Callable | None
    file: Callable | None
    headers: Callable
    params: Callable
    body: Callable
    records: Expression | None
    key: Expression | None
    match: Expression | None
    paging: dict  # the options, with next, stop and total compiled
    value: Expression | None  # of a dependent one


def compile_endpoints(settings: dict, variables: dict) -> list[Endpoint]:
    """The endpoints of endpoint_options.ARGUMENTS, in their order. Raises HrisError naming the place.

    variables: what macros may use.
    """
    if not settings["endpoints"]:
        raise HrisError("there is none", "endpoints", "Give at least one")
    found: list[Endpoint] = []
    for index, options in enumerate(settings["endpoints"]):
        place = f"endpoints[{index}] ({options['name']})"
        endpoint = _compile(
            {
                **options,
                "key": options["key"] or (None if options["dependent"] else settings["key"]),
            },
            place,
            variables,
        )
        _check(endpoint, found)
        found.append(endpoint)
    names = [endpoint.name for endpoint in found if not endpoint.settings["into"]]
    for field, name in settings["wins"].items():
        if name not in names:
            raise HrisError(
                f"no endpoint that gives fields of its own is called '{name}'",
                f"wins.{field}",
                did_you_mean(str(name), names),
            )
    return found


def _compile(options: dict, place: str, variables: dict) -> Endpoint:
    known = set(variables) | ({DEPENDENT} if options["dependent"] else set())
    paging = dict(options["paging"])
    for name in ("next", "total"):
        paging[name] = _rule(paging[name], f"{place}.paging.{name}")
    paging["stop"] = (
        compile_condition(paging["stop"], f"{place}.paging.stop") if paging["stop"] else None
    )
    if options["url"] and not set("{}") & set(options["url"]) and "://" in options["url"]:
        urls.whole(options["url"], f"{place}.url")
    return Endpoint(
        name=options["name"],
        place=place,
        settings=options,
        url=compile_macros(options["url"], f"{place}.url", known) if options["url"] else None,
        file=compile_macros(options["file"], f"{place}.file", known) if options["file"] else None,
        headers=compile_macros(options["headers"] or {}, f"{place}.headers", known),
        params=compile_macros(options["params"] or {}, f"{place}.params", known),
        body=compile_macros(options["body"], f"{place}.body", known),
        records=_rule(options["records"], f"{place}.records"),
        key=_rule(options["key"], f"{place}.key"),
        match=_rule(options["match"], f"{place}.match"),
        paging=paging,
        value=_rule(options["dependent"]["value"], f"{place}.dependent.value")
        if options["dependent"]
        else None,
    )


def _rule(source: str | None, place: str) -> Expression | None:
    return compile_rule(source, place) if source else None


def _check(endpoint: Endpoint, before: list[Endpoint]) -> None:
    """Refuse what could not mean anything. before: the endpoints that stand above this one."""
    options, place, names = endpoint.settings, endpoint.place, [other.name for other in before]
    if endpoint.name in names:
        raise HrisError("two endpoints have this name", f"{place}.name")
    if endpoint.url and "?" in options["url"].partition("{")[0]:
        raise HrisError(
            "the address carries a query",
            f"{place}.url",
            "Give what stands behind the question mark as params",
        )
    for kind, pattern in _CREDENTIALS.items():
        for name in options[kind] or {}:
            if pattern.fullmatch(str(name)):
                raise HrisError(
                    "credentials do not belong here, where logs show them",
                    f"{place}.{kind}.{name}",
                    f"Use auth, such as type api_key with key_name {name}"
                    + (" and key_location query" if kind == "params" else ""),
                )
    for name in () if options["file"] is None else ("headers", "params", "body", "dependent"):
        if options[name]:
            raise HrisError("a file has no such thing", f"{place}.{name}")
    if options["file"] and options["paging"]["type"] != "none":
        raise HrisError("a file has no pages", f"{place}.paging.type")
    if options["dependent"] and options["dependent"]["of"] not in names:
        raise HrisError(
            f"no endpoint above is called '{options['dependent']['of']}'",
            f"{place}.dependent.of",
            did_you_mean(options["dependent"]["of"], names),
        )
    if options["dependent"] and options["dependent"]["concurrency"] < 1:
        raise HrisError("at least one call at a time is needed", f"{place}.dependent.concurrency")
    if before and not (endpoint.key or endpoint.value):
        raise HrisError(
            "it is not given", f"{place}.key", "It says which employee a record belongs to"
        )
    if before and not (before[0].key or endpoint.match or endpoint.value):
        raise HrisError(
            "it is not given",
            f"{before[0].place}.key",
            "Other endpoints are joined to it by this key",
        )
    if not before and (
        options["match"] or options["into"] or options["many"] or options["dependent"]
    ):
        raise HrisError(
            "the first endpoint says who there is; it cannot belong to another",
            place,
            "match, into, many and dependent are for the endpoints that follow",
        )
    if options["many"] and not options["into"]:
        raise HrisError(
            "several records of one employee need a field that holds them", f"{place}.into"
        )
    if options["unmatched"] == "add" and (
        options["into"] or options["match"] or options["dependent"]
    ):
        raise HrisError(
            "only an endpoint of employees, with a key, can add any",
            f"{place}.unmatched",
            "Leave out into, match and dependent",
        )
    _check_paging(options["paging"], endpoint, f"{place}.paging")


_NEEDS = {"none": (), "page": (), "offset": (), "cursor": ("next",), "link": ()}
_TAKES = {
    "none": ("total",),
    "page": ("parameter", "first", "size_parameter", "size", "stop", "total"),
    "offset": ("parameter", "first", "size_parameter", "size", "stop", "total"),
    "cursor": ("parameter", "size_parameter", "size", "next", "stop", "total"),
    "link": ("size_parameter", "size", "next", "stop", "total"),
}


def _check_paging(options: dict, endpoint: Endpoint, place: str) -> None:
    kind = options["type"]
    for name in ("parameter", "first", "size_parameter", "size", "next", "stop", "total"):
        if options[name] is not None and name not in _TAKES[kind]:
            raise HrisError(f"paging of the type {kind} has no such option", f"{place}.{name}")
        if options[name] is None and name in _NEEDS[kind]:
            raise HrisError(f"paging of the type {kind} needs it", f"{place}.{name}")
    if (options["size"] is None) != (options["size_parameter"] is None):
        raise HrisError("size and size_parameter go together", place)
    for name in ("size", "max_pages", "concurrency"):
        if options[name] is not None and options[name] < 1:
            raise HrisError(f"{options[name]} is too small", f"{place}.{name}", "It is at least 1")
    if options["concurrency"] > 1 and (kind != "page" or not options["total"]):
        raise HrisError(
            "only pages by number, of a list that states its total, are read several at a time",
            f"{place}.concurrency",
        )
    if (
        options["location"] == "body"
        and kind != "none"
        and not isinstance(endpoint.settings["body"], dict)
    ):
        raise HrisError(
            "the parameters of the pages go into the body, which is no object", f"{place}.location"
        )
