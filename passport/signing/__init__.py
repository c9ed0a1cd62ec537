"""Signatures: Ed25519, keys and what each may sign, Data Integrity proofs, JOSE."""
