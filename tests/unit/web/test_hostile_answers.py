"""What a server says is bounded in size, depth and time before anything looks at it.

Tables of broken answers, each read in every way that something is read: the end is a good feed or one clear error, and it comes soon.
"""
from __future__ import annotations

import gzip
import json
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.hris.ad.plugins.module_utils._hris import bounded_json
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.sources.elmo import source as elmo
from ansible_collections.hris.ad.plugins.module_utils._hris.sources.icehrm import source as icehrm
from ansible_collections.hris.ad.plugins.module_utils._hris.sources.rest import options
from ansible_collections.hris.ad.plugins.module_utils._hris.sources.rest import source as rest
from ansible_collections.hris.ad.plugins.module_utils._hris.web import authentication, responses
from ansible_collections.hris.ad.plugins.module_utils._hris.web.client import Client
from ansible_collections.hris.ad.plugins.module_utils._hris.web.options import HttpOptions
from hr_server import OPTIONS, answer, serving, speaking

SOON = 20.0  # seconds on a busy machine: what is not bounded takes minutes
QUICK = {**OPTIONS, "retries": 0, "timeout": 1.0, "max_response_seconds": 1.0}


def rest_params(url, auth=None, **endpoint):
    spec = {**options.ARGUMENTS, **authentication.ARGUMENTS}
    given = {"base_url": url, "endpoints": [{"name": "people", "url": "/people", **endpoint}], "auth": auth or {"type": "none"}}
    checked = ArgumentSpecValidator(spec).validate(given)
    assert not checked.error_messages
    return {**QUICK, **checked.validated_parameters}


ELMO = {**QUICK, "client_id": "lab", "client_secret": "s3cr3t", "token_encoding": "json", "page_size": 100, "concurrency": 2,
        "paths": {"token": "/oauth/token", "core": "/core/v1", **dict.fromkeys(elmo.LISTS)}, "deleted": "exclude", "include_onboarding": False,
        "exclude_vendor_users": False, "include_employment": True, "references": ["manager", "position"], "fields": None, "custom_fields": None}
ICEHRM = {**QUICK, "company_name": None, "token": "a.b.c", "token_warn_days": 14, "require_admin": True, "page_size": 500, "concurrency": 2,
          "fields": None, "custom_fields": None}
TOKEN = {"type": "oauth2", "client_id": "lab", "client_secret": "s3cr3t", "token_url": "/token"}
READERS = {
    "one list": lambda url: rest.fetch(rest_params(url), [].append),
    "a field": lambda url: rest.fetch(rest_params(url, records="data"), [].append),
    "pages": lambda url: rest.fetch(rest_params(url, records="data", key="id", paging={"type": "page", "total": "metadata.totalItems",
                                                                                    "concurrency": 2}), [].append),
    "a cursor": lambda url: rest.fetch(rest_params(url, records="data", paging={"type": "cursor", "next": "next"}), [].append),
    "links": lambda url: rest.fetch(rest_params(url, paging={"type": "link"}), [].append),
    "a token": lambda url: rest.fetch(rest_params(url, TOKEN), [].append),
    "ELMO": lambda url: elmo.fetch({**ELMO, "base_url": url}, [].append),
    "IceHrm": lambda url: icehrm.fetch({**ICEHRM, "base_url": url}, [].append),
}


def outcome(read, url):
    """What a reader makes of the server: its employees, or its error. Anything else fails the test."""
    began = time.monotonic()
    try:
        said = read(url).employees
    except HrisError as error:
        said = str(error)
        assert 0 < len(said) < 1500 and said.isprintable(), said[:2000]
    assert time.monotonic() - began < SOON
    json.dumps(said)
    return said


DEEP = {"900": ("[" * 900, "]" * 900), "100000": ("[" * 100_000, "]" * 100_000), "objects": ('{"detail":' * 5000, "1" + "}" * 5000),
        "cut": ('{"a":[' * 100_000, ""), "mixed": ('{"error":[' * 400, "]}" * 400)}
NUMBERS = ["9" * 5000, "-" + "9" * 400, "1e400", "-1e400", "1e999999999", "NaN", "Infinity", "-Infinity", "1.5", "-1", "true", '"many"', '""', "{}",
           "[[]]", "null", "1e308", "0." + "3" * 5000, "9" * 101, "9" * 99]
BODIES = {
    **{f"title {name}": body for name, body in {
        "again and again": "<title>" * 43_000, "without an end": "<title" + " " * 300_000, "in tags": "<title>" + "<title " * 43_000 + "</title>",
        "long": "<title>" + "&#9;" * 100_000 + "</title>", "number": "<title>&#" + "9" * 5000 + ";</title>", "upper": "İ<TITLE>x</TITLE>",
        "spaces": "<" + "\n" * 300_000 + "</title>"}.items()},
    **{f"deep {name}": f"{start}{end}" for name, (start, end) in DEEP.items()},
    **{f"deep detail {name}": f'{{"detail":{start}{end}}}' for name, (start, end) in DEEP.items()},
    **{f"deep data {name}": f'{{"data":[{{"id":1,"a":{start}{end}}}]}}' for name, (start, end) in DEEP.items()},
    **{f"total {number[:12]} {len(number)}": f'{{"data":[{{"id":1}}],"total":{number},"metadata":{{"totalItems":{number},"page":{number},"lastPage":'
       f'{number}}},"next":{number}}}' for number in NUMBERS},
    **{f"value {number[:12]} {len(number)}": f'{{"data":[{{"id":{number},"a":{number}}},{{"id":2}}]}}' for number in NUMBERS},
    **{f"bare value {number[:12]} {len(number)}": f'[{{"id":{number},"manager":{number},"position":{number}}},{{"id":2}}]' for number in NUMBERS},
    **{f"alone {number[:12]} {len(number)}": number for number in NUMBERS},
    **{f"lifetime {number[:12]} {len(number)}": f'{{"access_token":"abc","expires_in":{number}}}' for number in NUMBERS},
    **{f"violations {text}": f'{{"detail":"x","violations":{text}}}' for text in
       ["5", '"x"', "{}", "[5]", "[[]]", '[{"propertyPath":5}]', '[{"message":{"a":[]}}]', "[" + "{}," * 90_000 + "{}]"]},
    **{f"error {text[:20]}": f'{{"error":{text},"data":[]}}' for text in
       ["5", "[]", "[[]]", '[[{"code":null,"message":false}]]', '{"message":[[["x"]]]}', '"' + "x" * 500_000 + '"', "[" + "0," * 200_000 + "0]"]},
    **{f"envelope {text}": text for text in
       ['{"data":[null]}', '{"data":{}}', '{"data":[[]]}', '{"data":[],"metadata":5}', '{"data":[],"metadata":{"page":{},"lastPage":[]}}', "5", '""',
        "null", "[null,null]", '{"hydra:member":[],"hydra:view":7,"hydra:totalItems":{}}', '{"member":[{}]}', '[{"id":{}}]', '[{"id":"\\ud800"}]',
        '{"data":[{"id":"\\u0000"}]}', '{"a":1,"a":2}', '[{"id":1},{"id":1,"a":2}]', '{"":[]}', '{"status":{"a":1},"data":[]}',
        '{"data":[{"id":1}],"next":"http://["}', '{"data":[{"id":1}],"next":"http://x:99999/"}', '{"data":[{"id":1}],"next":"' + "x" * 100_000 + '"}',
        '{"data":[{"id":1,"manager":{"id":{"id":1}},"position":[1],"customData":7,"customFields":{"a":[]},"department":[[]]}]}']},
    "nothing": "", "blanks": " " * 100_000, "a mark": b"\xef\xbb\xbf", "UTF-16": '[{"id":1}]'.encode("utf-16"), "UTF-32": "[]".encode("utf-32"),
    "no text": b"\xff" * 1000, "zeros": b"\0" * 100_000, "half a letter": b'["\xc3', "one long line": "x" * 1_000_000, "lines": "\n\r\u2028" * 1000 + "x",
    "many objects": "[" + "{}," * 60_000 + "{}]", "many names": json.dumps([{f"a{number}": 1} for number in range(3000)]),
    "long names": json.dumps([{"x" * 100_000 + str(number): 1 for number in range(10)}]), "many numbers": "[" + "0," * 900_000 + "0]",
    "many names of one": json.dumps({"data": [{f"a{number}": {} for number in range(20_000)}]}),
    "a quotation without an end": '"' + "\\" * 100_000, "minus": "-" * 100_000, "commas": "[" + "," * 100_000,
}


@pytest.mark.parametrize("name", BODIES)
def test_every_body_is_a_good_feed_or_a_clear_error(name):
    """For ELMO and IceHrm it is the lists that are broken, else these would not be asked for."""
    body = BODIES[name]

    def respond(request):
        if request["path"].endswith("/oauth/token"):
            return answer({"access_token": "t"})
        return answer({"id": 1}) if request["path"].endswith("/me") else answer(body)
    with serving(respond) as server:
        for read in READERS.values():
            found = outcome(read, server.url)
            if not isinstance(found, str):
                assert all(isinstance(employee, dict) for employee in found)
                assert "NaN" not in json.dumps(found) and "Infinity" not in json.dumps(found)


@pytest.mark.parametrize("name", BODIES)
def test_every_body_of_an_error_is_a_clear_error(name):
    with serving(lambda request: answer(BODIES[name], 500)) as server:
        for reader in ("one list", "a token", "IceHrm"):
            assert "HTTP 500" in outcome(READERS[reader], server.url)


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
SPOKEN = {
    "100 Continue for ever": ([b"HTTP/1.1 100 Continue\r\n\r\n" * 50], 0, "the answer has no body within its first 256 KiB"),
    "100 Continue from time to time": ([b"HTTP/1.1 100 Continue\r\n\r\n"], 0.05, "the answer did not end within 1 seconds"),
    "102 Processing for ever": ([b"HTTP/1.1 102 Processing\r\n\r\n"], 0.05, ""),
    "a status that drips": ([b"HTTP/1.1 200 ", *[b"x"] * 1000], 0.05, "the answer did not end within 1 seconds"),
    "headers for ever": ([HEAD, *[b"X-A: b\r\n"] * 1000], 0.001, ""),
    "headers that drip": ([HEAD, *[b"x"] * 1000], 0.05, "the answer did not end within 1 seconds"),
    "a header without an end": ([HEAD, *[b"x" * 10_000] * 100], 0, ""),
    "a folded header": ([HEAD + b"X: y\r\n" + b" z\r\n" * 5000], 0, ""),
    "a body that drips": ([HEAD + b"\r\n[", *[b" "] * 1000], 0.05, "the answer did not end within 1 seconds"),
    "a body without an end": ([HEAD + b"\r\n[", *[b" " * 60_000] * 1000], 0, "the answer is larger than 1 MiB"),
    "chunks that drip": ([HEAD + b"Transfer-Encoding: chunked\r\n\r\n", *[b"1\r\n \r\n"] * 1000], 0.05, "did not end within 1 seconds"),
    "a size of a chunk without an end": ([HEAD + b"Transfer-Encoding: chunked\r\n\r\n", *[b"0" * 60_000] * 1000], 0, ""),
    "a chunk of a negative size": ([HEAD + b"Transfer-Encoding: chunked\r\n\r\n-5\r\n[]\r\n0\r\n\r\n"], 0, ""),
    "a chunk larger than it is": ([HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"F" * 400 + b"\r\n[]"], 0, ""),
    "trailers without an end": ([HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n0\r\n", *[b"X: y\r\n" * 5000] * 1000], 0,
                                "the answer is larger than 1 MiB"),
    "a length of 5,000 digits": ([HEAD + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n[]"], 0, ""),
    "two lengths": ([HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n[]"], 0, ""),
    "a negative length": ([HEAD + b"Content-Length: -7\r\n\r\n[]"], 0, ""),
    "a pause of 400 digits": ([b"HTTP/1.1 503 X\r\nRetry-After: " + b"9" * 400 + b"\r\nContent-Length: 0\r\n\r\n"], 0, "HTTP 503"),
    "a pause of 5,000 digits": ([b"HTTP/1.1 503 X\r\nRetry-After: " + b"9" * 5000 + b"\r\nContent-Length: 0\r\n\r\n"], 0, "HTTP 503"),
    "a pause until the year 99999": ([b"HTTP/1.1 503 X\r\nRetry-After: Fri, 31 Dec 99999 23:59:59 GMT\r\nContent-Length: 0\r\n\r\n"], 0, "HTTP 503"),
    "a status of five digits": ([b"HTTP/1.1 20000 OK\r\n\r\n[]"], 0, "does not speak HTTP"),
    "another protocol": ([b"SSH-2.0-OpenSSH_9.2\r\n"], 0, "does not speak HTTP"),
    "a version of its own": ([b"HTTP/7.9 200 OK\r\n\r\n[]"], 0, ""),
    "a redirect to nonsense": ([b"HTTP/1.1 302 X\r\nLocation: http://[" + b"x" * 60_000 + b"\r\nContent-Length: 0\r\n\r\n"], 0, "the server redirects to"),
    "a redirect without an end": ([b"HTTP/1.1 302 X\r\nLocation: http://x/" + b"y" * 60_000 + b"\r\nContent-Length: 0\r\n\r\n"], 0, "redirects to"),
    "a type without an end": ([b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Type: " + b"a" * 60_000 + b"\r\n\r\nx y"], 0, "not JSON"),
    "a cookie": ([HEAD + b"Set-Cookie: a=b; expires=" + b"Wdy, 99-99-9999999 " * 2000 + b"\r\nContent-Length: 2\r\n\r\n[]"], 0, ""),
    "links without an end": ([HEAD + b"Link: " + b"<" * 60_000 + b"\r\nContent-Length: 2\r\n\r\n[]"], 0, ""),
    "links and quotes": ([HEAD + b"Link: " + b'<a>;rel="next ' * 4000 + b"\r\nContent-Length: 10\r\n\r\n[{\"id\":1}]"], 0, ""),
    "links and blanks": ([HEAD + b"Link: <a>" + b"; " * 30_000 + b"\r\nContent-Length: 2\r\n\r\n[]"], 0, ""),
    "compressed twice": ([HEAD + b"Content-Encoding: gzip, gzip\r\nContent-Length: 2\r\n\r\n[]"], 0, "the answer is compressed more than once"),
    "a gzip that unfolds": ([HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b" " * 50_000_000, 9)], 0, "larger than 1 MiB"),
    "a deflate that unfolds": ([HEAD + b"Content-Encoding: deflate\r\n\r\n" + zlib.compress(b" " * 50_000_000, 9)], 0, "larger than 1 MiB"),
    "a gzip that is cut": ([HEAD + b"Content-Encoding: gzip\r\nContent-Length: 20\r\n\r\n" + gzip.compress(b"[]" * 500)[:20]], 0, ""),
}


@pytest.mark.parametrize("name", SPOKEN)
def test_every_way_of_speaking_is_a_clear_error(name):
    chunks, pause, expected = SPOKEN[name]
    with speaking(chunks, pause, times=0 if "for ever" in name or "from time to time" in name else 1) as url:
        for reader in ("links", "a token"):
            given = rest_params(url, TOKEN if reader == "a token" else None, paging={"type": "link" if reader == "links" else "none"})
            found = outcome(lambda url, given=given: rest.fetch({**given, "max_response_mb": 1, "retries": 0}, [].append), url)
            assert expected in (found if isinstance(found, str) else "")


@pytest.mark.parametrize(("pause", "expected"), [("9" * 400, "the server asks to come back in "), ("9" * 5000, "HTTP 503, 2 times in a row"),
                                              ("Fri, 31 Dec 99999 23:59:59 GMT", "HTTP 503, 2 times in a row"),
                                              ("Fri, 31 Dec 9999 23:59:59 GMT", "the server asks to come back in ")])
def test_pauses(pause, expected):
    with serving(lambda request: answer(b"", 503, Retry_After=pause)) as server:
        client = Client(server.url, HttpOptions.from_params({**QUICK, "retries": 1}), [].append)
        with pytest.raises(HrisError) as error:
            client.get("/people")
    assert expected in str(error.value)


def test_a_server_that_says_nothing_more_is_asked_again_but_one_over_the_limit_is_not():
    with speaking([b"HTTP/1.1 100 Continue\r\n\r\n"], 0.02, times=0) as url:
        client = Client(url, HttpOptions.from_params({**QUICK, "retries": 5, "max_response_seconds": 0.3}), [].append)
        began = time.monotonic()
        with pytest.raises(HrisError, match=r"the answer did not end within 0.3 seconds. Raise max_response_seconds"):
            client.get("/people")
        assert time.monotonic() - began < 2 and client.counts["retries"] == 0


def test_the_limit_of_time_is_that_of_each_response():
    """A connection that is used again has not used up its time."""
    with serving(lambda request: answer([])) as server:
        client = Client(server.url, HttpOptions.from_params({**QUICK, "max_response_seconds": 0.5}), [].append)
        for _time in range(4):
            assert client.get("/people") == []
            time.sleep(0.2)


def test_pages_that_never_end_end_soon():
    seen = []

    def respond(request):
        if request["path"].endswith("/token"):
            return answer({"access_token": "t"})
        if request["path"].endswith("/me"):
            return answer({"id": 1, "user_level": "Admin"})
        seen.append(request)
        return answer({"data": [{"id": len(seen)}], "next": str(len(seen))})
    with serving(respond) as server:
        for reader in ("pages", "a cursor", "ELMO", "IceHrm"):
            seen.clear()
            began = time.monotonic()
            with pytest.raises(HrisError) as error:
                READERS[reader](server.url)
            assert len(seen) <= 1_001 and time.monotonic() - began < 30
            assert "the list has no end" in str(error.value) or "states no total" in str(error.value)


@pytest.mark.parametrize("reader", ["pages", "a cursor", "ELMO", "IceHrm"])
def test_pages_that_are_large_and_never_end(reader):
    seen = []

    def respond(request):
        if request["path"].endswith("/token"):
            return answer({"access_token": "t"})
        if request["path"].endswith("/me"):
            return answer({"id": 1, "user_level": "Admin"})
        seen.append(request)
        return answer({"data": [{"id": len(seen), "photo": "x" * 1_000_000}], "total": 10**6, "metadata": {"totalItems": 10**6}, "next": str(len(seen))})
    QUICK["max_response_mb"] = ELMO["max_response_mb"] = ICEHRM["max_response_mb"] = 1
    try:
        with serving(respond) as server:
            assert "the answers are together larger than 32 MiB. Raise max_response_mb" in outcome(READERS[reader], server.url)
    finally:
        QUICK["max_response_mb"] = ELMO["max_response_mb"] = ICEHRM["max_response_mb"] = OPTIONS["max_response_mb"]
    assert len(seen) <= 36


HUGE = """
import resource, sys
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.web import responses
body = {body}
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    responses.decode(body, "place", None, "", 64 << 20)
    print("good")
except HrisError as error:
    print(error)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024, file=sys.stderr)
"""


@pytest.mark.parametrize(("body", "expected"), [
    ('b"[" + b"{},"  * 17_000_000 + b"{}]"', "it holds 17000002 objects and lists"),
    ('b"[" + b"[]," * 17_000_000 + b"[]]"', "it holds 17000002 objects and lists"),
    ("""b'[' + b'{"a":1},' * 6_000_000 + b'{}]'""", "it holds 6000002 objects and lists"),
    ('b"[" + b"1.5," * 12_000_000 + b"1]"', "it holds 12000001 values"),
    ("""b'{' + b'"a":"bc",' * 5_000_000 + b'"a":1}'""", "good"),
])
def test_what_would_fill_the_memory(body, expected):
    root = Path(__file__).parents[3] / ".cache" / "dev"
    done = subprocess.run([sys.executable, "-c", HUGE.format(body=body)], capture_output=True, text=True, check=True,
                          env={"PYTHONPATH": str(root), "PATH": "/usr/bin:/bin"})
    assert expected in done.stdout
    assert int(done.stderr) < 700


@pytest.mark.parametrize(("text", "value"), [
    ("[1, -7, 1.5, 1e3, true, null]", [1, -7, 1.5, 1000.0, True, None]), ('"NaN"', "NaN"), ("[" * 100 + "]" * 100, None), ("9" * 100, 10**100 - 1),
    ("[NaN, Infinity, -Infinity]", [None, None, None]), ('{"a": "' + "1" * 5000 + '"}', {"a": "1" * 5000}),
])
def test_what_is_within_bounds(text, value):
    assert bounded_json.decode(text) == value or value is None


@pytest.mark.parametrize(("text", "expected"), [
    ("[" * 101 + "]" * 101, "it is nested too deeply"), ('{"a":' * 101 + "1" + "}" * 101, "it is nested too deeply"),
    ("9" * 101, "it holds a number of 101 digits"), ("-1e999999", "it holds a number that is too large"),
    ("1e400", "it holds a number that is too large"),
])
def test_what_is_beyond(text, expected):
    with pytest.raises(bounded_json.UnacceptableJsonError, match=expected):
        bounded_json.decode(text)


def test_words_of_an_unknown_error():
    assert responses.error_words(b'{"code": 17, "why": "locked"}') == '{"code": 17, "why": "locked"}'
    assert responses.error_words(b'{"message": false, "reason": "locked"}') == "locked"
    assert responses.error_words(b"[]") == "[]" and responses.error_words(b" ") == ""
    assert responses.error_words(b'{"detail": "' + b"x" * 2_000_000 + b'"}').startswith('{"detail": "xxx')
