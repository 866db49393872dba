"""Tests that run along with a bit source and say at once when it has broken."""
