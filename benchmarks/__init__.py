"""Benchmarks: how fast the parts that run once a battery are, against what nothing can beat."""
