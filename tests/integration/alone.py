"""Modules that need no directory, with their options as arguments."""
from __future__ import annotations

from pathlib import Path

import module_process


def run_module(folder: Path, name: str, check: bool = False, **options) -> dict:
    """The module's result, as of module_process.run_module."""
    return module_process.run_module(folder, name, options, check)
