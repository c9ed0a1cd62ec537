"""Battery passports: nouns, rules and formats, free of files, network, clock and randomness."""
