"""Files that grow: private, whole lines only, whatever the disk or a killed run did before."""
from __future__ import annotations

import stat

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.private_file import (
    append_private,
    write_private,
)
from full_disk import run_on_full_disk

WRITE = """
import sys
from ansible_collections.hris.ad.plugins.module_utils._hris import private_file
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
function, path, *texts = sys.argv[1:]
try:
    getattr(private_file, function)(path, texts)
except HrisError as error:
    print(error)
"""


def test_lines_are_added_and_only_the_owner_may_read_them(tmp_path):
    path = tmp_path / "lines.jsonl"
    append_private(str(path), ["one\n"])
    append_private(str(path), (line for line in ["two\n", "drei – ü\n"]))
    append_private(str(path), ())
    assert path.read_text(encoding="utf-8") == "one\ntwo\ndrei – ü\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_line_that_a_killed_run_has_cut_off_spoils_none_that_follows(tmp_path):
    path = tmp_path / "lines.jsonl"
    append_private(str(path), ["one\n", "tw"])
    append_private(str(path), ())
    append_private(str(path), ["three\n"])
    assert path.read_text(encoding="utf-8") == "one\ntw\nthree\n"


def test_a_full_disk_takes_nothing_instead_of_a_part(tmp_path):
    path = tmp_path / "lines.jsonl"
    append_private(str(path), ["one\n"])
    error = run_on_full_disk(10, WRITE, "append_private", str(path), "two\n", "three\n", "four\n")
    assert "cannot be written: File too large" in error
    assert path.read_text(encoding="utf-8") == "one\n"


def test_a_file_that_cannot_be_written_whole_stays_what_it_was(tmp_path):
    path = tmp_path / "plan.json"
    write_private(str(path), ["before"])
    assert "cannot be written" in run_on_full_disk(10, WRITE, "write_private", str(path), "x" * 100)
    assert path.read_text(encoding="utf-8") == "before" and [found.name for found in tmp_path.iterdir()] == ["plan.json"]


def test_a_file_that_others_may_read_gets_nothing(tmp_path):
    path = tmp_path / "lines.jsonl"
    path.write_text("", encoding="utf-8")
    path.chmod(0o644)
    with pytest.raises(HrisError, match="others may read this file"):
        append_private(str(path), ["secret\n"])
    assert path.read_text(encoding="utf-8") == ""
