# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of the library jmespath that rules are built on, imported in one place.

Without the library this module still loads, so that module_runner can name what is
missing before it compiles a rule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jmespath.ast import literal
    from jmespath.exceptions import JMESPathError
    from jmespath.functions import Functions
    from jmespath.parser import Parser
    from jmespath.visitor import Options, TreeInterpreter
    from jmespath.visitor import _TreeNode as Tree
else:
    Tree = dict  # JMESPath's syntax tree: {"type", "value", "children"}
    try:
        from jmespath.ast import literal
        from jmespath.exceptions import JMESPathError
        from jmespath.functions import Functions
        from jmespath.parser import Parser
        from jmespath.visitor import Options, TreeInterpreter
    except ImportError:
        JMESPathError = ValueError  # its base class in the library too
        Functions = Parser = TreeInterpreter = object
        literal = Options = None

__all__ = [
    "Functions",
    "JMESPathError",
    "Options",
    "Parser",
    "Tree",
    "TreeInterpreter",
    "literal",
]
