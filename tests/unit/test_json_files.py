"""JSON and JSON Lines files: what is read, what is allowed, and which line is named."""
from __future__ import annotations

import json

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris import json_files
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError


@pytest.mark.parametrize("count", [0, 1, 499, 500, 501, 1200])
def test_every_object_in_its_order(tmp_path, count):
    path = tmp_path / "lines.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + b"".join(b'{"n": %d}\r\n\n' % number for number in range(count)))
    assert json_files.read_lines(str(path)) == [{"n": number} for number in range(count)]


def test_a_null_line_is_an_object_without_fields(tmp_path):
    (tmp_path / "lines.jsonl").write_text('{"a": 1}\nnull\n{"a": 2}\n')
    assert json_files.read_lines(str(tmp_path / "lines.jsonl")) == [{"a": 1}, {}, {"a": 2}]


@pytest.mark.parametrize("end", [b'{"n": 1', b'{"n": "\xc3', b"1", b'{"n": 1}{"n": 2}'])
def test_a_last_line_that_was_cut_off(tmp_path, end):
    path = tmp_path / "lines.jsonl"
    path.write_bytes(b'{"n": 0}\n' * 3 + end)
    assert json_files.read_lines(str(path), torn=True) == [{"n": 0}] * 3
    with pytest.raises(HrisError, match=r"lines.jsonl, line 4: the line is not "):
        json_files.read_lines(str(path))
    path.write_bytes(b'{"n": 0}\n' * 3 + end + b"\n")
    with pytest.raises(HrisError, match=r"lines.jsonl, line 4: "):
        json_files.read_lines(str(path), torn=True)


@pytest.mark.parametrize(("line", "words"), [
    (b"secret", "the line is not JSON: "), (b'["secret"]', "the line is not a JSON object"), (b'{"a": "\xffsecret"}', "the line is not UTF-8 text (byte 7)"),
    (b"[" * 100_000, "the line is not JSON: "), (b'{"secret": 1},{"b": 2}', "the line is not JSON: "),
])
def test_a_message_names_the_line_and_quotes_nothing(tmp_path, line, words):
    path = tmp_path / "lines.jsonl"
    path.write_bytes(b'{"n": 0}\n' * 700 + line + b"\n" + b'{"n": 1}\n' * 700)
    with pytest.raises(HrisError) as error:
        json_files.read_lines(str(path), hint="Write objects")
    assert str(error.value).startswith(f"{path}, line 701: {words}") and str(error.value).endswith(". Write objects.")
    assert "secret" not in str(error.value) and len(str(error.value)) < 300


@pytest.mark.parametrize(("content", "words"), [(b"{", "the file is not JSON: "), (b'"\xff"', "the file is not UTF-8 text (byte 1)"), (b"[" * 100_000, "the file is not JSON: ")])
def test_a_file_that_is_not_json(tmp_path, content, words):
    path = tmp_path / "one.json"
    path.write_bytes(content)
    with pytest.raises(HrisError) as error:
        json_files.read_json(str(path))
    assert str(error.value).startswith(f"{path}: {words}")
    path.write_text(json.dumps({"a": "ü"}), encoding="utf-8-sig")
    assert json_files.read_json(str(path)) == {"a": "ü"}


@pytest.mark.parametrize("read", [json_files.read_json, json_files.read_lines, json_files.starts_with_array])
def test_a_file_that_is_not_there(read):
    with pytest.raises(HrisError, match=r"^/nowhere: the file cannot be read: No such file or directory\. It is read on the machine that the task runs on\.$"):
        read("/nowhere")
