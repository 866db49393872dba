"""How random bits are."""
