"""The Randomness room: the suites on a recording."""
