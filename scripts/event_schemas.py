"""Writes the JSON schemas of the event sources' arguments from their documentation.

Run: python scripts/event_schemas.py

The unit tests fail when a schema differs from the documentation. The script needs PyYAML, and no
collection path.
"""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "extensions/eda/plugins/event_source"
TYPES = {
    "str": "string",
    "path": "string",
    "int": "integer",
    "float": "number",
    "bool": "boolean",
    "dict": "object",
    "list": "array",
}
MARKUP = re.compile(r"\b[A-Z]\(([^()]*(?:\([^()]*\)[^()]*)*)\)")


def documentation(path: Path) -> dict[str, Any]:
    """The DOCUMENTATION of an event source."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "DOCUMENTATION":
            found: dict[str, Any] = yaml.safe_load(ast.literal_eval(node.value))
            return found
    raise ValueError(f"{path} has no DOCUMENTATION")


def schema(path: Path) -> dict[str, Any]:
    """The schema of an event source's arguments."""
    told = documentation(path)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"hris.ad/sources/{path.stem}.json",
        "title": f"hris.ad.{path.stem}",
        "description": told["short_description"],
        "type": "object",
        "properties": {name: _option(option) for name, option in told["options"].items()},
        "required": [name for name, option in told["options"].items() if option.get("required")],
        "additionalProperties": False,
    }


def _option(option: dict[str, Any]) -> dict[str, Any]:
    text = option["description"]
    lines = [text] if isinstance(text, str) else text
    kind = TYPES[option["type"]]
    optional = not option.get("required")
    found: dict[str, Any] = {
        "description": " ".join(MARKUP.sub(r"\1", line) for line in lines),
        "type": [kind, "null"] if optional else kind,
    }
    if "default" in option:
        found["default"] = option["default"]
    return found


def text(path: Path) -> str:
    """The content of the schema's file."""
    return json.dumps(schema(path), indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    """Write all schemas."""
    for path in sorted(FOLDER.glob("*.py")):
        (FOLDER / "schemas" / f"{path.stem}.json").write_text(text(path), encoding="utf-8")


if __name__ == "__main__":
    main()
