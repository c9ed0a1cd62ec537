"""The command line: one file a command, and what they share; terminals are known here only."""
