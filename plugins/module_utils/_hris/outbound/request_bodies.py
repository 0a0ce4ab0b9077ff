# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bodies of calls: JSON, a form, XML or text, rendered from one object.

Nothing that an attribute holds can change the form of a body: JSON and XML are built as structures and written by the standard
library, a form is encoded by it.
"""

from __future__ import annotations

import io
import json
import re
from urllib.parse import urlencode
from xml.etree import ElementTree

from ..errors import HrisError
from ..rules.expressions import Expression
from .templates import compile_leaf, compile_text, compile_tree, written

TYPES = {
    "json": "application/json",
    "form": "application/x-www-form-urlencoded",
    "xml": "application/xml; charset=utf-8",
    "text": "text/plain; charset=utf-8",
}
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def compile_body(body, message_type: str, omit_empty: bool, leaves: list) -> Expression | None:
    """What evaluates to a body's content: a value for JSON and forms, an element for XML, text for text; None without a body."""
    if body is None or body == "":
        return None
    if message_type == "text":
        found = compile_text(body, "body")
    elif message_type == "xml":
        return _xml(body, leaves)
    elif isinstance(body, str) and message_type == "json":
        found = compile_leaf(body, "body")
    elif message_type == "form" and not isinstance(body, dict):
        raise HrisError("the body of a form is an object of name and value", "body")
    else:
        found = compile_tree(body, "body", leaves)
        if not omit_empty:
            return found
        return Expression(
            found.source,
            found.place,
            lambda record: without_empty(found.evaluate(record)),
            found.paths,
        )
    leaves.append(found)
    return found


def encode(value, message_type: str) -> bytes:
    """The bytes of an evaluated body. Raises HrisError for what cannot be written in this form."""
    if message_type == "json":
        return json.dumps(value, ensure_ascii=False).encode("utf-8", errors="replace")
    if message_type == "form":
        return urlencode(
            [(name, text) for name, item in value.items() for text in _texts(item, f"body.{name}")]
        ).encode("ascii")
    if message_type == "xml":
        return ElementTree.tostring(value, encoding="utf-8", xml_declaration=True)
    return value.encode("utf-8", errors="replace")


def without_empty(value):
    """A structure without nulls, empty texts, and what consists of nothing else."""
    if isinstance(value, dict):
        kept = {name: without_empty(item) for name, item in value.items()}
        return {name: item for name, item in kept.items() if item not in (None, "", {}, [])}
    if isinstance(value, list):
        return [item for item in map(without_empty, value) if item not in (None, "", {}, [])]
    return value


def _texts(value, place: str) -> list[str]:
    """A form's values of one name: none for nothing, several for a list."""
    return [
        text
        for item in (value if isinstance(value, list) else [value])
        if (text := written(item, place))
    ]


def _xml(body, leaves: list) -> Expression:
    """A body of XML: a document as text, whose texts and attributes are rendered, or {root: content}."""
    if isinstance(body, dict):
        if len(body) != 1:
            raise HrisError("an XML body has one root element", "body", "Give {root: content}")
        tree = compile_tree(body, "body", leaves)
        return Expression(
            "",
            "body",
            lambda record: _element(*next(iter(tree.evaluate(record).items()))),
            frozenset(),
        )
    if not isinstance(body, str):
        raise HrisError("an XML body is a document, as text, or an object with one name", "body")
    texts: dict = {}
    root = _parsed(body)
    for element in root.iter():
        for text in (element.text, element.tail, *element.attrib.values()):
            if text and ("{" in text or "}" in text) and text not in texts:
                texts[text] = compile_text(text, f"body <{element.tag.rpartition('}')[2]}>")
    leaves.extend(texts.values())

    def render(record):
        made = ElementTree.fromstring(ElementTree.tostring(root))
        for element in made.iter():
            element.text, element.tail = (
                _rendered(texts, text, record) for text in (element.text, element.tail)
            )
            for name, text in list(element.attrib.items()):
                element.set(name, _rendered(texts, text, record) or "")
        return made

    return Expression("", "body", render, frozenset())


def _parsed(document: str):
    if re.search(r"<!(DOCTYPE|ENTITY)", document, re.IGNORECASE):
        raise HrisError("an XML body declares neither a document type nor entities", "body")
    try:
        for _event, (prefix, address) in ElementTree.iterparse(
            io.StringIO(document), events=("start-ns",)
        ):
            if prefix and not re.fullmatch(r"ns\d+", prefix):
                ElementTree.register_namespace(
                    prefix, address
                )  # so that it is written as it was read
        return ElementTree.fromstring(document)
    except ElementTree.ParseError as error:
        raise HrisError(f"the XML does not parse: {error}", "body") from None


def _rendered(texts: dict, text, record):
    return _clean(texts[text].evaluate(record) or "") if text in texts else text


def _element(name: str, content):
    """An element of a structure: an object's names become elements, '@name' attributes, '#text' text; a list repeats the element."""
    for word in (
        name,
        *(
            child[1:]
            for child in (content if isinstance(content, dict) else ())
            if child.startswith("@")
        ),
    ):
        if not re.fullmatch(r"[A-Za-z_][\w.-]*", word):
            raise HrisError(f"'{word}' cannot be the name of an element or attribute", "body")
    made = ElementTree.Element(name)
    if not isinstance(content, dict):
        made.text = _scalar(content, name)
        return made
    for child, value in content.items():
        if child.startswith("@"):
            made.set(child[1:], _scalar(value, child) or "")
        elif child == "#text":
            made.text = _scalar(value, name)
        else:
            for item in value if isinstance(value, list) else [value]:
                if item is not None:
                    made.append(_element(child, item))
    return made


def _scalar(value, name: str) -> str | None:
    return _clean(written(value, f"body <{name}>")) or None


def _clean(text: str) -> str:
    """Without the characters that no XML may hold."""
    return _NOT_IN_XML.sub("", text)
