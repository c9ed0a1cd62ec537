"""The transparency log: entries, trees, tiles and checkpoints."""
