# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No text of the code names an option by itself, and the roles' tasks take each option from the variable that messages name."""
from __future__ import annotations

import ast
import re

import collection_parts as parts
import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.options import ARGUMENTS
from ansible_collections.hris.ad.plugins.module_utils._hris.variable_names import (
    LIFECYCLE,
    OF_MODULES,
    OF_PLAYBOOKS,
    PLAYBOOKS,
    variables_of,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.web.options import TUNING

UTILS = parts.PLUGINS / "module_utils/_hris"
NAMED_BY = {"option_name", "with_options", "said"}
# Options with a dot or a bracket behind them, and those that are no word of English
PLACE = re.compile(rf"(?<![\w./\-{{])(?:(?:{'|'.join(ARGUMENTS)}|limits|domain_limits|guard|kept_state|passwords|directory)(?=[.\[]\w)"
                   r"|(?:optional_fields|allow_empty|report_limit|plan_key|plan_dest|rules_before|outcome_dest|approved_digest|undo_dest|recent_hours|replication_minutes)(?=\W* \w|=|,? or )\b)")
# Of another thing with the same name: fields of a stored plan, cases, and options of events and of write-back
OTHERS = {"planning/plan_checks.py", "reporting/page_script.py", "reporting/page_style.py", "simulation/expectations.py", "simulation/cases.py", "variable_names.py", "run/execution.py", "rules/options.py"}
# In tasks: what a variable of a role is made into on the way to an option
TASKS = [(where, module, arguments) for where, _number, module, arguments in parts.written_tasks() if where.startswith(("roles/", "playbooks/"))]
# The prefix that a task takes from its playbook; without one the variables of the role are named
PREFIX_OF_PLAYBOOK = "{{ __lifecycle_variable_prefix }}"
# Options that a role sets by itself, so that no message about them is for its users
OWN = {"report_folder", "whole_report", "subject", "text", "details", "attachments", "variables", "send_in_check_mode", "on_failure", "kept_for", "auth"}
# Results of tasks are no variables of users
VARIABLE = re.compile(r"(?<![\w.])(?!lifecycle_outcome\b|lifecycle_report\b)(lifecycle|orchestration|elmo|icehrm|rest)_\w+")


def texts(path):
    """(line, text) of each text that somebody may read: not of documentation, keys and arguments of the naming functions."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            skipped.add(node.value)
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in NAMED_BY:
            skipped.update(ast.walk(node))
        elif isinstance(node, ast.Subscript):
            skipped.update(ast.walk(node.slice))
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "get":
            skipped.update(node.args)
        elif isinstance(node, ast.Dict):
            skipped.update(node.keys)
        elif isinstance(node, (ast.Tuple, ast.Compare, ast.Set, ast.List)):
            skipped.update(one for one in ast.iter_child_nodes(node) if isinstance(one, ast.Constant) and one.value.__class__ is str and " " not in one.value)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in skipped:
            yield node.lineno, node.value


@pytest.mark.parametrize("package", ["ad_values", "rules", "planning", "simulation", "run", "commands", "directory", "reporting"])
def test_no_text_names_an_option_by_itself(package):
    wrong = []
    for path in sorted((UTILS / package).rglob("*.py")):
        if str(path.relative_to(UTILS)) not in OTHERS:
            wrong += [f"{parts.relative(path)}:{line}: {text}" for line, text in texts(path) if PLACE.search(text)]
    assert not wrong, "use option_name() or with_options():\n" + "\n".join(wrong)


def test_names_are_asked_for_when_a_message_is_made():
    """While a file is imported, nobody knows what options are called."""
    wrong = []
    for path in parts.python_files():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        inner = {node for function in ast.walk(tree) if isinstance(function, (ast.FunctionDef, ast.Lambda)) for part in
                 ([function.body] if isinstance(function, ast.Lambda) else function.body) for node in ast.walk(part)}
        wrong += [f"{parts.relative(path)}:{node.lineno}" for node in ast.walk(tree)
                  if isinstance(node, ast.Call) and getattr(node.func, "id", "") in NAMED_BY and node not in inner]
    assert not wrong


def test_each_task_of_a_role_says_what_its_variables_begin_with():
    missing = [f"{where}: {module}" for where, module, arguments in TASKS
               if "variable_prefix" in parts.spec(module)["argument_spec"] and "variable_prefix" not in arguments]
    assert not missing and len(TASKS) > 20


def prefix_of(arguments):
    given = arguments.get("variable_prefix")
    return LIFECYCLE if given == PREFIX_OF_PLAYBOOK else given


def test_the_table_is_about_tasks_that_there_are():
    given = {(prefix_of(arguments), module) for _where, module, arguments in TASKS}
    assert set(OF_MODULES) <= given
    assert set(OF_PLAYBOOKS) == {module for _where, module, arguments in TASKS if arguments.get("variable_prefix") == PREFIX_OF_PLAYBOOK}
    for (prefix, module), names in OF_MODULES.items():
        unknown = {name.partition(".")[0] for name in names if name} - set(parts.spec(module)["argument_spec"])
        assert not unknown, (prefix, module)


@pytest.mark.parametrize(("where", "module", "arguments"), TASKS, ids=[f"{where} {module}" for where, module, _arguments in TASKS])
def test_tasks_take_options_from_the_variables_that_messages_name(where, module, arguments):
    prefix = prefix_of(arguments)
    if prefix is None:
        return
    spec = parts.spec(module)["argument_spec"]
    names = variables_of(prefix, module, spec, TUNING if "retries" in spec and module != "notify" else ())
    wrong = []
    for option, value in arguments.items():
        named, text = names[option].name, _resolved(str(value), where)
        if option == "variable_prefix" or option in OWN or not VARIABLE.search(text):
            continue
        alone = re.split(r"[.\[]", named)[0]
        if not re.search(rf"(?<!\w){re.escape(named)}(?!\w)", text) and not (alone != named and re.search(rf"(?<!\w){alone}(?!\w)", text)):
            wrong.append(f"{option}: messages say {named}, the task has {value}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("module", sorted(OF_PLAYBOOKS))
def test_playbooks_give_the_role_the_variables_that_messages_name(module):
    """The playbook sets the variable of the role, which messages would name without it, from its own."""
    entry = module.removesuffix("_info")
    where = f"playbooks/{entry}.yml"
    task = next(_runs_of_roles(parts.load_yaml((parts.ROOT / where).read_text(encoding="utf-8")), entry))
    assert task["vars"]["__lifecycle_variable_prefix"] == PLAYBOOKS
    of_role = variables_of(LIFECYCLE, module, parts.spec(module)["argument_spec"])
    text = (parts.ROOT / where).read_text(encoding="utf-8") + "".join(path.read_text(encoding="utf-8") for path in (parts.ROOT / "playbooks/vars").glob("*.yml"))
    for option, variable in OF_PLAYBOOKS[module].items():
        assert of_role[option].name in task["vars"], option
        assert re.search(rf"(?<!\w){variable}(?!\w)", text), variable


def _runs_of_roles(node, entry):
    """The tasks that run an entry point of a role, wherever they are in a playbook."""
    if isinstance(node, list):
        for item in node:
            yield from _runs_of_roles(item, entry)
    elif isinstance(node, dict):
        role = node.get("ansible.builtin.include_role") or node.get("ansible.builtin.import_role") or {}
        if role.get("tasks_from") == entry:
            yield node
        for key in ("tasks", "block", "always"):
            yield from _runs_of_roles(node.get(key), entry)


def _resolved(text, where):
    """A template with the templates of the variables of the role's own that are in it."""
    own = {}
    for name in {"lifecycle", *([where.split("/")[1]] if where.startswith("roles/") else [])}:
        own |= parts.load_yaml((parts.ROOT / f"roles/{name}/vars/main.yml").read_text(encoding="utf-8")) or {}
    own |= dict(_own_variables(parts.load_yaml((parts.ROOT / where).read_text(encoding="utf-8"))))
    for _depth in range(3):
        for name in set(re.findall(r"__\w+", text)) & set(own):
            text = f"{text.replace(name, '')} {own[name]}"
    return text


def _own_variables(node):
    """The variables that a file of tasks makes for itself."""
    if isinstance(node, list):
        for item in node:
            yield from _own_variables(item)
    elif isinstance(node, dict):
        yield from ((name, value) for name, value in node.items() if str(name).startswith("__"))
        for value in node.values():
            yield from _own_variables(value)
