"""Spin-orbit torque in a bar, by pump and probe: what the current does to its resistance and its state."""
