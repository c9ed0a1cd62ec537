"""Stores: where the files of a site lie. A store gets files by their path; it knows no formats."""
