"""Whether a place is still there for the next job, for the mounts of machines and of containers as they are met."""
from __future__ import annotations

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.run.lasting_places import (
    Surroundings,
    is_container,
    loss_at,
    parse_mounts,
    real_path,
    surroundings,
)

# As Podman (overlay) shows it in a job of AWX, with a folder of the node mounted into it
PODMAN = r"""
1182 1014 0:120 / / rw,relatime - overlay overlay rw,lowerdir=/a:/b,upperdir=/c,workdir=/d
1183 1182 0:121 / /proc rw,nosuid,nodev,noexec,relatime - proc proc rw
1186 1182 8:2 /tmp/awx_7_x1 /runner rw,relatime - xfs /dev/sda2 rw
1187 1182 8:2 /srv/hris /var/lib/hris rw,relatime - xfs /dev/sda2 rw
1188 1182 8:2 /srv/a\040b /var/lib/a\040b rw,relatime - xfs /dev/sda2 rw
1189 1182 0:125 / /run rw,nosuid,nodev,relatime - tmpfs tmpfs rw,size=65536k
1190 1186 8:2 /srv/below /runner/kept rw,relatime - xfs /dev/sda2 rw
"""
# A pod of a container group: containerd, an emptyDir, one in memory, and a volume
POD = """
900 800 0:200 / / rw,relatime master:1 - overlay overlay rw
901 900 8:1 /var/lib/kubelet/pods/5f/volumes/kubernetes.io~empty-dir/job /scratch rw - ext4 /dev/vda1 rw
902 900 0:201 / /fast rw,relatime - tmpfs tmpfs rw,size=1g
903 900 0:202 / /var/lib/hris rw,relatime - nfs4 nas:/hris rw
904 900 8:16 / /disk rw,relatime - ext4 /dev/vdb rw
"""
# Podman with the driver vfs, and Docker with devicemapper: the root is a folder of a device
VFS = "900 800 8:1 /var/lib/containers/storage/vfs/dir/5f3a / rw - ext4 /dev/sda1 rw"
DEVICEMAPPER = "900 800 253:7 /rootfs / rw - xfs /dev/mapper/docker-8:1-5f3a rw"
MACHINE = """
25 1 8:2 / / rw,relatime - ext4 /dev/sda2 rw
26 25 0:24 / /dev/shm rw - tmpfs tmpfs rw
27 25 8:3 / /srv rw - xfs /dev/sda3 rw
28 25 0:30 / /srv/images rw - overlay overlay rw
29 27 0:31 / /srv rw - tmpfs tmpfs rw
"""


@pytest.mark.parametrize("mounts, in_container, runner, path, why", [
    # jobs of AWX with Podman
    (PODMAN, True, "/runner", "/var/lib/hris/elmo/guard.json", None),
    (PODMAN, True, "/runner", "/var/lib/hris", None),
    (PODMAN, True, "/runner", "/var/lib/hris2/guard.json", "is on the file system of the container (overlay)"),
    (PODMAN, True, "/runner", "/tmp/state", "is on the file system of the container (overlay)"),
    (PODMAN, True, "/runner", "/var/lib/a b/x", None),
    (PODMAN, True, "/runner", "/run/hris/passwords", "is in the memory of the container (tmpfs)"),
    (PODMAN, True, "/runner", "/runner/project/state", "is below /runner, the folder of ansible-runner, which AWX removes"),
    (PODMAN, True, "/runner", "/runner", "is below /runner, the folder of ansible-runner, which AWX removes"),
    (PODMAN, True, "/runner", "/runner/kept/elmo", None),
    (PODMAN, True, "/runner", "/runner-up/x", "is on the file system of the container (overlay)"),
    # a pod
    (POD, True, "", "/scratch/state", "is an emptyDir, which Kubernetes removes with the pod"),
    (POD, True, "", "/fast/state", "is in the memory of the container (tmpfs)"),
    (POD, True, "", "/var/lib/hris/state", None),
    (POD, True, "", "/disk/state", None),
    (POD, True, "", "/home/runner/state", "is on the file system of the container (overlay)"),
    # other drivers
    (VFS, True, "", "/var/lib/hris", "is on the file system of the container (ext4)"),
    (DEVICEMAPPER, True, "", "/var/lib/hris", "is on the file system of the container (xfs)"),
    # machines, also those that were made from the image of a container
    (MACHINE, False, "", "/var/lib/hris", None),
    (MACHINE, True, "", "/var/lib/hris", None),
    (MACHINE, False, "", "/dev/shm/hris", "is in the memory of the machine (tmpfs)"),
    (MACHINE, True, "", "/dev/shm/hris", "is in the memory of the container (tmpfs)"),
    (MACHINE, False, "", "/srv/images/x", None),
    (MACHINE, False, "", "/srv/x", "is in the memory of the machine (tmpfs)"),
    (MACHINE, False, "/tmp/awx_7", "/tmp/awx_7/project/x", "is below /tmp/awx_7, the folder of ansible-runner, which AWX removes"),
    # nothing is known
    ("", True, "", "/var/lib/hris", None),
])
def test_what_becomes_of_a_place(mounts, in_container, runner, path, why):
    loss = loss_at(path, Surroundings(parse_mounts(mounts), in_container, runner))
    assert (loss.why if loss else None) == why
    if loss:
        assert loss.with_job == (loss.why != "is in the memory of the machine (tmpfs)")


@pytest.mark.parametrize("signs, environment, cgroups, expected", [
    ([], {}, "0::/user.slice/user-1000.slice\n", False),
    (["/run/.containerenv"], {}, "", True),
    (["/.dockerenv"], {}, "", True),
    ([], {"KUBERNETES_SERVICE_HOST": "10.0.0.1"}, "0::/", True),
    ([], {"KUBERNETES_SERVICE_HOST": ""}, "0::/", False),
    ([], {}, "4:memory:/docker/5f3a0f6f\n0::/\n", True),
    ([], {}, "4:memory:/kubepods/besteffort/pod5f\n", True),
    ([], {}, "0::/machine.slice/libpod-5f.scope/container\n", True),
    ([], {}, "0::/kubepods.slice/kubepods-burstable.slice/cri-containerd-5f.scope\n", True),
    ([], {}, "0::/system.slice/docker-5f3a0f6f.scope\n", True),
    ([], {}, "0::/system.slice/containerd.service\n", False),
    ([], {}, "0::/system.slice/docker.service\n", False),
])
def test_signs_of_a_container(signs, environment, cgroups, expected):
    assert is_container(signs, environment, cgroups) is expected


@pytest.mark.parametrize("line", ["", "25 1 8:2 /", "25 1 8:2 / / rw,relatime ext4 /dev/sda2", "no - ext4 /dev/sda2", "x" * 5000])
def test_lines_of_another_form_are_passed_over(line):
    assert parse_mounts(line) == []


def test_this_process(monkeypatch, tmp_path):
    monkeypatch.delenv("AWX_ISOLATED_DATA_DIR", raising=False)
    assert surroundings().mounts and surroundings().runner == ""
    monkeypatch.setenv("AWX_ISOLATED_DATA_DIR", str(tmp_path / "private/artifacts/7"))
    assert surroundings().runner == str(tmp_path / "private")
    (tmp_path / "link").symlink_to(tmp_path / "private/project")
    loss = loss_at(real_path(str(tmp_path / "link/new/file")), surroundings())
    assert loss and loss.with_job
