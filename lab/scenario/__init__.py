"""A company played through many days: HR moves on, IT meddles, the collection runs, and a checker
of its own looks at what stands.
"""
