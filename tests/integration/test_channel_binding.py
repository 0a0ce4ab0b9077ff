"""Kerberos where the domain controller requires channel binding, as Windows can and Samba does from 4.21 on; the forest has functional level 2016."""
from __future__ import annotations

import contextlib
import os
import shutil
import socket
import ssl
import subprocess
import threading
from pathlib import Path

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.connection import connect
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError

from lab import domain_config, provision
from lab.errors import LabError


def why_not() -> str:
    """Why this machine cannot run this file; "" where it can."""
    try:
        version = provision.version()
    except LabError as error:
        return str(error)
    if version < domain_config.CHANNEL_BINDING:
        return f"Samba {version[0]}.{version[1]} does not know channel binding; 4.21 does, which Debian 13 has"
    return ""


if reason := why_not():
    pytest.skip(reason, allow_module_level=True)
pytest.importorskip("gssapi", reason="needs the Python library gssapi")

# {name: the key of the certificate, and how its authority signs it}
CERTIFICATES = {
    "RSA with SHA-384": (("rsa", "-pkeyopt", "rsa_keygen_bits:2048"), ("-sha384",)),
    "RSA-PSS with SHA-384": (("rsa", "-pkeyopt", "rsa_keygen_bits:2048"),
                             ("-sha384", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:48")),
    "EC with SHA-512": (("ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"), ("-sha512",)),
    "Ed25519": (("ed25519",), ()),
}


@pytest.fixture
def kerberos(directory, domain, monkeypatch, tmp_path) -> dict:
    """The option `directory` for Kerberos with a password, without a separate kinit."""
    for name, value in {**domain.environment(), "KRB5CCNAME": f"FILE:{tmp_path}/tickets"}.items():
        monkeypatch.setenv(name, value)
    return {**directory, "auth_protocol": "kerberos"}


def refused(options: dict) -> str:
    with pytest.raises(HrisError) as error, connect(options):
        pass
    assert options["password"] not in str(error.value)
    return str(error.value)


def ask(domain, binding: str) -> subprocess.CompletedProcess:
    """What OpenLDAP's client gets, with a ticket of kinit: another client than ours."""
    name = domain.admin_name.replace(domain.realm.lower(), domain.realm)
    subprocess.run(["kinit", name], input=domain.admin_password + "\n", text=True, check=True, capture_output=True)
    command = ["ldapsearch", "-LLL", "-Y", "GSSAPI", "-N", "-O", "maxssf=0", "-H", domain.url, "-s", "base", "-b", "", "forestFunctionality"]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, "LDAPSASL_CBINDING": binding})


def test_the_domain_requires_it_and_is_of_2016(kerberos, domain):
    without = ask(domain, "none")
    assert without.returncode == 49 and "80090346" in without.stderr
    bound = ask(domain, "tls-endpoint")
    assert bound.returncode == 0, bound.stderr
    assert "forestFunctionality: 7\n" in bound.stdout


@pytest.mark.parametrize("tls_mode", ["ldaps", "start_tls"])
def test_ours_is_accepted(kerberos, domain, tls_mode):
    mark = domain.mark()
    with connect({**kerberos, "tls_mode": tls_mode}) as connection:
        assert connection.bound_as == "administrator@CORP.EXAMPLE"
        assert connection.bound_sid.endswith("-500")
        assert list(connection.stream.search(domain.base_dn, "BASE", "(objectClass=*)", ["objectGUID"]))
    assert len([bind for bind in domain.binds_since(mark) if bind["done"]]) == 1, "one bind a run"


def test_without_bindings_ours_is_refused_too(kerberos, monkeypatch):
    with connect(kerberos):
        pass
    monkeypatch.setattr("ansible_collections.hris.ad.plugins.module_utils._hris.directory.kerberos.tls_server_end_point", lambda certificate: None)
    assert "the server requires channel binding" in refused(kerberos)


def test_a_simple_bind_needs_none(directory):
    for tls_mode in ("ldaps", "start_tls"):
        with connect({**directory, "tls_mode": tls_mode}) as connection:
            assert connection.bound_sid.endswith("-500")


def test_a_module_with_a_keytab(kerberos, domain, module, monkeypatch, tmp_path):
    keytab, name = tmp_path / "svc.keytab", domain.service_name.partition("@")[0]
    command = ["samba-tool", "domain", "exportkeytab", str(keytab), f"--principal={name}@{domain.realm}", "-s", str(domain.root / "etc/smb.conf")]
    subprocess.run(command, check=True, capture_output=True)
    monkeypatch.setenv("KRB5_CLIENT_KTNAME", f"FILE:{keytab}")
    options = {"servers": kerberos["servers"], "ca_cert": kerberos["ca_cert"], "auth_protocol": "kerberos"}
    made = {"directory": options, "identity": "bound-1", "path": f"OU=Staff,{domain.base_dn}", "attributes": {"set": {"title": "Bound"}}}
    assert module("user", **made)["changed"]
    assert not module("user", **made)["changed"]
    assert domain.search("(sAMAccountName=bound-1)", ["title"])[0]["attributes"]["title"] == ["Bound"]


@pytest.fixture
def certificate(domain, tmp_path):
    """certificate(name of one of CERTIFICATES): the domain controller gets it; afterwards it has its own again."""
    tls, own = domain.root / "private/tls", tmp_path / "tls"
    shutil.copytree(tls, own)

    def make(name: str) -> None:
        def openssl(*arguments: str) -> None:
            subprocess.run(["openssl", *arguments], cwd=tls, check=True, capture_output=True)
        key, signature = CERTIFICATES[name]
        openssl("genpkey", "-algorithm", *(key if key[0] == "ed25519" else ("rsa",)), "-out", "ca.key")  # the authority's key decides the algorithm
        openssl("req", "-x509", "-key", "ca.key", "-days", "2", "-subj", "/CN=another authority", "-addext", "keyUsage=critical,keyCertSign,cRLSign",
                "-out", "ca.pem")
        openssl("genpkey", "-algorithm", *key, "-out", "key.pem")
        (tls / "key.pem").chmod(0o600)
        openssl("req", "-new", "-key", "key.pem", "-subj", "/CN=dc1.corp.example", "-out", "server.csr")
        openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", *signature,
                "-extfile", "extensions", "-out", "cert.pem")
        domain.stop()
        domain.start()
    yield make
    domain.stop()
    shutil.rmtree(tls)
    shutil.copytree(own, tls)
    domain.start()


@pytest.mark.parametrize("name", CERTIFICATES)
def test_the_hash_of_each_certificate(kerberos, certificate, name):
    certificate(name)
    with connect(kerberos) as connection:
        assert connection.bound_sid.endswith("-500")


def test_something_in_between_that_ends_tls(kerberos, domain, tmp_path):
    """Its certificate is trusted, and still the log-on that it passes on is of no use to it."""
    own, tls = tmp_path / "own", domain.root / "private/tls"
    own.mkdir()
    for command in (("req", "-newkey", "rsa:2048", "-nodes", "-keyout", own / "key.pem", "-subj", "/CN=proxy", "-out", own / "request"),
                    ("x509", "-req", "-in", own / "request", "-CA", tls / "ca.pem", "-CAkey", tls / "ca.key", "-CAcreateserial", "-days", "2",
                     "-extfile", tls / "extensions", "-out", own / "cert.pem")):
        subprocess.run(["openssl", *map(str, command)], check=True, capture_output=True, cwd=tls)
    with passing_on(own, domain) as port:
        text = refused({**kerberos, "servers": [f"{domain.address}:{port}"]})
    assert "the server requires channel binding" in text and "a proxy" in text


@contextlib.contextmanager
def passing_on(folder: Path, domain):
    """A port of the domain's address where TLS ends, with the certificate in a folder, and begins anew towards the domain controller."""
    outside, inside = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context(cafile=domain.ca_file)
    outside.load_cert_chain(folder / "cert.pem", folder / "key.pem")

    def forward(source, sink):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)

    def serve(listener):
        with contextlib.suppress(OSError):
            client = outside.wrap_socket(listener.accept()[0], server_side=True)
            server = inside.wrap_socket(socket.create_connection((domain.address, 636)), server_hostname=domain.address)
            threading.Thread(target=forward, args=(client, server), daemon=True).start()
            forward(server, client)
    with socket.create_server((domain.address, 0)) as listener:
        threading.Thread(target=serve, args=(listener,), daemon=True).start()
        yield listener.getsockname()[1]
