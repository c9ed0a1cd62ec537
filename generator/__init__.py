"""The generator: content in Git becomes a static site of battery passports."""
