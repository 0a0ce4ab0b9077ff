# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the option group in module_utils/rules/options.py."""

from __future__ import annotations


class ModuleDocFragment:
    """The rules: how an employee becomes a person."""

    DOCUMENTATION = r"""
attributes:
  action_group:
    support: full
    membership: [hris.ad.rules]
    description: The rules can be given once, as module defaults of the group C(hris.ad.rules).
options:
  source:
    description:
      - The name of this HR source. Accounts carry it in their mark of ownership, so that several sources can feed one domain.
      - A word without spaces; the inventory host's name is a good one. Keep it, or the accounts are somebody else's.
    type: str
    required: true
  mapping:
    description:
      - The AD attributes (LDAP names) and the rule that each comes from. At least the key attribute must be mapped.
      - A plain string is a JMESPath expression over the employee, such as C(preferredFirstName || firstName).
      - A string with C({) is text in which each C({…}) is an expression. When one of them has no value, the text has none;
        write C({lastName || ''}) for a part that may be missing.
      - "C({from: …}) takes an expression or text and the words C(empty) (V(keep), V(clear) or V(fail), when HR has no value),
        C(table) (a mapping from HR's values to AD's), C(unmapped) (V(report), V(fail) or V(pass), for values that the table
        lacks), C(apply) (V(always), V(on_create), after which the attribute belongs to others, or V(report), where differences
        are findings) and C(values) (V(replace), or V(merge), which keeps the values that an attribute has besides)."
      - "C({constant: …}) takes a fixed value."
      - "C({employee: manager.id, field: id}) is the account of the employee whose C(field) has that value, in any order of
        the feed; it takes C(empty) and C(apply) as well, and C(leaver) for an employee who has left: V(keep) writes that one
        all the same, V(report) leaves the attribute as it is, V(next) takes the next one up who has not left, V(clear) clears it."
      - An attribute that is not named here is never touched. Empty in HR means V(keep) unless the rule says otherwise.
      - In addition to JMESPath's functions there are about fifty for text, patterns, lists, choices, dates, numbers and telephone
        numbers, such as C(ascii), C(lower), C(left), C(replace), C(match), C(iif), C(switch), C(date_format), C(date_add),
        C(filetime) and C(phone). C(docs/functions.md) of this collection describes each with examples.
      - The Python library C(phonenumbers) is needed only by rules that use C(phone) or C(is_phone).
    type: dict
    required: true
  correlation:
    description: Which account is whose.
    type: dict
    suboptions:
      key:
        description: The mapped attribute that identifies an employee for good. Its value is read from HR and compared case aside.
        type: str
        default: employeeID
      relink:
        description:
          - Whether the fallbacks also find accounts that have the key of nobody who works here, such as the account of
            somebody who comes back under a new number. It gets the new key.
        type: bool
        default: false
      fallbacks:
        description:
          - Further ways to find the account of a person whose key no account has, in this order. Only accounts without a key
            are found, unless O(correlation.relink) is set; the one that is found gets the key.
        type: list
        elements: dict
        default: []
        suboptions:
          attribute:
            description: The AD attribute to compare.
            type: str
            required: true
          value:
            description: Expression or text over the employee that the attribute must equal, case aside.
            type: str
            required: true
          when:
            description: Condition over the employee, for which people this way is taken.
            type: str
  ownership:
    description: Which accounts are ours.
    type: dict
    suboptions:
      bases:
        description: DNs below which our accounts are. Accounts elsewhere are never touched. Empty means the whole domain.
        type: list
        elements: str
        default: []
      attribute:
        description:
          - The attribute that keeps our mark, a text such as C(hris.ad source=elmo state=active). Nothing else may use it.
          - An account that is disabled though its mark says V(active) was disabled by hand, and stays disabled.
        type: str
        default: adminDescription
      adopt:
        description: Whether an account that has an employee's key but no mark is taken over.
        type: bool
        default: true
  naming:
    description: How the names of a new account are formed.
    type: dict
    required: true
    suboptions:
      candidates:
        description:
          - Texts over the mapped attributes (and C(employee)), the first being the best. The first one that is free in all
            attributes is taken, else the first one with 2, 3 and so on behind it. Deleted objects count, where they can be read.
          - Characters other than letters, digits, C(.), C(_) and C(-) are left out. A candidate with a missing part is skipped.
        type: list
        elements: str
        required: true
      attributes:
        description:
          - Texts for sAMAccountName, cn (both required) and further attributes that must be unique, such as
            userPrincipalName and mail. They may use C(name), the chosen name, and the mapped attributes.
          - An attribute that does not use C(name) (cn, as a rule) gets the number only where its plain form is taken.
          - They are given once. Only C(cn) follows a later change, see O(naming.rename).
        type: dict
        required: true
      max_length:
        description: The most characters that C(name) has, its number included. AD takes at most 20.
        type: int
        default: 20
      reserved:
        description: Names that C(name) never becomes, case aside, such as words with a meaning and the names of former people.
        type: list
        elements: str
        default: []
      rename:
        description:
          - The attributes that follow a change in HR (a marriage). C(cn) follows its text; one that uses C(name) follows when
            it fits none of the candidates any more. The others are given once.
        type: list
        elements: str
        default: [cn]
      on_change:
        description: V(rename) lets them follow, V(report) makes a finding instead.
        type: str
        choices: [rename, report]
        default: rename
      keep_addresses:
        description: Whether the former addresses stay as aliases in proxyAddresses when C(mail) follows.
        type: bool
        default: true
  placement:
    description: The OU of an account, by the first rule whose condition holds.
    type: list
    elements: dict
    required: true
    suboptions:
      ou:
        description: The DN, a text in which C({…}) may stand for values of the employee; they are escaped.
        type: str
        required: true
      when:
        description: Condition over the employee; without it the rule is for everybody.
        type: str
      apply:
        description: V(always) moves the account back when it was moved by hand; V(on_create) leaves it where it is.
        type: str
        choices: [always, on_create]
        default: always
      create:
        description: Whether a missing OU is created, with those above it. Otherwise the people who belong there are held back.
        type: bool
        default: false
  groups:
    description: Birthright groups. Everybody gets the groups of all rules that hold. Groups that are named in no rule are never touched.
    type: list
    elements: dict
    default: []
    suboptions:
      groups:
        description: Names (sAMAccountName) or DNs of groups. They must exist and must not be privileged.
        type: list
        elements: str
        required: true
      when:
        description: Condition over the employee; without it the rule is for everybody.
        type: str
  dates:
    description: Where an employee's dates and status are.
    type: dict
    suboptions:
      start:
        description: Expression for the first day of work. Without the rule everybody in the feed has started.
        type: str
      end:
        description: Expression for the last day of work. No value, or a day in the year 9999, means that no end is known.
        type: str
      timezone:
        description: Expression for the IANA time zone in which the employee's days begin and end; UTC without it.
        type: str
      terminated:
        description: Condition that makes an employee a leaver at once, whatever the dates. Before the first day it calls a hire off.
        type: str
      on_leave:
        description: Condition that holds while an employee is on leave.
        type: str
      leave_start:
        description: Expression for the first day of a leave.
        type: str
      leave_end:
        description: Expression for the last day of a leave. Without a value the leave is open.
        type: str
  joiner:
    description: What happens around the first day.
    type: dict
    suboptions:
      create_days_before:
        description: Accounts are created this many days before the first day, disabled.
        type: int
        default: 0
      enable:
        description: V(on_start) enables the account on the first day, V(on_create) creates it enabled.
        type: str
        choices: [on_start, on_create]
        default: on_start
      moved_start:
        description: When the first day is moved ahead after the account was enabled, V(report) leaves it, V(disable) makes it wait.
        type: str
        choices: [report, disable]
        default: report
      must_change_password:
        description: Whether the initial password must be changed at the first log-on.
        type: bool
        default: false
  leave:
    description: What happens during a leave.
    type: dict
    suboptions:
      account:
        description: V(keep) leaves the account enabled, V(disable) disables it until the leave is over.
        type: str
        choices: [keep, disable]
        default: keep
  leaver:
    description: What happens around the last day. The account of a leaver is disabled.
    type: dict
    suboptions:
      disable:
        description: V(end_of_day) disables when the last day is over, V(start_of_day) when it begins, in the employee's time zone.
        type: str
        choices: [end_of_day, start_of_day]
        default: end_of_day
      groups:
        description:
          - V(remove_managed) takes the groups away that the rules name, V(remove_all) all others as well (but for privileged
            and primary ones); V(keep) leaves them.
        type: str
        choices: [keep, remove_managed, remove_all]
        default: keep
      record:
        description:
          - The attribute, one of many values, that remembers the groups which were taken, for O(rehire). Empty, and nothing is remembered.
        type: str
        default: extensionName
      move_to:
        description: DN of the OU that leavers' accounts are moved to.
        type: str
      attributes:
        description:
          - Attributes of a leaver's account, written as in O(mapping), such as a description with the last day, or
            C(msExchHideFromAddressLists) with the constant V(true).
          - Those that are not mapped are cleared when the employee comes back.
        type: dict
      scramble_password:
        description: Whether the account gets a random password that nobody knows when it is disabled.
        type: bool
        default: false
      reenabled:
        description: What is done when somebody enabled a leaver's account by hand, V(disable) it again or V(report) it.
        type: str
        choices: [disable, report]
        default: disable
      account_expires:
        description:
          - Whether accountExpires follows the known last day, so that AD itself locks a leaver out even if no run happens.
        type: bool
        default: false
      delete_after_days:
        description:
          - Accounts are deleted this many days after the first day without access. Only accounts that we disabled, and only if this is
            set. Give O(limits.delete) a value too.
        type: int
  rehire:
    description: What happens when a leaver comes back under the same key (or is relinked).
    type: dict
    suboptions:
      restore_within_days:
        description:
          - Groups that were taken from the leaver and that no rule decides are given back when no more days than this have
            passed since the first day without access. Older ones are forgotten.
        type: int
        default: 0
  absent:
    description: What happens to accounts of this source that no employee of the feed has. Absent is not terminated.
    type: dict
    suboptions:
      grace_days:
        description: Days that an employee may be missing before O(absent.action) is taken, counted from the first run that noticed.
        type: int
        default: 14
      action:
        description:
          - V(report) writes nothing and tells it at each run. V(disable) notes the day in the mark, and treats the account as a
            leaver's when the grace is over.
        type: str
        choices: [report, disable]
        default: report
  required:
    description: Expressions that must have a value. An employee who lacks one is held back, with a finding.
    type: list
    elements: str
    default: []
  primary:
    description: Which record counts when HR has several of one person, such as a contract that follows another.
    type: dict
    suboptions:
      same:
        description: Expression whose value is the same in all records of one person. Records without a value stand alone.
        type: str
        required: true
      prefer:
        description:
          - Conditions in the order of their weight. The record counts that meets the first of them which not all meet alike; else the one
            with the higher key. Nothing is done for the others.
        type: list
        elements: str
        default: []
  exceptions:
    description: What a human has laid down for single employees.
    type: list
    elements: dict
    default: []
    suboptions:
      key:
        description: The employee's key.
        type: str
        required: true
      action:
        description: V(exclude) does nothing for the employee; V(link) takes O(exceptions[].account), whatever its key.
        type: str
        choices: [exclude, link]
        required: true
      account:
        description: Logon name, DN or objectGUID of an account below O(ownership.bases).
        type: str
      reason:
        description: Why. It is shown with the finding.
        type: str
        required: true
      until:
        description: The last day on which this holds, as C(2026-12-31). Without it, it holds until it is taken out.
        type: str
  actions:
    description:
      - What this configuration may do. Changes of other actions are held, with a finding (V(info)).
      - Where an account may not be created, enabled, disabled or deleted, nothing else is done to it either.
      - Without it everything may be done.
    type: list
    elements: str
    choices: [create, update, enable, disable, delete, move, rename, group_add, group_remove, create_ou]
  limits:
    description:
      - How many accounts one run may change, by action. More than that stops the run before the first write, in check mode too.
      - C(percent) is taken of the people in the feed for V(create), else of the accounts that the source has. It does not
        stop three accounts or fewer.
      - An action without a limit may concern any number of accounts.
    type: dict
    suboptions:
      create:
        description: Accounts created.
        type: dict
        suboptions:
          count:
            description: The most accounts.
            type: int
          percent:
            description: The most accounts, as a percentage.
            type: float
      update:
        description: Accounts whose attributes change.
        type: dict
        suboptions:
          count:
            description: The most accounts.
            type: int
          percent:
            description: The most accounts, as a percentage.
            type: float
      enable:
        description: Accounts enabled.
        type: dict
        suboptions:
          count:
            description: The most accounts.
            type: int
          percent:
            description: The most accounts, as a percentage.
            type: float
      disable:
        description: Accounts disabled.
        type: dict
        suboptions:
          count:
            description: The most accounts.
            type: int
          percent:
            description: The most accounts, as a percentage.
            type: float
      delete:
        description: Accounts deleted.
        type: dict
        suboptions:
          count:
            description: The most accounts.
            type: int
          percent:
            description: The most accounts, as a percentage.
            type: float
      move:
        description: Accounts moved to another OU.
        type: dict
        suboptions:
          count:
            description: The most accounts.
            type: int
          percent:
            description: The most accounts, as a percentage.
            type: float
      rename:
        description: Accounts renamed.
        type: dict
        suboptions:
          count:
            description: The most accounts.
            type: int
          percent:
            description: The most accounts, as a percentage.
            type: float
      group_add:
        description: Accounts that get a group.
        type: dict
        suboptions:
          count:
            description: The most accounts.
            type: int
          percent:
            description: The most accounts, as a percentage.
            type: float
      group_remove:
        description: Accounts that lose a group.
        type: dict
        suboptions:
          count:
            description: The most accounts.
            type: int
          percent:
            description: The most accounts, as a percentage.
            type: float
      create_ou:
        description: OUs created.
        type: dict
        suboptions:
          count:
            description: The most OUs.
            type: int
          percent:
            description: The most OUs, as a percentage of the people in the feed.
            type: float
      attributes:
        description:
          - The most accounts whose value of an attribute may change. The attribute's name has C(count), C(percent) or both, such as
            C(percent=40) for C(title). New accounts do not count.
        type: dict
      absent:
        description: Accounts of the source whose employee is not in the feed. Nothing is done to them, but many of them mean a broken feed.
        type: dict
        suboptions:
          count:
            description: The most accounts.
            type: int
          percent:
            description: The most accounts, as a percentage.
            type: float
  risk:
    description: Which changes are of high risk. All changes of one account carry the same.
    type: dict
    suboptions:
      actions:
        description: Actions that always are.
        type: list
        elements: str
        choices: [create, update, enable, disable, delete, move, rename, group_add, group_remove, create_ou]
        default: []
      more_than:
        description:
          - The most accounts that an action may concern, by action, such as V(5) for C(disable). On more than that it is of high risk
            for all of them.
        type: dict
      groups:
        description: Groups (logon name or DN) whose members come and go with high risk only.
        type: list
        elements: str
        default: []
      people:
        description: Conditions over the employee, such as C(position.level == 'Executive'). Whatever is done to these people is.
        type: list
        elements: str
        default: []
      hold:
        description: Whether changes of high risk wait while the others are made.
        type: bool
        default: false
  optional_fields:
    description:
      - Paths of fields that not every feed carries, such as C(customData.customField_shirt). A rule that reads any other
        field which no employee has is an error.
      - For the custom fields of ELMO and IceHrm, the option C(custom_fields) of their modules and roles does the same at the source.
    type: list
    elements: str
    default: []
  redact:
    description: Attributes of the rules whose values are hidden in diffs. The plan file has them.
    type: list
    elements: str
    default: []
  as_of:
    description:
      - The moment that the run is computed for, as C(2026-03-02) (midnight, UTC) or C(2026-03-02T18:00:00+10:00). Now, by default.
      - With check mode it answers what would be done on that day.
    type: str
"""
