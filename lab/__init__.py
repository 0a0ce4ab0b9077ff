"""A company on one machine: a real Active Directory domain (Samba), and HR servers that answer as
ELMO and IceHrm do, over one population that changes day by day.

Run as `python -m lab COMMAND` from the root of the checkout.
"""
