"""Messages name what somebody wrote: the variables of a role in place of the options of its module."""
from __future__ import annotations

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError, RefusedError
from ansible_collections.hris.ad.plugins.module_utils._hris.variable_names import VariableNames
from ansible_collections.hris.ad.plugins.module_utils._hris.web.options import TUNING
from ansible_collections.hris.ad.plugins.modules.elmo_employee_info import ARGUMENT_SPEC as ELMO
from ansible_collections.hris.ad.plugins.modules.endpoint_info import ARGUMENT_SPEC as REST

ELMOS, RESTS = VariableNames("elmo_", ELMO, TUNING), VariableNames("rest_", REST, TUNING)


@pytest.mark.parametrize(("names", "error", "expected"), [
    (ELMOS, ("x is wrong", "page_size", "It is at least 1"), "elmo_page_size: x is wrong. It is at least 1."),
    (ELMOS, ("HTTP 401", "https://hr.example.com/token", "check client_id and client_secret, and whether token_encoding suits the server"),
     "https://hr.example.com/token: HTTP 401. check elmo_client_id and elmo_client_secret, and whether elmo_token_encoding suits the server."),
    (ELMOS, ("it is larger", "https://hr.example.com/page_size", "Raise max_response_mb if that is right"),
     "https://hr.example.com/page_size: it is larger. Raise elmo_http.max_response_mb if that is right."),
    (ELMOS, ("no answer", None, "raise retries and retry_after_max"), "no answer. raise elmo_http.retries and elmo_http.retry_after_max."),
    (ELMOS, ("the file cannot be read", "ca_cert /x.pem", None), "elmo_ca_cert /x.pem: the file cannot be read."),
    (ELMOS, ("it is not given", "client_id", "Set it, or the environment variable HRIS_ELMO_CLIENT_ID"),
     "elmo_client_id: it is not given. Set it, or the environment variable HRIS_ELMO_CLIENT_ID."),
    (ELMOS, ("no path", "paths.core", None), "elmo_paths.core: no path."),
    (RESTS, ("no type", "auth.type", "Set auth.type"), "rest_auth.type: no type. Set rest_auth.type."),
    (RESTS, ("no total", "endpoints[1] (people).paging.total", "The key of a record"), "rest_endpoints[1] (people).paging.total: no total. The key of a record."),
    (RESTS, ("no endpoint", "wins.phone", None), "rest_wins.phone: no endpoint."),
    (VariableNames("elmo_", REST, TUNING), ("no total", "endpoints[1] (people).paging.total", None), "elmo_endpoints[0] (people).paging.total: no total."),
    (VariableNames(None, ELMO, TUNING), ("x", "page_size", "Raise max_response_mb"), "page_size: x. Raise max_response_mb."),
])
def test_errors(names, error, expected):
    assert str(names.in_error(HrisError(*error))) == expected


def test_the_kind_of_the_error_stays():
    assert ELMOS.in_error(RefusedError("x", "page_size", None, 401)).status == 401


def test_words_stay_words():
    said = "the key, the proxy, the fields, the token and the concurrency of client-side retry; https://x/page_size?base_url=1 wins."
    assert ELMOS.in_text(said) == said and RESTS.in_text(said) == said
    assert RESTS.in_text("validate_certs is false. wins.phone decides.") == "rest_validate_certs is false. rest_wins.phone decides."
