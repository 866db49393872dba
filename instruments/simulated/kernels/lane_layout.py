"""How macrospins lie in the memory of the lanes' kernel."""

import numpy as np

__all__ = ["COLUMNS", "DELAY", "GAIN", "LANES", "NOISE", "NOISE_MEAN", "NOISE_SCALE", "QUANTITIES", "VECTOR"]

LANES = 128
"""Macrospins that advance together; every group is full, so a lane's arithmetic never depends on the batch."""
VECTOR, NOISE, GAIN, DELAY = 0, 3, 6, 7
"""Rows of a group: magnetisation x, y, z; noise along x, y, z; factor of the voltage; lengthening of the pulse."""
QUANTITIES = 8
"""Rows of a group."""
COLUMNS = 9
"""Columns of the waveform that all share; see `macrospin.integration.integrate`."""
NOISE_MEAN = 65535.0
"""Mean of a noise value, the sum of two uniform 16-bit numbers."""
NOISE_SCALE = float(np.sqrt(6.0 / (65536.0**2 - 1.0)))
"""What such a sum is to be multiplied by for a variance of one."""
