# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guides name every variable of a role that reads HR, and what they show is accepted."""
from __future__ import annotations

import copy
import re
import shlex
import subprocess
from itertools import pairwise

import collection_parts as parts
import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.parsing.splitter import parse_kv
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.compile_ruleset import (
    compile_ruleset,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.options import ARGUMENTS
from ansible_collections.hris.ad.plugins.module_utils._hris.simulation.standard_schema import (
    standard_schema,
)
from test_promises_table import known_tests

GUIDES = ("elmo", "icehrm", "first-run", "from-admanager-plus")
# What a block leaves to the blocks before it
RULES = {
    "source": "guide", "mapping": {"employeeID": "employeeNumber", "givenName": "firstName", "sn": "lastName", "displayName": "{firstName} {lastName}"},
    "naming": {"candidates": ["{ascii(givenName)}.{ascii(sn)}"], "attributes": {"sAMAccountName": "{lower(name)}", "cn": "{displayName}"}},
    "placement": [{"ou": "OU=Staff,DC=corp,DC=example"}],
}


def page(name: str) -> str:
    return (parts.ROOT / f"docs/{name}.md").read_text(encoding="utf-8")


def blocks():
    """(guide, number, variables) of each block of YAML that sets variables."""
    for name in GUIDES:
        for number, text in enumerate(re.findall(r"^```yaml\n(.*?)^```", page(name), re.MULTILINE | re.DOTALL)):
            yield name, number, parts.load_yaml(text)


BLOCKS = list(blocks())


def code_of(text: str) -> set[str]:
    return set(re.findall(r"\w+", " ".join(re.findall(r"`([^`\n]+)`", text))))


@pytest.mark.parametrize("role", ["elmo", "icehrm"])
def test_every_variable_is_on_the_page(role):
    specs = parts.load_yaml((parts.ROOT / f"roles/{role}/meta/argument_specs.yml").read_text(encoding="utf-8"))["argument_specs"]
    options = {name: one for spec in specs.values() for name, one in spec["options"].items()}
    names = {*options, *options[f"{role}_http"]["options"]}
    assert len(names) > 30 and names - code_of(page(role)) == set()
    assert {name for name in code_of(page(role)) if name.startswith(f"{role}_")} - {*options, *parts.module_names()} == set()


@pytest.mark.parametrize(("guide", "number", "variables"), BLOCKS, ids=lambda value: value if isinstance(value, str) else "")
def test_rules_compile(guide, number, variables):
    given = {name.removeprefix("lifecycle_"): value for name, value in variables.items() if name.startswith("lifecycle_") and name != "lifecycle_state"}
    checked = ArgumentSpecValidator(ARGUMENTS).validate(copy.deepcopy(RULES | given))
    assert not checked.error_messages
    assert compile_ruleset(checked.validated_parameters)


@pytest.mark.parametrize(("guide", "number", "variables"), BLOCKS, ids=lambda value: value if isinstance(value, str) else "")
def test_attributes_are_in_every_domain(guide, number, variables):
    """Or their line says that a domain may lack them: a run stops before the plan at an attribute that is not there."""
    known = {name.lower() for name in standard_schema()}
    shown = [*variables.get("lifecycle_mapping", {}), *variables.get("lifecycle_naming", {}).get("attributes", {}),
             *variables.get("lifecycle_leaver", {}).get("attributes", {})]
    lacking = [name for name in shown if name.lower() not in known]
    assert [name for name in lacking if not re.search(rf"^ *{name}: .*# .*schema was extended", page(guide), re.MULTILINE)] == []


@pytest.mark.parametrize(("guide", "number", "variables"), BLOCKS, ids=lambda value: value if isinstance(value, str) else "")
def test_steps_come_with_state(guide, number, variables):
    """Without it, or an outcome file, a run fails at its steps."""
    assert "orchestration_steps" not in variables or {"lifecycle_state", "lifecycle_outcome_file"} & set(variables)


EVERY_PAGE = [path.stem for path in sorted((parts.ROOT / "docs").glob("*.md"))]


def test_the_state_has_one_folder():
    """Somebody who follows one page after the other must not move the state: the next run would say that it is lost."""
    folders = {(name, folder) for name in EVERY_PAGE if name != "awx" for folder in re.findall(r"lifecycle_state: *\{dir: (/[^,}]+)", page(name))}
    assert len(folders) >= 5 and {folder for _name, folder in folders} == {"/var/lib/hris/corp"}


@pytest.mark.parametrize("name", EVERY_PAGE)
def test_no_command_line_has_a_secret(name):
    """Other users of the machine see it in the list of processes."""
    assert re.findall(r"-e [\w.]*(?:key|token|secret|password)=\$\(", page(name)) == []


def commands():
    """Each command line of docs/, README.md and the heads of playbooks, without the brackets around what can be left out."""
    paths = [parts.ROOT / "README.md", *(parts.ROOT / "docs").glob("*.md"), *(parts.ROOT / "playbooks").glob("*.yml")]
    texts = [re.sub(r"\\\n|\n#   (?=\[)", " ", path.read_text(encoding="utf-8")) for path in paths]
    return [re.sub(r"\[(-[^\]]*)\]", r"\1", line) for text in texts for line in re.findall(r"\bansible-playbook -?[^`|\n]*-e [^`|\n]*", text)]


def test_no_value_loses_its_second_word():
    """Ansible takes what follows a space in name=value for another variable, and says nothing."""
    given = [word for line in commands() for before, word in pairwise(shlex.split(line)) if before == "-e"]
    assert len(given) > 80
    assert [word for word in given if word[0] not in "{@" and "_raw_params" in parse_kv(word)] == []


def test_webhooks_are_accepted():
    shown = [(name, one) for _guide, _number, variables in BLOCKS for name, one in variables.get("orchestration_webhooks", {}).items()]
    assert shown
    for name, one in shown:
        spec = parts.spec("webhook")["argument_spec"]
        assert not ArgumentSpecValidator(spec).validate({"name": name, **copy.deepcopy(one)}).error_messages


def test_there_are_some():
    assert {guide for guide, _number, _variables in BLOCKS} == {"icehrm", "from-admanager-plus"} and len(BLOCKS) >= 5


@pytest.mark.parametrize("guide", ["from-admanager-plus"])
def test_expressions_in_tables_compile(guide):
    """Each `{…}` of a cell is an expression over fields of HR, or of an account."""
    shown = [text for text in re.findall(r"`([^`\n]+)`", page(guide)) if re.fullmatch(r"\{[a-z_]+\(.*\)\}", text)]
    assert len(shown) >= 10
    for text in shown:
        given = copy.deepcopy(RULES)
        given["mapping"]["description"] = text.replace("name,", "sn,")
        assert compile_ruleset(ArgumentSpecValidator(ARGUMENTS).validate(given).validated_parameters)


NAMED = [(name, *found) for name in GUIDES for found in re.findall(r"^    (sed -i '[^']+') (\w+)/(\S+)$", page(name), re.MULTILINE)]


@pytest.mark.parametrize(("guide", "command", "copied", "file"), NAMED)
def test_ones_own_domain_is_everywhere(guide, command, copied, file):
    """The line that writes one's own domain into a copied example leaves no other one behind."""
    example, _copy = re.search(rf"cp -r \S+/(examples/\w+) ({copied})$", page(guide), re.MULTILINE).groups()
    text = (parts.ROOT / example / file).read_text(encoding="utf-8")
    expression = re.fullmatch(r"sed -i '(.+)'", command)[1]
    done = subprocess.run(["sed", expression], input=text, capture_output=True, text=True, check=True).stdout
    assert done.count("DC=your,DC=domain") == text.count("DC=corp,DC=example") and not re.search(r"corp\b", done)
    assert all("corp" not in path.read_text(encoding="utf-8") for path in (parts.ROOT / example).rglob("*.*") if path.name != file.rpartition("/")[2])


def test_they_copy_three_examples():
    assert [guide for guide, *_rest in NAMED] == ["elmo", "icehrm", "first-run"]


def test_kerberos_is_compiled_with_what_the_tests_install():
    [named] = re.findall(r"^    sudo apt install (.*libkrb5-dev.*)$", page("install"), re.MULTILINE)
    listed = (parts.ROOT / ".config/packages/kerberos.txt").read_text(encoding="utf-8").splitlines()
    assert named.split() == [*(line for line in listed if line and not line.startswith("#")), "krb5-user"]


SECURITY = re.findall(r"^\| ([^|\n]+) \| [^|\n]+ \| (`tests/[^|\n]+) \|$", page("security"), re.MULTILINE)


@pytest.mark.parametrize(("attack", "tests"), SECURITY, ids=[attack for attack, _tests in SECURITY])
def test_what_stops_an_attacker_has_tests(attack, tests):
    for name in re.findall(r"`([^`]+)`", tests):
        file, _colons, test = name.partition("::")
        assert test in known_tests(file), f"{name} is not there"


def test_every_attack_has_tests():
    rows = [line for line in page("security").splitlines() if line.startswith("| to ")]
    assert len(rows) == len(SECURITY) >= 20
