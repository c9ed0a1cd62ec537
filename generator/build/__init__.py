"""The build: content becomes a plan, the plan becomes artifacts. Writes nothing."""
