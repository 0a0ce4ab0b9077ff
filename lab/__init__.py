"""A company on one machine: a real Active Directory domain (Samba), and HR servers that speak ELMO's and IceHrm's
contracts over one population that changes day by day. Run as `python -m lab COMMAND` from the checkout's root."""
