"""What every test gets: property tests that find the same cases in every run of one commit."""

from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.load_profile("repeatable")
