"""Measures the collection beside its peers: `python -m bench`; see README.md."""
