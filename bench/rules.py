"""The rules of the bench, as module options: 20 mapped attributes, four names, one OU for each
department, five group rules.
"""

from __future__ import annotations

from .people import BASE, SOURCE

AS_OF = "2026-03-02"
OPTIONS = {
    "source": SOURCE,
    "mapping": {
        "employeeID": "number",
        "employeeNumber": "id",
        "givenName": "first",
        "sn": "last",
        "displayName": "{first} {last}",
        "title": {"from": "position.title", "empty": "clear"},
        "department": "department.title",
        "company": "entity",
        "division": "division",
        "l": "location.city",
        "st": "location.state",
        "co": "location.country",
        "postalCode": "location.postcode",
        "streetAddress": "location.street",
        "telephoneNumber": "phone",
        "mobile": "mobile",
        "physicalDeliveryOfficeName": "office",
        "employeeType": "type",
        "info": "costCentre",
        "manager": {"employee": "manager.id", "field": "id"},
    },
    "naming": {
        "candidates": ["{left(ascii(givenName), 1)}{ascii(sn)}", "{ascii(givenName)}.{ascii(sn)}"],
        "attributes": {
            "sAMAccountName": "{lower(name)}",
            "userPrincipalName": "{lower(name)}@corp.example",
            "mail": "{lower(name)}@example.com",
            "cn": "{displayName}",
        },
    },
    "placement": [{"ou": f"OU={{department.title}},OU=Staff,{BASE}"}],
    "groups": [
        {"groups": ["All Staff"]},
        {"when": "department.title == 'Engineering'", "groups": ["Engineering"]},
        {"when": "department.title == 'Finance'", "groups": ["Finance"]},
        {"when": "type == 'Contractor'", "groups": ["Contractors"]},
        {"when": "position.title == 'Manager'", "groups": ["Managers"]},
    ],
    "dates": {"start": "start", "end": "end", "timezone": "timezone"},
}
