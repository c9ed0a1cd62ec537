"""Sealing: restricted groups as files that anyone may hold, and the release of their keys."""
