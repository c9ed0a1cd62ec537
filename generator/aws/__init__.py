"""AWS: an account's session and credentials, for whatever lies in an account."""
