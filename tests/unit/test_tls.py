"""TLS and connection errors, as HTTP, LDAP and mail use them: verified by default, and explained by the type of the cause."""
from __future__ import annotations

import socket
import ssl

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris import connection_errors, tls
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError


def test_a_context_verifies_unless_it_is_told_not_to():
    context = tls.client_context(True, None)
    assert (context.check_hostname, context.verify_mode) == (True, ssl.CERT_REQUIRED)
    context = tls.client_context(False, None)
    assert (context.check_hostname, context.verify_mode) == (False, ssl.CERT_NONE)


def test_a_file_of_authorities_that_cannot_be_used(tmp_path):
    (tmp_path / "ca.pem").write_text("hello")
    for use in (lambda path: tls.client_context(True, path, "directory.ca_cert"), lambda path: tls.check_ca_cert(path, "directory.ca_cert")):
        with pytest.raises(HrisError, match=r"^directory.ca_cert .*/ca.pem: the file holds no certificate that can be read\. "):
            use(str(tmp_path / "ca.pem"))
        with pytest.raises(HrisError, match=r"^directory.ca_cert /nowhere.pem: the file cannot be read: No such file"):
            use("/nowhere.pem")


def caused(cause: BaseException) -> BaseException:
    """An error as a library raises it: the cause inside of others, with an address in its text."""
    outer = ValueError("object at 0x7f00: failed for secret.example.com", RuntimeError(cause))
    outer.__context__ = KeyError("unrelated")
    return outer


def verification(code: int, message: str) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "[SSL: CERTIFICATE_VERIFY_FAILED]")
    error.verify_code, error.verify_message = code, message
    return error


@pytest.mark.parametrize(("cause", "message", "hint", "sent"), [
    (ConnectionRefusedError(111, "Connection refused"), "no connection: Connection refused", "does the server run", False),
    (OSError(101, "Network is unreachable"), "no connection: Network is unreachable", "does the server run", False),
    (OSError(113, "No route to host"), "no connection: No route to host", "does the server run", False),
    (socket.gaierror(-2, "Name or service not known"), "no connection: Name or service not known", "Is the address right", False),
    (ConnectionResetError(104, "Connection reset by peer"), "no connection: Connection reset by peer", "does the server run", True),
    (TimeoutError("timed out"), "no answer within 7 seconds", "Raise timeout", True),
    (verification(62, "Hostname mismatch."), "the server's certificate is not trusted: Hostname mismatch", "Use the name", False),
    (verification(10, "certificate has expired"), "the server's certificate is not trusted: certificate has expired", "needs a new certificate", False),
    (verification(9, "certificate is not yet valid"), "the server's certificate is not trusted: certificate is not yet valid", "clock", False),
    (verification(18, "self-signed certificate"), "the server's certificate is not trusted: self-signed certificate", "Set ca_cert", False),
    (ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1006)"), "no TLS connection: ", "speak TLS", False),
])
def test_why_a_connection_failed(cause, message, hint, sent):
    failure = connection_errors.explain(caused(cause), 7)
    assert failure.message.startswith(message) and hint in failure.hint and failure.sent is sent
    assert "secret" not in failure.message and "0x7f00" not in failure.message
