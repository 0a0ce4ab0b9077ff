"""Why a server cannot be used: directory/connection.py, over real sockets and with the errors that ldap3 and ssl raise."""
from __future__ import annotations

import contextlib
import errno
import os
import socket
import ssl
import threading

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.directory import connection
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.options import (
    DirectoryOptions,
    ServerAddress,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ldap3.core.exceptions import LDAPSocketOpenError, communication_exception_factory

OPTIONS = {"servers": ["dc1"], "tls_mode": "ldaps", "port": None, "ca_cert": None, "validate_certs": True, "auth_protocol": "simple",
           "username": "svc@corp.example", "password": "secret", "base": None, "timeout": 7,
           "cloud_governed": {"attribute": "msDS-ObjectSoa", "marks": ["Cloud"]}}


def of_ldap3(error):
    """As ldap3 raises an error of the socket: its class kept, everything else in the text."""
    raised = communication_exception_factory(LDAPSocketOpenError, error)(f"socket connection error while opening: {error}")
    return type(raised)(str(raised))


@pytest.mark.parametrize("error, words", [
    (TimeoutError("timed out"), "no answer within 7 seconds"),
    (ConnectionRefusedError(errno.ECONNREFUSED, os.strerror(errno.ECONNREFUSED)), "Connection refused"),
    (OSError(errno.ENETUNREACH, os.strerror(errno.ENETUNREACH)), "Network is unreachable"),
    (OSError(errno.EHOSTUNREACH, os.strerror(errno.EHOSTUNREACH)), "No route to host"),
])
def test_errors_of_the_socket_survive_ldap3(error, words):
    found = connection._socket_error(of_ldap3(error))
    assert isinstance(found, type(error)) and found.errno == error.errno
    assert words in connection._unusable(found, 7).failure.message


@pytest.mark.parametrize("code, text, words, hint", [
    (19, "self-signed certificate in certificate chain", "not trusted: self-signed", "Set directory.ca_cert"),
    (20, "unable to get local issuer certificate", "not trusted: unable to get local issuer", "Set directory.ca_cert"),
    (10, "certificate has expired", "has expired", "new certificate"),
    (9, "certificate is not yet valid", "not yet valid", "the clock of this machine"),
    (64, "IP address mismatch, certificate is not valid for '10.0.0.1'.", "IP address mismatch", "Use the name"),
    (62, "Hostname mismatch, certificate is not valid for 'x'.", "Hostname mismatch", "Use the name"),
])
def test_certificates(code, text, words, hint):
    error = ssl.SSLCertVerificationError(1, f"[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: {text} (_ssl.c:992)")
    error.verify_code, error.verify_message = code, text
    failure = connection._unusable(error, 7).failure
    assert words in failure.message and hint in failure.hint


@pytest.fixture
def server():
    """server(first_bytes) -> HOST:PORT that sends these bytes to a client and closes."""
    with contextlib.ExitStack() as listeners:
        def start(first_bytes):
            listener = listeners.enter_context(socket.create_server(("127.0.0.1", 0)))

            def serve():
                with contextlib.suppress(OSError):
                    client, _address = listener.accept()
                    client.recv(65536)
                    client.sendall(first_bytes)
                    client.close()
            threading.Thread(target=serve, daemon=True).start()
            return f"127.0.0.1:{listener.getsockname()[1]}"
        yield start


def refused(**more):
    with pytest.raises(HrisError) as error, connection.connect({**OPTIONS, **more}):
        pass
    assert "secret" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize("first_bytes", [b"", b"0\x0c\x02\x01\x00x", b"HTTP/1.1 400 Bad Request\r\n\r\n"])
def test_a_port_without_tls(server, first_bytes):
    text = refused(servers=[server(first_bytes)])
    assert "no TLS connection" in text and "for port 389 set tls_mode to start_tls" in text


@pytest.mark.parametrize("first_bytes", [b"", b"0\x0c\x02\x01\x01x\x07\x0a\x01\x02\x04\x00\x04\x00"])
def test_a_port_without_start_tls(server, first_bytes):
    text = refused(servers=[server(first_bytes)], tls_mode="start_tls")
    assert "does not accept StartTLS" in text and "The port of start_tls is 389" in text


def test_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    text = refused(servers=[f"127.0.0.1:{port}", "no.such.host.invalid"])
    assert f"ldaps://127.0.0.1:{port}: no connection: Connection refused" in text
    assert "ldaps://no.such.host.invalid:636: no connection: " in text, "both are named"


@pytest.mark.parametrize("server, tls_mode, port, found", [
    ("dc1", "ldaps", None, ("dc1", 636, "ldaps://dc1:636")), (" dc1 ", "start_tls", None, ("dc1", 389, "ldap://dc1:389")),
    ("dc1:3636", "ldaps", 1636, ("dc1", 3636, "ldaps://dc1:3636")), ("dc1", "ldaps", 1636, ("dc1", 1636, "ldaps://dc1:1636")),
    ("::1", "ldaps", None, ("::1", 636, "ldaps://[::1]:636")), ("[::1]", "ldaps", None, ("::1", 636, "ldaps://[::1]:636")),
    ("[fe80::1]:3636", "ldaps", None, ("fe80::1", 3636, "ldaps://[fe80::1]:3636")),
])
def test_addresses(server, tls_mode, port, found):
    options = DirectoryOptions.from_params({**OPTIONS, "tls_mode": tls_mode, "port": port})
    address = ServerAddress.parse(server, options)
    assert (address.host, address.port, address.url) == found


@pytest.mark.parametrize("server", ["ldaps://dc1", "dc1:0", "dc1:65536", "dc1:x", "", ":636"])
def test_addresses_that_are_refused(server):
    with pytest.raises(HrisError, match="without ldaps://"):
        ServerAddress.parse(server, DirectoryOptions.from_params(OPTIONS))


@pytest.mark.parametrize("more, words", [
    ({"username": None}, "a password needs the user name"),
    ({"username": "CORP\\svc"}, "Write it as name@REALM"),
    ({"username": "CN=svc,DC=corp,DC=example", "password": None}, "Write it as name@REALM"),
])
def test_user_names_that_are_no_principals(more, words):
    assert words in refused(auth_protocol="kerberos", **more)


@pytest.mark.parametrize("code", [49, 51])
@pytest.mark.parametrize("echo", ["%s", "bind of svc with '%s' refused", "data 52e, c2VjcmV0LXBhc3M="])
def test_a_server_that_repeats_the_password(monkeypatch, code, echo):
    class Refusing:
        socket, result = None, {"result": code, "message": f"80090308: LdapErr: {echo.replace('%s', 'secret-pass')}, v4563"}

        def bind(self, **_options):
            return False
    monkeypatch.setattr(connection, "_open", lambda *_given: Refusing())
    monkeypatch.setattr(connection, "_secure", lambda *_given: None)
    options = DirectoryOptions.from_params(OPTIONS | {"password": "secret-pass"})
    with pytest.raises((HrisError, connection._ServerUnusableError)) as error:
        connection._bound_stream(ServerAddress.parse("dc1", options), options, None)
    told = str(error.value) + str(getattr(error.value, "failure", ""))
    assert "secret-pass" not in told and "c2VjcmV0" not in told and ("********" in told or code == 49)


@pytest.mark.parametrize("tls_mode", ["start_tls", "ldaps"])
@pytest.mark.parametrize("first, again, pause, words", [
    (b"\x30\x84\x00\xff\xff\xff", b"\x00", 0.3, "the answer did not end within 1 seconds"),
    (b"\x30\x84\x7f\xff\xff\xff", b"\x00" * 65536, 0, "the answer is larger than 1024 KiB"),
])
def test_an_answer_before_the_log_on_that_does_not_end(monkeypatch, tls_mode, first, again, pause, words):
    """ldap3 waits for each byte anew. With ldaps it is the answer to the bind, here without TLS."""
    monkeypatch.setattr(connection, "_secure", lambda *_given: None)
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        def serve():
            with contextlib.suppress(OSError):
                client, _address = listener.accept()
                with client:
                    client.settimeout(5)
                    client.recv(65536)
                    client.sendall(first)
                    while not over.wait(pause):
                        client.sendall(again)
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        text = refused(servers=[f"127.0.0.1:{listener.getsockname()[1]}"], tls_mode=tls_mode, timeout=1)
        over.set()
        thread.join()
    assert words in text and "Is it a domain controller" in text
