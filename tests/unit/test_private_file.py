"""Files that grow: private, whole lines only, whatever the disk or a killed run did before."""
from __future__ import annotations

import resource
import stat

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.private_file import (
    append_private,
    write_private,
)


@pytest.fixture
def room():
    """room(bytes): no file may be written beyond that, which is as good as a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


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


def test_a_full_disk_takes_nothing_instead_of_a_part(tmp_path, room):
    path = tmp_path / "lines.jsonl"
    append_private(str(path), ["one\n"])
    room(10)
    with pytest.raises(HrisError, match="cannot be written: File too large"):
        append_private(str(path), ["two\n", "three\n", "four\n"])
    assert path.read_text(encoding="utf-8") == "one\n"


def test_a_file_that_cannot_be_written_whole_stays_what_it_was(tmp_path, room):
    path = tmp_path / "plan.json"
    write_private(str(path), ["before"])
    room(10)
    with pytest.raises(HrisError, match="cannot be written"):
        write_private(str(path), ["x" * 100])
    assert path.read_text(encoding="utf-8") == "before" and [found.name for found in tmp_path.iterdir()] == ["plan.json"]


def test_a_file_that_others_may_read_gets_nothing(tmp_path):
    path = tmp_path / "lines.jsonl"
    path.write_text("", encoding="utf-8")
    path.chmod(0o644)
    with pytest.raises(HrisError, match="others may read this file"):
        append_private(str(path), ["secret\n"])
    assert path.read_text(encoding="utf-8") == ""
