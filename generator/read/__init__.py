"""A site as a stranger reads it, and as who was released keys. Trusts nothing unchecked."""
