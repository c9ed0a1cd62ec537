"""Bytes and texts in their one spelling: JSON, base64url, multibase, points in time."""
