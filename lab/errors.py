"""The lab's one error: something that the person at the keyboard can fix."""


class LabError(Exception):
    """A sentence that says what is wrong and what to do."""
