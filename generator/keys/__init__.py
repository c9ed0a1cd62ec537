"""Keys: where private keys lie, and what the issuer's public documents say of them."""
