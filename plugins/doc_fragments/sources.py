# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sources of a run (module_utils/_hris/run/source_options.py): the options of the fragments
rules and feed for each of them, and the moment and the limits of the whole run.
"""

from __future__ import annotations

import re

from ansible.module_utils.common.yaml import yaml_dump, yaml_load
from ansible_collections.hris.ad.plugins.doc_fragments import feed, rules

OWN = r"""
allow_empty:
  description:
    - Whether a feed without employees is accepted. With V(false) it is an error, because it is
      usually a broken feed.
  type: bool
  default: false
guard:
  description:
    - Compares the profile of the feed with that of the last good feed. When they differ too much,
      the source is bad (O(on_bad_source)), in check mode too.
    - A profile has counts and no personal data, except the values of fields that have a short list
      of them, such as a status.
    - A field that is missing, or that has values of another type, always makes the source bad. The
      first run only stores the profile.
  type: dict
  suboptions:
    file:
      description:
        - The file with the profile of the last good feed (mode 0600). It is written after each run
          that was not stopped and did not leave the source out, but not in check mode.
      type: path
    last:
      description:
        - The profile itself, as in RV(feed_profiles) of an earlier run, for systems on which files
          do not last. It is used instead of the content of O(guard.file).
      type: dict
    fewer:
      description:
        - How much smaller the number of employees can be than last time, in percent. The largest
          number of each of the last 30 days counts as well, so that many small losses stop the run.
      type: float
      default: 10
    empty:
      description:
        - How much larger the share of records without a value can be for a field than last time, or
          than on any of the last 30 days, in percentage points.
      type: float
      default: 20
    duplicate_keys:
      description:
        - How many more keys than last time can be in several different records, such as those of
          people with two contracts.
      type: int
      default: 10
    new_values:
      description:
        - What happens when a field with a short list of values has a value that is not in the list.
          V(report) makes a finding, V(stop) makes the source bad, V(ignore) does nothing.
        - Fields that are not in the feed file, because nothing reads them, have no such list.
      type: str
      choices: [report, stop, ignore]
      default: report
    accept:
      description:
        - Whether the feed is accepted as it is, and its profile is stored. The days before are
          forgotten. Set it for one run only.
      type: bool
      default: false
failed:
  description:
    - Why HR could not be read, instead of O(src) and O(employees). The source is bad
      (O(on_bad_source)), and the reason is in the message or in the finding.
  type: str
ledger:
  description:
    - The file in which the steps of this source are recorded
      (O(hris.ad.step_accounts#module:ledger)). The run does not read it, and only says when it is
      not there although earlier runs have left it (O(kept_state)).
  type: path
outcome_dest:
  description:
    - A file for the account outcomes of this source (JSON Lines, mode 0600). It has one line for
      each account of an employee and each absent account, with its values after the run. People who
      are held have no line. Somebody of whom several sources know is in the file of the source of
      the primary record.
    - With O(plan_key), each line has its C(seal), and the last line, which has C(complete), is no
      account.
    - A line has C(key), C(source), C(type) (V(user)), C(guid), C(dn), C(state), C(start), C(end),
      C(first_day_without_access), C(timezone), C(events), C(attributes), C(before) (the former
      values of attributes that changed), C(groups_added), C(groups_removed) and C(employee) (the
      record of HR).
    - C(events) has any of V(created), V(enabled), V(disabled), V(deleted), V(moved), V(renamed),
      V(updated), V(relinked), V(taken_over), V(group_added) and V(group_removed).
    - In check mode, the lines say what would be done, and have C(check_mode). The C(guid) of a new
      account is then null.
  type: path
outcome_also:
  description:
    - What O(sources[].outcome_dest) has besides the accounts.
    - With V(manager_account), each line has C(manager_account), the C(key), C(dn),
      C(sAMAccountName), C(userPrincipalName), C(mail), C(displayName), C(givenName), C(sn),
      C(title), C(department) and C(telephoneNumber) of the account in C(manager), as far as the
      rules read these attributes. It can be an account of another source, or of none.
    - With V(not_due), there is also a line for each person of this state, who has no account yet,
      with C(key), the dates and C(employee). C(guid) and C(dn) are null.
  type: list
  elements: str
  choices: [manager_account, not_due]
  default: []
"""
# Told by an explanation, and by a forecast (foreseen_sources.py)
STEPS = r"""
steps:
  description:
    - Steps of an orchestration that are counted from a date of the person, so that the days are
      told on which each is due.
    - Only dates are looked at. Whether the condition of a step holds, and whether the step is done
      already, is known when the day has come.
  type: list
  elements: dict
  default: []
  suboptions:
    name:
      description: The name of the step.
      type: str
      required: true
    days:
      description: The days after the date, before it when negative.
      type: int
      default: 0
    of:
      description: The date.
      type: str
      choices: [start, end, first_day_without_access]
      required: true
"""
SOURCES = r"""
description:
  - The HR sources of the domain, each with its rules and its feed. All of them are planned
    together. Names are unique, and limits count, over all sources.
  - A person of whom several sources know is one person with one account. Only
    O(sources[].identity.same), equal keys with equal names, and O(sources[].exceptions) join people
    of two sources. The rules of the source of the primary record (O(sources[].primary)) decide.
  - Give all sources that share people or names in each run. The order of the list counts when
    nothing else decides between two records.
  - C(docs/lifecycle.md) of this collection describes one person in several sources.
type: list
elements: dict
required: true
"""
LIMITS = r"""
description:
  - How many accounts one run may change in the whole domain, all sources together. A plan over one
    of these limits stops the run before the first write, in check mode too.
  - They are counted as in O(sources[].limits), which are the limits of one source.
type: dict
"""
REFERENCE = re.compile(r"\bO\((\w+)")


def _with_references(node, places):
    """The options with each reference to one of the places ({name: full name}) in full."""
    if isinstance(node, dict):
        return {name: _with_references(value, places) for name, value in node.items()}
    if isinstance(node, list):
        return [_with_references(value, places) for value in node]
    if isinstance(node, str):
        return REFERENCE.sub(lambda found: f"O({places.get(found[1], found[1])}", node)
    return node


def documentation(own, text=SOURCES, has_as_of=True, has_limits=True):
    """The options of a module with sources. own: options of a source beside its rules and its feed.
    text: what sources says. has_as_of: whether as_of is described as in the fragment rules.
    has_limits: whether the domain has limits, because changes are planned.
    """
    of_rules = yaml_load(rules.ModuleDocFragment.DOCUMENTATION)["options"]
    as_of = of_rules.pop("as_of")
    of_feed = yaml_load(feed.ModuleDocFragment.DOCUMENTATION)["options"]
    of_source = {**of_rules, **of_feed, **own}
    places = {name: f"sources[].{name}" for name in of_source}
    sources = {**yaml_load(text), "suboptions": _with_references(of_source, places)}
    of_limits = _with_references(
        of_rules["limits"]["suboptions"], {**places, "limits": "domain_limits"}
    )
    limits = {**yaml_load(LIMITS), "suboptions": of_limits}
    options = {"sources": sources} | ({"domain_limits": limits} if has_limits else {})
    if has_as_of:
        options["as_of"] = as_of
    return yaml_dump({"options": options}, sort_keys=False, allow_unicode=True)


class ModuleDocFragment:
    # With its type: ansible-test reads the YAML of a plain assignment, and takes it for a text
    DOCUMENTATION: str = documentation(yaml_load(OWN + STEPS))
