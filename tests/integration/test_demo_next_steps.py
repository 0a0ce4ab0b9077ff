"""The lines with which `make demo` ends, run by a user who is not root and has sudo: lab/demo.sh, lab/__main__.py, scripts/as_root."""
from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest
from own_address import OWN

from lab import paths
from lab.site import Site

# Whose checkout this is; where it is root's, nobody
OWNER = os.stat(paths.CHECKOUT)
USER, GROUP = (OWNER.st_uid, OWNER.st_gid) if OWNER.st_uid else (65534, 65534)
# What the tests' own sudo is: root runs the command for its caller, with the caller's streams, variables and folder. No system file says who may.
CLIENT = """\
#!{python}
import json, os, socket, sys
with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as root:
    root.connect({address!r})
    request = json.dumps([sys.argv[1:], dict(os.environ), os.getcwd()]).encode()
    socket.send_fds(root, [request], [0, 1, 2])
    sys.exit(int(root.recv(16)))
"""


@pytest.fixture(scope="module")
def open_folder():
    """A folder that every user may read."""
    folder = Path(tempfile.mkdtemp(prefix="hris-next-steps-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def as_user(script: str, path: str, root: Path) -> subprocess.CompletedProcess:
    environment = {"PATH": path, "LAB_ROOT": str(root), "LC_ALL": "C.UTF-8", "HOME": "/nonexistent", "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(["/bin/bash", "-euc", script], user=USER, group=GROUP, extra_groups=[], cwd=paths.CHECKOUT, env=environment,
                          text=True, capture_output=True)


@pytest.fixture(scope="module")
def python(open_folder) -> str:
    """A Python that every user may run; the lab needs no more than its standard library."""
    for python in (sys.executable, "/usr/bin/python3"):
        if as_user(f"{shlex.quote(python)} -c 'import lab.__main__'", os.environ["PATH"], open_folder).returncode == 0:
            return python
    pytest.skip("user nobody may not read this checkout, or has no Python to run")


@pytest.fixture(scope="module")
def sudo(open_folder, python):
    """The folder of a program sudo for whoever runs it."""
    address, programs = str(open_folder / "socket"), open_folder / "bin"
    programs.mkdir()
    (programs / "sudo").write_text(CLIENT.format(python=python, address=address))
    (programs / "sudo").chmod(0o755)

    def serve(listener):
        while True:
            try:
                caller, _address = listener.accept()
            except OSError:  # the end of the tests
                return
            with caller:
                request, streams, _flags, _from = socket.recv_fds(caller, 1 << 20, 3)
                arguments, environment, folder = json.loads(request)
                code = 0
                if arguments[0] != "find":  # as_root gives what root has left in .cache to its caller, who may not be the owner of this one
                    assert arguments.pop(0) == "--preserve-env"
                    code = subprocess.run(arguments, env=environment, cwd=folder, stdin=streams[0], stdout=streams[1], stderr=streams[2]).returncode
                for stream in streams:
                    os.close(stream)
                caller.sendall(str(code).encode())
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
        listener.bind(address)
        os.chmod(address, 0o666)
        listener.listen()
        threading.Thread(target=serve, args=(listener,), daemon=True).start()
        yield programs
        listener.shutdown(socket.SHUT_RDWR)


@pytest.fixture(scope="module")
def site(open_folder):
    site = Site(open_folder / "lab")
    site.up(people=20, seed="3", address=f"127.0.7.{OWN}", elmo_port=0, icehrm_port=0, tls=True)
    yield site
    site.down()


def next_steps(python: str) -> list[str]:
    """The commands in the last lines of the demo."""
    end = (paths.CHECKOUT / "lab/demo.sh").read_text().partition("cat <<END\n")[2]
    steps = re.findall(r"^[A-Z][\w ]+: +((?:\.cache/venv|eval|ldapsearch|make) ?.*)$", end.replace("\\$", "$"), re.M)
    assert len(steps) == 5 and steps[-1] == "make lab-down", steps
    return [step.replace(".cache/venv/bin/python", shlex.quote(python)) for step in steps]


def test_the_next_steps_of_the_demo(site, sudo, python):
    before = site.date()
    done = as_user("\n".join(next_steps(python)), f"{sudo}:{os.environ['PATH']}", site.root)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr and "denied" not in done.stderr
    assert site.date() > before, "a day has passed"
    assert "dn: OU=Staff,DC=corp,DC=example" in done.stdout, "ldapsearch trusts the lab's authority, and its password is right"
    assert "--kind" in done.stdout and "stopped: " in done.stdout
    assert not site.domain.pid


def test_without_sudo(site, python):
    done = as_user(f"{shlex.quote(python)} -m lab day", "/nonexistent", site.root)
    assert done.returncode == 1
    assert done.stderr == "lab: the lab needs root, and there is no sudo here.\n"
