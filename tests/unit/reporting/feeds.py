"""A feed with one of each fault, and many who have none."""
from __future__ import annotations


def employee(number: int, **more) -> dict:
    return {"id": f"u-{number}", "employeeNumber": f"E{1000 + number}", "firstName": "Ann", "lastName": "Lee", "email": f"user{number}@example.com",
            "startDate": "2021-02-01", "endDate": None, "mobile": f"+61 400 {number:03d} 001", "active": True,
            "department": {"id": "d-3", "title": "Finance"}, "tags": ["staff"]} | more


def feed(size: int = 100) -> list[dict]:
    """size employees; the first few each have one fault."""
    return [
        employee(0, email=""), employee(1, email="user2@example.com"), employee(2), employee(3, startDate="2021-02-30"), employee(4, lastName="n/a"),
        employee(5, firstName=" Ann"), employee(6, firstName="RenÃ©"), employee(7, email="mia at example"), employee(8, employeeNumber="1008"),
        employee(9, active="yes"), employee(10, department=None), *(employee(number) for number in range(11, size))]
