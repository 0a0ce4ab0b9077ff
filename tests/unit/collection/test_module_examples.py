"""Every task with one of our modules, wherever it is shown or run, is one that the module accepts."""
from __future__ import annotations

import copy

import collection_parts as parts
import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator


def templated(value) -> bool:
    return isinstance(value, str) and "{{" in value


def settled(arguments, options: dict):
    """(arguments, options) in which nothing depends on a template's value: its option takes anything, and what it may omit is left out."""
    if not isinstance(arguments, dict):
        return arguments, options
    arguments, options = dict(arguments), dict(options)
    for given, value in list(arguments.items()):
        name = next((key for key, option in options.items() if given in (key, *option.get("aliases", ()))), None)
        if name is None:
            continue  # a wrong name, which the validator reports
        option = dict(options[name])
        if templated(value) and "omit" in value:
            del arguments[given]
        elif templated(value):
            option = {"type": "raw", "required": option.get("required", False), "aliases": option.get("aliases", [])}
        elif option.get("options") and isinstance(value, list):
            arguments[given], option["options"] = settled_items(value, option["options"])
        elif option.get("options"):
            arguments[given], option["options"] = settled(value, option["options"])
        options[name] = option
    return arguments, options


def settled_items(items: list, options: dict):
    """The same for the items of a list, which share their options."""
    found = []
    for item in items:
        if not templated(item):
            item, options = settled(item, options)
            found.append(item)
    return found, options


def fallback_variables(options: dict):
    """(environment variable that an option may come from, a value that it may have)"""
    for option in options.values():
        if "fallback" in option:
            yield from ((variable, option.get("choices", ["1"])[0]) for variable in option["fallback"][1])
        yield from fallback_variables(option.get("options") or {})


def may_omit(arguments) -> bool:
    return any(templated(value) and "omit" in value for value in (arguments or {}).values())


def complaints(name: str, given: dict) -> list[str]:
    spec = copy.deepcopy(parts.spec(name))  # a validator writes into the defaults that it finds
    arguments, options = settled(given, spec["argument_spec"])
    # Which of two options a template leaves out is known at run time only.
    rules = {} if may_omit(given) else {key: spec[key] for key in parts.SPEC_KEYS if spec.get(key)}
    return ArgumentSpecValidator(options, **rules).validate(arguments).error_messages


@pytest.mark.parametrize("name", parts.module_names())
def test_examples_show_the_module(name):
    shown = [where for where, _number, module, _arguments in parts.written_tasks() if where == f"EXAMPLES of {name}" and module == name]
    assert shown, f"EXAMPLES of {name} has no task with {parts.PREFIX}{name}"


def test_tasks_are_accepted(monkeypatch):
    for name in parts.module_names():
        for variable, value in fallback_variables(parts.spec(name)["argument_spec"]):
            monkeypatch.setenv(variable, value)
    wrong = []
    for where, number, name, arguments in parts.written_tasks():
        if name not in parts.module_names():
            wrong.append(f"{where}: there is no module {parts.PREFIX}{name}")
        else:
            wrong += [f"{where}: {parts.PREFIX}{name} (task {number} of all): {complaint}" for complaint in complaints(name, arguments)]
    assert not wrong, "\n".join(wrong)
