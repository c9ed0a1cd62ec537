"""Reading a site as a stranger: fetch, resolve, verify. Trusts nothing that it has not checked."""
