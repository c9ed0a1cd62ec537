"""A battery's life: its events, what they add up to, and what can't have happened."""
