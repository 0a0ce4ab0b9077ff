"""Writes docs/functions.md from the docstrings of the functions that rules may call.

Run: python scripts/functions_page.py

The unit tests fail when the page differs from the docstrings. The script needs the packages of
requirements.txt, and no collection path.
"""

from __future__ import annotations

import ast
import doctest
import inspect
import json
import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/functions.md"

INTRODUCTION = """\
# Functions for rules

<!-- Made from the docstrings by: .cache/venv/bin/python scripts/functions_page.py -->

A rule is an expression over the fields of an employee ([JMESPath](https://jmespath.org)), or a text
with expressions in braces. Both may call the functions on this page and every function of JMESPath
itself (`join`, `sort_by`, `to_number`, …).

- Null in any argument gives null, so that a missing field stays missing. The functions under
  "Conditions" and `join_with` handle null instead.
- Where a text is expected, a number counts as its text. Where a whole number is expected, its text
  is accepted.
- Text is written in single quotes, a number without quotes: `left(sn, 3)`,
  `pad_left(employeeNumber, 6, '0')`. Names of fields with special characters are written in double
  quotes, and null is written `` `null` ``.
- Characters, words and values of lists are counted from 1. For words and lists, -1 is the last.
- In YAML, write a rule without quotes or after `>-`. In YAML's double quotes each backslash of a
  regular expression must be written twice.
- Arguments are computed before the function is called. `a && b || c` computes only what it needs.
- Braces in the quotes of an argument belong to the function: `match(postcode, '[0-9]{4}')` is an
  expression, not a text.
- An error in the rule (an invalid regular expression, an unknown unit) stops the run before
  anything is read. An error in HR's data (a text that is not a date) holds this person: a finding
  names the rule and the reason.

No function depends on chance, and only `today` depends on time: a rule without it gives the same
value in every run. Otherwise a second run could change what the first one wrote. That is why there
is no random text, no new GUID and no time of day. What depends on the current day is computed from
the dates rules; `today` is for what they do not say, such as a group for the first two weeks.

## Expressions with a name

An expression that several rules need gets a name in `lifecycle_definitions`. Rules call it like a
function without arguments, in expressions and in texts:

```yaml
lifecycle_definitions:
  known_as: preferredFirstName || firstName
  first_day: date(startDate || contract.begins)
  is_new: date_diff(first_day(), today('Australia/Sydney'), 'days') < `14`
lifecycle_mapping:
  givenName: known_as()
  displayName: "{known_as()} {lastName || ''}"
lifecycle_groups:
  - groups: [Welcome]
    when: is_new()
```

`preferredFirstName`, `contract.begins` and the others are fields of your HR; the group `Welcome`
is there already. `is_new` is true before the first day, too.

A definition is an expression over the employee and may call others. Every rule can call it: also
naming rules, whose own fields are attributes, and the conditions and templates of steps, webhooks,
mail and write-back, in which the employee is a part of the account. It cannot be called in a
filter, in a projection or behind a pipe, where an expression reads something inside of the
employee. `ansible-playbook hris.ad.explain` shows what each definition gives for one employee.

## All functions

The column "Entra" has the name of the same function in Microsoft Entra provisioning. Its arguments
may differ.

"""

NOT_HERE = """\
## Functions of Entra that are not here

| Entra | here |
|---|---|
| CStr | `to_string` of JMESPath; where a text is expected, numbers are accepted |
| IgnoreFlowIfNullOrEmpty | the rule's `empty: keep`, which is the default |
| SelectUniqueValue | the naming rules: the first candidate that is free |
| Switch with many pairs | the rule's `table`, with `unmapped` for values that it does not contain |
| Redact | the option `redact` hides values in diffs; do not map a value that must not reach AD |
| Guid, RandomString | each run would give another value |
| ConvertToBase64, ConvertToUTF8Hex | no attribute that rules may write holds such text |
| AppRoleAssignmentsComplex, SingleAppRoleAssignment | roles of applications exist only in Entra; \
use the groups rules |
"""


def examples(function) -> list[str]:
    """Each doctest of a function as a line of Markdown."""
    lines = []
    for example in doctest.DocTestParser().get_examples(inspect.getdoc(function)):
        call = ast.parse(example.source.strip(), mode="eval").body
        fields = ", ".join(
            f"{word.arg} {_code(ast.literal_eval(word.value))}" for word in call.keywords
        )
        value = None
        if example.want.strip():
            value = ast.literal_eval(example.want)
        lines.append(f"- `{ast.literal_eval(call.args[0])}` with {fields} gives {_code(value)}")
    return lines


def _code(value) -> str:
    """A value as code: text that is not blank as it is, anything else as JSON."""
    if isinstance(value, str) and value.strip():
        return f"`{value}`"
    return f"`{json.dumps(value, ensure_ascii=False)}`"


def prose(function) -> list[str]:
    """The paragraphs of a docstring before its examples."""
    text = inspect.getdoc(function).split(">>>")[0]
    return [
        " ".join(paragraph.split()).replace("<", "&lt;") for paragraph in text.strip().split("\n\n")
    ]


def usage(rule_function) -> str:
    """``mid(text, start[, length])``; rule_function: declaration.RuleFunction."""
    shown = ""
    parameters = inspect.signature(rule_function.function).parameters.values()
    for index, parameter in enumerate(parameters):
        comma = ""
        if index:
            comma = ", "
        text = comma + _argument(parameter)
        if index >= rule_function.least and not rule_function.repeats:
            text = f"[{text}]"
        shown += text
    return f"{rule_function.name}({shown})"


def _argument(parameter: inspect.Parameter) -> str:
    if parameter.kind is not parameter.VAR_POSITIONAL:
        return parameter.name
    if parameter.name == "more":
        return "…"
    return f"{parameter.name.rstrip('s')}, …"


def overview(functions: dict) -> str:
    """The table of all functions. functions: {name: declaration.RuleFunction}."""
    text = "| function | Entra | what it gives |\n|---|---|---|\n"
    for name, rule_function in sorted(functions.items()):
        summary = prose(rule_function.function)[0].replace("|", "\\|")
        text += f"| [`{usage(rule_function)}`](#{name}) | {rule_function.entra} | {summary} |\n"
    return text


def section(rule_function) -> str:
    """What the page says of one function."""
    paragraphs = [f"### {rule_function.name}", f"`{usage(rule_function)}`"]
    if rule_function.library:
        paragraphs.append(f"Needs the Python library `{rule_function.library}`.")
    paragraphs += prose(rule_function.function)
    paragraphs.append("\n".join(examples(rule_function.function)))
    return "\n" + "\n\n".join(paragraphs) + "\n"


def page(registry: ModuleType) -> str:
    """The whole page. registry: the module rules.functions.registry."""
    functions = registry.RULE_FUNCTIONS
    text = INTRODUCTION + overview(functions)
    for subject in registry.SUBJECTS:
        title = subject.__name__.rpartition(".")[2].replace("_", " ").capitalize()
        text += f"\n## {title}\n\n{' '.join(subject.__doc__.split())}\n"
        for rule_function in functions.values():
            if rule_function.function.__module__ == subject.__name__:
                text += section(rule_function)
    return text + "\n" + NOT_HERE


def main() -> None:
    sys.path.insert(0, str(ROOT / ".cache/dev"))
    from ansible_collections.hris.ad.plugins.module_utils._hris.rules.functions import registry

    PAGE.write_text(page(registry), encoding="utf-8")


if __name__ == "__main__":
    main()
