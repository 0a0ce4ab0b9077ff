# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether what is written to a place is still there for the next job.

A job of AWX runs in a container: its file system, its memory and the folder of ansible-runner go
with it, and only what is mounted into it stays. Where Linux does not tell what is mounted, nothing
is known, and nothing is said.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence

from ..data_class import frozen
from ..errors import HrisError
from ..user_files import open_to_read

MOUNTS = "/proc/self/mountinfo"
CGROUPS = "/proc/self/cgroup"
SIGNS = ("/run/.containerenv", "/.dockerenv")  # files that Podman and Docker make
_IN_POD = "KUBERNETES_SERVICE_HOST"  # Kubernetes sets it in every container
_RUNNER = "AWX_ISOLATED_DATA_DIR"  # ansible-runner sets it: PRIVATE_DATA_DIR/artifacts/JOB
# The groups of Docker, Kubernetes and Podman, and not those of their services on the machine
_CGROUPS = re.compile(r"/(docker[/-]|kubepods|libpod[-_]|crio-|cri-containerd-)")
_IN_MEMORY = frozenset(("tmpfs", "ramfs"))
_LAYERED = frozenset(("overlay", "fuse-overlayfs", "fuse.fuse-overlayfs", "aufs"))
_EMPTY_DIR = "kubernetes.io~empty-dir"  # in the folder of the host that is mounted
_OCTAL = re.compile(r"\\([0-7]{3})")


@frozen
class Mount:
    """One line of mountinfo."""

    root: str  # what of its file system is mounted
    point: str  # where
    kind: str  # of the file system
    source: str  # the device, or a word


@frozen
class Surroundings:
    """What a run works in."""

    mounts: Sequence[Mount]  # in their order: a later one covers an earlier one
    in_container: bool
    runner: str  # the private data directory of ansible-runner; "" without it


@frozen
class Loss:
    """What becomes of a place."""

    why: str  # for people, after the path: ``is in the memory of the container (tmpfs)``
    with_job: bool  # False: only with the next restart of the machine


def parse_mounts(text: str) -> list[Mount]:
    """The mounts of a mountinfo file (proc(5)). A line of another form is passed over."""
    found = []
    for line in text.splitlines():
        before, _separator, after = line.partition(" - ")
        fields, more = before.split(), after.split()
        if len(fields) >= 5 and len(more) >= 2:
            root, point = map(_unescaped, fields[3:5])
            found.append(Mount(root, point, more[0], _unescaped(more[1])))
    return found


def _unescaped(text: str) -> str:
    return _OCTAL.sub(lambda match: chr(int(match[1], 8)), text)


def is_container(signs: Iterable[str], environment: Mapping[str, str], cgroups: str) -> bool:
    """Whether this is a container. signs: those of SIGNS that are there. cgroups: the text of
    /proc/self/cgroup.
    """
    return bool(list(signs) or environment.get(_IN_POD) or _CGROUPS.search(cgroups))


def loss_at(path: str, around: Surroundings) -> Loss | None:
    """What becomes of a place; None where it lasts, or nothing is known. path: absolute, without
    links.
    """
    mount = _mount_of(path, around.mounts)
    if around.runner and _is_below(path, around.runner) and not _is_mounted(mount, around.runner):
        why = f"is below {around.runner}, the folder of ansible-runner, which AWX removes"
        return Loss(why, with_job=True)
    if mount is None:
        return None
    if mount.kind in _IN_MEMORY:
        whose = "container" if around.in_container else "machine"
        return Loss(f"is in the memory of the {whose} ({mount.kind})", around.in_container)
    if not around.in_container:
        return None
    if _EMPTY_DIR in mount.root:
        return Loss("is an emptyDir, which Kubernetes removes with the pod", with_job=True)
    if mount.kind in _LAYERED or (mount.point == "/" and not _is_whole_device(mount)):
        return Loss(f"is on the file system of the container ({mount.kind})", with_job=True)
    return None


def _is_mounted(mount: Mount | None, folder: str) -> bool:
    """Whether a mount is one inside of a folder."""
    return mount is not None and _is_below(mount.point, folder, or_same=False)


def _is_whole_device(mount: Mount) -> bool:
    """Whether a root file system is that of a machine: some virtual machines are made from images
    of containers, and have the signs of one.
    """
    return mount.source.startswith("/dev/") and mount.root == "/"


def _mount_of(path: str, mounts: Iterable[Mount]) -> Mount | None:
    found: Mount | None = None
    for mount in mounts:
        if _is_below(path, mount.point) and (not found or len(mount.point) >= len(found.point)):
            found = mount
    return found


def _is_below(path: str, folder: str, or_same: bool = True) -> bool:
    if path == folder:
        return or_same
    return path.startswith(folder.rstrip("/") + "/")


def surroundings() -> Surroundings:
    """What this process works in."""
    job = os.environ.get(_RUNNER, "")
    return Surroundings(
        mounts=parse_mounts(_text_of(MOUNTS)),
        in_container=is_container(filter(os.path.exists, SIGNS), os.environ, _text_of(CGROUPS)),
        runner=os.path.realpath(os.path.join(job, "..", "..")) if os.path.isabs(job) else "",
    )


def real_path(path: str) -> str:
    """A path as loss_at takes it; what does not exist yet is where it will be."""
    return os.path.realpath(os.path.abspath(path))


def _text_of(path: str) -> str:
    """The text of a file of the kernel; "" on systems that do not have it."""
    try:
        with open_to_read(path) as file:
            return file.read().decode("utf-8", "surrogateescape")
    except (OSError, HrisError):
        return ""
