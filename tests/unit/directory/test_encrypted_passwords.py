"""Initial passwords that were kept: whose they are, and who can open them."""
from __future__ import annotations

import json
import subprocess

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.directory import initial_passwords
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.encrypted_passwords import (
    KeyOptions,
    decrypt,
    find_password,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    """keys(name, *options of openssl) -> KeyOptions of a new certificate."""
    folder = tmp_path_factory.mktemp("keys")

    def make(name, *options, passphrase=None):
        if not (folder / f"{name}.pem").exists():
            hidden = ["-passout", f"pass:{passphrase}"] if passphrase else ["-nodes"]
            subprocess.run(["openssl", "req", "-x509", *(options or ["-newkey", "rsa:2048"]), *hidden, "-days", "2", "-subj", "/CN=desk",
                            "-keyout", str(folder / f"{name}.key"), "-out", str(folder / f"{name}.pem")], check=True, capture_output=True)
        return KeyOptions(str(folder / f"{name}.pem"), str(folder / f"{name}.key"), passphrase)
    return make


def line(key, name, source="hr", **more):
    return {"source": source, "key": key, "dn": f"CN={name} Lee,OU=Staff,DC=corp,DC=example", "sAMAccountName": name, "userPrincipalName": f"{name}@corp.example", **more}


LINES = [line("1", "ann", password="old"), line("2", "bo"), line("1", "ann", password="new"), line("2", "cy", source="other"), line("3", "1"), line(None, None, dn=None)]


@pytest.fixture
def kept(tmp_path):
    path = tmp_path / "initial.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in LINES) + '{"torn')
    path.chmod(0o600)
    return str(path)


@pytest.mark.parametrize("who", ["ann", " ANN ", "ann@corp.example", "cn=Ann Lee, ou=staff,dc=corp,dc=example"])
def test_the_newest_one_of_a_person(kept, who):
    assert find_password(kept, who, None)["password"] == "new"


@pytest.mark.parametrize("who, source, words", [
    ("2", None, "means 2 people (2 of hr, 2 of other)"), ("1", None, "means 2 people (1 of hr, 3 of hr)"), ("dora", None, "no initial password of 'dora'"),
    ("bo", "other", "no initial password of 'bo'"), ("None", None, "no initial password"), ("CN=", None, "no initial password")])
def test_who_is_not_one_person(kept, who, source, words):
    with pytest.raises(HrisError) as caught:
        find_password(kept, who, source)
    assert words in str(caught.value)


def test_a_source_decides(kept):
    assert find_password(kept, "2", "other")["sAMAccountName"] == "cy"


@pytest.mark.parametrize("passphrase", [None, "pass phräse"])
def test_who_has_the_key_can_open_it(keys, passphrase):
    options = keys(f"good{bool(passphrase)}", passphrase=passphrase)
    secret = "pä§$w0rd \" '<"
    entry = {"key": "1", "password": initial_passwords._encrypt(secret, initial_passwords.read_certificate(options.certificate, "certificate"))}
    assert decrypt(entry, options, "file") == secret
    other = keys("other")
    for wrong in (KeyOptions(other.certificate, other.private_key, None), KeyOptions(options.certificate, other.private_key, None)):
        with pytest.raises(HrisError, match="the password of 1 cannot be decrypted with this key"):
            decrypt(entry, wrong, "file")
    with pytest.raises(HrisError, match="cannot be decrypted"):
        decrypt({"key": "1", "password": "bm90IGEgQ01T"}, options, "file")
    with pytest.raises(HrisError, match="cannot be decrypted"):
        decrypt({"key": "1"}, options, "file")


@pytest.mark.parametrize("given, needed, words", [
    ("wrong", "right", "the private key cannot be read"), (None, "right", "the passphrase does not fit"), ("right", None, "the passphrase does not fit")])
def test_passphrases(keys, given, needed, words):
    made = keys(f"phrase{needed}", passphrase=needed)
    with pytest.raises(HrisError, match=f"^private_key .*{words}"):
        decrypt({"key": "1", "password": ""}, KeyOptions(made.certificate, made.private_key, given), "file")


def test_a_key_that_is_none(keys, tmp_path):
    good = keys("goodFalse")
    with pytest.raises(HrisError, match="the private key cannot be read"):
        decrypt({"key": "1", "password": ""}, KeyOptions(good.certificate, good.certificate, None), "file")
    elliptic = keys("elliptic", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1")
    with pytest.raises(HrisError, match="is not RSA"):
        decrypt({"key": "1", "password": ""}, KeyOptions(good.certificate, elliptic.private_key, None), "file")
