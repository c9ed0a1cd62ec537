"""Decentralized identifiers: did:web, did:webvh and did:key, and the documents they lead to."""
