"""What the checks in this folder look at: the collection's files, its modules' specs and every task that somebody might copy."""
from __future__ import annotations

import ast
import importlib
import json
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import yaml
from ansible.module_utils.basic import AnsibleModule
from ansible_collections.hris.ad.plugins.module_utils._hris.libraries import OLDEST

ROOT = Path(__file__).resolve().parents[3]
PLUGINS = ROOT / "plugins"
PREFIX = "hris.ad."
# AnsibleModule's own arguments that describe options
SPEC_KEYS = ("mutually_exclusive", "required_together", "required_one_of", "required_if", "required_by")


def committed() -> list[Path]:
    """Every file that git keeps, or would keep when added; existing ones only."""
    # safe.directory: whoever may run the tests may read the list, also as root in somebody's checkout
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def python_files() -> list[Path]:
    return sorted(PLUGINS.rglob("*.py"))


def relative(path: Path) -> str:
    """For test ids and messages."""
    return str(path.relative_to(ROOT))


def module_names() -> list[str]:
    return sorted(path.stem for path in (PLUGINS / "modules").glob("*.py"))


def hr_roles() -> list[str]:
    """The roles that read an HR system."""
    return sorted(path.parent.parent.name for path in (ROOT / "roles").glob("*/tasks/read.yml"))


def fragments(name: str) -> list[str]:
    """The documentation fragments that a module names, before ansible-doc merges them."""
    tree = ast.parse((PLUGINS / "modules" / f"{name}.py").read_text(encoding="utf-8"))
    texts = [node.value.value for node in tree.body if isinstance(node, ast.Assign) and node.targets[0].id == "DOCUMENTATION"]
    named = load_yaml(texts[0]).get("extends_documentation_fragment") or []
    return [named] if isinstance(named, str) else named


def libraries(name: str) -> set[str]:
    """The third-party libraries that the module looks for, whatever its options are."""
    texts = [PLUGINS / f"modules/{name}.py"]
    if "command.libraries" in texts[0].read_text(encoding="utf-8"):
        texts = [PLUGINS / f"module_utils/_hris/commands/{name}.py"]
    tree = ast.parse(texts[0].read_text(encoding="utf-8"))
    found: list[ast.AST] = [keyword.value for keyword in ast.walk(tree) if isinstance(keyword, ast.keyword) and keyword.arg == "libraries"]
    found += [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "libraries"]
    words = {node.value for part in found for node in ast.walk(part) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return words & set(OLDEST)


class _SpecSeen(BaseException):
    """Carries the spec out of main(); not an Exception, so that no handler on the way can keep it."""


@cache
def spec(name: str) -> dict:
    """What the module passes to AnsibleModule: argument_spec, required_if, supports_check_mode, …"""
    module = importlib.import_module(f"ansible_collections.hris.ad.plugins.modules.{name}")
    if not hasattr(module, "main"):  # documentation of an action plugin, which does everything and never writes
        action = importlib.import_module(f"ansible_collections.hris.ad.plugins.action.{name}")
        return {"argument_spec": action.ARGUMENTS, "supports_check_mode": True}

    def stop(self, *args, **kwargs):
        raise _SpecSeen(kwargs)

    original, AnsibleModule.__init__ = AnsibleModule.__init__, stop
    try:
        module.main()
    except _SpecSeen as seen:
        return seen.args[0]
    finally:
        AnsibleModule.__init__ = original
    raise AssertionError(f"main() of {name} made no AnsibleModule")


@cache
def documents() -> dict[str, dict]:
    """ansible-doc's view of each module, fragments merged: {name: {"doc": {…}, "examples": text, "return": {…}}}."""
    if not module_names():
        return {}
    answer = subprocess.run(
        [str(Path(sys.executable).with_name("ansible-doc")), "--type", "module", "--json", *(PREFIX + name for name in module_names())],
        env={**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".cache/dev")}, cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    found = {name.removeprefix(PREFIX): text for name, text in json.loads(answer.stdout).items()}
    assert sorted(found) == module_names(), answer.stderr
    return found


class _Loader(yaml.SafeLoader):
    """Reads Ansible's own tags as the text behind them."""


_Loader.add_multi_constructor("!", lambda loader, suffix, node: loader.construct_scalar(node))


def load_yaml(text: str):
    return yaml.load(text, Loader=_Loader)


def _yaml_texts():
    """(where, text) of everything that shows YAML to users: EXAMPLES, playbooks, roles, examples and fenced blocks in Markdown."""
    for name, document in documents().items():
        yield f"EXAMPLES of {name}", document["examples"]
    for path in committed():
        folder = path.relative_to(ROOT).parts[0]
        if path.parent.name == "audit":  # has queries under the names of modules
            continue
        if folder in ("playbooks", "roles", "examples", "extensions") and path.suffix in (".yml", ".yaml"):
            yield relative(path), path.read_text(encoding="utf-8")
        elif path.suffix == ".md":
            for block in re.findall(r"^```ya?ml\n(.*?)^```", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL):
                yield relative(path), block


def _tasks(node, defaults: dict):
    """(module, arguments) of each task of ours below a YAML node, with the module_defaults that hold there."""
    if isinstance(node, list):
        for item in node:
            yield from _tasks(item, defaults)
    elif isinstance(node, dict):
        defaults = {**defaults, **(node.get("module_defaults") or {})}
        for key, value in node.items():
            if isinstance(key, str) and key.startswith(PREFIX):
                name, arguments = key.removeprefix(PREFIX), value or {}
                for group in [f"group/{PREFIX}{title}" for title, members in action_groups().items() if name in members] + [key]:
                    if isinstance(defaults.get(group), dict):
                        arguments = {**defaults[group], **arguments}
                yield name, arguments
            elif key in ("tasks", "pre_tasks", "post_tasks", "handlers", "block", "rescue", "always"):
                yield from _tasks(value, defaults)


@cache
def written_tasks() -> tuple:
    """(where, number, module, arguments) of every task with a module of ours that the collection shows or runs."""
    found = []
    for where, text in _yaml_texts():
        found += [(where, *task) for task in _tasks(load_yaml(text), {})]
    return tuple((where, number, name, arguments) for number, (where, name, arguments) in enumerate(found, 1))


@cache
def runtime() -> dict:
    return load_yaml((ROOT / "meta/runtime.yml").read_text(encoding="utf-8"))


def action_groups() -> dict[str, list[str]]:
    return runtime().get("action_groups") or {}
