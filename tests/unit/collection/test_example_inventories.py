"""The inventories that people copy: their rules compile, and the one for both systems says what the single ones say."""
from __future__ import annotations

import collection_parts as parts
import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.compile_ruleset import (
    compile_ruleset,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.options import ARGUMENTS

EXAMPLES = parts.ROOT / "examples"
SINGLE = sorted(path.parent.parent.name for path in EXAMPLES.glob("*/group_vars/hr.yml") if path.parent.parent.name != "both")
FOLDERS = {"elmo": ("elmo/group_vars/hr.yml",), "icehrm": ("icehrm/group_vars/hr.yml",)}
BOTH = {source: ("both/group_vars/hr.yml", f"both/host_vars/{source}.yml") for source in FOLDERS}


def variables(files) -> dict:
    return {name: value for file in files for name, value in parts.load_yaml((EXAMPLES / file).read_text(encoding="utf-8")).items()}


@pytest.mark.parametrize("source", SINGLE)
def test_rules_compile(source):
    given = {name.removeprefix("lifecycle_"): value for name, value in variables([f"{source}/group_vars/hr.yml"]).items() if name.startswith("lifecycle_")}
    for of_run in ("directory", "state"):
        given.pop(of_run, None)
    checked = ArgumentSpecValidator(ARGUMENTS).validate(given | {"source": source})
    assert not checked.error_messages
    assert compile_ruleset(checked.validated_parameters).source == source


@pytest.mark.parametrize("source", FOLDERS)
def test_both_is_the_sum_of_the_single_ones(source):
    """And of what is about both together."""
    both = variables(BOTH[source])
    together = {name: both.pop(name) for name in ("lifecycle_source_order", "lifecycle_domain_limits")}
    assert both == variables(FOLDERS[source]) and together["lifecycle_source_order"] == list(FOLDERS)


def group(folder) -> dict:
    return parts.load_yaml((EXAMPLES / folder / "hosts.yml").read_text(encoding="utf-8"))["hr"]


@pytest.mark.parametrize("folder", [*SINGLE, "both"])
def test_the_machine_itself_works(folder):
    assert group(folder)["hosts"] and group(folder)["vars"]["ansible_connection"] == "local"


@pytest.mark.parametrize("source", FOLDERS)
def test_hosts(source):
    assert source in group(source)["hosts"] and source in group("both")["hosts"]


def test_every_role_that_reads_an_hr_system_has_an_example():
    assert {variables([f"{folder}/group_vars/hr.yml"])["hr_system"] for folder in SINGLE} == set(parts.hr_roles())
