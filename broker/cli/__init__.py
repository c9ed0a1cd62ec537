"""The command line of the token broker, one file a command."""
