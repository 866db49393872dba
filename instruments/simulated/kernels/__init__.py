"""Inner loops as machine code: compiled by numba once, loaded without it ever after."""
