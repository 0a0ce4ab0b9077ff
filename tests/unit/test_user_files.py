"""Files that users name: never a link into the file of somebody else, never a named pipe, and believed only where nobody else may write."""
from __future__ import annotations

import ast
import contextlib
import errno
import os
import signal
import socket
import stat
import struct
from pathlib import Path

import pytest
from ansible_collections.hris.ad.plugins.module_utils import _hris
from ansible_collections.hris.ad.plugins.module_utils._hris import (
    access_lists,
    json_files,
    private_file,
    progress,
    tls,
    user_files,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.commands import record_feed
from ansible_collections.hris.ad.plugins.module_utils._hris.directory import (
    encrypted_passwords,
    initial_passwords,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.journal import Journal
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.model.records import Record
from ansible_collections.hris.ad.plugins.module_utils._hris.outbound import (
    dead_letters,
    mail_messages,
    outcome_file,
    step_ledger,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.run import (
    feed_guard,
    journals,
    report_files,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.sources import files, tables

FOREIGN = 65534  # another user
PACKAGE = Path(_hris.__file__).parent


@pytest.fixture(autouse=True)
def nothing_hangs():
    """A named pipe would be waited for: the test fails then, and pytest goes on, also where the machine has much other work."""
    def too_long(_signal, _frame):
        raise AssertionError("a file was waited for")
    before = signal.signal(signal.SIGALRM, too_long)
    signal.alarm(120)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture
def folder(tmp_path):
    """A folder of this user alone."""
    tmp_path.chmod(0o700)
    return tmp_path


def tell(path: str) -> None:
    with progress.progress_to(path, pytest.fail) as report:
        report("read")


REPLACE = {
    "write_private": lambda path: private_file.write_private(path, ["new\n"]),
    "write_feed": lambda path: files.write_feed(path, [{"id": 1}]),
    "report": lambda path: report_files.write_texts(path, {"html": "<p>"}),
    "outcome": lambda path: outcome_file.write(path, [], None),
    "record": lambda path: record_feed._differs(path, "new"),
    "check_destinations": lambda path: user_files.check_destinations([path]),
}
GROW = {
    "append_private": lambda path: private_file.append_private(path, ["new\n"]),
    "progress_file": tell,
    "dead letters": dead_letters.check_writable,
    "check_destinations": lambda path: user_files.check_destinations([], [path]),
}
NEW = {"journal": lambda path: Journal(path, None)}
READ = {
    "read_text": json_files.read_text,
    "read_json": json_files.read_json,
    "read_lines": json_files.read_lines,
    "digest": private_file.file_digest,
    "feed": files.read_feed,
    "csv": lambda path: tables.read_file(path, "csv"),
    "json": lambda path: tables.read_file(path, "json"),
    "jsonl": lambda path: tables.read_file(path, "jsonl"),
    "attachment": mail_messages._content,
}
TRUST = {
    "plan": lambda path: report_files.read_plan(path, None),
    "journal": lambda path: journals.read_journal(path, None),
    "profile": lambda path: feed_guard._last_profile({"file": path, "last": None}, None),
    "ledger": lambda path: step_ledger.read(path, None),
    "outcome": lambda path: outcome_file.read(path, True, None),
    "outcome's digest": step_ledger.digest_of,
    "dead letters": lambda path: dead_letters.read(path, None),
    "ca_cert": tls.check_ca_cert,
    "certificate": lambda path: initial_passwords.read_certificate(path, "certificate"),
    "private key": lambda path: encrypted_passwords._private_key(encrypted_passwords.KeyOptions("", path, None)),
}


def words(work, path) -> str:
    with pytest.raises(HrisError) as caught:
        work(str(path))
    return str(caught.value)


def parametrized(*tables_: dict):
    return pytest.mark.parametrize("work", [work for table in tables_ for work in table.values()],
                                   ids=[name for table in tables_ for name in table])


@parametrized(REPLACE, GROW, NEW)
@pytest.mark.parametrize("content", ["victim\n", None], ids=["a link to a file", "a link to nothing"])
def test_a_link_is_not_written_through(folder, work, content):
    victim, path = folder / "victim", folder / "path"
    if content:
        victim.write_text(content, encoding="utf-8")
        victim.chmod(0o600)
    path.symlink_to(victim)
    text = words(work, path)
    assert "symbolic link" in text or "exists already" in text
    assert path.is_symlink() and (victim.read_text(encoding="utf-8") == content if content else not victim.exists())


@parametrized(REPLACE, GROW, NEW, READ, TRUST)
def test_only_files_are_opened(folder, work):
    os.mkfifo(folder / "pipe", 0o600)
    (folder / "directory").mkdir()
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(folder / "socket"))
    server.close()
    for path, kind in ((folder / "pipe", "a named pipe"), (folder / "directory", "a directory"), (folder / "socket", "a socket"),
                       (Path("/dev/null"), "a device")):
        text = words(work, path)
        assert f"this is {kind}, not a file" in text or "exists already" in text
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


@parametrized(REPLACE, GROW, NEW, TRUST)
def test_nothing_in_a_folder_that_others_may_write_to(folder, work):
    path = folder / "shared" / "path"
    path.parent.mkdir()
    if work in TRUST.values():
        path.touch(0o600)
    path.parent.chmod(0o777)
    assert f"others may write to the folder {path.parent}" in words(work, path)
    if work not in TRUST.values():
        assert not path.exists()


@parametrized(REPLACE, GROW, NEW, TRUST)
@pytest.mark.parametrize("mode", [0o777, 0o1777])
def test_a_folder_above_in_which_others_may_rename(folder, work, mode):
    """They could put another folder, with another file, in its place; not in one such as /tmp."""
    path = folder / "shared" / "mine" / "path"
    path.parent.mkdir(parents=True)
    path.parent.chmod(0o700)
    if work in TRUST.values():
        path.touch(0o600)
    path.parent.parent.chmod(mode)
    if mode == 0o777:
        assert f"others may write to the folder {path.parent.parent}" in words(work, path)
    elif work not in NEW.values():
        with contextlib.suppress(HrisError):
            work(str(path))
            return
        assert "to the folder" not in words(work, path), "what is wrong is in the file"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a link away")
@parametrized(REPLACE, GROW, NEW, TRUST)
def test_a_folder_that_is_a_link_of_another_user(folder, work):
    (folder / "mine").mkdir(mode=0o700)
    (folder / "link").symlink_to(folder / "mine")
    (folder / "mine" / "path").touch(0o600)
    path = folder / "link" / "path"
    if work in NEW.values():
        (folder / "mine" / "path").unlink()
    os.lchown(folder / "link", FOREIGN, FOREIGN)
    assert f"the folder {folder / 'link'} is a link of another user" in words(work, path)


def test_a_link_of_ones_own_above(folder):
    (folder / "mine").mkdir(mode=0o700)
    (folder / "link").symlink_to(folder / "mine")
    private_file.write_private(str(folder / "link" / "path"), ["x"])
    (folder / "mine").chmod(0o777)
    assert f"others may write to the folder {folder}" in words(user_files.check_trusted, folder / "link" / "path")


def listed(*entries: tuple[int, int, int]) -> bytes:
    """An access control list as Linux keeps it, of (tag, permissions, number)."""
    nobody = 0xFFFFFFFF
    whole = sorted([(0x01, 6, nobody), (0x04, 4, nobody), (0x20, 4, nobody), *entries])
    return struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *one) for one in whole)


def give_list(path, value: bytes) -> None:
    try:
        os.setxattr(path, "system.posix_acl_access", value)
    except OSError as error:
        if error.errno != errno.ENOTSUP:
            raise
        pytest.skip("this file system has no access control lists")


@pytest.mark.skipif(os.geteuid() != 0, reason="the group of root is nobody else")
@pytest.mark.parametrize("entries", [
    [(0x02, 6, FOREIGN), (0x10, 6, 0xFFFFFFFF)], [(0x08, 6, FOREIGN), (0x10, 7, 0xFFFFFFFF)], [(0x02, 4, FOREIGN), (0x02, 7, FOREIGN - 1), (0x10, 7, 0xFFFFFFFF)]])
@parametrized(TRUST)
def test_an_access_control_list_that_lets_others_write(folder, work, entries):
    path = folder / "path"
    path.touch(0o600)
    give_list(path, listed(*entries))
    assert "others may write this file" in words(work, path)
    path.unlink()
    path.touch(0o600)
    give_list(folder, listed(*((tag, permissions | 1, number) for tag, permissions, number in entries)))
    assert f"others may write to the folder {folder}" in words(work, path)


@pytest.mark.skipif(os.geteuid() != 0, reason="the group of root is nobody else")
@pytest.mark.parametrize("entries", [
    [(0x02, 6, FOREIGN), (0x10, 4, 0xFFFFFFFF)], [(0x02, 4, FOREIGN), (0x10, 6, 0xFFFFFFFF)], [(0x02, 6, 0), (0x10, 6, 0xFFFFFFFF)]])
def test_an_access_control_list_that_lets_nobody_else_write(folder, entries):
    path = folder / "path"
    path.touch(0o600)
    give_list(path, listed(*entries))
    user_files.check_trusted(str(path))


@pytest.mark.parametrize("value", [b"", b"\x01\0\0\0", struct.pack("<IHH", 2, 1, 6), OSError(errno.EIO, "broken")])
def test_a_list_that_cannot_be_read_is_not_trusted(monkeypatch, value):
    def getxattr(_where, _name):
        if isinstance(value, OSError):
            raise value
        return value
    monkeypatch.setattr(os, "getxattr", getxattr)
    assert access_lists.names_writer("/x") is True


@parametrized(REPLACE, GROW)
def test_a_sticky_folder_such_as_tmp_is_usable(folder, work):
    folder.chmod(0o1777)
    work(str(folder / "path"))
    work(str(folder / "path"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
@parametrized(GROW, TRUST)
def test_what_somebody_else_has_put_there_is_neither_added_to_nor_believed(folder, work):
    folder.chmod(0o1777)
    path = folder / "path"
    path.touch(0o600)
    os.chown(path, FOREIGN, FOREIGN)
    assert "belongs to another user" in words(work, path)
    assert path.read_text(encoding="utf-8") == ""


@parametrized(GROW)
def test_a_second_name_of_another_file_is_not_added_to(folder, work):
    victim = folder / "victim"
    victim.touch(0o600)
    os.link(victim, folder / "path")
    assert "a hard link" in words(work, folder / "path")


@parametrized(TRUST)
@pytest.mark.parametrize("mode", [0o602, 0o666, 0o646])
def test_what_others_may_write_is_not_believed(folder, work, mode):
    path = folder / "path"
    path.touch()
    path.chmod(mode)
    assert "others may write this file" in words(work, path)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to a group")
def test_a_group_of_ones_own_is_nobody_else(folder):
    path = folder / "path"
    path.touch()
    path.chmod(0o660)
    user_files.check_trusted(str(path))
    os.chown(path, -1, FOREIGN)
    assert "others may write this file" in words(user_files.check_trusted, path)
    os.chown(path, -1, 0)
    os.chown(folder, -1, FOREIGN)
    folder.chmod(0o770)
    assert "others may write to the folder" in words(user_files.check_trusted, path)


@parametrized(GROW)
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_what_others_may_read_or_write_is_not_added_to(folder, work, mode):
    path = folder / "path"
    path.touch()
    path.chmod(mode)
    assert "others may" in words(work, path)


def test_what_is_read_may_be_a_link_as_secrets_in_containers_are(folder):
    (folder / "..data").mkdir()
    (folder / "..data" / "feed").write_text('{"id": 1}\n', encoding="utf-8")
    (folder / "feed").symlink_to("..data/feed")
    assert files.read_feed(str(folder / "feed")) == [Record({"id": 1})]
    user_files.check_trusted(str(folder / "feed"))
    (folder / "..data").chmod(0o777)
    assert "others may write to the folder" in words(user_files.check_trusted, folder / "feed")


def test_a_run_checks_its_files_before_anything_else(folder):
    for path in (folder / "no" / "path", folder):
        for lists in ([[str(path)]], [[], [str(path)]]):
            with pytest.raises(HrisError, match="cannot be written|not a file"):
                user_files.check_destinations(*lists)
    user_files.check_destinations([None, str(folder / "one")], [None, str(folder / "two")])
    assert not list(folder.iterdir())


def test_no_other_file_of_the_collection_opens_what_a_user_names():
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("open", "os.open", "io.open", "Path", "pathlib.Path"):
                found.append(f"{path.relative_to(PACKAGE)}: {ast.unparse(node)}")
    own = [one for one in found if not one.startswith("user_files.py")]
    terminal = ["terminal.py: os.open(_terminal(), os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)",
                "terminal.py: open(f'/proc/{pid}/stat', encoding='utf-8', errors='replace')"]
    assert own == ["private_file.py: os.open(folder_of(path), os.O_RDONLY)", *terminal]
