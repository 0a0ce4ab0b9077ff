"""Every endpoint that the documentation and the examples show is one that the module takes, macros, expressions and all."""
from __future__ import annotations

import copy
import re
from pathlib import Path

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.hris.ad.plugins.module_utils._hris.sources.rest.endpoints import (
    compile_endpoints,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.sources.rest.options import Options
from ansible_collections.hris.ad.plugins.module_utils._hris.sources.rest.source import (
    macro_variables,
)
from test_source_endpoint import SPEC

ROOT = Path(__file__).resolve().parents[3]
READY = {"elmo": {"name": "elmo", "file": "/feed.jsonl", "key": "id"}, "icehrm": {"name": "icehrm", "file": "/feed.jsonl", "key": "id"}}


def shown():
    """(where, variables) of every block of YAML with endpoints of a role."""
    for path in [*ROOT.glob("docs/*.md"), *ROOT.glob("roles/*/README.md")]:
        for number, block in enumerate(re.findall(r"^ *```yaml\n(.*?)^ *```", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)):
            if "_endpoints:" in block:
                yield f"{path.parent.name}/{path.name} {number}", yaml.safe_load(block)
    for path in ROOT.glob("examples/*/*/*.yml"):
        text = path.read_text(encoding="utf-8")
        if "_endpoints:" in text:
            ready = re.sub(r"\{\{ inventory_dir \}\}", "/inventory", text)  # as Ansible fills it in
            yield f"{path.parent.parent.name}/{path.name}", yaml.safe_load(ready)


SHOWN = dict(shown())


@pytest.mark.parametrize("where", SHOWN)
def test_shown_endpoints(where):
    variables = SHOWN[where]
    role = next(name.removesuffix("_endpoints") for name in variables if name.endswith("_endpoints"))
    given = {"endpoints": ([READY[role]] if role in READY else []) + variables[f"{role}_endpoints"]}
    given |= {option: variables[f"{role}_{option}"] for option in ("base_url", "auth", "key", "wins", "variables") if f"{role}_{option}" in variables}
    checked = ArgumentSpecValidator(copy.deepcopy(SPEC)).validate(given)
    assert not checked.error_messages
    described = Options.from_params(checked.validated_parameters)
    assert compile_endpoints(described, macro_variables(described))


def test_there_are_some():
    assert len(SHOWN) >= 7
