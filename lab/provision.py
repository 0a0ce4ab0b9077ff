"""Creates the domain once, seeds it, and keeps it as a tar file, which is unpacked for each clean
domain.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path

from . import certificates, domain_config, paths, seed
from .domain_config import BASE_DN, DNS_DOMAIN, DOMAIN, HOST, REALM
from .errors import LabError

# Passwords of a lab, on loopback only: they are fixed, so that they can be typed in a demo
ADMIN_PASSWORD = "Passw0rd!Admin"
SERVICE_PASSWORD = "Lab-Service-1!"

PROGRAMS = (
    "samba",
    "samba-tool",
    "ldbadd",
    "ldbmodify",
    "ldbsearch",
    "ldapsearch",
    "openssl",
    "tar",
)
# Debian installs samba in sbin
PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])
PACKAGES = "The lab needs the Debian packages listed in lab/packages.txt."


def program(name: str) -> str:
    found = shutil.which(name, path=PATH)
    if not found:
        raise LabError(f"{name} is not installed. {PACKAGES}")
    return found


def check_packages() -> None:
    """Raise LabError naming what is missing (packages, root), before anything is created."""
    missing = [name for name in PROGRAMS if not shutil.which(name, path=PATH)]
    if not missing and not Path("/usr/share/samba/setup").is_dir():
        missing = ["/usr/share/samba/setup"]
    if missing:
        raise LabError(f"Not installed: {', '.join(missing)}. {PACKAGES}")
    if os.geteuid() != 0:
        raise LabError("A domain controller needs root: its ports are fixed and below 1024.")


def _run(*command: str, text: str | None = None) -> str:
    # Samba's Python tools belong to the system's interpreter: a virtual environment must not
    # change what they import
    environment = {
        k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
    }
    environment["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    done = subprocess.run(
        [program(command[0]), *command[1:]],
        input=text,
        capture_output=True,
        text=True,
        env=environment,
    )
    if done.returncode:
        output = (done.stderr + done.stdout).strip()[-1500:]
        raise LabError(f"{' '.join(command[:3])} failed: {output}")
    return done.stdout


@lru_cache
def version() -> tuple[int, int]:
    """Of Samba: (4, 17)."""
    text = _run("samba", "--version")
    found = re.search(r"(\d+)\.(\d+)", text)
    if not found:
        raise LabError(f"samba --version gives no version: {text.strip()}")
    return int(found[1]), int(found[2])


def write_configs(root: Path, address: str) -> None:
    """The configuration files and folders below `root`."""
    for name in domain_config.FOLDERS:
        (root / name).mkdir(parents=True, exist_ok=True)
    for name in ("", "etc"):
        os.chmod(root / name, 0o755)
    os.chmod(root / "private", 0o700)
    os.chmod(root / "ntp_signd", 0o750)
    (root / "etc/smb.conf").write_text(domain_config.samba(root, address, version()))
    (root / "etc/krb5.conf").write_text(domain_config.kerberos(root, address))
    (root / "etc/ldap.conf").write_text(domain_config.ldap_client(root))


def _make(root: Path, address: str) -> None:
    """Create a new domain below `root`.

    samba-tool gets a configuration of its own; otherwise it would read Debian's.
    """
    level = domain_config.level(version())
    own = root.with_name(root.name + ".conf")
    own.write_text(
        f"[global]\n\tworkgroup={DOMAIN}\n\trealm={REALM}\n"
        f"\tserver role=active directory domain controller\n{level}"
    )
    try:
        _run(
            "samba-tool",
            "domain",
            "provision",
            "-s",
            str(own),
            "--option=ldb:nosync=true",
            "--option=tdb:nosync=true",
            f"--targetdir={root}",
            f"--realm={REALM}",
            f"--domain={DOMAIN}",
            "--server-role=dc",
            "--dns-backend=NONE",
            f"--adminpass={ADMIN_PASSWORD}",
            f"--host-name={HOST}",
            f"--host-ip={address}",
            "--use-rfc2307",
            "--backend-store=mdb",
            *(["--function-level=2016"] if level else []),
        )
    finally:
        own.unlink()
    write_configs(root, address)
    _seed(str(root / "etc/smb.conf"), str(root / "private/sam.ldb"))
    certificates.ensure_authority(root / "private/tls")
    certificates.ensure_server(root / "private/tls", address, HOST, DNS_DOMAIN)


def _seed(config: str, database: str) -> None:
    at = (f"--configfile={config}", "-H", database)
    # 0 = never: a cached domain would otherwise stop working after 42 days
    _run(
        "samba-tool", "domain", "passwordsettings", "set", *at, "--max-pwd-age=0", "--min-pwd-age=0"
    )
    schema = ("-b", seed.SCHEMA_DN, "-s", "one", f"lDAPDisplayName={seed.NEW_ATTRIBUTE}", "1.1")
    if "dn: " not in _run("ldbsearch", *at, *schema):
        for command, text in (("ldbadd", seed.NEW_ATTRIBUTES), ("ldbmodify", seed.NEW_IN_CLASSES)):
            _run(command, *at, "--option=dsdb:schema update allowed=true", text=text)
    _run("ldbadd", *at, text=seed.ldif())
    _run(
        "ldbmodify",
        *at,
        text=seed.service_principals(["localhost", "127.0.0.1", HOST, f"{HOST}.{DNS_DOMAIN}"]),
    )
    _run("samba-tool", "user", "create", seed.SERVICE, SERVICE_PASSWORD, *at)
    answer = _run("ldbsearch", *at, "-b", seed.SERVICE_DN, "-s", "base", "objectSid")
    sid = next(
        line.split(": ")[1] for line in answer.splitlines() if line.startswith("objectSid: ")
    )
    for dn, sddl in seed.delegations(sid):
        _run("samba-tool", "dsacl", "set", *at, f"--objectdn={dn}", f"--sddl={sddl}")


@lru_cache
def _cache_name() -> str:
    """A name that changes when the seed, the provisioning or Samba changes."""
    here = Path(__file__).parent
    recipe = [
        _run("samba", "--version").strip(),
        BASE_DN,
        *((here / name).read_text() for name in ("seed.py", "provision.py", "domain_config.py")),
    ]
    return f"domain-{hashlib.sha256(chr(10).join(recipe).encode()).hexdigest()[:12]}.tar"


def cached(address: str) -> Path:
    """The tar file of a provisioned and seeded domain; created if there is none yet (about 10
    s).
    """
    folder = paths.cache()
    folder.mkdir(parents=True, exist_ok=True)
    tar = folder / _cache_name()
    if tar.exists():
        return tar
    with (folder / "provision.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two test runs may start at once
        if tar.exists():
            return tar
        with tempfile.TemporaryDirectory(prefix="provision-", dir=folder) as scratch:
            root = Path(scratch) / "dc"
            _make(root, address)
            draft = tar.with_suffix(".draft")
            # GNU tar, as Python's module drops the extended attributes in which Samba keeps its
            # ACLs
            _run(
                "tar",
                "-C",
                str(root),
                "--sparse",
                "--xattrs",
                "--xattrs-include=*",
                "-cpf",
                str(draft),
                ".",
            )
            os.chmod(draft, 0o600)
            draft.rename(tar)
        for old in folder.glob("domain-*.tar"):
            if old != tar:
                old.unlink()
    return tar


def restore(root: Path, address: str) -> None:
    """A clean domain below `root`, for `address`."""
    tar = cached(address)
    root.mkdir(parents=True, exist_ok=True)
    _run("tar", "-C", str(root), "--xattrs", "--xattrs-include=*", "-xpf", str(tar))


def settle(root: Path, address: str) -> None:
    """Adapt the files below `root` to that folder and to `address`: paths, certificate, Kerberos
    name.
    """
    write_configs(root, address)
    certificates.ensure_server(root / "private/tls", address, HOST, DNS_DOMAIN)
    for_all = root / "etc/ca.pem"
    shutil.copyfile(root / "private/tls/ca.pem", for_all)
    for_all.chmod(0o644)
    note = root / "etc/addresses"
    known = note.read_text().split() if note.exists() else ["127.0.0.1"]
    if address not in known:
        _run(
            "ldbmodify",
            f"--configfile={root}/etc/smb.conf",
            "-H",
            str(root / "private/sam.ldb"),
            text=seed.service_principals([address]),
        )
        note.write_text(" ".join([*known, address]))
