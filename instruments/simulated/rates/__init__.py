"""Thermally activated switching, for what takes longer than a macrospin can be followed."""
