"""What arrives at the junction of a pulse: its shape, and the calibration of its amplitude."""
