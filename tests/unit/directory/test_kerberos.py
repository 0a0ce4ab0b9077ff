"""The messages of a log-on with Kerberos, towards servers that do not keep to them: directory/kerberos.py. tests/integration has real ones."""
from __future__ import annotations

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.directory import kerberos
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.stream_errors import (
    LogOnRefusedError,
)

IN_PROGRESS = {"result": 14, "message": "", "saslCreds": b"token"}
REFUSED = {"result": 49, "message": "80090346: LdapErr: DSID-0C090711, comment: AcceptSecurityContext error, data 35b, v1db1", "saslCreds": b""}
DONE = {"result": 0, "message": "", "saslCreds": b""}


class Wrapped:
    def __init__(self, message: bytes):
        self.message = message


class Context:
    """As gssapi.SecurityContext, with mutual authentication: complete after the first answer of the server. layers: what the server offers."""

    complete = False

    def __init__(self, layers: bytes):
        self.layers = layers

    def step(self, token):
        self.complete = token is not None
        return None if token else b"ticket"

    def unwrap(self, _token):
        return Wrapped(self.layers)

    def wrap(self, message, _encrypt):
        return Wrapped(b"wrapped " + message)


def negotiate(monkeypatch, answers, layers=b"\x07\x00\x00\x00"):
    """(the last result, what was sent)"""
    sent, left = [], list(answers)

    def send(_connection, _controls, token):
        sent.append(token)
        return left.pop(0)
    monkeypatch.setattr(kerberos, "send_sasl_negotiation", send)
    return kerberos._negotiate(None, Context(layers), "ldaps://dc1:636"), sent


def test_no_layer_is_chosen(monkeypatch):
    result, sent = negotiate(monkeypatch, [IN_PROGRESS, IN_PROGRESS, DONE])
    assert result.code == 0
    assert sent == [b"ticket", b"", b"wrapped \x01\x00\x00\x00"]


@pytest.mark.parametrize("answers", [[REFUSED], [IN_PROGRESS, REFUSED], [IN_PROGRESS, IN_PROGRESS, REFUSED]])
def test_a_refusal_is_the_result(monkeypatch, answers):
    result, _sent = negotiate(monkeypatch, answers)
    assert result.code == 49 and "35b" in result.message


@pytest.mark.parametrize("answers", [[DONE], [IN_PROGRESS, DONE]])
def test_a_server_that_agrees_before_it_has_shown_who_it_is(monkeypatch, answers):
    with pytest.raises(LogOnRefusedError, match="ended the log-on too early"):
        negotiate(monkeypatch, answers)


@pytest.mark.parametrize("layers", [b"", b"\x06\x00\x00\x00"])
def test_a_server_that_wants_to_sign_inside_tls(monkeypatch, layers):
    with pytest.raises(LogOnRefusedError, match="wants to sign inside TLS"):
        negotiate(monkeypatch, [IN_PROGRESS, IN_PROGRESS], layers)


@pytest.mark.parametrize("username, principal", [
    ("svc@corp.example", "svc@CORP.EXAMPLE"), ("svc@CORP.EXAMPLE", "svc@CORP.EXAMPLE"), ("svc", "svc"), ("host/a.example", "host/a.example"),
])
def test_the_realm_is_in_upper_case(username, principal):
    assert kerberos._principal(username) == principal
