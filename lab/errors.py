"""The lab's one error: something the person at the keyboard can act on."""


class LabError(Exception):
    """A sentence that says what is wrong and what to do."""
