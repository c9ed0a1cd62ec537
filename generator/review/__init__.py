"""Review in Git: what a change of content means for passports, told to who answers for it."""
