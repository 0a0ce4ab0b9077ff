"""A search that is refused says that nothing is there, or nothing at all: directory/reading.py, samples.py."""
from __future__ import annotations

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.directory import (
    ldap_errors,
    reading,
    samples,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.stream_errors import (
    SearchRefusedError,
)


class Refusing:
    """A connection whose searches give some entries, and are refused then."""

    domain_dn, schema_dn = "DC=x", "CN=Schema,CN=Configuration,DC=x"

    def __init__(self, code):
        self.stream, self.code = self, code

    def search(self, base, *_arguments, **_options):
        if base == self.domain_dn:
            return
        yield "CN=Ann\\0ADEL:1,CN=Deleted Objects,DC=x", {"sAMAccountName": [b"ann"]}
        raise SearchRefusedError("refused", "ldaps://dc1", self.code)

    def entries(self, _decode, base, *arguments, **options):
        return self.search(base, *arguments, **options)


READINGS = [lambda found: list(reading._deleted(found, [])), reading.has_recycle_bin, samples.read_password_rules]


@pytest.mark.parametrize("read", READINGS)
@pytest.mark.parametrize("code", sorted(ldap_errors.PASSING))
def test_a_server_that_cannot_answer_now_ends_the_reading(read, code):
    with pytest.raises(SearchRefusedError):
        read(Refusing(code))


@pytest.mark.parametrize("read", READINGS)
@pytest.mark.parametrize("code", [ldap_errors.NO_SUCH_OBJECT, ldap_errors.INSUFFICIENT_ACCESS_RIGHTS])
def test_what_the_account_may_not_see_is_not_there(read, code):
    read(Refusing(code))
