# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions of this collection, by tables: values, null, errors. Their docstrings are in test_function_docs.py."""
from __future__ import annotations

import importlib.util

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.expressions import (
    compile_condition,
    compile_rule,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.functions import phones
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.functions.registry import (
    RULE_FUNCTIONS,
    LibraryFunctions,
    function_names,
)

RECORD = {
    "name": "MARY-JANE o'neil mcd", "number": 1234, "half": 2.5, "whole": 7.0, "yes": True, "no": False, "zero": 0, "empty": "", "blank": " \t", "nothing": None,
    "list": ["b", "a", "b", None, ""], "mixed": [1, True, 1.0, "1"], "object": {"a": 1}, "start": "2026-03-02", "end": "2026-06-30", "curly": "d\u2019arcy",
}


def value_of(source):
    return compile_rule(source, "here").evaluate(RECORD)


@pytest.mark.parametrize(("source", "value"), [
    # text
    ("ascii('Žižek Ødegård')", "Zizek Odegard"),
    ("ascii('王')", "Wang"),
    ("upper('ß')", "SS"),
    ("proper(name)", "Mary-Jane O'Neil Mcd"),
    ("proper(curly)", "D\u2019Arcy"),
    ("trim('  a   b ')", "a b"),
    ("strip_spaces(' a\u00a0b\tc ')", "abc"),
    ("fold('Ệ ø Đ ł ñ ά')", "E o D l n α"),
    ("fold('e\u0301 x\u0301')", "e x"),       # composed first; a mark that has no composed letter goes too
    ("fold('й ё ß æ か\u3099 حَ أ')", "й ё ß æ が حَ أ"),  # letters of their own, and other scripts
    ("initials('  anna  maria-luisa ')", "AML"),
    ("initials(empty)", ""),
    ("digits('+61 (0)4')", "6104"),
    ("digits('٣4')", "4"),
    ("append(number, whole)", "12347"),
    ("pad_left(number, 6, 0)", "001234"),
    ("pad_left('abc', 2, 'x')", "abc"),
    ("pad_right('a', 3, 'é')", "aéé"),
    # substrings
    ("left('abc', 9)", "abc"),
    ("left('abc', 0)", ""),
    ("left('abc', -1)", ""),
    ("left('abc', '2')", "ab"),
    ("left(number, 2)", "12"),
    ("left(whole, 3)", "7"),
    ("left(half, 3)", "2.5"),
    ("right('abc', 2)", "bc"),
    ("right('abc', 0)", ""),
    ("right('abc', -2)", ""),
    ("mid('abcdef', 2, 3)", "bcd"),
    ("mid('abc', 9)", ""),
    ("mid('abc', 1, -1)", ""),
    ("len(empty)", 0),
    ("find('abcabc', 'c')", 3),
    ("find('abc', 'C')", 0),
    ("word('a b', 3)", None),
    ("word('a b', -3)", None),
    ("word('a-]b', 2, '-]')", "b"),
    ("word(empty, 1)", None),
    # search and replace
    ("replace('a-b-c', '-', '')", "abc"),
    (r"replace('a.c', '.', '\d')", r"a\dc"),
    (r"replace_re('a1b22', '\d+', '#')", "a#b#"),
    (r"replace_re('ab', '(?P<x>a)', '\g<x>\g<x>')", "aab"),
    ("match('abc', 'x')", None),
    ("match('abc', 'b')", "b"),
    ("match('abc', '(a)(z)?', 2)", None),
    ("match('abc', '(a)b', 0)", "ab"),
    ("match('abc', '(?P<x>b)', 'x')", "b"),
    ("matches('abc', '^b')", False),
    # lists
    ("split('a//b', '/')", ["a", "", "b"]),
    ("split(number, '3')", ["12", "4"]),
    ("join_with('-', list, number, nothing, empty)", "b-a-b-1234"),
    ("join_with('-', nothing, empty)", None),
    ("join_with(', ', 'a')", "a"),
    ("item(list, 2)", "a"),
    ("item(list, -2)", None),
    ("item(list, 9)", None),
    ("item(number, 1)", 1234),
    ("count(list)", 5),
    ("count(number)", 1),
    ("unique(list)", ["b", "a", None, ""]),
    ("unique(mixed)", [1, True, "1"]),
    # conditions
    ("coalesce(nothing, blank, no, 'x')", False),
    ("coalesce(nothing, empty)", None),
    ("iif(zero == `0`, 'yes', 'no')", "yes"),
    ("iif(empty, 'yes', 'no')", "no"),
    ("iif(no, 'yes', 'no')", "no"),
    ("iif(yes, nothing, 'no')", None),
    ("switch(nothing, 'none', 'a', 'b')", "none"),
    ("switch(number, 'none', '1234', 'found')", "found"),
    ("switch(number, 'none', `1234.0`, 'found')", "found"),
    ("switch(yes, 'none', '1', 'one', `true`, 'true')", "true"),
    ("switch('a', 'none', 'A', 'found')", "none"),
    ("switch('c', '-', 'a', 1, 'b', 2, 'c', 3)", 3),
    ("is_empty(blank)", True),
    ("is_empty(zero)", False),
    ("is_empty(no)", False),
    ("is_present(object)", True),
    ("is_text(number)", False),
    ("not(zero == `0`)", False),
    ("not(empty)", True),
    ("boolean(' YES ')", True),
    ("boolean('off')", False),
    ("boolean(yes)", True),
    ("boolean(zero)", False),
    ("boolean(empty)", None),
    # numbers
    ("number(-7, 3)", "-007"),
    ("number(whole, 1)", "7"),
    ("number('12345', 3)", "12345"),
    ("bit_and('6', 3)", 2),
    # dates
    ("date(empty)", None),
    ("date('0000-00-00')", None),
    ("date('0000-00-00', '%d/%m/%Y')", None),
    ("date_format('0000-00-00 00:00:00', '%Y')", None),
    ("date(20260302)", "2026-03-02"),
    ("date('2026-03-02T23:00:00-10:00')", "2026-03-02"),
    ("date('2-MAR-69', '%d-%b-%y')", "1969-03-02"),
    ("date('March 2, 2068', '%B %d, %Y')", "2068-03-02"),
    ("date('Mon 2 mar 68', '%a %d %b %y')", "2068-03-02"),
    ("date('2.3.2026 (x)', '%d.%m.%Y (x)')", "2026-03-02"),
    ("datetime('2026-03-02 07:08')", "2026-03-02T07:08:00"),
    ("datetime('2026-03-02T07:08:09.99Z')", "2026-03-02T07:08:09+00:00"),
    ("datetime('02/03/26 12:05 PM', '%d/%m/%y %I:%M %p')", "2026-03-02T12:05:00"),
    ("datetime('02/03/26 12:05 a.m.', '%d/%m/%y %I:%M %p')", "2026-03-02T00:05:00"),
    ("datetime('2026-03-02 -03:30', '%Y-%m-%d %z')", "2026-03-02T00:00:00-03:30"),
    ("date_format('2026-03-02T15:04:05+10:00', '%A %a %B %b %y %-m %-d %I %p %H:%M:%S %z %%')", "Monday Mon March Mar 26 3 2 03 PM 15:04:05 +1000 %"),
    ("date_format('2026-03-02T00:00', '%-I %p %-H|%z')", "12 AM 0|"),
    ("date_add('2024-02-29', 1, 'year')", "2025-02-28"),
    ("date_add('2026-01-31', -2, 'Months')", "2025-11-30"),
    ("date_add(start, '1', 'week')", "2026-03-09"),
    ("date_add('2026-03-02T23:30:00+10:00', 45, 'minutes')", "2026-03-03T00:15:00+10:00"),
    ("date_add(empty, 1, 'day')", None),
    ("date_diff(start, end, 'months')", 3),
    ("date_diff(end, start, 'months')", -3),
    ("date_diff('2026-01-31', '2026-02-28', 'months')", 1),
    ("date_diff('2024-02-29', '2025-02-28', 'years')", 1),
    ("date_diff(start, '2026-03-02T13:00', 'hours')", 13),
    ("date_diff('2026-03-02T13:00', start, 'days')", 0),
    ("date_diff('2026-03-01T23:00:00Z', '2026-03-02T09:00:00+10:00', 'seconds')", 0),
    ("date_diff('2026-01-31T23:00:00Z', '2026-03-01T00:00:00+10:00', 'months')", 0),
    ("date_diff(start, empty, 'days')", None),
    ("local_date('2026-03-02T02:00', 'America/New_York')", "2026-03-01"),
    ("filetime('2012-01-01T23:00:00')", "129699324000000000"),  # Microsoft's example of DateFromNum
    ("filetime('2026-07-01T00:00:00+10:00', 'America/New_York')", "134273016000000000"),  # its own offset counts
    ("filetime('2026-01-01', 'Australia/Sydney')", "134116596000000000"),  # daylight saving: eleven hours
    ("filetime('1970-01-01')", "116444736000000000"),
    ("from_filetime('129699324000000000')", "2012-01-01T23:00:00+00:00"),
    ("from_filetime(zero)", None),
    # phones
    ("phone('+44 20 7946 0958', 'AU')", "+442079460958"),
    ("phone('0412345678 ext. 9', 'AU', 'INTERNATIONAL')", "+61 412 345 678 ext. 9"),
    ("phone('0412345678', 'au', 'rfc3966')", "tel:+61-412-345-678"),
    ("phone(412345678, 'AU')", "+61412345678"),
    ("phone(blank, 'AU')", None),
    ("is_phone('1', 'AU')", False),
    ("is_phone(empty, 'AU')", False),
    # braces in quotes, and JMESPath's own
    ("match('ab1234', '[0-9]{4}')", "1234"),
    ("nothing || replace('{a}', '{', '(')", "(a}"),
    ("{match('ab1234', '[0-9]{4}')}!", "1234!"),
    ("'{number}'", "'1234'"),
    ("join('-', ['a', 'b'])", "a-b"),
    ("length(name)", 20),
    # moments as numbers
    ("epoch_seconds('1969-12-31')", -86400),
    ("epoch_seconds('1970-01-01T00:00:00.999Z')", 0),
    ("epoch_milliseconds('1970-01-01T00:00:00.999Z')", 999),
    ("epoch_milliseconds('2026-10-04', 'Australia/Sydney')", 1791036000000),
    ("epoch_seconds('2026-10-05', 'Australia/Sydney')", 1791118800),  # an hour earlier: summer time
    ("epoch_seconds('0000-00-00')", None),
    ("from_epoch_seconds(-1)", "1969-12-31T23:59:59+00:00"),
    ("date(from_epoch_milliseconds('1791118800000', 'Australia/Sydney'))", "2026-10-05"),
])
def test_function(source, value):
    got = value_of(source)
    assert got == value
    assert type(got) is type(value)


def call_with(name, position):
    """A call of the function in which the argument at the position is null and the others are ones that it takes."""
    good = {
        "date": ("start", "'%Y-%m-%d'"), "datetime": ("start", "'%Y-%m-%d'"), "date_format": ("start", "'%Y'"), "date_add": ("start", "1", "'days'"),
        "epoch_seconds": ("start", "'UTC'"), "epoch_milliseconds": ("start", "'UTC'"), "from_epoch_seconds": ("1", "'UTC'"),
        "from_epoch_milliseconds": ("1", "'UTC'"), "date_diff": ("start", "end", "'days'"), "local_date": ("start", "'UTC'"), "filetime": ("start", "'UTC'"), "from_filetime": ("1", "'UTC'"),
        "phone": ("'0412345678'", "'AU'", "'e164'"), "is_phone": ("'0412345678'", "'AU'"), "boolean": ("'yes'",), "match": ("'a'", "'a'", "0"),
        "append": ("'a'", "'b'"), "pad_left": ("'a'", "3", "'x'"), "pad_right": ("'a'", "3", "'x'"), "bit_and": ("1", "1"), "number": ("1", "1"),
        "left": ("'a'", "1"), "right": ("'a'", "1"), "mid": ("'a'", "1", "1"), "word": ("'a'", "1", "'-'"), "item": ("list", "1"), "find": ("'a'", "'a'"),
        "replace": ("'a'", "'a'", "'b'"), "replace_re": ("'a'", "'a'", "'b'"), "matches": ("'a'", "'a'"), "split": ("'a'", "'b'"),
    }.get(name, ("'a'",))
    if name == "today":  # only the rules of a run know the day
        return f"{name}(nothing)"
    assert value_of(f"{name}({', '.join(good)})") is not None
    return f"{name}({', '.join(good[:position] + ('nothing',) + good[position + 1:])})"


NULL_IS_THEIR_JOB = {"coalesce", "iif", "switch", "is_null", "is_empty", "is_present", "is_text", "not", "join_with"}


@pytest.mark.parametrize(("name", "position"), [(name, at) for name in sorted(RULE_FUNCTIONS) if name not in NULL_IS_THEIR_JOB for at in range(len(RULE_FUNCTIONS[name].converters))])
def test_null_in_any_argument_gives_null(name, position):
    assert value_of(call_with(name, position)) is None


def test_only_those_whose_job_it_is_see_null():
    assert {name for name in RULE_FUNCTIONS if RULE_FUNCTIONS[name].handles_null} == NULL_IS_THEIR_JOB


RULE_ERRORS = [  # constants are judged when the rule is compiled
    ("match(name, '(')", "match() takes a regular expression (missing ) at position 1) as argument 2, not '('"),
    ("replace_re(name, '*', '')", "regular expression (nothing to repeat"),
    ("split(name, '')", "a text that is not empty as argument 2"),
    ("replace(name, '', 'x')", "a text that is not empty"),
    ("find(name, '')", "a text that is not empty"),
    ("match(name, 'a', -1)", "the number or the name of a group"),
    ("pad_left(name, 5, 'ab')", "one character as argument 3, not 'ab'"),
    ("left(name, 'x')", "left() takes a whole number as argument 2, not 'x'"),
    ("left(name, `1.5`)", "a whole number"),
    ("left(`true`, 1)", "a text or a number as argument 1, not True"),
    ("date(start, '%d/%m')", "a year, a month and a day"),
    ("date(start, '%d/%m/%Y %m')", "%m once"),
    ("date(start, '%d/%m/%Y %I')", "%p beside %I"),
    ("date(start, '%d/%m/%Q')", "the codes %Y %y"),
    ("date_format(start, 'dd %')", "the codes %Y"),
    ("date_add(start, 1, 'fortnight')", "one of years, months, weeks"),
    ("date_diff(start, end, '')", "not empty"),
    ("local_date(start, 'Sydney')", "a time zone such as Australia/Sydney as argument 2, not 'Sydney'"),
    ("filetime(start, '../etc/passwd')", "a time zone"),
    ("phone(number, 'Australia')", "the ISO code of a country"),
    ("phone(number, 'AU', 'pretty')", "one of e164, international"),
    ("lower()", "takes 1 argument(s), not 0"),
    ("mid(name)", "takes 2 to 3 argument(s), not 1"),
    ("coalesce()", "takes 1 or more argument(s), not 0"),
    ("switch(name, 'x', 'a')", "takes 4 or more argument(s), not 3"),
    ("switch(name, 'x', 'a', 'b', 'c')", "takes 4 or more argument(s) (each time 2 more), not 5"),
    ("lowr(name)", "unknown function 'lowr'. Did you mean 'lower'"),
    ("now()", "unknown function 'now'"),
]


@pytest.mark.parametrize(("source", "message"), RULE_ERRORS, ids=[source for source, _message in RULE_ERRORS])
def test_nonsense_in_a_rule_does_not_compile(source, message):
    with pytest.raises(HrisError) as raised:
        compile_rule(source, "mapping.title")
    assert message in str(raised.value)
    assert raised.value.place == "mapping.title"


DATA_ERRORS = [
    ("lower(list)", "lower() takes a text or a number as argument 1, not a list"),
    ("lower(object)", "not an object"),
    ("lower(yes)", "not True"),
    ("left(name, name)", "a whole number"),
    ("left(name, half)", "a whole number as argument 2, not 2.5"),
    ("join_with(', ', name, object)", "join_with() takes texts, numbers and lists of them as argument 3, not an object"),
    ("join_with(nothing, name)", "a text or a number as argument 1, not null"),
    ("mid(name, zero)", "mid(): the position 0 is not 1 or more"),
    ("word(name, zero)", "counting starts at 1"),
    ("item(list, zero)", "counting starts at 1"),
    ("pad_left(name, 100000, 'x')", "not between 0 and 1024"),
    ("number(1, 31)", "not between 1 and 30"),
    ("match(name, '(a)', 2)", "has no group 2"),
    ("match(name, 'a', 'x')", "has no group 'x'"),
    (r"replace_re(name, 'zz', '\1')", "is not a valid replacement"),
    ("boolean(name)", "is neither yes nor no"),
    ("boolean(list)", "is neither yes nor no"),
    ("switch(list, 'x', 'a', 'b')", "no key equals"),
    ("date(name)", "is not a date such as 2026-03-02"),
    ("date('2026-02-30')", "'2026-02-30' is not a date"),
    ("date('31/02/2026', '%d/%m/%Y')", "is not a date of the form '%d/%m/%Y'"),
    ("date('2 Foo 2026', '%d %b %Y')", "is not a date of the form"),
    ("date('2/3/26', '%d/%m/%Y')", "is not a date of the form"),
    ("datetime('2026-03-02 13:00 PM', '%Y-%m-%d %I:%M %p')", "is not a date of the form"),
    ("datetime('2026-03-02 25:00', '%Y-%m-%d %H:%M')", "is not a date of the form"),
    ("datetime('2026-03-02 +99:00', '%Y-%m-%d %z')", "is not a date of the form"),
    ("date_add(start, 9999, 'years')", "date_add(): the result is out of range"),
    ("date_add(start, 99999999999, 'days')", "out of range"),
    ("date_add(start, -99999, 'months')", "out of range"),
    ("date_diff(start, '2026-03-02T00:00:00Z', 'days')", "cannot be compared"),
    ("filetime('1600-12-31')", "is before 1601"),
    ("from_filetime(-1)", "is not a moment"),
    ("from_filetime(9223372036854775806)", "out of range"),
    ("phone('n/a', 'AU')", "'n/a' is not a telephone number of AU"),
    ("phone('123', 'AU')", "is not a telephone number"),
    ("phone(name, name)", "the ISO code of a country"),
]


@pytest.mark.parametrize(("source", "message"), DATA_ERRORS, ids=[source for source, _message in DATA_ERRORS])
def test_nonsense_in_the_data_names_the_rule(source, message):
    rule = compile_rule(source, "mapping.title")
    with pytest.raises(HrisError) as raised:
        rule.evaluate(RECORD)
    assert message in str(raised.value)
    assert raised.value.place == "mapping.title"


def test_a_missing_library_stops_the_rules_that_need_it_and_no_other(monkeypatch):
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "phonenumbers" else real(name))
    with pytest.raises(HrisError, match=r"mapping\.mobile: the function 'phone' needs the Python library phonenumbers.*pip install phonenumbers"):
        compile_rule("{phone(mobile, 'AU')}", "mapping.mobile")
    with pytest.raises(HrisError, match="phonenumbers"):
        compile_condition("is_phone(mobile, 'AU')", "groups[0].when")
    assert value_of("lower('A')") == "a"


def test_the_same_number_in_several_rules_is_parsed_once():
    phones._formatted.cache_clear()
    assert [value_of("phone('0412 000 111', 'AU')") for _again in range(3)] == ["+61412000111"] * 3
    assert phones._formatted.cache_info().misses == 1


def test_a_text_for_a_dn_is_never_taken_for_an_expression():
    text = compile_rule("OU={replace(name, 'x', '{')},DC=corp", "placement", escape=str.upper)
    assert text.evaluate({"name": "ax,b"}) == "OU=A{,B,DC=corp"
    assert compile_rule("OU=len('{name}')", "placement", escape=str.upper).evaluate({"name": "ab"}) == "OU=len('AB')"
    assert compile_rule("len('{name}')", "mapping").evaluate({"name": "ab"}) == 6


def test_ours_hide_none_of_jmespaths():
    assert not set(RULE_FUNCTIONS) & set(LibraryFunctions.FUNCTION_TABLE)
    assert set(function_names()) == set(RULE_FUNCTIONS) | set(LibraryFunctions.FUNCTION_TABLE)
