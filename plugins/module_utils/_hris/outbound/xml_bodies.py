# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""XML bodies: a document whose texts are rendered, or an object that becomes elements."""

from __future__ import annotations

import io
import re
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from ..errors import HrisError
from ..model.records import Record
from ..rules.expressions import Expression
from .templates import compile_text, compile_tree, computed, text_of

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NAME = re.compile(r"[A-Za-z_][\w.-]*")
ATTRIBUTE, TEXT = "@", "#text"  # how the names of attributes begin in an object; its text


def compile_xml(body: Any, leaves: list[Expression]) -> Expression:
    """A body of XML: a document as text, or an object {root: content}. Raises HrisError."""
    if isinstance(body, str):
        return _compile_document(body, leaves)
    if not isinstance(body, dict):
        raise HrisError("an XML body is a document, as text, or an object with one name", "body")
    if len(body) != 1:
        raise HrisError("an XML body has one root element", "body", "Give {root: content}")
    tree = compile_tree(body, "body", leaves)

    def render(record: Record) -> Element:
        [(name, content)] = tree.evaluate(record).items()
        return _element(name, content)

    return computed("body", render)


def encode(root: Element) -> bytes:
    """The document of a root element, with its declaration."""
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _compile_document(document: str, leaves: list[Expression]) -> Expression:
    root = _parsed(document)
    texts: dict[str, Expression] = {}
    for element in root.iter():
        place = f"body <{element.tag.rpartition('}')[2]}>"
        for text in (element.text, element.tail, *element.attrib.values()):
            if text and set("{}") & set(text) and text not in texts:
                texts[text] = compile_text(text, place)
    leaves.extend(texts.values())
    source = ElementTree.tostring(root)

    def render(record: Record) -> Element:
        copied = ElementTree.fromstring(source)
        for element in copied.iter():
            element.text = _rendered(texts, element.text, record)
            element.tail = _rendered(texts, element.tail, record)
            for name, text in list(element.attrib.items()):
                element.set(name, _rendered(texts, text, record) or "")
        return copied

    return computed("body", render)


def _parsed(document: str) -> Element:
    if re.search(r"<!(DOCTYPE|ENTITY)", document, re.IGNORECASE):
        raise HrisError("an XML body declares neither a document type nor entities", "body")
    try:
        for _event, (prefix, address) in ElementTree.iterparse(
            io.StringIO(document), events=("start-ns",)
        ):
            if prefix and not re.fullmatch(r"ns\d+", prefix):
                # The prefixes are written as they were read.
                ElementTree.register_namespace(prefix, address)
        return ElementTree.fromstring(document)
    except ElementTree.ParseError as error:
        raise HrisError(f"the XML does not parse: {error}", "body") from None


def _rendered(texts: dict[str, Expression], text: str | None, record: Record) -> str | None:
    if text is None or text not in texts:
        return text
    return _clean(texts[text].evaluate(record) or "")


def _element(name: str, content: Any) -> Element:
    """The element of a name and its content.

    The names of an object become elements, '@name' attributes, and '#text' the text. A list
    repeats the element.
    """
    element = Element(_checked_name(name))
    if not isinstance(content, dict):
        element.text = _scalar(content, name)
        return element
    for child, value in content.items():
        if child.startswith(ATTRIBUTE):
            element.set(_checked_name(child[1:]), _scalar(value, child) or "")
        elif child == TEXT:
            element.text = _scalar(value, name)
        else:
            items = value if isinstance(value, list) else [value]
            element.extend(_element(child, item) for item in items if item is not None)
    return element


def _checked_name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise HrisError(f"'{name}' cannot be the name of an element or attribute", "body")
    return name


def _scalar(value: Any, name: str) -> str | None:
    return _clean(text_of(value, f"body <{name}>")) or None


def _clean(text: str) -> str:
    """The text without the characters that XML cannot hold."""
    return _NOT_IN_XML.sub("", text)
