"""Runs of the collection that die at random points: killed, cut off, without disk; and what the
next run makes of it.
"""
