"""The domain controller, as far as it needs none: where it may be, and how its log and LDIF are read."""
import pytest

from lab import audit, ldif
from lab.domain import Domain
from lab.errors import LabError


def test_no_domain_where_a_reset_would_hurt():
    with pytest.raises(LabError):
        Domain("/etc")


def test_what_the_server_does_on_its_own_is_left_out(tmp_path):
    log = tmp_path / "log"
    body = ('"statusCode": 0, "status": "Success", "userSid": "S-1-5-18", "dn": "CN=x", "transactionId": "t", '
            '"attributes": {}')
    client = '"ipv4:127.0.0.1:5"'
    lines = [f'{{"type": "dsdbChange", "dsdbChange": {{"operation": "Modify", "remoteAddress": {address}, '
             f'"performedAsSystem": {system}, {body}}}}}'
             for address, system in (("null", "false"), (client, "true"), (client, "false"))]
    log.write_text("\n".join([*lines, '{"type": "dsdbTransaction", "half a li']))
    assert [event["dn"] for event in audit.events(log)] == ["CN=x"]
    assert audit.events(log, audit.mark(log)) == []


def test_ldif():
    text = "dn:: Q049WsO8LERDPXg=\ncn: a\ncn: b\nblob:: /w==\nempty:\n\n# refldap://x\n\ndn: CN=y\n"
    assert ldif.parse(text) == [
        {"dn": "CN=Zü,DC=x", "attributes": {"cn": ["a", "b"], "blob": ["/w=="], "empty": [""]}},
        {"dn": "CN=y", "attributes": {}}]
