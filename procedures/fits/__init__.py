"""What a fit of a recording takes as known, where it begins, and what is recorded of it."""
