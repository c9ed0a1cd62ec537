"""YAML as people write it: read strictly, every text with its place."""
