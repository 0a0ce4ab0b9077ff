"""The lab's own certificate authority, and a server certificate with every name and address of the
lab.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
from pathlib import Path

from .errors import LabError

YEARS_10 = "3650"


def _openssl(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise LabError(f"openssl {arguments[0]} failed in {folder}: {done.stderr.strip()[-400:]}")
    return done.stdout


def names(address: str, host: str, domain: str) -> list[str]:
    """Subject alternative names.

    libldap with GnuTLS compares `localhost` with the machine's own name, so that name is included.
    """
    dns = ["localhost", host, f"{host}.{domain}"]
    own = socket.gethostname()
    if re.fullmatch(r"[A-Za-z0-9.-]+", own) and own.lower() not in dns:
        dns.append(own)
    addresses = dict.fromkeys(["127.0.0.1", address])
    return [f"DNS:{name}" for name in dns] + [f"IP:{ip}" for ip in addresses]


def ensure_authority(folder: Path) -> None:
    """Create ca.pem and ca.key in `folder` where they are missing."""
    folder.mkdir(parents=True, exist_ok=True)
    os.chmod(folder, 0o700)
    if (folder / "ca.pem").exists():
        return
    _openssl(
        folder,
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        YEARS_10,
        "-subj",
        "/CN=hris.ad lab authority",
        "-addext",
        "basicConstraints=critical,CA:TRUE",
        "-addext",
        "keyUsage=critical,keyCertSign,cRLSign",
        "-keyout",
        "ca.key",
        "-out",
        "ca.pem",
    )
    os.chmod(folder / "ca.key", 0o600)


def ensure_server(folder: Path, address: str, host: str, domain: str) -> None:
    """Create cert.pem and key.pem in `folder`, signed by its authority, where they are missing or a
    name is not in the certificate.

    Names are added and never removed, because the domain and HR servers at other addresses may
    share the folder.
    """
    note = folder / "names"
    known = note.read_text().split(",") if note.exists() else []
    wanted = ",".join(dict.fromkeys([*known, *names(address, host, domain)]))
    if (folder / "cert.pem").exists() and wanted == ",".join(known):
        return
    if not (folder / "key.pem").exists():
        _openssl(folder, "genrsa", "-out", "key.pem", "2048")
        os.chmod(folder / "key.pem", 0o600)
    extensions = folder / "extensions"
    extensions.write_text(
        f"subjectAltName={wanted}\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n"
        "keyUsage=digitalSignature,keyEncipherment\nauthorityKeyIdentifier=keyid\n"
    )
    _openssl(
        folder,
        "req",
        "-new",
        "-key",
        "key.pem",
        "-subj",
        f"/CN={host}.{domain}",
        "-out",
        "server.csr",
    )
    _openssl(
        folder,
        "x509",
        "-req",
        "-in",
        "server.csr",
        "-CA",
        "ca.pem",
        "-CAkey",
        "ca.key",
        "-CAcreateserial",
        "-days",
        YEARS_10,
        "-sha256",
        "-extfile",
        "extensions",
        "-out",
        "cert.pem",
    )
    note.write_text(wanted)
