"""Writes docs/functions.md from the docstrings of the functions that rules may call: python scripts/functions_page.py

The unit tests fail when the page and the docstrings disagree. Needs what requirements.txt names, and no collection path.
"""

from __future__ import annotations

import ast
import doctest
import inspect
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/functions.md"

INTRODUCTION = """\
# Functions for rules

<!-- Made from the docstrings by: .cache/venv/bin/python scripts/functions_page.py -->

A rule is an expression over the fields of an employee ([JMESPath](https://jmespath.org)), or a text with expressions in braces. Both
may call these functions, and every function that JMESPath has itself (`join`, `sort_by`, `to_number`, …).

- Null in any argument gives null, so that a missing field stays missing; the functions under "Choices" and `join_with` handle null.
- Where a text is wanted, a number counts as its text; where a whole number is wanted, its text will do.
- Text stands in single quotes, numbers as they are: `left(sn, 3)`, `pad_left(employeeNumber, 6, '0')`. Fields with unusual names stand in
  double quotes, and null itself is `` `null` ``.
- In YAML leave a rule unquoted, or write it behind `>-`: within YAML's double quotes every backslash of a pattern must be doubled.
- Arguments are computed before the function is called. `a && b || c` computes only what it needs.
- Braces in the quotes of an argument are the function's: `match(postcode, '[0-9]{4}')` is an expression, not a text.
- Nonsense in the rule (a regular expression that does not compile, an unknown unit) is an error before anything is read. Nonsense in HR's
  data (a text that is no date) holds that person, with the rule and the reason in a finding.

Nothing here depends on chance or on the time of day: a rule gives the same value in every run, or a second run could change what the first
one wrote. That is why there is no random text, no new GUID and no "now". What depends on the day is computed from the dates rules.

## All of them

For those who come from Microsoft Entra provisioning, the second column has its name there. Arguments may differ.

"""

ELSEWHERE = """\
## What Entra has and this has not

| Entra | here |
|---|---|
| CStr | `to_string` of JMESPath; where a text is wanted, numbers are taken as they are |
| IgnoreFlowIfNullOrEmpty | the rule's `empty: keep`, which is the default |
| SelectUniqueValue | the naming rules: candidates, and the first that is free |
| Switch with a long table | the rule's `table`, with `unmapped` for what it lacks |
| Redact | the option `redact`, which hides values in diffs; a value that must not reach the directory is not mapped |
| Guid, RandomString, Now | left out on purpose: each run would give another value |
| ConvertToBase64, ConvertToUTF8Hex | no attribute of an account that rules may write holds such text |
| AppRoleAssignmentsComplex, SingleAppRoleAssignment | roles of applications in Entra; groups are given by the groups rules |
"""


def examples(function) -> list[str]:
    """Each doctest of a function as a line of Markdown."""
    lines = []
    for example in doctest.DocTestParser().get_examples(inspect.getdoc(function)):
        call = ast.parse(example.source.strip(), mode="eval").body
        fields = ", ".join(
            f"{word.arg} {_code(ast.literal_eval(word.value))}" for word in call.keywords
        )
        value = ast.literal_eval(example.want) if example.want.strip() else None
        lines.append(f"- `{ast.literal_eval(call.args[0])}` with {fields} gives {_code(value)}")
    return lines


def _code(value) -> str:
    return f"`{value if isinstance(value, str) and value.strip() else json.dumps(value, ensure_ascii=False)}`"


def prose(function) -> list[str]:
    """The paragraphs of a docstring before its examples."""
    text = inspect.getdoc(function).split(">>>")[0]
    return [
        " ".join(paragraph.split()).replace("<", "&lt;") for paragraph in text.strip().split("\n\n")
    ]


def usage(name: str, function) -> str:
    """``mid(text, start[, length])``."""
    rule, shown = function.rule, ""
    for index, parameter in enumerate(inspect.signature(function).parameters.values()):
        if parameter.kind is parameter.VAR_POSITIONAL:
            word = f"{parameter.name.rstrip('s')}, …" if parameter.name != "more" else "…"
        else:
            word = parameter.name
        comma = ", " if index else ""
        shown += (
            f"[{comma}{word}]" if index >= rule["least"] and not rule["repeats"] else comma + word
        )
    return f"{name}({shown})"


def page(table) -> str:
    """The whole page. table: the module rules.functions.table."""
    names = {function: name for name, function in table.OURS.items()}
    text = INTRODUCTION + "| function | Entra | does |\n|---|---|---|\n"
    for name, function in sorted(table.OURS.items()):
        does = prose(function)[0].replace("|", "\\|")
        text += f"| [`{usage(name, function)}`](#{name}) | {function.rule['entra']} | {does} |\n"
    for subject in table.SUBJECTS:
        text += f"\n## {subject.__name__.rpartition('.')[2].capitalize()}\n\n{' '.join(subject.__doc__.split())}\n"
        for function in vars(subject).values():
            if names.get(function) if callable(function) and hasattr(function, "rule") else None:
                lines = [
                    f"### {names[function]}",
                    f"`{usage(names[function], function)}`",
                    *prose(function),
                    "\n".join(examples(function)),
                ]
                if function.rule["library"]:
                    lines.insert(2, f"Needs the Python library `{function.rule['library']}`.")
                text += "\n" + "\n\n".join(lines) + "\n"
    return text + "\n" + ELSEWHERE


def main() -> None:
    sys.path.insert(0, str(ROOT / ".cache/dev"))
    from ansible_collections.hris.ad.plugins.module_utils._hris.rules.functions import table

    PAGE.write_text(page(table), encoding="utf-8")


if __name__ == "__main__":
    main()
