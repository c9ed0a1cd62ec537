"""Events as people write or receive them: files that only grow, read and checked."""
