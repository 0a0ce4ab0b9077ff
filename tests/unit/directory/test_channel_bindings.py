"""The hash that ties a log-on to its TLS connection (RFC 5929), for certificates as openssl makes them: directory/channel_bindings.py."""
from __future__ import annotations

import hashlib
import ssl
import subprocess

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.channel_bindings import (
    tls_server_end_point,
)

RSA, EC = ("-newkey", "rsa:2048"), ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1")
PSS = ("-sigopt", "rsa_padding_mode:pss")


@pytest.mark.parametrize("key, signature, expected", [
    (RSA, ("-md5",), "sha256"), (RSA, ("-sha1",), "sha256"), (RSA, ("-sha256",), "sha256"), (RSA, ("-sha384",), "sha384"),
    (RSA, ("-sha224",), "sha224"), (RSA, ("-sha3-256",), "sha3_256"), (EC, ("-sha1",), "sha256"), (EC, ("-sha512",), "sha512"),
    (RSA, ("-sha512", *PSS), "sha512"), (RSA, ("-sha1", *PSS), "sha256"),
    (("-newkey", "ed25519"), (), "sha512"),  # measured: Samba 4.22
    (("-newkey", "ed448"), (), None),
], ids=lambda value: "-".join(value) if isinstance(value, tuple) else value)
def test_the_hash_of_the_signature(tmp_path, key, signature, expected):
    file = tmp_path / "certificate.pem"
    subprocess.run(["openssl", "req", "-x509", *key, "-nodes", *signature, "-days", "2", "-subj", "/CN=dc1", "-keyout", str(tmp_path / "key"),
                    "-out", str(file)], check=True, capture_output=True)
    certificate = ssl.PEM_cert_to_DER_cert(file.read_text())
    bindings = expected and b"tls-server-end-point:" + hashlib.new(expected, certificate).digest()
    assert tls_server_end_point(certificate) == bindings
