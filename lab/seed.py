"""What is in the domain before HR's first run: OUs, groups, and a service account with few
rights.
"""

from __future__ import annotations

from .domain_config import BASE_DN, HOST

DEPARTMENTS = ("Engineering", "Finance", "People", "Sales", "Operations")
GROUPS = ("All Staff", *DEPARTMENTS, "ERP Users", "Managers", "Contractors")
STAFF_OUS = ("Staff", "Contractors", "Leavers")
SERVICE = "svc-hris"
SERVICE_DN = f"CN={SERVICE},CN=Users,{BASE_DN}"

# Schema ids, from Microsoft's [MS-ADSC] and [MS-ADA]: the classes user and group, the attribute
# member
USER = "bf967aba-0de6-11d0-a285-00aa003049e2"
GROUP = "bf967a9c-0de6-11d0-a285-00aa003049e2"
MEMBER = "bf9679c0-0de6-11d0-a285-00aa003049e2"

SCHEMA_DN = f"CN=Schema,CN=Configuration,{BASE_DN}"
# An attribute that domains have whose schema is that of Windows Server 2016 or later ([MS-ADA2]).
# Samba 4.17 makes domains with the schema of 2012 R2. In Windows the class top has the attribute.
NEW_ATTRIBUTE = "msDS-ObjectSoa"
NEW_ATTRIBUTES = f"""\
dn: CN=ms-DS-Object-SOA,{SCHEMA_DN}
objectClass: top
objectClass: attributeSchema
attributeID: 1.2.840.113556.1.4.2353
attributeSyntax: 2.5.5.12
isSingleValued: TRUE
rangeLower: 1
showInAdvancedViewOnly: TRUE
adminDisplayName: ms-DS-Object-SOA
oMSyntax: 64
searchFlags: 0
lDAPDisplayName: {NEW_ATTRIBUTE}
schemaIDGUID:: 9b32NHkuO0yOFD2Tt1qriQ==
systemOnly: FALSE
"""
NEW_IN_CLASSES = "\n".join(
    f"""\
dn: CN={name},{SCHEMA_DN}
changetype: modify
add: mayContain
mayContain: {NEW_ATTRIBUTE}
"""
    for name in ("User", "Group")
)


def _entry(dn: str, **attributes: str) -> str:
    return (
        "\n".join([f"dn: {dn}", *(f"{name}: {value}" for name, value in attributes.items())]) + "\n"
    )


def ldif() -> str:
    """The OUs and groups. sAMAccountName of a group is its name; all are global security groups."""
    entries = [
        _entry(f"OU={name},{BASE_DN}", objectClass="organizationalUnit", ou=name)
        for name in (*STAFF_OUS, "Groups")
    ]
    entries += [
        _entry(f"OU={name},OU=Staff,{BASE_DN}", objectClass="organizationalUnit", ou=name)
        for name in DEPARTMENTS
    ]
    entries += [
        _entry(
            f"CN={name},OU=Groups,{BASE_DN}",
            objectClass="group",
            sAMAccountName=name,
            groupType="-2147483646",
        )
        for name in GROUPS
    ]
    return "\n".join(entries)


def service_principals(names: list[str]) -> str:
    """LDIF that lets Kerberos clients call the LDAP server by any of `names`."""
    values = "".join(f"servicePrincipalName: ldap/{name}\n" for name in names)
    return (
        f"dn: CN={HOST.upper()},OU=Domain Controllers,{BASE_DN}\nchangetype: modify\n"
        f"add: servicePrincipalName\n{values}-\n"
    )


def delegations(sid: str) -> list[tuple[str, str]]:
    """[(object DN, SDDL)]: what the service account `sid` may do, and where.

    In the three OUs of people: create and delete users, and on users read, write, delete, rename,
    and the extended rights (reset password). In OU=Groups: write `member` of groups. Nothing else.
    """
    people = f"(OA;CIIO;RPWPCRLCLORCSDDTSW;;{USER};{sid})(OA;CI;CCDC;{USER};;{sid})"
    groups = f"(OA;CIIO;RPWP;{MEMBER};{GROUP};{sid})"
    return [
        *((f"OU={name},{BASE_DN}", people) for name in STAFF_OUS),
        (f"OU=Groups,{BASE_DN}", groups),
    ]
