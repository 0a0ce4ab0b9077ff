"""Domains that hold the bench's people: filled once for each size, then kept as a tar file below
.cache/bench.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
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
    members: dict[bytes, list[str]] = {}
    users, groups = CACHE / f"users-{size}.ldif", CACHE / f"groups-{size}.ldif"
    with users.open("w", encoding="utf-8") as out:
        for number in range(size):
            dn, values = people.entry(number)
            for group in values["memberOf"]:
                members.setdefault(group, []).append(dn)
            kept = {name: texts for name, texts in values.items() if name not in SET_BY_SERVER}
            out.write(
                ldif.addition(
                    dn, {"objectClass": ["user"], **kept, "userAccountControl": [NO_PASSWORD]}
                )
            )
    with groups.open("w", encoding="utf-8") as out:
        out.writelines(
            ldif.member_additions({group.decode(): dns for group, dns in members.items()})
        )
    domain.start()
    try:
        floor.write(domain, users, [groups])
    finally:
        domain.stop()
        users.unlink()
        groups.unlink()


def _tar(domain: Domain, arguments: list[str]) -> None:
    command = ["tar", "-C", str(domain.root), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        output = (done.stderr + done.stdout).strip()[-1000:]
        raise provision.LabError(f"tar failed: {output}")
