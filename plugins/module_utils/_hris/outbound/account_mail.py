# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The mail about one account: templates, and what they become.

Values come from HR. None of them makes a header, a line of the text, markup, or another recipient.
A password is in no mail: a template that reads a field for one is refused.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from email.headerregistry import Address
from typing import Any

from ..data_class import frozen
from ..errors import HrisError
from ..model.records import Record
from ..option_names import option_name
from ..rules import text_templates
from ..rules.expressions import Expression
from ..rules.text_templates import TextPolicy
from ..rules.values import JSON_BOOLEANS, to_text
from ..secret_texts import HIDDEN, is_secret_name
from ..visible_text import visible
from .mail_messages import has_encoded_word, parse_address
from .objects import EMPLOYEE


def _one_line(value: object) -> str:
    """A value of HR or of the directory: it never begins another line."""
    text = to_text(value, JSON_BOOLEANS) or ""
    return text if text.isprintable() else visible(" ".join(text.split()))


def _as_it_is(value: object) -> str:
    """A value in a header: what is wrong with it must be seen, to be refused."""
    return to_text(value, JSON_BOOLEANS) or ""


_LINES = TextPolicy(to_text=_one_line, missing_is_error=True)
_HEADERS = TextPolicy(to_text=_as_it_is, missing_is_error=True)


@frozen
class MailTemplates:
    """The templates of a mail, compiled."""

    to: Sequence[Expression]
    subject: Expression
    text: Expression
    html: Expression | None

    @property
    def leaves(self) -> list[Expression]:
        """All of them."""
        return [*self.to, self.subject, self.text, *([self.html] if self.html else [])]


@frozen
class RenderedMail:
    """The mail about one account."""

    to: Sequence[Address]
    subject: str
    text: str
    html: str | None


def compile_mail(
    to: Iterable[str], subject: str, text: str, markup: str | None = None
) -> MailTemplates:
    """The templates. markup: HTML; values in it are escaped. Raises HrisError for what does not
    compile, and for what reads a password.
    """
    recipients = [
        text_templates.compile_text(one.strip(), option_name(f"to[{index}]"), _HEADERS)
        for index, one in enumerate(to)
    ]
    if not recipients:
        raise HrisError("the mail has no recipient", option_name("to"), "Name one, such as {mail}")
    compiled_html = None
    if markup:
        place = option_name("html")
        compiled_html = text_templates.compile_text(markup, place, _LINES, html.escape)
    templates = MailTemplates(
        recipients,
        text_templates.compile_text(subject.strip(), option_name("subject"), _HEADERS),
        text_templates.compile_text(text, option_name("text"), _LINES),
        compiled_html,
    )
    for leaf in templates.leaves:
        _check_no_password(leaf)
    return templates


def _check_no_password(leaf: Expression) -> None:
    hint = "Hand it over in another way: docs/initial-passwords.md"
    places = {place for read in leaf.reads for place in read.places}
    for path in sorted({*leaf.paths, *places}):
        if any(map(is_secret_name, path)):
            raise HrisError(
                f"a mail never has a password or another secret: '{'.'.join(path)}'",
                leaf.place,
                hint,
            )
    if leaf.whole or (EMPLOYEE,) in leaf.paths:
        raise HrisError(
            "the template may read any field, also one with a password",
            leaf.place,
            "Name the fields, such as {employee.firstName}",
        )


def render_mail(
    templates: MailTemplates, record: Record, redact: Iterable[str] = ()
) -> RenderedMail:
    """The mail for one account. record: what expressions see. Raises HrisError naming the template
    for a value that is missing, or that would be more than a value; without the value, where the
    template reads a field of redact.
    """
    hidden = _folded(redact)
    try:
        return RenderedMail(
            [_address(leaf, record) for leaf in templates.to],
            _subject(templates.subject, record),
            templates.text.evaluate(record),
            templates.html.evaluate(record) if templates.html else None,
        )
    except HrisError as error:
        if any(leaf.place == error.place and _reads(leaf, hidden) for leaf in templates.leaves):
            raise HrisError("a value is missing or refused; it is hidden", error.place) from None
        raise


def _address(leaf: Expression, record: Record) -> Address:
    """One recipient."""
    text: Any = leaf.evaluate(record)
    if not text:
        raise HrisError(
            "there is no address", leaf.place, "Leave such people out with when of the step"
        )
    address = parse_address(text, leaf.place)
    if not address.addr_spec.isascii():
        raise HrisError(
            f"'{address.addr_spec}' has characters that only some mail servers take", leaf.place
        )
    return address


def _subject(leaf: Expression, record: Record) -> str:
    text = str(leaf.evaluate(record))
    if visible(text) != text or has_encoded_word(text):
        raise HrisError(
            f"a value would end the subject, or change it: '{visible(text)}'",
            leaf.place,
            "Correct the value in HR",
        )
    return text


def shown_mail(
    templates: MailTemplates, mail: RenderedMail, redact: Iterable[str], most: int
) -> Mapping[str, Any]:
    """The mail for a result: without what reads a redacted field, and each text at most ``most``
    characters long.
    """
    hidden = _folded(redact)
    texts = [mail.subject, mail.text, mail.html]
    leaves = [templates.subject, templates.text, templates.html]
    subject, text, markup = (
        _shown(leaf, one, hidden, most) for leaf, one in zip(leaves, texts, strict=True)
    )
    to = [
        _shown(leaf, str(one), hidden, most)
        for leaf, one in zip(templates.to, mail.to, strict=True)
    ]
    return {"to": to, "subject": subject, "text": text, "html": markup}


def _shown(leaf: Expression | None, text: str | None, hidden: set[str], most: int) -> str | None:
    if leaf is None or text is None:
        return None
    if _reads(leaf, hidden):
        return HIDDEN
    return text if len(text) <= most else f"{text[:most]}… ({len(text) - most} more characters)"


def hidden_addresses(
    templates: MailTemplates, mail: RenderedMail, redact: Iterable[str]
) -> list[str]:
    """The recipients that no message shows."""
    hidden = _folded(redact)
    return [
        address.addr_spec
        for leaf, address in zip(templates.to, mail.to, strict=True)
        if _reads(leaf, hidden)
    ]


def _folded(redact: Iterable[str]) -> set[str]:
    return {name.casefold() for name in redact}


def _reads(leaf: Expression, names: set[str]) -> bool:
    """Whether a template reads one of these attributes, or of the fields of HR with these names."""
    return any(name.casefold() in names for path in leaf.paths for name in path)
