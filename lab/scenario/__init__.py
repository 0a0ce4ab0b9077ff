"""A company over many days: HR changes, IT changes things by hand, the collection runs, and a
checker of its own compares the directory with what is expected.
"""
