"""Every task with one of our modules, wherever it is shown or run, is one that the module accepts."""
from __future__ import annotations

import collection_parts as parts
import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

# What a template might turn into, by the type of its option: the option counts as given, and its value as right.
STAND_INS = {"bool": True, "int": 1, "float": 1.0, "dict": {}, "list": [], "bits": "1", "bytes": "1", "json": "{}", "jsonarg": "{}"}


def templated(value) -> bool:
    return isinstance(value, str) and "{{" in value


def settled(arguments, options: dict):
    """The arguments with each template replaced by a value that its option takes; a list's templated dicts are left out."""
    if not isinstance(arguments, dict):
        return arguments
    result = {}
    for name, value in arguments.items():
        option = next((option for key, option in options.items() if name in (key, *option.get("aliases", ()))), {})
        kind = option.get("type", "str")
        if templated(value):
            choices = option.get("choices")
            value = choices[0] if choices else STAND_INS.get(kind, value)
            if kind == "dict" and option.get("options"):
                continue
        elif option.get("options") and isinstance(value, list):
            value = [settled(item, option["options"]) for item in value if not templated(item)]
        elif option.get("options"):
            value = settled(value, option["options"])
        result[name] = value
    return result


def fallback_variables(options: dict):
    """The environment variables that options may come from."""
    for option in options.values():
        if "fallback" in option:
            yield from option["fallback"][1]
        yield from fallback_variables(option.get("options") or {})


def complaints(name: str, arguments: dict) -> list[str]:
    spec = parts.spec(name)
    validator = ArgumentSpecValidator(spec["argument_spec"], **{key: spec[key] for key in parts.SPEC_KEYS if spec.get(key)})
    return validator.validate(settled(arguments, spec["argument_spec"])).error_messages


@pytest.mark.parametrize("name", parts.module_names())
def test_examples_show_the_module(name):
    shown = [where for where, _number, module, _arguments in parts.written_tasks() if where == f"EXAMPLES of {name}" and module == name]
    assert shown, f"EXAMPLES of {name} has no task with {parts.PREFIX}{name}"


def test_tasks_are_accepted(monkeypatch):
    for name in parts.module_names():
        for variable in fallback_variables(parts.spec(name)["argument_spec"]):
            monkeypatch.setenv(variable, "1")
    wrong = []
    for where, number, name, arguments in parts.written_tasks():
        if name not in parts.module_names():
            wrong.append(f"{where}: there is no module {parts.PREFIX}{name}")
        else:
            wrong += [f"{where}: {parts.PREFIX}{name} (task {number} of all): {complaint}" for complaint in complaints(name, arguments)]
    assert not wrong, "\n".join(wrong)
