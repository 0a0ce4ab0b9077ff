"""The whole lab as its command line gives it: up, a day, a fault, the environment, down."""
import os
import shlex
import subprocess
import sys

import pytest
import requests
from own_address import OWN

from lab import paths
from lab.errors import LabError
from lab.site import Site


@pytest.fixture
def session():
    """requests without the machine's proxies and certificate bundles: everything here is on loopback."""
    with requests.Session() as session:
        session.trust_env = False
        yield session


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    site = Site(folder)
    site.up(people=30, seed="7", address=f"127.0.6.{OWN}", elmo_port=0, icehrm_port=0)
    yield folder
    site.down()


def lab(root, *arguments, code=0):
    done = subprocess.run([sys.executable, "-m", "lab", *arguments, "--root", str(root)], cwd=paths.CHECKOUT, text=True,
                          capture_output=True)
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr


def environment(root):
    lines = [shlex.split(line) for line in lab(root, "env").splitlines()]
    return dict(word.split("=", 1) for _export, word in lines)


def test_environment_reaches_everything(root, session):
    given = environment(root)
    body = {"grant_type": "client_credentials", "client_id": given["LAB_ELMO_CLIENT_ID"],
            "client_secret": given["LAB_ELMO_CLIENT_SECRET"]}
    assert session.post(given["LAB_ELMO_URL"] + "/oauth/token", json=body).ok
    session.headers["Authorization"] = f"Bearer {given['LAB_ICEHRM_TOKEN']}"
    assert session.get(given["LAB_ICEHRM_URL"] + "/employees/me").json()["job_title"]["display"] == "Head of People"
    found = subprocess.run(["ldapsearch", "-x", "-LLL", "-H", given["LAB_LDAP_URL"], "-D", given["LAB_USERNAME"], "-w",
                            given["LAB_PASSWORD"], "-b", given["LAB_BASE_DN"], "(ou=Leavers)", "1.1"], text=True,
                           capture_output=True, env={**os.environ, **given})
    assert "dn: OU=Leavers,DC=corp,DC=example" in found.stdout


def test_secrets_are_for_their_owner_only(root):
    files = [root / "lab.json", *root.glob("hr/*.json"), *root.glob("hr/*.log"), root / "dc/log/samba.log"]
    assert len(files) == 8
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_a_day_passes(root):
    before = lab(root, "date").strip()
    said = lab(root, "day")
    assert {line.split()[1] for line in said.splitlines()} == {"elmo", "icehrm"}
    assert before < lab(root, "date").strip() == environment(root)["LAB_DATE"]


def test_faults(root, session):
    assert '"kind": "error"' in lab(root, "fault", "icehrm", "--kind", "error", "--status", "503")
    url = environment(root)["LAB_ICEHRM_URL"] + "/echo"
    assert [session.get(url).status_code for _time in range(2)] == [503, 200]
    lab(root, "fault", "icehrm", "--kind", "error", "--times", "0")
    assert lab(root, "fault", "icehrm", "--clear") == ""


def test_writes(root):
    mark = lab(root, "writes", "--mark").strip()
    assert lab(root, "writes", "--since", mark, "--count").strip() == "0"


def test_up_goes_on_with_what_is_there(root):
    pids = Site(root).domain.pid, Site(root).running("elmo")
    lab(root, "up")
    assert (Site(root).domain.pid, Site(root).running("elmo")) == pids
    assert "reset --people 31" in lab(root, "up", "--people", "31", code=1)
    with pytest.raises(LabError, match="down"):
        Site(root).up(elmo_port=9)


def test_down_reset_and_up_with_https(root, session):
    assert "stopped: elmo, icehrm, domain" in lab(root, "down")
    lab(root, "status", code=1)
    lab(root, "up", "--tls")
    site = Site(root)
    assert session.get(site.url("icehrm") + "/echo", verify=site.domain.ca_file).ok
    lab(root, "reset", "--people", "12")
    assert lab(root, "date").strip() == "2026-03-02"
    assert "12 people" in lab(root, "status")
