# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of proposals that a human edits: the exceptions of a source, as YAML.

It has those that were decided before, so that it can take their place. A proposal that is not sure
is a comment. Each value is a text of JSON, which is one of YAML; where it has a brace, Ansible is
told that it is no template.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict

from ..option_names import option_name
from ..planning.contact_lines import FirstContact
from ..planning.labels import labelled
from ..planning.proposals import Proposal
from ..rules.policies import PersonException
from .escaping import one_line

# What JSON leaves as it is, and YAML reads as the end of a line, or not at all
_UNSEEN = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_HEAD = """\
---
# Proposals of the first contact with {domain}, for the source {source}, as of {as_of}.
# Nothing is decided yet. Look at each entry: delete it where it is wrong. An entry that begins with
# "#" is not sure: take the "# " away from its lines where it is right, and delete the others.
# Then give this file in place of the former exceptions.
{variable}:
"""


def links_file(
    found: FirstContact, source: str, exceptions: Iterable[PersonException], sure: int
) -> str:
    """The text of the file for one source. exceptions: those that it has. sure: the confidence from
    which a proposal that is the only one for person and account is no comment.
    """
    lines = [
        _HEAD.format(
            domain=one_line(found.domain),
            source=one_line(source),
            as_of=found.as_of,
            variable=option_name("exceptions"),
        )
    ]
    for one in exceptions:
        given = {name: value for name, value in asdict(one).items() if value is not None}
        lines += [f"{line}\n" for line in _entry(given)]
    for line in found.lines:
        if line.source == source and line.key:
            who = one_line(f"{labelled(line.key, line.name)}, {line.state}")
            for number, proposal in enumerate(line.proposals):
                is_sure = number == 0 and line.is_clear and proposal.confidence >= sure
                lines += _proposal(line.key, who, proposal, is_sure)
    return "".join(lines)


def _proposal(key: str, who: str, proposal: Proposal, is_sure: bool) -> Iterator[str]:
    agree = " and ".join(proposal.agree)
    state = "enabled" if proposal.account.enabled else "disabled"
    differ = f"; not {' and '.join(proposal.differ)}" if proposal.differ else ""
    yield (
        f"  # {who}: {one_line(proposal.account.dn)} ({state}), "
        f"{proposal.confidence}: {one_line(agree + differ)}\n"
    )
    entry = {
        "key": key,
        "action": "link",
        "account": proposal.account.guid,
        "reason": f"First contact: the same {agree} ({proposal.confidence})",
    }
    mark = "" if is_sure else "# "
    for line in _entry(entry):
        yield f"  {mark}{line.removeprefix('  ')}\n"


def _entry(values: Mapping[str, str]) -> Iterator[str]:
    """The lines of one entry of the list."""
    lead = "  - "
    for name, value in values.items():
        yield f"{lead}{name}: {_scalar(value)}"
        lead = "    "


def _escaped(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\u{code:04x}" if code < 1 << 16 else f"\\U{code:08x}"


def _scalar(value: str) -> str:
    text = _UNSEEN.sub(_escaped, json.dumps(value, ensure_ascii=False))
    return f"!unsafe {text}" if "{" in value else text
