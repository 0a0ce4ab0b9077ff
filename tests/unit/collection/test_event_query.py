"""What the platform counts (extensions/audit/event_query.yml): its queries over results as the documentation shows them."""
from __future__ import annotations

import collection_parts as parts
import jq
import pytest

QUERIES = parts.load_yaml((parts.ROOT / "extensions/audit/event_query.yml").read_text(encoding="utf-8"))
CORP = [{"name": "corp.example", "canonical_facts": {"domain": "corp.example"}, "facts": {"device_type": "Active Directory domain"}}]


def counted(module: str, result: dict) -> list[dict]:
    """As AWX counts: the query is compiled, and run over the result of a task."""
    return jq.compile(QUERIES[f"hris.ad.{module}"]["query"]).input_value(result).all()


def sample(module: str, *names: str) -> dict:
    """These results of a module, as its documentation shows them."""
    told = parts.documents()[module]["return"]
    return {name: told[name]["sample"] for name in names}


def account(dn: str) -> dict:
    return {"account": {"source": "elmo", "key": "E1", "dn": dn}}


@pytest.mark.parametrize("module, result, found", [
    ("sync", {"applied": 3}, CORP), ("sync", {"applied": 0}, []), ("sync", {}, []),  # without `applied`: check mode, or over a limit
    ("user", {"changed": True}, CORP), ("user", {"changed": False}, []), ("user", {"changed": True, "object_guid": None}, []),
])
def test_documented_results_are_counted(module, result, found):
    shown = sample("sync", "accounts") if module == "sync" else sample("user", "object_guid", "distinguished_name", "sid")
    assert counted(module, {**shown, **result}) == found


@pytest.mark.parametrize("module", ["lock_out", "lift_lock_out"])
def test_one_account(module):
    assert counted(module, {"changed": True, **account("CN=Ann Lee,OU=Staff,DC=Corp,DC=example")}) == CORP
    assert counted(module, {"changed": True, **account(r"CN=a\,dc=b,DC=corp,DC=example")}) == CORP, "a comma in a name is no domain"
    assert counted(module, {"changed": False, **account("CN=Ann Lee,DC=corp,DC=example")}) == counted(module, {"failed": True, "msg": "x"}) == []


def test_several_accounts_are_one_domain_each():
    accounts = {"created": [account(f"CN=p{number},OU=Staff,DC=corp,DC=example")["account"] for number in range(3)], "moved": [{"key": "E1", "dn": None}],
                "disabled": [account("CN=q,DC=other,DC=example")["account"]]}
    assert [one["name"] for one in counted("sync", {"applied": 4, "accounts": accounts})] == ["corp.example", "other.example"]


def test_each_query_is_of_a_module_that_changes_accounts():
    named = {name.removeprefix(parts.PREFIX) for name in QUERIES}
    assert named <= {name for name in parts.module_names() if not name.endswith("_info")}
    assert all(set(query) == {"query"} for query in QUERIES.values())
