# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bodies of calls: JSON, a form, XML or text, rendered from one object.

No value of an attribute can change the form of a body: JSON and XML are built as structures and
written by the standard library, a form is encoded by it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from ..errors import HrisError
from ..model.records import Record
from ..rules.expressions import Expression
from . import xml_bodies
from .templates import compile_leaf, compile_text, compile_tree, computed, text_of

CONTENT_TYPES = {  # by message type
    "json": "application/json",
    "form": "application/x-www-form-urlencoded",
    "xml": "application/xml; charset=utf-8",
    "text": "text/plain; charset=utf-8",
}


def compile_body(
    body: Any, message_type: str, omit_empty: bool, leaves: list[Expression]
) -> Expression | None:
    """The content of a body; None when the webhook sends none.

    body: the option, JSON or text. Its evaluation gives JSON for JSON and forms, an element for
    XML, and text for text. leaves: the compiled texts are added to it. Raises HrisError.
    """
    if body is None or body == "":
        return None
    if message_type == "xml":
        return xml_bodies.compile_xml(body, leaves)
    if message_type == "text":
        return _one_text(compile_text(body, "body"), leaves)
    if message_type == "json" and isinstance(body, str):
        return _one_text(compile_leaf(body, "body"), leaves)
    if message_type == "form" and not isinstance(body, dict):
        raise HrisError("the body of a form is an object of names and values", "body")
    tree = compile_tree(body, "body", leaves)
    if not omit_empty:
        return tree
    return computed("body", lambda record: without_empty(tree.evaluate(record)))


def _one_text(text: Expression, leaves: list[Expression]) -> Expression:
    leaves.append(text)
    return text


def encode(content: Any, message_type: str) -> bytes:
    """The bytes of an evaluated body. Raises HrisError for a value that has no such form."""
    return _ENCODERS[message_type](content)


def _encode_json(content: Any) -> bytes:
    try:
        text = json.dumps(content, ensure_ascii=False, allow_nan=False)
    except ValueError:
        raise HrisError(
            "the body holds a number that JSON has not (NaN or Infinity)", "body"
        ) from None
    return text.encode("utf-8", errors="replace")


def _encode_form(content: Record) -> bytes:
    pairs = []
    for name, value in content.items():
        pairs += [(name, text) for text in _form_texts(value, f"body.{name}")]
    return urlencode(pairs, errors="replace").encode("ascii")


def _encode_text(content: str) -> bytes:
    return content.encode("utf-8", errors="replace")


_ENCODERS: dict[str, Callable[[Any], bytes]] = {
    "json": _encode_json,
    "form": _encode_form,
    "xml": xml_bodies.encode,
    "text": _encode_text,
}


def _form_texts(value: Any, place: str) -> list[str]:
    """The values of one name in a form: none for null, several for a list."""
    items = value if isinstance(value, list) else [value]
    return list(filter(None, (text_of(item, place) for item in items)))


def without_empty(value: Any) -> Any:
    """A JSON structure without nulls, empty texts, and objects and lists of nothing else."""
    if isinstance(value, dict):
        members = {name: without_empty(item) for name, item in value.items()}
        return {name: item for name, item in members.items() if not _is_empty(item)}
    if isinstance(value, list):
        return [item for item in map(without_empty, value) if not _is_empty(item)]
    return value


def _is_empty(value: Any) -> bool:
    return value in (None, "", {}, [])
