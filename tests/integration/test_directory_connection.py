"""Connecting to a real domain controller, and what is said when it does not work: directory/connection.py."""
from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import socket
import subprocess
import threading
import time

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.connection import connect
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.stream_errors import (
    ConnectionLostError,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError


def refused(options: dict, **more) -> str:
    with pytest.raises(HrisError) as error, connect({**options, **more}):
        pass
    assert not options["password"] or options["password"] not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize("tls_mode, url", [("ldaps", "ldaps://{}:636"), ("start_tls", "ldap://{}:389")])
def test_simple_bind(directory, domain, tls_mode, url):
    mark = domain.mark()
    with connect({**directory, "tls_mode": tls_mode}) as connection:
        assert connection.server == url.format(domain.address)
        assert connection.domain_dn == domain.base_dn
        assert connection.bound_as == domain.admin_name
        assert connection.bound_sid.endswith("-500")
        assert list(connection.stream.search(domain.base_dn, "BASE", "(objectClass=*)", ["objectGUID"]))
    assert len([bind for bind in domain.binds_since(mark) if bind["done"]]) == 1, "one bind a run"


def test_names_of_the_user(directory):
    for username in ("CORP\\administrator", "CN=Administrator,CN=Users,DC=corp,DC=example"):
        with connect({**directory, "username": username}) as connection:
            assert connection.bound_sid.endswith("-500")


def test_wrong_password_is_tried_once(directory, domain):
    mark = domain.mark()
    text = refused(directory, password="wrong-Passw0rd", servers=[domain.address, domain.address])
    assert "the user name or the password is wrong" in text
    assert "wrong-Passw0rd" not in text
    assert f"ldaps://{domain.address}:636" in text
    assert len(domain.binds_since(mark)) == 1


@pytest.mark.parametrize("more, words", [
    ({"password": ""}, "an empty one would be an anonymous log-on"),
    ({"username": None}, "a user name is needed"),
    ({"ca_cert": None}, "the server's certificate is not trusted"),
    ({"ca_cert": "/nowhere/ca.pem"}, "ca_cert /nowhere/ca.pem: the file cannot be read"),
    ({"servers": ["127.0.0.77"]}, "no connection: Connection refused"),
    ({"servers": ["dc9.nowhere.invalid"]}, "Name or service not known"),
    ({"servers": ["DC:389"]}, "The port of ldaps is 636"),
    ({"servers": ["DC:636"], "tls_mode": "start_tls"}, "The port of start_tls is 389"),
    ({"servers": ["ldaps://DC"]}, "without ldaps://"),
    ({"servers": ["DC:0"]}, "has no valid port"),
    ({"servers": []}, "no server is given"),
    ({"timeout": 0}, "at least one second"),
    ({"base": "Staff"}, "is not a distinguished name"),
])
def test_refusals_in_words(directory, more, words):
    if "servers" in more:
        more = {**more, "servers": [server.replace("DC", directory["servers"][0]) for server in more["servers"]]}
    assert words in refused(directory, **more)


def test_an_authority_that_is_no_certificate(directory, tmp_path):
    file = tmp_path / "ca.pem"
    file.write_text("no certificate")
    assert "It must be a PEM file" in refused(directory, ca_cert=str(file))


def test_a_certificate_for_another_name(directory, domain):
    # The listener below stands at an address that is not in the certificate, and passes everything on.
    with socket.create_server(("127.0.0.78", 0)) as listener:
        port = listener.getsockname()[1]

        def forward(source, sink):
            with contextlib.suppress(OSError):  # the client hangs up when it has seen the certificate
                while data := source.recv(65536):
                    sink.sendall(data)

        def serve():
            client, _address = listener.accept()
            server = socket.create_connection((domain.address, 636))
            threading.Thread(target=forward, args=(client, server), daemon=True).start()
            forward(server, client)
        threading.Thread(target=serve, daemon=True).start()
        assert "Use the name that the certificate is issued for" in refused(directory, servers=[f"127.0.0.78:{port}"])


def test_failover_and_all_reasons(directory, domain):
    with connect({**directory, "servers": ["127.0.0.77", "dc9.nowhere.invalid", domain.address]}) as connection:
        assert connection.server == f"ldaps://{domain.address}:636"
    text = refused(directory, servers=["127.0.0.77", "dc9.nowhere.invalid"])
    assert "ldaps://127.0.0.77:636: no connection: Connection refused" in text
    assert "ldaps://dc9.nowhere.invalid:636: no connection: Name or service not known" in text


def test_a_silent_server_does_not_hang_the_run(directory):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        start = time.monotonic()
        text = refused(directory, servers=[f"127.0.0.1:{silent.getsockname()[1]}"], timeout=1)
        assert "no answer within 1 seconds" in text
        assert time.monotonic() - start < 5


def test_a_server_that_falls_silent_later(directory, domain, monkeypatch):
    with connect({**directory, "timeout": 1}) as connection:
        monkeypatch.setattr(connection.stream._socket, "recv", lambda size: (_ for _ in ()).throw(TimeoutError()))
        with pytest.raises(ConnectionLostError, match="did not answer within 1 seconds"):
            list(connection.stream.search(domain.base_dn, "BASE", "(objectClass=*)", ["cn"]))


def test_unverified_certificates_only_on_demand(directory):
    with connect({**directory, "ca_cert": None, "validate_certs": False}) as connection:
        assert connection.domain_dn


def test_disabled_account(directory, domain, module):
    made = module("user", identity="conn-disabled", path=f"OU=Staff,{domain.base_dn}", enabled=False, password="Str0ng!Passw0rd-1")
    assert not made.get("failed"), made
    assert "the account is disabled" in refused(directory, username="conn-disabled@corp.example", password="Str0ng!Passw0rd-1")


@pytest.mark.skipif(importlib.util.find_spec("gssapi") is not None, reason="gssapi is here: Kerberos itself is tested")
def test_kerberos_without_gssapi(directory):
    assert "Kerberos needs the Python libraries gssapi and cryptography" in refused(directory, auth_protocol="kerberos", password="")


@pytest.fixture
def kerberos(directory, domain, monkeypatch, tmp_path) -> dict:
    """The option `directory` for Kerberos, without a ticket so far."""
    pytest.importorskip("gssapi", reason="needs the Python library gssapi")
    monkeypatch.setenv("KRB5_CONFIG", domain.krb5_config)
    monkeypatch.setenv("KRB5CCNAME", f"FILE:{tmp_path}/tickets")
    return {**directory, "auth_protocol": "kerberos", "username": None, "password": None}


@pytest.mark.skipif(not shutil.which("kinit"), reason="needs kinit")
@pytest.mark.parametrize("tls_mode", ["ldaps", "start_tls"])
def test_kerberos(kerberos, domain, tls_mode):
    options = {**kerberos, "tls_mode": tls_mode}
    assert "is there a valid ticket" in refused(options).lower()
    subprocess.run(["kinit", domain.admin_name.replace(domain.realm.lower(), domain.realm)], input=domain.admin_password + "\n", text=True,
                   check=True, capture_output=True, env={**os.environ})
    with connect(options) as connection:
        assert connection.bound_as.lower() == domain.admin_name
        assert connection.bound_sid.endswith("-500")


def test_kerberos_by_a_keytab(kerberos, domain, monkeypatch, tmp_path):
    """As a job of AWX logs on: no kinit, the library gets the ticket."""
    keytab, name = tmp_path / "svc.keytab", domain.service_name.partition("@")[0]
    command = ["samba-tool", "domain", "exportkeytab", str(keytab), f"--principal={name}@{domain.realm}", "-s", str(domain.root / "etc/smb.conf")]
    subprocess.run(command, check=True, capture_output=True)
    monkeypatch.setenv("KRB5_CLIENT_KTNAME", f"FILE:{keytab}")
    with connect(kerberos) as connection:
        assert connection.bound_as.lower() == domain.service_name.lower()


def test_kerberos_by_a_password(kerberos, domain, tmp_path):
    """The same user name and password as for a simple bind; the ticket stays in memory."""
    with connect({**kerberos, "username": domain.service_name, "password": domain.service_password}) as connection:
        assert connection.bound_as == f"{domain.service_name.partition('@')[0]}@{domain.realm}"
        assert domain.search(f"(objectSid={connection.bound_sid})", ["sAMAccountName"])[0]["attributes"]["sAMAccountName"] == ["svc-hris"]
    assert not (tmp_path / "tickets").exists()


@pytest.mark.parametrize("more, words", [
    ({"username": "administrator@corp.example", "password": "wrong-Passw0rd"}, "Is the password right"),
    ({"username": "nobody@corp.example", "password": "wrong-Passw0rd"}, "not found in Kerberos database"),
    ({"username": "administrator@elsewhere.example", "password": "wrong-Passw0rd"}, "ELSEWHERE.EXAMPLE"),
])
def test_kerberos_refusals_in_words(kerberos, more, words):
    assert words in refused(kerberos, **more)


def test_kerberos_for_a_name_without_a_service_principal(kerberos, domain):
    domain_address = domain.address.replace("127.0.0.", "127.0.00.")  # the same address, under a name that nobody has registered
    text = refused(kerberos, username=domain.admin_name, password=domain.admin_password, servers=[domain_address], validate_certs=False)
    assert "does that name have a service principal" in text
