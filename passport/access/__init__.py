"""Access: who may have the key of what, and why; what a policy, its clients and a bundle say."""
