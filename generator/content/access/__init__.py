"""Access as people write it: the policy, clients, issuers and refusals."""
