"""The command line: one file a command; exit codes and terminals are known here only."""
