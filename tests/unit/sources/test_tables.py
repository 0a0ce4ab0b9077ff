# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files as programs write them: what stands around the names, delimiters, encodings, words for no value, and Excel's own files."""
from __future__ import annotations

import datetime

import openpyxl
import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.sources import xlsx_files
from ansible_collections.hris.ad.plugins.module_utils._hris.sources.table_rows import TableOptions
from ansible_collections.hris.ad.plugins.module_utils._hris.sources.tables import read_file

LEE = {"id": "1", "last": "Lee", "end": None}
RAY = {"id": "2", "last": "Ray", "end": "2026-06-30"}
BOTH = [LEE, RAY]
NAMES = "id;last;end\n"
ROWS = "1;Lee;\n2;Ray;2026-06-30\n"


def read(tmp_path, content, name="export.csv", **given):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_file(str(path), options=TableOptions(**given))


@pytest.mark.parametrize(("content", "given"), [
    (NAMES + ROWS, {}),
    ("\ufeff" + NAMES + ROWS, {}),
    ("\ufeff" + NAMES + ROWS, {"encoding": "utf_8"}),
    ("\ufeff" + NAMES + ROWS, {"encoding": "UTF8"}),
    ("\ufeff" + NAMES + ROWS, {"encoding": "utf-8-sig"}),
    ((NAMES + ROWS).encode("utf-16"), {"encoding": "utf-16"}),
    ((NAMES + ROWS).encode("utf-16-le"), {"encoding": "utf-16-le"}),
    # Lines for programs
    ("sep=;\n" + NAMES + ROWS, {}),
    ("\ufeffsep=;\r\n" + NAMES + ROWS, {}),
    ("SEP=;\n" + NAMES + ROWS, {}),
    ('"sep=;"\n' + NAMES + ROWS, {}),
    ("sep=_\n" + (NAMES + ROWS).replace(";", "_"), {}),
    ('#TYPE System.Management.Automation.PSCustomObject\n"id";"last";"end"\n"1";"Lee";""\n"2";"Ray";"2026-06-30"\n', {}),
    ('#TYPE Selected.Microsoft.ActiveDirectory.Management.ADUser\n' + NAMES + ROWS, {"skip_lines": 1}),
    # Lines above the names, below the last employee
    ("Staff list\n\n" + NAMES + ROWS, {"skip_lines": 2}),
    ('Report "all; of" it\n"open quote\n' + NAMES + ROWS, {"skip_lines": 2}),
    ("\n\n" + NAMES + ROWS, {}),
    (NAMES + ROWS + "Total;2\n", {"skip_last_lines": 1}),
    (NAMES + ROWS + "\nTotal: 2\nprinted on Monday\n\n\n", {"skip_last_lines": 2}),
    # Delimiters behind each line, too many of them, and empty columns
    ("id;last;end;\n1;Lee;;\n2;Ray;2026-06-30;\n", {}),
    ("id;last;end\n1;Lee;;\n2;Ray;2026-06-30;\n", {}),
    ("id;last;end;;;\n1;Lee;;;;\n2;Ray;2026-06-30;;;\n;;;;;\n", {}),
    ("id;;last;end\n1;;Lee;\n2;;Ray;2026-06-30\n", {}),
    # Columns twice that always have the same values
    ("id;last;id;end\n1;Lee;1;\n2;Ray;2;2026-06-30\n", {}),
    # Blanks and quotes, line ends of all systems, and more commas in a quoted name than semicolons
    ("id, last, end\n1, Lee, \n2, Ray, 2026-06-30\n", {}),
    ('id, last, end\n1, "Lee", \n2, "Ray", "2026-06-30"\n', {}),
    ((NAMES + ROWS).replace("\n", "\r"), {}),
    ((NAMES + ROWS).replace("\n", "\r\n"), {}),
    ("\u200bid;\u00a0last ;end\ufeff\n1;Lee;\u200b\n2;Ray\u00a0;2026-06-30\n", {}),
    # Words for no value, and names that the file does not have
    (NAMES + "1;Lee;NULL\n2;Ray;2026-06-30\n", {"null_values": ["NULL", "N/A"]}),
    (ROWS, {"names": ["id", "last", "end"]}),
    ("a;b;b\n" + ROWS, {"names": ["id", "last", "end"], "skip_lines": 1}),
    (NAMES.replace(";", "^") + ROWS.replace(";", "^"), {"delimiter": "^"}),
])
def test_the_same_two_employees(tmp_path, content, given):
    assert read(tmp_path, content, **given) == BOTH


def test_a_quoted_name_with_commas(tmp_path):
    found = read(tmp_path, '"id";"title, grade, step, level, pay, hours, kind";"end"\n"1";"Clerk";""\n')
    assert found == [{"id": "1", "title, grade, step, level, pay, hours, kind": "Clerk", "end": None}]
    assert read(tmp_path, 'id, last\nE1, "Lee, Jr."\n') == [{"id": "E1", "last": "Lee, Jr."}]
    assert read(tmp_path, 'id;last\n"E1";"Ann ""Annie""; II\nline two"\n') == [{"id": "E1", "last": 'Ann "Annie"; II\nline two'}]


def test_long_cells(tmp_path):
    text = "x" * 500_000
    assert read(tmp_path, f"id;note\n1;{text}\n") == [{"id": "1", "note": text}]
    with pytest.raises(HrisError, match="export.csv, line 2: the CSV is invalid: field larger than field limit"):
        read(tmp_path, f"id;note\n1;{'x' * 10_000_001}\n")


def test_words_for_no_value_are_exact(tmp_path):
    assert read(tmp_path, NAMES + "1;null;NULL\n", null_values=["NULL"]) == [{"id": "1", "last": "null", "end": None}]
    assert read(tmp_path, NAMES + "1;NULL;x\n") == [{"id": "1", "last": "NULL", "end": "x"}]


@pytest.mark.parametrize(("content", "given", "words"), [
    ("Staff list\n\n" + NAMES + ROWS, {}, ["'Staff list'", "Line 3 looks like the names of the fields: set skip_lines to 2"]),
    ("Personalstamm Export\nMandant;4711;Stand;02.03.2026\n\nid;first;last;title;start\n1;Ann;Lee;Clerk;2025-01-06\n", {}, ["'Personalstamm Export'", "Line 4 looks like the names of the fields: set skip_lines to 3"]),
    ("Mandant;4711;Stand\n" + "id;first;last;title\n1;Ann;Lee;Clerk\n", {}, ["line 2: there are 4 values for 3 fields", "Line 2 looks like the names of the fields: set skip_lines to 1"]),
    (NAMES + ROWS + "Total;2\n", {}, ["line 4: there are 2 values for 3 fields, divided by a semicolon", "skip_last_lines"]),
    (NAMES + "1;Lee;x;y\n" + ROWS, {}, ["line 2: there are 4 values for 3 fields, divided by a semicolon", "quotes"]),
    (NAMES + ROWS, {"delimiter": ","}, ["is not divided by a comma", "Set delimiter to ';', which divides it into 3 fields"]),
    ("id;last;end\n".replace(";", ",") + ROWS, {"delimiter": ";"}, ["is not divided by a semicolon", "Set delimiter to ','"]),
    ("id\tlast\tend\n", {"delimiter": ";"}, ["Set delimiter to '\\t'"]),
    ("sep=,\n" + NAMES + ROWS, {}, ["is not divided by a comma", "Set delimiter to ';'"]),
    ("id;last;id\n1;Lee;1\n2;Ray;3\n", {}, ["line 3: columns 1 and 3 are both called 'id'", "names", "skip_lines"]),
    ("id;last;\n1;Lee;x\n", {}, ["line 2: there are 3 values for 2 fields"]),
    (("\ufeff" + NAMES + ROWS), {"encoding": "cp1252"}, ["begins with the byte order mark of utf-8, so it is not cp1252", "Set encoding to utf-8"]),
    (("\ufeff" + NAMES + ROWS), {"encoding": "latin-1"}, ["Set encoding to utf-8"]),
    ((NAMES + ROWS).encode("utf-16"), {}, ["begins with the byte order mark of utf-16", "Set encoding to utf-16"]),
    ((NAMES + ROWS).encode("utf-16-le"), {}, ["it has bytes of zero", "utf-16"]),
    ("id;last\n1;Zo\u00eb\n".encode("cp1252"), {}, ["the file is not utf-8 text", "such as cp1252"]),
    (b"id;last\n1;M\x81ller\n", {"encoding": "cp1252"}, ["the file is not cp1252 text", "such as cp850"]),
    ("", {}, ["the first line holds no names of fields"]),
    ("\n\n", {}, ["the first line holds no names of fields"]),
    ('id;last\n1;"Lee\n', {}, ["line 2: the CSV is invalid"]),
    (NAMES + ROWS, {"names": ["id", "last"]}, ["there are 3 values for 2 fields"]),
])
def test_what_is_not_certain_is_refused_with_the_way_out(tmp_path, content, given, words):
    with pytest.raises(HrisError) as caught:
        read(tmp_path, content, **given)
    assert all(word in str(caught.value) for word in words), str(caught.value)


# JSON

@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize(("name", "content"), [("a.json", '[{"id": "1", "last": "Zo\u00eb"}]'), ("a.jsonl", '{"id": "1", "last": "Zo\u00eb"}\n'), ("a.jsonl", '[{"id": "1", "last": "Zo\u00eb"}]')])
def test_json_that_says_its_encoding(tmp_path, encoding, name, content):
    assert read(tmp_path, content.encode(encoding), name) == [{"id": "1", "last": "Zo\u00eb"}]


def test_json_that_is_damaged(tmp_path):
    with pytest.raises(HrisError, match="the file is not UTF-16"):
        read(tmp_path, '[{"id": "1"}]'.encode("utf-16")[:-1], "a.json")


@pytest.mark.parametrize(("name", "content"), [
    ("a.json", '[{"id": 1, "title": NaN, "end": -Infinity, "start": Infinity}]'),
    ("a.jsonl", '{"id": 1, "title": NaN, "end": -Infinity, "start": Infinity}\n'),
    ("a.jsonl", '{"id": 1, "title": NaN, "end": -Infinity, "start": Infinity}\n\n {"id": 1, "title": null, "end": NaN, "start": NaN}'),
])
def test_nan_is_no_value(tmp_path, name, content):
    for record in read(tmp_path, content, name):
        assert record == {"id": 1, "title": None, "end": None, "start": None}


# XLSX

def book(tmp_path, *rows, formats=None, sheets=(), name="staff.xlsx"):
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "Staff"
    for row in rows:
        sheet.append(row)
    for cell, form in (formats or {}).items():
        sheet[cell].number_format = form
    for title in sheets:
        made.create_sheet(title)
    made.save(tmp_path / name)
    return str(tmp_path / name)


HEAD = ["id", "last", "start", "end", "hours", "active", "note"]


def test_an_excel_file(tmp_path):
    path = book(tmp_path, HEAD,
                [417, "Müller-Groß ", datetime.date(2025, 1, 6), datetime.datetime(2026, 6, 30, 17, 30), datetime.time(8, 30), True, 7.5],
                [12, "\u200b", datetime.datetime(2025, 1, 6), None, None, False, 3.0], [None] * 7,
                formats={"A2": "00000", "A3": "000000"})
    assert read_file(path) == [
        {"id": "00417", "last": "Müller-Groß", "start": "2025-01-06", "end": "2026-06-30T17:30:00", "hours": "08:30:00", "active": True, "note": 7.5},
        {"id": "000012", "last": None, "start": "2025-01-06", "end": None, "hours": None, "active": False, "note": 3},
    ]


def test_lines_around_the_names_of_an_excel_file(tmp_path):
    path = book(tmp_path, ["Staff list"], [], ["id", "last", None], ["1", "Lee", None], ["2", "N/A", None], ["Total", 2])
    given = TableOptions(skip_lines=2, skip_last_lines=1, null_values=["N/A"])
    assert read_file(path, options=given) == [{"id": "1", "last": "Lee"}, {"id": "2", "last": None}]
    with pytest.raises(HrisError, match="set skip_lines to 2"):
        read_file(path)


def test_sheets(tmp_path):
    path = book(tmp_path, ["id"], ["1"], sheets=["Leavers"])
    with pytest.raises(HrisError, match=r"the file has 2 sheets\. Set sheet: 'Staff', 'Leavers'"):
        read_file(path)
    assert read_file(path, options=TableOptions(sheet="Staff")) == [{"id": "1"}]
    with pytest.raises(HrisError, match=r"there is no sheet 'Stafff'\. Did you mean 'Staff'"):
        read_file(path, options=TableOptions(sheet="Stafff"))


def test_an_error_in_a_cell(tmp_path):
    path = book(tmp_path, ["id", "last"], ["1", "#N/A"])
    with pytest.raises(HrisError, match="staff.xlsx, line 2: B2 has the error '#N/A'"):
        read_file(path)
    assert read_file(path, options=TableOptions(null_values=["#N/A"])) == [{"id": "1", "last": None}]


def test_what_is_no_excel_file(tmp_path, monkeypatch):
    for name, content in (("a.xlsx", b"PK\3\4"), ("b.xlsx", b"\xd0\xcf\x11\xe0" * 100), ("c.xlsx", b"id;last")):
        with pytest.raises(HrisError, match="the file is not XLSX, or it is damaged or protected by a password"):
            read(tmp_path, content, name)
    with pytest.raises(HrisError, match="the file cannot be read: No such file"):
        read_file(str(tmp_path / "none.xlsx"))
    with pytest.raises(HrisError, match="Save it as XLSX or CSV"):
        read(tmp_path, b"", "a.xls")
    path = book(tmp_path, ["id"], ["1"])
    monkeypatch.setattr(xlsx_files, "LARGEST", 100)
    with pytest.raises(HrisError, match="bytes when it is unpacked"):
        read_file(path)
    monkeypatch.setattr(xlsx_files, "openpyxl", None)
    with pytest.raises(HrisError, match="needs the Python library openpyxl, which is missing.*pip install openpyxl"):
        read_file(path)
