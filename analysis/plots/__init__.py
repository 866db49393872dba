"""Pictures of measurements and their fits, as PNG, from arrays."""
