"""Kills runs of the collection at random points, and looks what the next run makes of it."""
