# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of an endpoint's options: combinations that cannot mean anything are refused."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...errors import HrisError, did_you_mean
from ...option_names import option_name
from .options import EndpointOptions, PagingOptions

# Names of headers and parameters that hold nothing but credentials
_CREDENTIAL_HEADER = re.compile(
    r"(proxy-)?authorization|cookie|x-(api|auth)-(key|token)", re.IGNORECASE
)
_CREDENTIAL_PARAMETER = re.compile(
    r"api[-_]?key|(access|auth|api)[-_]?token|client[-_]?secret|password|secret", re.IGNORECASE
)
# type of paging: the options that it needs and those that it takes
_NEEDS = {"cursor": ("next",)}
_TAKES = {
    "none": ("total",),
    "page": ("parameter", "first", "size_parameter", "size", "stop", "total"),
    "offset": ("parameter", "first", "size_parameter", "size", "stop", "total"),
    "cursor": ("parameter", "size_parameter", "size", "next", "stop", "total"),
    "link": ("size_parameter", "size", "next", "stop", "total"),
}


def check_endpoint(options: EndpointOptions, place: str, before: Sequence[EndpointOptions]) -> None:
    """Raise HrisError for options that do not fit together.

    before: the endpoints above this one; none for the first.
    """
    if options.name in [other.name for other in before]:
        raise HrisError("two endpoints have this name", f"{place}.name")
    _check_url(options, place)
    _check_credentials(options, place)
    _check_file(options, place)
    _check_dependent(options, place, before)
    if before:
        _check_key(options, place, before[0])
    elif options.match or options.into or options.many or options.dependent:
        raise HrisError(
            "the first endpoint says who there is; it cannot belong to another",
            place,
            "match, into, many and dependent are for the endpoints that follow",
        )
    _check_join(options, place)
    _check_paging(options, f"{place}.paging")


def _check_url(options: EndpointOptions, place: str) -> None:
    if options.url and "?" in options.url.partition("{")[0]:
        raise HrisError(
            "the address carries a query",
            f"{place}.url",
            "Give what stands behind the question mark as params",
        )


def _check_credentials(options: EndpointOptions, place: str) -> None:
    for name in options.headers or {}:
        if _CREDENTIAL_HEADER.fullmatch(str(name)):
            raise _credentials_error(f"{place}.headers.{name}", f"key_name {name}")
    for name in options.params or {}:
        if _CREDENTIAL_PARAMETER.fullmatch(str(name)):
            hint = f"key_name {name} and key_location query"
            raise _credentials_error(f"{place}.params.{name}", hint)


def _credentials_error(place: str, hint: str) -> HrisError:
    return HrisError(
        "credentials do not belong here, where logs show them",
        place,
        f"Use auth, such as type api_key with {hint}",
    )


def _check_file(options: EndpointOptions, place: str) -> None:
    if options.file is None:
        return
    for name in ("skip_lines", "skip_last_lines"):
        if getattr(options.table, name) < 0:
            raise HrisError("the number of lines is negative", f"{place}.{name}", "Give 0 or more")
    of_requests = {
        "headers": options.headers,
        "params": options.params,
        "body": options.body,
        "dependent": options.dependent,
    }
    for name, value in of_requests.items():
        if value:
            raise HrisError("an endpoint with a file has no such option", f"{place}.{name}")
    if options.file and options.paging.type != "none":
        raise HrisError("a file has no pages", f"{place}.paging.type")


def _check_dependent(
    options: EndpointOptions, place: str, before: Sequence[EndpointOptions]
) -> None:
    if options.dependent is None:
        return
    of, names = options.dependent.of, [other.name for other in before]
    if of not in names:
        raise HrisError(
            f"no endpoint above is called '{of}'", f"{place}.dependent.of", did_you_mean(of, names)
        )
    if options.dependent.concurrency < 1:
        raise HrisError("at least one call at a time is needed", f"{place}.dependent.concurrency")


def _check_key(options: EndpointOptions, place: str, first: EndpointOptions) -> None:
    """first: the endpoint that the others are joined to."""
    if not options.key and not options.dependent:
        raise HrisError(
            "it is not given", f"{place}.key", "It says which employee a record belongs to"
        )
    if not first.key and not options.match and not options.dependent:
        raise HrisError(
            "it is not given",
            option_name(f"endpoints[0] ({first.name}).key"),
            "Other endpoints are joined to it by this key",
        )


def _check_join(options: EndpointOptions, place: str) -> None:
    if options.many and not options.into:
        raise HrisError(
            "several records of one employee need a field that holds them", f"{place}.into"
        )
    belongs = options.into or options.match or options.dependent
    if options.unmatched == "add" and belongs:
        raise HrisError(
            "only an endpoint of employees, with a key, can add any",
            f"{place}.unmatched",
            "Leave out into, match and dependent",
        )


def _check_paging(endpoint: EndpointOptions, place: str) -> None:
    options = endpoint.paging
    _check_paging_type(options, place)
    if (options.size is None) != (options.size_parameter is None):
        raise HrisError("size and size_parameter go together", place)
    numbers = {
        "size": options.size,
        "max_pages": options.max_pages,
        "concurrency": options.concurrency,
    }
    for name, number in numbers.items():
        if number is not None and number < 1:
            raise HrisError(f"{number} is too small", f"{place}.{name}", "It is at least 1")
    if options.concurrency > 1 and (options.type != "page" or not options.total):
        raise HrisError(
            "only pages by number, of a list that states its total, can be read several at a time",
            f"{place}.concurrency",
        )
    in_body = options.location == "body" and options.type != "none"
    if in_body and not isinstance(endpoint.body, dict):
        raise HrisError(
            "the parameters of the pages belong into the body, which is not an object",
            f"{place}.location",
        )


def _check_paging_type(options: PagingOptions, place: str) -> None:
    given = {
        "parameter": options.parameter,
        "first": options.first,
        "size_parameter": options.size_parameter,
        "size": options.size,
        "next": options.next,
        "stop": options.stop,
        "total": options.total,
    }
    for name, value in given.items():
        if value is not None and name not in _TAKES[options.type]:
            message = f"paging of the type {options.type} has no such option"
            raise HrisError(message, f"{place}.{name}")
        if value is None and name in _NEEDS.get(options.type, ()):
            raise HrisError(f"paging of the type {options.type} needs it", f"{place}.{name}")
