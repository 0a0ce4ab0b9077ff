# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that a user names in an option: the only place that opens them.

A run often works as root, and in folders that others know, such as /tmp. So a file that is written
is never a link to a file of somebody else, and a file that is believed is one that only its owner
may write. What is read may be reached over links, as secrets in containers are. Nothing but a file
is opened: a named pipe would stop the run, and a device can do anything.
"""

from __future__ import annotations

import errno
import grp
import os
import pwd
import stat
from collections.abc import Iterable, Iterator
from io import BufferedReader, FileIO

from .access_lists import names_writer
from .errors import HrisError

_OTHERS_WRITE = "others may write this file"
_KINDS = {
    stat.S_IFDIR: "a directory",
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def open_to_read(path: str) -> BufferedReader:
    """A file to read; links are followed. Raises HrisError naming the path."""
    try:
        _check_is_file(os.stat(path), path)
        # Something else may stand there by now: without this flag a named pipe would be waited for
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
        try:
            _check_is_file(os.fstat(handle), path)
            return os.fdopen(handle, "rb")
        except BaseException:
            os.close(handle)
            raise
    except OSError as error:
        hint = None
        if error.errno == errno.ENOENT:
            hint = "It is read on the machine that the task runs on"
        raise HrisError(f"the file cannot be read: {error.strerror}", path, hint) from error


def open_trusted(path: str) -> BufferedReader:
    """The same for a file that the run believes, such as a plan or a certificate: nobody but its
    owner, who is this user or root, may write it. Raises HrisError naming the path.
    """
    file = open_to_read(path)
    try:
        _check_trusted(file.fileno(), path)
        for name in (path, os.path.realpath(path)):
            _check_folder(name)
        return file
    except BaseException:
        file.close()
        raise


def check_trusted(path: str) -> None:
    """Raise HrisError where open_trusted would, for a file that a library opens."""
    open_trusted(path).close()


def open_to_add(path: str) -> FileIO:
    """A file of mode 0600 that grows, to read and to add to; it is made where there is none.

    Raises HrisError for anything that is not a file of this user, which nobody else may read.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        _check_folder(path)
        _check_addable(path)
        handle = os.open(path, flags, 0o600)
        try:
            _check_private(os.fstat(handle), path)
            return os.fdopen(handle, "rb+", buffering=0)
        except BaseException:
            os.close(handle)
            raise
    except OSError as error:
        raise _unwritable(path, error) from error


def open_new(path: str) -> int:
    """The handle of a new file of mode 0600. Raises FileExistsError where something has this name,
    and HrisError where it cannot be written.
    """
    try:
        _check_folder(path)
        # With O_EXCL a link is never followed
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        raise
    except OSError as error:
        raise _unwritable(path, error) from error


def check_replaceable(path: str) -> None:
    """Raise HrisError where a file cannot be written, or not safely: what stands there is not a
    file, or others may write to its folder.
    """
    try:
        _check_folder(path)
        status = _status(path)
        if status:
            _check_is_file(status, path)
        if not os.access(folder_of(path), os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        raise _unwritable(path, error) from error


def check_destinations(replaced: Iterable[str | None], grown: Iterable[str | None] = ()) -> None:
    """Raise HrisError for files that a run could not write at its end: check mode and the real run
    check them before anything else.

    replaced: files that are written anew. grown: files that lines are added to.
    """
    for path in filter(None, replaced):
        check_replaceable(path)
    for path in filter(None, grown):
        check_replaceable(path)
        try:
            _check_addable(path)
        except OSError as error:
            raise _unwritable(path, error) from error


def make_folder(path: str) -> None:
    """Make a folder of mode 0700, and those that it is in, as far as they are missing. Raises
    HrisError naming the path.
    """
    missing = []
    folder = os.path.abspath(path)
    while not os.path.lexists(folder):
        missing.append(folder)
        folder = os.path.dirname(folder)
    try:
        for one in reversed(missing):
            try:
                os.mkdir(one, 0o700)
            except FileExistsError:
                continue  # another run has made it
        if not os.path.isdir(path):
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    except OSError as error:
        raise _not_makeable(path, error.errno or errno.EIO) from error


def check_makeable(path: str) -> None:
    """Raise HrisError where a folder is not there and cannot be made."""
    folder = os.path.abspath(path)
    while not os.path.lexists(folder):
        folder = os.path.dirname(folder)
    if not os.path.isdir(folder):
        code = errno.ENOTDIR
    elif not os.access(folder, os.W_OK | os.X_OK):
        code = errno.EACCES
    else:
        return
    raise _not_makeable(path, code)


def _not_makeable(path: str, code: int) -> HrisError:
    message = f"the folder cannot be made: {os.strerror(code)}"
    if code != errno.EACCES:
        return HrisError(message, path)
    return HrisError(message, path, "Make it as root, and let it belong to the user of the runs")


def folder_of(path: str) -> str:
    """The folder that a file is in."""
    return os.path.dirname(os.path.abspath(path))


def _unwritable(path: str, error: OSError) -> HrisError:
    if error.errno == errno.ELOOP:  # a link that was made between two looks
        return _not_a_file(stat.S_IFLNK, path)
    return HrisError(f"the file cannot be written: {error.strerror}", path)


def _status(path: str) -> os.stat_result | None:
    """What stands there, links not followed; None for nothing."""
    try:
        return os.lstat(path)
    except FileNotFoundError:
        return None


def _check_addable(path: str) -> None:
    status = _status(path)
    if status:
        _check_private(status, path)


def _check_is_file(status: os.stat_result, path: str) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise _not_a_file(stat.S_IFMT(status.st_mode), path)


def _not_a_file(kind: int, path: str) -> HrisError:
    return HrisError(f"this is {_KINDS[kind]}, not a file", path, "Name the file itself")


def _check_private(status: os.stat_result, path: str) -> None:
    """That nobody else reads or has made it, and that it has no second name elsewhere."""
    _check_is_file(status, path)
    if status.st_uid != os.geteuid():
        raise HrisError("this file belongs to another user", path, "Name a file of your own")
    if status.st_mode & 0o022:
        raise HrisError(_OTHERS_WRITE, path, "Set its mode to 0600")
    if status.st_mode & 0o077:
        raise HrisError("others may read this file", path, "Set its mode to 0600")
    if status.st_nlink > 1:
        hint = "Name a file that has one name only"
        raise HrisError("this file has a second name (a hard link)", path, hint)


def _check_trusted(handle: int, path: str) -> None:
    status = os.fstat(handle)
    if status.st_uid not in (0, os.geteuid()):
        hint = "Check what it says, and make a copy of your own"
        raise HrisError("this file belongs to another user, who may write it", path, hint)
    if _others_may_write(status, handle):
        hint = "Check what it says, and take the right to write from the others (chmod "
        hint += "go-w, setfacl -b)"
        raise HrisError(_OTHERS_WRITE, path, hint)


def _check_folder(path: str) -> None:
    """That others cannot put another file in the place of this one: in its folder, or by another
    folder in the place of one above it (as StrictModes of OpenSSH asks for).

    In a folder such as /tmp everybody may write, but its sticky bit lets nobody touch the files of
    others. Who owns a folder is not asked: in a container it is often a user of the host.
    """
    folder = folder_of(path)
    names = dict.fromkeys((*_upwards(folder), *_upwards(os.path.realpath(folder))))
    for name in names:
        link = os.lstat(name)
        if stat.S_ISLNK(link.st_mode) and link.st_uid not in (0, os.geteuid()):
            hint = "Name the folder itself"
            raise HrisError(f"the folder {name} is a link of another user", path, hint)
        status = os.stat(name)
        if _others_may_write(status, name) and not status.st_mode & stat.S_ISVTX:
            hint = (
                "Choose a folder that only you may write to, or take the right from them (chmod "
                "go-w, setfacl -b)"
            )
            raise HrisError(f"others may write to the folder {name}", path, hint)


def _upwards(folder: str) -> Iterator[str]:
    """A folder and those above it."""
    yield folder
    while (above := os.path.dirname(folder)) != folder:
        folder = above
        yield folder


def _others_may_write(status: os.stat_result, where: str | int) -> bool:
    """where: the path or handle that the status is of."""
    if status.st_mode & stat.S_IWOTH:
        return True
    if not status.st_mode & stat.S_IWGRP:
        return False  # also of an access control list: these bits are the most that it may give
    return not _is_own_group(status.st_gid) or names_writer(where)


def _is_own_group(gid: int) -> bool:
    """Whether nobody else is in the group: that of root, or the one that many systems make for each
    user, with the name of the user.
    """
    if gid != os.getegid():
        return False
    try:
        user = pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        user = ""  # a container may work under a number that has no name
    try:
        group = grp.getgrgid(gid)
    except KeyError:
        return gid == 0
    return (gid == 0 or group.gr_name == user) and not set(group.gr_mem) - {user}
