"""Checks: what must hold between values, one function each, in tables keyed by what they rest on.

A check looks at nouns and yields problems; it neither reads files nor prints. `table.py` lists
them all; a new rule is a function in the module of its subject and a line there.
"""
