# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules: how employees become accounts (module_utils/_hris/rules/options.py)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
attributes:
  action_group:
    support: full
    membership: [hris.ad.rules]
    description:
      - The rules can be set once, with C(module_defaults) for the group C(hris.ad.rules).
options:
  source:
    description:
      - The name of the HR source. It is written into the ownership mark of each account
        (O(ownership.attribute)), so that several sources can share one domain.
      - A word without spaces and commas, for example the name of the inventory host. Do not change
        it later.
        Accounts with the former name would belong to another source.
    type: str
    required: true
  definitions:
    description:
      - "Named expressions, such as C({start_day: \"date(startDate || contract.begins)\"}).
        Every rule calls them like functions, also in a text, C(start_day()) or C({start_day()})."
      - A definition is a JMESPath expression over the record of the employee, and can call other
        definitions. It is no text with C({). Naming rules read the record below C(employee), and
        call a definition by its name alone.
      - A definition cannot be called inside a filter or a projection, nor behind a pipe, because
        these do not read the employee any more.
      - O(hris.ad.sync#module:explain) shows the values of all definitions.
    type: dict
    default: {}
  mapping:
    description:
      - The attributes of Active Directory (LDAP names), each with the rule that gives its value.
        The key attribute (O(correlation.key)) must be mapped.
      - A plain string is a JMESPath expression over the record of the employee, such as
        C(preferredFirstName || firstName).
      - A string with C({) is a text in which each C({…}) is an expression. When one of the
        expressions has no value, the whole text has no value. Write C({lastName || ''}) for a part
        that can be missing.
      - "C({from: …}) takes an expression or a text, and the options C(empty), C(table),
        C(unmapped), C(apply) and C(values)."
      - C(empty) says what happens when HR has no value. V(keep), the default, leaves the attribute
        as it is, V(clear) clears it, and V(fail) holds the person.
      - C(table) maps values of HR to values of Active Directory. C(unmapped) says what happens with
        a value that is not in the table. V(report), the default, makes a finding, V(fail) holds the
        person, and V(pass) writes the value of HR. An entry without a value clears the attribute,
        also with C(empty) set to V(keep).
      - C(apply) says when the attribute is written. V(always) is the default. V(on_create) writes
        it only when the account is created. V(report) writes nothing to an existing account and
        makes a finding of each difference.
      - C(values) is for attributes with several values. V(replace), the default, removes other
        values of the account, V(merge) keeps them. Values are compared as the directory does it,
        most of them without case. Of C(proxyAddresses), one is the primary address (C(SMTP:)).
      - C(domains) is for C(proxyAddresses), a list of mail domains. Only mail addresses of these
        domains are removed when the rule does not give them. Other addresses of the account stay,
        such as those of other domains, C(X500:) and C(SIP:).
      - A value that Active Directory would refuse, or that must be unique (O(unique)) and belongs
        to somebody else, is not written. Only this attribute is left as it is, with a finding, but
        the key attribute holds the person.
      - Some attributes are never without a value. C(empty=clear) writes C(0) to C(countryCode) and
        C(codePage), and never to C(accountExpires).
      - Binary attributes, such as C(thumbnailPhoto), take base64.
      - "C({constant: …}) gives the same value to everybody. It takes C(apply) and C(values)."
      - "C({employee: manager.id, field: id}) gives the account of another employee, whose C(field)
        has the value of the expression. The order of the feed does not matter. It takes C(empty),
        C(apply), C(leaver), C(successor) and C(account)."
      - In a run with several sources, the other employee is looked for in the own source first.
        When nobody there has the value, the employee of another source who has it as key is taken.
      - C(account) is an attribute of the directory, such as C(employeeID). When no employee of the
        run has the value, the enabled account whose attribute has it is taken. So a manager can
        come from a source that is not in the run.
      - C(leaver) says what happens when the other employee is a leaver. V(keep), the default,
        writes the leaver. V(report) leaves the attribute as it is and makes a finding. V(next)
        takes the same reference of the leaver, until it finds an employee who is not one. V(clear)
        clears the attribute.
      - C(successor) is an expression over the record of the leaver. The employee whose C(field) has
        its value is written instead of the leaver. C(leaver) counts where there is none. When HR
        names nobody, and the account still names the account of a leaver, the successor is written
        too, and the leaver again when the leaver comes back (O(rehire.restore)).
      - A finding at each leaver lists the people who work here and for whom HR still names the
        leaver. As soon as HR names somebody who works here, that is written.
      - An attribute that is not mapped is never changed.
      - In addition to JMESPath's functions there are about fifty for text, patterns, lists,
        choices, dates, numbers and telephone numbers, such as C(ascii), C(lower), C(left),
        C(replace), C(match), C(iif), C(switch), C(date_format), C(date_add), C(today),
        C(filetime) and C(phone).
        C(docs/functions.md) of this collection describes each of them with examples.
      - The Python library C(phonenumbers) is required only by rules that use C(phone) or
        C(is_phone), and C(regex) only by rules that use C(match), C(matches) or C(replace_re).
      - Here and in all other rules, a condition must be true, false or without value, which counts
        as false. A text such as V(No), a number or a list holds the employee. Write C(field ==
        'Yes'), C(boolean(field)), or C(is_present(field)) to ask whether there is a value.
      - A regular expression may take a quarter of a second for one text. An employee for whom it
        takes longer is held. The expression has at most 1,000 characters, and the text 100,000.
    type: dict
    required: true
  correlation:
    description: Which account belongs to which person.
    type: dict
    suboptions:
      key:
        description:
          - The mapped attribute that identifies a person permanently. Upper and lower case are not
            distinguished.
        type: str
        default: employeeID
      relink:
        description:
          - Whether the fallbacks also find an account of somebody who has left or is not in the
            feed, such as the account of a rehire with a new number. The account gets the new key.
        type: bool
        default: false
      proposals:
        description:
          - What an account of nobody and an employee without an account can have in common. The
            module M(hris.ad.first_contact_info) proposes accounts by it. A run is not changed by
            it.
          - Each rule makes texts of the employee and of the account. They agree where one of the
            texts is the same. The confidence of a proposal is the sum of the weights of the rules
            that agree, at most 100.
          - Without it there are four rules, as far as the mapping has one of their attributes. They
            are C(key) (the key attribute or C(employeeNumber), weight 60), C(name) (C(givenName)
            and C(sn), or C(displayName) or C(cn), weight 40), C(mail) (C(mail) or
            C(proxyAddresses), weight 50) and C(phone) (C(telephoneNumber) or C(mobile), weight 20).
        type: list
        elements: dict
        suboptions:
          name:
            description: The name of the rule in the report, such as V(birth date).
            type: str
            required: true
          any:
            description: Attributes of which each value is a text of its own.
            type: list
            elements: str
            default: []
          all:
            description: Attributes whose values together are one text. Each of them needs a value.
            type: list
            elements: str
            default: []
          value:
            description:
              - Expression or text over the record, for what the employee has. Without it, it is
                what the mapping gives for the attributes.
            type: str
          compare:
            description:
              - V(words) compares words in any order, without case, accents and punctuation.
              - V(address) compares mail addresses, without case.
              - V(number) compares letters and digits, without zeros in front.
              - V(phone) compares the last 8 digits.
            type: str
            choices: [words, address, number, phone]
            default: words
          weight:
            description: What it adds to the confidence where it agrees, from 0 to 100.
            type: int
            required: true
          against:
            description: What it takes away where both have a value, and none of them agrees.
            type: int
            default: 0
      fallbacks:
        description:
          - Other ways to find the account of a person when no account has the key. They are tried
            in this order.
          - Only accounts without a key are found, unless O(correlation.relink) is set. The account
            that is found gets the key.
        type: list
        elements: dict
        default: []
        suboptions:
          attribute:
            description: The attribute of Active Directory to compare.
            type: str
            required: true
          value:
            description:
              - Expression or text over the record. The attribute must be equal to it. Upper and
                lower case are not distinguished.
            type: str
            required: true
          when:
            description:
              - Condition over the record. The fallback is used only for people for whom it is true.
            type: str
  ownership:
    description: Which accounts this source may change.
    type: dict
    suboptions:
      bases:
        description:
          - DNs below which accounts are managed. Accounts elsewhere are never changed, and no
            account is created elsewhere or moved elsewhere by O(placement). An empty list means the
            whole domain.
        type: list
        elements: str
        default: []
      attribute:
        description:
          - The attribute that contains the ownership mark, a text such as
            C(hris.ad source=elmo state=active). Nothing else may use the attribute.
          - An account that is disabled, but whose mark says V(active), was disabled by hand. It
            stays disabled.
        type: str
        default: adminDescription
      adopt:
        description:
          - Whether an account that has the key of an employee, but no mark, becomes an account of
            this source. With V(false) it is not changed, and there is a finding.
        type: bool
        default: true
      adopt_when:
        description:
          - A condition that says which of these accounts become accounts of this source now, to
            adopt a domain in steps. The others stay as they are. They are counted as not adopted
            yet (C(summary.matched.not_adopted_yet)), and are no findings. Without it, all are
            adopted.
          - It reads C(employee) with the fields of HR, and C(account) with C(dn), C(enabled) and
            attributes of the account, such as C(employee.department == 'Sales') or
            C(ends_with(lower(account.dn), 'ou=sales,dc=corp,dc=example')). An attribute with
            several values is a list.
          - An account that is adopted stays adopted, whatever the condition gives later.
          - Somebody who has left, and whose enabled account is not adopted yet, is an error
            (C(has_left)), because nothing locks it.
        type: str
      adopted_groups:
        description:
          - What happens to the managed groups that an account is in when it is adopted. Nobody
            knows who gave them.
          - With V(manage) those that a rule gives count as given by the rules, and the others are
            taken. So the first move takes the groups of the former department.
          - With V(keep) no rule takes any of them from an employee. They are noted in the account
            (O(leaver.record)).
          - Of later memberships, those that somebody gave before a rule did are never taken from an
            employee. A leaver loses what O(leaver.groups) says.
        type: str
        choices: [manage, keep]
        default: manage
      protected:
        description:
          - Groups, accounts and OUs that are protected, beside those that always are. Each is a
            C(sAMAccountName), DN, SID or objectGUID.
          - The members of a protected group (at any depth, also through the primary group), a
            protected account, and the accounts in a protected OU are never changed. Nobody is added
            to a protected group or removed from it. No account is put into a protected OU.
          - Always protected are the built-in administrative groups, V(DnsAdmins), groups inside
            them, accounts with C(adminCount), built-in accounts, the account of the run, and
            containers of the domain itself such as C(OU=Domain Controllers). Name here the groups
            and OUs of administrators that the product cannot know, such as those of Exchange, of a
            hypervisor, or of the backup.
          - What one source protects is protected from all sources of the run. It is checked again
            right before the writes. An entry that does not exist stops the run.
        type: list
        elements: str
        default: []
      deletion_protection:
        description:
          - What happens when an account that is to be moved or deleted is protected from accidental
            deletion. Active Directory denies both then.
          - V(keep) leaves it where it is, with the finding C(deletion_protection). Everything else
            is done, such as the lock of a leaver.
          - V(lift) takes the protection away right before the move or deletion, and sets it again
            after the move. The plan says so. The account of the run needs the right to change the
            permissions of the account. Where it lacks it, there is the finding.
        type: str
        choices: [keep, lift]
        default: keep
  naming:
    description: How the names of a new account are formed.
    type: dict
    required: true
    suboptions:
      candidates:
        description:
          - Texts over the mapped attributes and C(employee) (the record), the best one first. A
            candidate with a missing part is skipped. Characters other than letters, digits, C(.),
            C(_) and C(-) are removed.
          - The first candidate that is not in use in any attribute of O(naming.attributes) that
            uses C(name) becomes the name. If all are in use, the first candidate gets a number,
            from 2 on. Names of deleted objects are in use as well, where the account of the run may
            read them. Names that the account itself has, former addresses as well, are free for it.
        type: list
        elements: str
        required: true
      attributes:
        description:
          - Texts for sAMAccountName and cn, both required, and for other attributes that must be
            unique, such as userPrincipalName and mail. They can use C(name) (the chosen name), the
            mapped attributes and C(employee).
          - A list of texts gives an attribute candidates of its own, the best one first, such as
            C(cn) with C({employee.first} {employee.last}), then with the middle initial. A text
            with a missing part is skipped.
          - An attribute that does not use C(name), usually cn, gets a number only when all its
            texts without a number are in use.
          - Line breaks, other characters that cannot be seen, and blanks before a comma at the end
            are removed from cn and from names of OUs. A cn is cut at 64 characters. An emoji counts
            as two, as in Active Directory.
          - They are set when the account is created. Later only the attributes in O(naming.rename)
            change.
        type: dict
        required: true
      max_length:
        description:
          - The most characters of C(name), including its number. Active Directory allows at most
            20.
        type: int
        default: 20
      reserved:
        description:
          - Values that C(name) never gets, such as words with a special meaning and the names of
            former employees. Upper and lower case are not distinguished.
        type: list
        elements: str
        default: []
      rename:
        description:
          - The attributes of O(naming.attributes) that change when the name in HR changes, for
            example after a marriage. An attribute changes only when it fits none of its candidates
            any more, with or without a number. Accounts can exchange their names in one run.
        type: list
        elements: str
        default: [cn]
      on_change:
        description:
          - V(rename) changes these attributes. V(report) leaves them as they are and makes a
            finding.
        type: str
        choices: [rename, report]
        default: rename
      keep_addresses:
        description:
          - Whether the former address stays as an alias in proxyAddresses when C(mail) changes.
        type: bool
        default: true
  placement:
    description: The OU of an account. The first rule whose condition is true decides.
    type: list
    elements: dict
    required: true
    suboptions:
      ou:
        description:
          - The DN of the OU. It can be a text with C({…}) over the record. The values are escaped
            as a DN requires.
        type: str
        required: true
      when:
        description: Condition over the record. A rule without it is for everybody.
        type: str
      apply:
        description:
          - V(always) moves an account back that was moved by hand. V(on_create) decides only the OU
            of a new account.
        type: str
        choices: [always, on_create]
        default: always
      create:
        description:
          - Whether a missing OU is created, with the missing OUs above it. With V(false), people
            whose OU is missing are held.
        type: bool
        default: false
  groups:
    description:
      - Birthright groups. A person gets the groups of all rules whose condition is true, and loses
        the groups of the other rules. Memberships in groups that no rule names are not changed.
    type: list
    elements: dict
    default: []
    suboptions:
      groups:
        description:
          - Names (sAMAccountName) or DNs of groups. They must exist and must not be privileged.
        type: list
        elements: str
        required: true
      when:
        description: Condition over the record. A rule without it is for everybody.
        type: str
      records:
        description:
          - The records that O(groups[].when) is asked about, when a person has several. V(primary)
            is the primary record only. V(current) is each current record in scope, and one of them
            is enough.
          - When another source has the primary record of a person, rules with V(current) give their
            groups for the current records of this source as well. Rules with V(primary) give none
            then, but what such a rule wants for a current record is not taken from the account.
        type: str
        choices: [primary, current]
        default: primary
      from:
        description:
          - The first day on which the rule gives its groups, as an expression over the record or as
            a day, such as V(2026-03-02). A record without it has no first day.
        type: str
      until:
        description:
          - The last day on which the rule gives its groups, written as O(groups[].from). After it,
            the groups are taken as those of a rule whose condition is false. A record without it,
            or with a day in the year 9999, has no last day.
          - The days are those of the employee's time zone. What is not a day holds the person.
        type: str
  dates:
    description: Where the record has the dates and the status of an employee.
    type: dict
    suboptions:
      start:
        description:
          - Expression for the first day of work. Without this rule, everybody in the feed has
            started.
        type: str
      end:
        description:
          - Expression for the last day of work. No value, or a day in the year 9999, means that no
            end is known.
        type: str
      timezone:
        description:
          - Expression for the IANA time zone of the employee, such as C(Australia/Sydney). Days
            begin and end at midnight of this time zone. UTC is used when there is no value.
        type: str
      terminated:
        description:
          - Condition that makes an employee a leaver at once, whatever the dates say. Before the
            first day it cancels the hire.
        type: str
      on_leave:
        description: Condition that is true while an employee is on leave.
        type: str
      leave_start:
        description: Expression for the first day of a leave.
        type: str
      leave_end:
        description: Expression for the last day of a leave. No value means an open end.
        type: str
      read_as:
        description:
          - How the day of a moment is read, such as C(2026-06-29T14:00:00Z), which is 30 June in
            Sydney. A date without a time stays as it is. So does a moment without an offset, and
            every moment of an employee without a time zone.
          - V(local) reads the day in the time zone of the employee. V(date_part) reads the date as
            it is written, and the time and the offset mean nothing.
          - V(auto) reads a moment at exactly 00:00 in UTC as V(date_part), because many systems
            write a date so, and every other moment as V(local). When a feed has both, there is a
            finding.
        type: dict
        suboptions:
          start:
            description: How C(start) is read.
            type: str
            choices: [auto, date_part, local]
            default: auto
          end:
            description: How C(end) is read.
            type: str
            choices: [auto, date_part, local]
            default: auto
          leave_start:
            description: How C(leave_start) is read.
            type: str
            choices: [auto, date_part, local]
            default: auto
          leave_end:
            description: How C(leave_end) is read.
            type: str
            choices: [auto, date_part, local]
            default: auto
  joiner:
    description: What happens before and on the first day of work.
    type: dict
    suboptions:
      create_days_before:
        description: How many days before the first day a disabled account is created.
        type: int
        default: 0
      enable:
        description:
          - V(on_start) enables the account on the first day. V(on_create) creates an enabled
            account.
        type: str
        choices: [on_start, on_create]
        default: on_start
      moved_start:
        description:
          - What happens with an enabled account when HR moves the first day into the future.
            V(report) leaves it enabled and makes a finding. V(disable) disables it until the first
            day.
        type: str
        choices: [report, disable]
        default: report
      must_change_password:
        description: Whether the user must change the initial password at the first log-on.
        type: bool
        default: false
  leave:
    description: What happens during a leave.
    type: dict
    suboptions:
      account:
        description:
          - V(keep) leaves the account enabled. V(disable) disables it until the leave is over.
        type: str
        choices: [keep, disable]
        default: keep
  leaver:
    description: What happens after the last day of work. The account of a leaver is disabled.
    type: dict
    suboptions:
      disable:
        description:
          - V(end_of_day) disables the account when the last day is over, V(start_of_day) when the
            last day begins, in the time zone of the employee.
        type: str
        choices: [end_of_day, start_of_day]
        default: end_of_day
      groups:
        description:
          - V(remove_managed) removes the account from all groups that the rules name.
            V(remove_all) removes it from all groups, except privileged groups and the primary
            group, which has the finding C(primary_group) when it is not Domain Users. V(keep)
            leaves the memberships as they are.
        type: str
        choices: [keep, remove_managed, remove_all]
        default: keep
      record:
        description:
          - The multi-valued attribute of the account that records what O(rehire) gives back, and
            which groups the rules gave. An empty text means that neither is recorded, so every
            managed group counts as given by the rules. Whoever can read the attribute can read the
            saved values of others (O(rehire.restore[].what=all)).
        type: str
        default: extensionName
      move_to:
        description: DN of the OU to which the accounts of leavers are moved.
        type: str
      attributes:
        description:
          - Attributes of the account of a leaver, written as in O(mapping), such as a description
            with the last day, or C(msExchHideFromAddressLists) with the constant V(true).
          - Those that are not in O(mapping) are cleared when the employee comes back, or get their
            former values (O(rehire.restore)).
        type: dict
      scramble_password:
        description:
          - Whether the account gets a random password that nobody knows when it is disabled. It is
            set twice, because for an hour a domain controller may take the former password as well
            (C(OldPasswordAllowedPeriod)). So nobody can log on with it after the account was
            enabled by hand.
          - When the employee comes back, the account gets a new initial password with the change
            that enables it, handed over as that of a new account
            (O(hris.ad.sync#module:passwords), O(joiner.must_change_password)).
        type: bool
        default: false
      reenabled:
        description:
          - What happens when the account of a leaver was enabled by hand. V(disable) disables it
            again. V(report) leaves it enabled and makes a finding.
        type: str
        choices: [disable, report]
        default: disable
      account_expires:
        description:
          - Whether accountExpires is set from the last day of work, so that Active Directory itself
            refuses the log-on of a leaver when no run takes place.
        type: bool
        default: false
      delete_after_days:
        description:
          - How many days after the first day without access an account is deleted. Only accounts
            that a run has disabled are deleted. Without a value, no account is deleted.
          - Set O(limits.delete) as well.
        type: int
      bridge_days:
        description:
          - The longest gap between two records of a person, in days without work, in which the
            account stays as it is. The next record must be in the feed already. When HR withdraws
            it, the next run locks the account, and the retention begins on that day.
        type: int
        default: 0
  rehire:
    description: What happens when a leaver comes back with the same key, or is relinked.
    type: dict
    suboptions:
      restore:
        description:
          - What a rehire gets back, by the days since the first day without access, in at most one
            band for each O(rehire.restore[].what). An empty list gives nothing back.
          - Somebody who comes back after the longest band is held until the key is confirmed
            (O(identity)), unless that band has 0 days.
        type: list
        elements: dict
        default:
          - within_days: 0
            what: groups
        suboptions:
          within_days:
            description: The most days since the first day without access.
            type: int
            required: true
          what:
            description:
              - V(groups) gives back the removed groups that no rule names, except privileged ones.
              - V(all) gives back these groups, and all else that the leaver rules changed. The
                attributes of O(leaver.attributes) get their former values, unless O(mapping) gives
                them a value today. The account returns to its former OU where the rule of
                O(placement) has V(on_create). For this, values and place are saved in the attribute
                O(leaver.record) when the leaver rules change them; only then, so set it before.
            type: str
            choices: [all, groups]
            required: true
  absent:
    description:
      - What happens to accounts of this source for which no feed of the run has an employee. A
        person who is absent from the feed is not a leaver.
    type: dict
    suboptions:
      grace_days:
        description:
          - How many days an employee can be absent before O(absent.action=disable) disables the
            account. They are counted from the first run in which the employee was absent.
        type: int
        default: 14
      action:
        description:
          - V(report) makes a finding in each run and writes nothing. V(disable) also writes the day
            into the mark, and treats the account as that of a leaver after O(absent.grace_days).
        type: str
        choices: [report, disable]
        default: report
  required:
    description:
      - Expressions that must have a value. An employee without one of them is held, with a finding.
    type: list
    elements: str
    default: []
  unique:
    description:
      - Attributes of which no two accounts may have the same value, besides sAMAccountName,
        userPrincipalName and servicePrincipalName, of which Active Directory refuses it.
        C(mail) and C(proxyAddresses) count as one. The key attribute is always unique.
      - A value that another account, a group or a contact has is not written. Only this attribute
        of this person is left as it is, with a finding. What one account gives up in the same run,
        another one can have, so that two people can exchange their values.
      - That accounts below O(ownership.bases) have the same value already is a finding as well.
    type: list
    elements: str
    default: [employeeID, mail, proxyAddresses]
  scope:
    description:
      - Who is served. Nothing is planned, held or reported for the other people in the feed; they
        are counted. That somebody has left is decided first, so a scope never keeps the account of
        a leaver enabled.
    type: dict
    suboptions:
      when:
        description:
          - Condition over the record. It is asked about each record of a person. Only records for
            which it is true can be the primary record or keep the access. Without it, everybody is
            served.
        type: str
      action:
        description:
          - What happens to the account of somebody who works, but has no record in scope any more.
            V(report) makes a finding in each run and counts the account as open access.
            V(leaver) writes the day into the mark, and treats the person as a leaver after
            O(scope.grace_days). V(keep) leaves the account as it is and says nothing.
        type: str
        choices: [report, leaver, keep]
        default: report
      grace_days:
        description: How many days O(scope.action=leaver) waits.
        type: int
        default: 14
  identity:
    description:
      - Which records belong to one person. Records of one source with the same key always do.
      - Records of several sources belong to one person when O(identity.same) says so, or an
        exception (O(exceptions[].other_source)), or when the key attribute (O(correlation.key)) is
        the same, and the keys, the given names and the family names are equal. When the keys and
        only one of the names are equal, there is a finding, and a human decides.
      - Joining never merges two accounts. When a person has several, none of them is changed, with
        a finding. Each of them is still locked when all records with its own key have ended.
      - An account may be that of somebody else when HR gave a number again. A person is held when
        given name and family name both differ from the account, and when somebody comes back later
        than O(rehire.restore). A lock is made all the same.
    type: dict
    suboptions:
      same:
        description:
          - "Expressions for strong identifiers, by a name of your own, such as
            C({tax_number: ssn}). Records with the same value belong to one person, whatever their
            keys are."
          - Two sources are compared by the identifiers that have the same name in both, such as
            C(tax_number). The expressions can differ.
        type: dict
        default: {}
      similar:
        description:
          - Expressions that only propose that two people are one, by a name of your own, such as a
            name with a birth date. Equal values make a finding. O(exceptions[].action=join)
            confirms it, and O(exceptions[].action=separate) says that they are two people.
        type: dict
        default: {}
      fixed:
        description:
          - Mapped attributes that never change for one person, such as one for the birth date. When
            HR has another value than the account, the person is held.
        type: list
        elements: str
        default: []
      absent:
        description:
          - Sets of mapped attributes, joined with C(+). When a new employee has the same values as
            an account of any source that no employee of the run has any more, and that is not
            locked or was locked in the last 30 days, the employee is held, because HR may have
            changed the number of somebody.
          - Without this option it is given name with family name. An empty list switches it off.
        type: list
        elements: str
      confirmed:
        description:
          - Condition over the record. When it is true, HR itself confirms who somebody is, and
            nobody is held because of names, O(identity.fixed), O(identity.absent) or a long
            absence. O(exceptions[].action=confirm) does the same for one key.
        type: str
  primary:
    description:
      - Which record is the primary record when a person has several that are current. Attributes,
        names, place, manager and leaver rules come from it. The rules of its source are the rules
        of the person.
    type: dict
    suboptions:
      prefer:
        description:
          - Conditions, the most important one first. The first condition that is true for some of
            the records and false for others decides, then the order of the sources, then the
            earlier first day, then the key.
          - Each source asks its own conditions about its records. The first one of a source has the
            same rank as the first one of another source, and so on.
        type: list
        elements: str
        default: []
  silenced:
    description:
      - Findings that somebody has looked at, and that need not be shown until a day. The run says
        for each entry how many findings it silences, and when its day has passed.
      - Only what is shown changes. Whoever is held stays held, and limits count them.
      - Findings about access that is still open (V(has_left), V(may_have_left), V(out_of_scope) and
        V(locked_out_enabled)) cannot be silenced.
    type: list
    elements: dict
    default: []
    suboptions:
      kind:
        description: The kind of the findings, such as V(reference).
        type: str
        required: true
      only:
        description:
          - The keys of the employees. Without it the entry is for everybody, but not for errors.
            These are silenced for named employees only.
        type: list
        elements: str
        default: []
      place:
        description: The rule or the attribute that the findings name as their place.
        type: str
      until:
        description: The last day, as YYYY-MM-DD.
        type: str
        required: true
      reason:
        description: Why they need not be looked at, for those who read the run.
        type: str
        required: true
  exceptions:
    description: Decisions of administrators about single employees.
    type: list
    elements: dict
    default: []
    suboptions:
      key:
        description: The key of the employee.
        type: str
        required: true
      action:
        description:
          - V(exclude) does nothing for the employee. V(link) uses O(exceptions[].account), whatever
            key this account has. An account of another source of the run is taken over.
          - V(join) says that the records with O(exceptions[].key) and O(exceptions[].other) are one
            person's, V(separate) that they are not, whatever O(identity) says. With
            O(exceptions[].other_source), the second key is that of another source.
          - V(confirm) says that all records with this key are one person's, although their names
            differ.
        type: str
        choices: [exclude, link, join, separate, confirm]
        required: true
      account:
        description: sAMAccountName, DN or objectGUID of an account below O(ownership.bases).
        type: str
      other:
        description: The second key, for V(join) and V(separate).
        type: str
      other_source:
        description:
          - The name of the source that has O(exceptions[].other). Without it, the second key is of
            the same source.
          - It has no effect in a run without that source.
        type: str
      reason:
        description: Why. The finding about the employee shows it.
        type: str
        required: true
      until:
        description:
          - The last day of the exception, as C(2026-12-31). Without it, the exception has no end.
        type: str
  actions:
    description:
      - The actions that these rules may plan. Changes of other actions are left out, with a finding
        of severity V(info). Without this option, all actions are allowed.
      - When an account may not be created, enabled, taken over, disabled or deleted, all its other
        changes are left out as well.
    type: list
    elements: str
    choices: [create, update, take_over, relink, enable, disable, delete, move, rename, group_add,
              group_remove, create_ou]
  limits:
    description:
      - How many accounts one run may change, for each action. A plan over one of its limits stops
        the run before the first write, in check mode too.
      - A C(percent) is of the people in the feed for C(create), C(create_ou), C(adopted) and
        C(held), and of the accounts of this source for all others. An account that is not adopted
        yet is none of them. It never stops a run for three accounts or
        fewer.
      - An action without a limit can change any number of accounts. Without O(limits.held), at most
        5 percent of the people can be held; set a percent of 100 to have no such limit.
    type: dict
    suboptions:
      create:
        description: Accounts that are created.
        type: dict
        suboptions:
          count:
            description: The most accounts.
            type: int
          percent:
            description: The most accounts, in percent of the people in the feed.
            type: float
      update:
        description: Accounts whose attributes change.
        type: dict
        suboptions:
          count:
            description: The most accounts.
            type: int
          percent:
            description: The most accounts, in percent.
            type: float
      take_over:
        description: Accounts that are taken over from another source.
        type: dict
        suboptions:
          count:
            description: The most accounts.
            type: int
          percent:
            description: The most accounts, in percent.
            type: float
      relink:
        description: Accounts that get another key.
        type: dict
        suboptions:
          count:
            description: The most accounts.
            type: int
          percent:
            description: The most accounts, in percent.
            type: float
      enable:
        description: Accounts that are enabled.
        type: dict
        suboptions:
          count:
            description: The most accounts.
            type: int
          percent:
            description: The most accounts, in percent.
            type: float
      disable:
        description: Accounts that are disabled.
        type: dict
        suboptions:
          count:
            description: The most accounts.
            type: int
          percent:
            description: The most accounts, in percent.
            type: float
      delete:
        description: Accounts that are deleted.
        type: dict
        suboptions:
          count:
            description: The most accounts.
            type: int
          percent:
            description: The most accounts, in percent.
            type: float
      move:
        description: Accounts that are moved to another OU.
        type: dict
        suboptions:
          count:
            description: The most accounts.
            type: int
          percent:
            description: The most accounts, in percent.
            type: float
      rename:
        description: Accounts that are renamed.
        type: dict
        suboptions:
          count:
            description: The most accounts.
            type: int
          percent:
            description: The most accounts, in percent.
            type: float
      group_add:
        description: Accounts that are added to a group.
        type: dict
        suboptions:
          count:
            description: The most accounts.
            type: int
          percent:
            description: The most accounts, in percent.
            type: float
      group_remove:
        description: Accounts that are removed from a group.
        type: dict
        suboptions:
          count:
            description: The most accounts.
            type: int
          percent:
            description: The most accounts, in percent.
            type: float
      create_ou:
        description: OUs that are created.
        type: dict
        suboptions:
          count:
            description: The most OUs.
            type: int
          percent:
            description: The most OUs, in percent of the people in the feed.
            type: float
      attributes:
        description:
          - How many accounts may get another value of an attribute. Each name of an attribute has
            C(count), C(percent) or both, such as C(percent=40) for C(title). New accounts do not
            count.
        type: dict
      adopted:
        description:
          - Accounts without a mark that become accounts of the source. It counts one run, and not
            the runs of a day together.
        type: dict
        suboptions:
          count:
            description: The most accounts.
            type: int
          percent:
            description: The most accounts, in percent of the people in the feed.
            type: float
      absent:
        description:
          - Accounts of the source for which no feed has an employee. Many of them are a sign of a
            broken feed.
        type: dict
        suboptions:
          count:
            description: The most accounts.
            type: int
          percent:
            description: The most accounts, in percent.
            type: float
      held:
        description:
          - People who are held. Many of them are a sign of a broken rule.
        type: dict
        suboptions:
          count:
            description: The most people.
            type: int
          percent:
            description: The most people, in percent of the people in the feed.
            type: float
      out_of_scope:
        description:
          - Enabled accounts of people who work, but have no record in O(scope). Many of them are a
            sign of a wrong scope.
        type: dict
        suboptions:
          count:
            description: The most accounts.
            type: int
          percent:
            description: The most accounts, in percent.
            type: float
  risk:
    description:
      - Which changes have a high risk. When one change of an account has a high risk, all its
        changes have.
    type: dict
    suboptions:
      actions:
        description: Actions that always have a high risk.
        type: list
        elements: str
        choices: [create, update, take_over, relink, enable, disable, delete, move, rename,
                  group_add, group_remove, create_ou]
        default: []
      more_than:
        description:
          - A number of accounts for an action, such as V(5) for C(disable). When the plan has the
            action for more accounts than that, it has a high risk for all of them.
        type: dict
      groups:
        description:
          - Groups (sAMAccountName or DN). To add or remove a member has a high risk.
        type: list
        elements: str
        default: []
      people:
        description:
          - Conditions over the record, such as C(position.level == 'Executive'). All changes of a
            person for whom one is true have a high risk.
        type: list
        elements: str
        default: []
      hold:
        description:
          - Whether changes of high risk are held until a human has approved them. The other changes
            are made.
        type: bool
        default: false
  label:
    description:
      - The mapped attribute by which messages, findings and diffs name a person beside the key, as
        in C(E1001 (Ann Lee)).
      - Without such a line in O(mapping), or when the attribute is in O(redact), only the key is
        shown.
    type: str
    default: displayName
  optional_fields:
    description:
      - Paths of fields that are not in every feed, such as C(customData.customField_shirt). A rule
        that reads any other field which no record has is an error, also inside of lists and
        objects.
      - C(channels.kind) stands for the field C(kind) of each item in the list C(channels).
      - For the custom fields of ELMO and IceHrm, the option C(custom_fields) of their modules and
        roles does the same at the source.
    type: list
    elements: str
    default: []
  redact:
    description:
      - Attributes whose values are hidden in diffs, in findings about differences, in explanations
        and in reports. The plan file and the journal contain the values.
    type: list
    elements: str
    default: []
  as_of:
    description:
      - The moment for which the run is computed, as C(2026-03-02) (midnight, UTC) or
        C(2026-03-02T18:00:00+10:00). The default is now.
      - In check mode it shows what a run would do on that day.
    type: str
"""
