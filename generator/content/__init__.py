"""Content: what people edit and review in Git, read strictly and checked."""
