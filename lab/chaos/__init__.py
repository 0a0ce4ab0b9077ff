"""Runs of the collection that die at random points: killed, disconnected, without disk space; and
what the next run makes of it.
"""
