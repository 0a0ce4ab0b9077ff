"""Domains that hold the bench's people: filled once for each size, then kept as a tar file below
.cache/bench.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from lab import provision
from lab.domain import Domain
from lab.paths import CHECKOUT

from . import floor, ldif, people

CACHE = CHECKOUT / ".cache/bench"
# What the server sets itself
SET_BY_SERVER = {
    "objectGUID",
    "objectSid",
    "memberOf",
    "primaryGroupID",
    "whenCreated",
    "cn",
}
NO_PASSWORD = "544"  # enabled, and no password is needed: hashing one takes Samba 20 ms


def clean(address: str) -> Domain:
    """A domain with the lab's OUs and groups and no people; reset() brings it back to that
    state.
    """
    return Domain(CACHE / "dc-clean", address)


def filled(size: int, address: str) -> Domain:
    """A domain, not started, with accounts of `size` people that are as the rules want them."""
    domain = Domain(CACHE / f"dc-{size}", address)
    domain.stop()
    shutil.rmtree(domain.root, ignore_errors=True)
    tar = CACHE / f"domain-{size}-{_recipe(address)}.tar"
    if tar.exists():
        domain.root.mkdir(parents=True)
        _tar(domain, ["--xattrs", "--xattrs-include=*", "-xpf", str(tar)])
        return domain
    for old in CACHE.glob(f"domain-{size}-*"):
        old.unlink()
    provision.restore(domain.root, address)
    _fill(domain, size)
    draft = tar.with_suffix(".draft")
    _tar(domain, ["--sparse", "--xattrs", "--xattrs-include=*", "-cpf", str(draft), "."])
    draft.chmod(0o600)
    draft.rename(tar)
    return domain


def group_numbers(domain: Domain) -> dict[str, int]:
    """{name of a group of the lab: the last part of its SID}, as the domain says it."""
    found = domain.search("(objectClass=group)", ["cn", "primaryGroupToken"], people.GROUPS_OU)
    values = [one["attributes"] for one in found]
    return {one["cn"][0]: int(one["primaryGroupToken"][0]) for one in values}


def _recipe(address: str) -> str:
    """A name that changes when the people change, or the domain that they are added to."""
    here = Path(__file__).parent
    texts = [provision.cached(address).name]
    texts += [(here / name).read_text("utf-8") for name in ("people.py", "domains.py", "ldif.py")]
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:12]


def _fill(domain: Domain, size: int) -> None:
    """Add the accounts with OpenLDAP's tools.

    ldbadd, which bypasses the server, takes twice as long for 2,000 and much longer for more.
    """
    users, groups = CACHE / f"users-{size}.ldif", CACHE / f"groups-{size}.ldif"
    domain.start()
    try:
        _write(size, group_numbers(domain), users, groups)
        floor.write(domain, users, [groups])
    finally:
        domain.stop()
        users.unlink(missing_ok=True)
        groups.unlink(missing_ok=True)


def _write(size: int, numbers: Mapping[str, int], users: Path, groups: Path) -> None:
    """Write the LDIF files of the accounts, and of who is in which group."""
    members: dict[bytes, list[str]] = {}
    with users.open("w", encoding="utf-8") as out:
        for number in range(size):
            dn, values = people.entry(number, group_numbers=numbers)
            for group in values["memberOf"]:
                members.setdefault(group, []).append(dn)
            kept = {name: texts for name, texts in values.items() if name not in SET_BY_SERVER}
            given = {"objectClass": ["user"], **kept, "userAccountControl": [NO_PASSWORD]}
            out.write(ldif.addition(dn, given))
    with groups.open("w", encoding="utf-8") as out:
        out.writelines(
            ldif.member_additions({group.decode(): dns for group, dns in members.items()})
        )


def _tar(domain: Domain, arguments: list[str]) -> None:
    command = ["tar", "-C", str(domain.root), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        output = (done.stderr + done.stdout).strip()[-1000:]
        raise provision.LabError(f"tar failed: {output}")
