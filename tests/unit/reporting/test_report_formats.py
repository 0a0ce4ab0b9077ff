"""The same report as page, Markdown and CSV: nothing that a directory holds is code in any of them."""
from __future__ import annotations

import csv
import html.parser
import io
import json
import re

import plans
import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.reporting import (
    csv_table,
    escaping,
    markdown,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.reporting.packed_data import packed
from ansible_collections.hris.ad.plugins.module_utils._hris.reporting.plan_page import plan_page
from ansible_collections.hris.ad.plugins.module_utils._hris.reporting.plan_view import view_of
from unpacking import unpacked


class Reader(html.parser.HTMLParser):
    """The elements of a page, with their attributes, and the texts of its scripts."""

    def __init__(self, text: str):
        super().__init__()
        self.found, self.scripts = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        if self.found and self.found[-1][0] == "script":
            self.scripts.append(data)


def page_of(plan, journal=None, redact=()):
    return unpacked(plan_page(view_of(plan, journal, list(redact))))


def test_the_page_holds_everything():
    plan = plans.plan_of(50)
    page = Reader(page_of(plan))
    data = json.loads(page.scripts[0])
    assert sum(len(account["changes"]) for account in data["accounts"]) == 50 and len(data["findings"]) == len(plan.findings)


def test_the_page_asks_for_nothing():
    text = page_of(plans.plan_of(10))
    page = Reader(text)
    addresses = [value for _tag, attributes in page.found for name, value in attributes.items() if name in ("src", "href", "action", "srcset", "data", "poster")]
    assert all(address.startswith("#") or address == "data:," for address in addresses)
    assert "url(" not in text and "@import" not in text and "innerHTML" not in text
    assert not [name for _tag, attributes in page.found for name in attributes if name == "style" or name.startswith("on")]
    policy = next(attributes["content"] for tag, attributes in page.found if attributes.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; ") and "unsafe" not in policy and "http" not in policy


def test_names_are_no_code():
    page = Reader(page_of(plans.plan_of(10, evil=True)))
    assert [tag for tag, _attributes in page.found if tag == "script"] == ["script", "script"]
    assert not [tag for tag, _attributes in page.found if tag == "img"]
    assert json.loads(page.scripts[0])["accounts"][0]["key"] == plans.EVIL, "and the name is still whole"


def test_hidden_values_are_not_in_the_data():
    text = page_of(plans.plan_of(50), redact=["title", "mail", "telephoneNumber"])
    assert "(hidden)" in text and "Payroll Officer" not in text and "555" not in text and "user10@example.com" not in text


def test_a_page_without_changes_and_findings():
    page = page_of(plans.bare())
    assert "Nothing to change" in page and 'id="changes"' not in page


@pytest.mark.parametrize("text", ["<!--<script>", "]]>", "&lt;", "\\u003c", "\U0001f600"])
def test_any_text_survives_the_way_through_the_page(text):
    shown = escaping.json_in_html({"a": text})
    assert json.loads(shown) == {"a": text} and not set(shown) & set("<>&") and shown.isascii()


def test_texts_that_pretend():
    assert escaping.in_html("a\u202egpj.exe\x00\ud800") == "a\\u202egpj.exe\\x00\\ud800"
    for text, seen in (("a\u202egpj.exe", "a\\u202egpj.exe"), ("a\u2028b", "a\\u2028b"), ("\ud800", "\\ud800"), ("\x00", "\\x00"), ("a\nb", "a\\nb")):
        assert json.loads(escaping.json_in_html([{"a": text}])) == [{"a": seen}]
    assert escaping.in_fragment("not attempted&q=1") == "not%20attempted%26q%3D1"


@pytest.mark.parametrize(("text", "shown"), [
    ("<b>x</b> & | `y` *z* _u_ [a](b) #1", "&lt;b\\>x&lt;/b\\> &amp; \\| \\`y\\` \\*z\\* \\_u\\_ \\[a\\](b) \\#1"),
    ("hello @admin, mail a@example.com", "hello &#64;admin, mail a@example.com"),
    ("- one\n- two", "\\- one\\\\n- two"),
    ("1. one", "\\1. one"),
    (None, ""),
])
def test_prose_in_markdown(text, shown):
    assert escaping.in_markdown(text) == shown


def test_code_in_markdown():
    assert escaping.code_in_markdown("a|b `c`\nd") == "`a\\|b 'c'\\nd`" and escaping.code_in_markdown("") == ""


@pytest.mark.parametrize(("text", "shown"), [("=1+1", "'=1+1"), ("+61 400", "'+61 400"), ("-1", "'-1"), ("@x", "'@x"), ("\t=1", "\\t=1"), (" =1", "' =1"),
                                             ("\uff1d1", "'\uff1d1"), ("a=1", "a=1"), ("", ""), (None, "")])
def test_cells_are_no_formulas(text, shown):
    assert escaping.cell(text) == shown


def test_csv_has_every_value():
    plan = plans.plan_of(200, evil=True)
    text = csv_table.changes_sheet(view_of(plan, None, []))
    assert text.startswith("\ufeff") and "\r\n" in text
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert {int(row["number"]) for row in rows} == set(range(200))
    assert len(rows) == sum(max(len(change.attributes), 1) for change in plan.changes)
    assert not [cell for row in rows for cell in row.values() if cell[:1] in "=+-@\t\r" and cell]
    (aliases,) = [row for row in rows if row["attribute"] == "proxyAddresses" and row["key"] == "E1002"]
    assert aliases["before"].splitlines() == ["SMTP:user2@example.com", "smtp:sales@example.com"]


def test_csv_says_once_what_is_the_same_for_all_lines_of_a_change():
    text = csv_table.changes_sheet(view_of(plans.plan_of(200), None, []))
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    first, *others = [row for row in rows if row["number"] == "0"]
    assert first["action"] == "create" and first["dn"] and first["reason"] and first["name"] and len(others) == 10
    for row in others:
        assert (row["key"], row["action"], row["state"]) == (first["key"], "create", "planned") and row["attribute"] and row["after"]
        assert not row["dn"] and not row["reason"] and not row["name"]
    nameless = plans.plan_of(3)
    nameless.changes[0].key = None
    text = csv_table.changes_sheet(view_of(nameless, None, []))
    rows = [row for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")) if row["number"] == "0"]
    assert all(row["name"] for row in rows) and len(rows) == 11, "without a key the name says whose line it is"


def test_ten_thousand_new_accounts_are_a_small_page():
    """What was measured: 12 MB of JSON are less than 1 MB here."""
    text = plan_page(view_of(plans.plan_of(10_000), None, []))
    assert len(text) < 500_000 < 2_000_000 < len(unpacked(text))


def test_an_iterator_is_packed_as_a_list():
    data = {"a": iter([{"b": "<"}, 2]), "c": iter([]), "d": [], "e": None}
    assert json.loads(unpacked(f'<script id="data">{packed(data)}</script>').split('"data">')[1].partition("</script>")[0]) == {"a": [{"b": "<"}, 2], "c": [], "d": [], "e": None}
    assert unpacked(f'<script id="data">{packed({})}</script>') == '<script id="data">{}</script>'


def test_markdown_is_bounded_and_says_so():
    view = view_of(plans.plan_of(10_000), None, [])
    text = markdown.plan_markdown(view, 100_000)
    assert len(text) <= markdown.CHARACTERS
    shown, left = len(re.findall(r"^### ", text, re.MULTILINE)), int(re.search(r"and ([\d,]+) more accounts", text)[1].replace(",", ""))
    assert shown > 20 and shown + left == len(view.accounts)
    listed = len(re.findall(r"^- \*\*(?:error|warning|info)\*\* ", text, re.MULTILINE))
    assert listed + int(re.search(r"and ([\d,]+) more findings", text)[1]) == len(view.findings)
    few = markdown.plan_markdown(view, 3)
    assert len(re.findall(r"^### ", few, re.MULTILINE)) == 3 and "and 501 more findings" in few


@pytest.mark.parametrize("whole, words", [
    (None, "that are left out here"), ("https://files.example.com/x.html", "that are left out here. All are in https"), ("/s/<b>.json", "All are in /s/&lt;b"),
])
def test_markdown_of_a_size_says_where_all_are(whole, words):
    view = view_of(plans.plan_of(10_000), None, [])
    text = markdown.plan_markdown(view, 1_000_000, 400_000, whole)
    assert 390_000 < len(text) <= 400_000 and text.count(words) == 1
    shown, left = len(re.findall(r"^### ", text, re.MULTILINE)), int(re.search(r"and ([\d,]+) more accounts", text)[1].replace(",", ""))
    assert shown > 500 and shown + left == len(view.accounts)
    everything = markdown.plan_markdown(view, 1_000_000, 100_000_000, whole)
    assert "left out" not in everything and len(re.findall(r"^### ", everything, re.MULTILINE)) == len(view.accounts)


def test_markdown_of_a_small_plan_leaves_nothing_out():
    text = markdown.plan_markdown(view_of(plans.plan_of(10), None, []), 100)
    assert "more accounts" not in text and "| `title` |  | `Clerk` |" in text and "| place | `CN=Bo Lee,OU=Staff,DC=corp,DC=example` | `CN=Bo Lee,OU=Leavers,DC=corp,DC=example` |" in text
    assert "- **disable**, **high risk: many disables**, last day was 2026-02-27" in text


def test_markdown_has_no_html():
    text = markdown.plan_markdown(view_of(plans.plan_of(10, evil=True), None, []), 100)
    outside = re.sub(r"`[^`]*`", "", text)
    assert "<" not in outside and "@admin" not in outside
