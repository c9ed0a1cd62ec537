"""Lighthouse, which judges pages as a phone gets them; `make lighthouse`."""
