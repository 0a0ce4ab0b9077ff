"""What nobody has asked for: TLS without verification, connections in clear text, secrets in a log."""
from __future__ import annotations

import collection_parts as parts
import pytest

SECRET = ("password", "secret", "token", "api_key", "plan_key")


def options(spec: dict, place: str = ""):
    """(place, spec) of every option at every depth."""
    for name, option in spec.items():
        yield place + name, option
        yield from options(option.get("options") or {}, f"{place}{name}.")


@pytest.mark.parametrize("name", parts.module_names())
def test_tls_is_verified_unless_somebody_says_otherwise(name):
    for place, option in options(parts.spec(name)["argument_spec"]):
        if place.endswith("validate_certs"):
            assert option["type"] == "bool" and option["default"] is True, place
        if place == "mail.tls_mode":
            assert option["default"] == "start_tls", "a relay on the same machine may do without, when somebody says so"
        elif place.endswith("tls_mode"):
            assert sorted(option["choices"]) == ["ldaps", "start_tls"] and option["default"] == "ldaps", "there is no way without TLS"


def test_some_modules_have_these_options():
    found = {place for name in parts.module_names() for place, _option in options(parts.spec(name)["argument_spec"])}
    assert {"validate_certs", "directory.validate_certs", "directory.tls_mode"} <= found


@pytest.mark.parametrize("role", parts.hr_roles())
def test_roles_verify_too(role):
    defaults = parts.load_yaml((parts.ROOT / "roles" / role / "defaults/main.yml").read_text(encoding="utf-8"))
    assert defaults[f"{role}_validate_certs"] is True
