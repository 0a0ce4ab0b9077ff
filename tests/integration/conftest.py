"""What the integration tests share: a real domain controller of their own, and how modules are told of it."""
from __future__ import annotations

import fcntl
import sys
from pathlib import Path

import pytest
from module_process import one_source, run_module
from own_address import ADDRESS

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
sys.path.append(str(ROOT / "tests/unit"))  # unpacking.py

from lab.domain import Domain  # noqa: E402  (the lab is no installed package)

# With a worker for each core, files that take minutes are begun first, so that none is left alone at the end
LONG = ("test_awx_configuration.py", "test_scenario.py", "test_orchestration.py", "test_chaos.py", "test_rest.py", "test_lifecycle.py")

UNTOUCHED: dict[str, int] = {}  # {address of a domain: its highest USN when it was clean}


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: item.path.name not in LONG)


@pytest.fixture(scope="session")
def domain():
    """A clean, seeded domain (lab.domain.Domain), started once and ended with the tests. `domain.search` reads it with ldapsearch."""
    with (ROOT / ".cache" / f"dc-tests-{ADDRESS}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another run of the tests has this domain: wait for its end
        found = Domain(root=ROOT / ".cache" / f"dc-tests-{ADDRESS}", address=ADDRESS)
        _reset(found)
        yield found
        found.stop()


@pytest.fixture(scope="session")
def directory(domain) -> dict:
    """The option `directory` for the administrator of the domain, complete, as AnsibleModule hands it on."""
    return {
        "servers": [domain.address], "tls_mode": "ldaps", "port": None, "ca_cert": domain.ca_file, "validate_certs": True,
        "auth_protocol": "simple", "username": domain.admin_name, "password": domain.admin_password, "base": None, "timeout": 20,
        "cloud_governed": {"attribute": "msDS-ObjectSoa", "marks": ["Cloud"]},
    }


@pytest.fixture(scope="module")
def clean(domain):
    """A clean domain for one file of tests, and one for the files after it."""
    if not domain.pid or domain.usn() != UNTOUCHED.get(domain.address):
        _reset(domain)
    yield domain
    _reset(domain)


def _reset(domain: Domain) -> None:
    domain.reset()
    UNTOUCHED[domain.address] = domain.usn()


@pytest.fixture
def service(domain, directory) -> dict:
    """The option `directory` for the account with few rights, as a user would write it."""
    given = {name: value for name, value in directory.items() if value is not None}
    return given | {"username": domain.service_name, "password": domain.service_password}


@pytest.fixture(scope="session")
def read(domain):
    """read(dn or (filter)) -> {name: [value]} of the one object, None when there is none; over ldapsearch, all attributes and memberOf."""
    def read_object(name: str):
        wanted = ["*", "memberOf"]
        found = domain.search(name, wanted) if name.startswith("(") else domain.search(attributes=wanted, base=name, scope="base")
        assert len(found) < 2, f"{name} stands for {len(found)} objects"
        return {"dn": [found[0]["dn"]], **found[0]["attributes"]} if found else None
    return read_object


@pytest.fixture(scope="session")
def module(directory, tmp_path_factory):
    """module(name, check=False, **options) -> the module's result, from its real main() in a process of its own.

    `directory` is filled in unless it is given; a failed module's result has "failed". The options of sync may be those of one source.
    """
    folder = tmp_path_factory.mktemp("module")

    def with_directory(name: str, /, check: bool = False, **options) -> dict:
        given = {"directory": {key: value for key, value in directory.items() if value is not None}, **options}
        if name == "sync" and "sources" not in given:
            given = one_source(given)
        return run_module(folder, name, given, check)
    return with_directory
