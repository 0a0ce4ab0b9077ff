"""Which cases of a test belong to make test, where each of them plays a whole playbook."""
from __future__ import annotations

from collections.abc import Iterable

import pytest


def few(cases: Iterable, number: int = 1) -> list:
    """The cases for parametrize: the first ones are run by make test, all by make full."""
    return [case if position < number else pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=pytest.mark.long)
            for position, case in enumerate(cases)]
