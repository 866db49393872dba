"""Constants of nature and of statistics; the package that has them all takes a fifth of a second to load.

The first three are exact by the SI's definition since 2019; μ0 is CODATA's of 2022.
"""

import math

__all__ = ["BOLTZMANN", "ELEMENTARY_CHARGE", "NORMAL_95", "REDUCED_PLANCK", "VACUUM_PERMEABILITY"]

BOLTZMANN = 1.380649e-23
"""k [J/K]."""
ELEMENTARY_CHARGE = 1.602176634e-19
"""e [C]."""
REDUCED_PLANCK = 6.62607015e-34 / (2 * math.pi)
"""ħ [J·s]."""
VACUUM_PERMEABILITY = 1.25663706127e-6
"""μ0 [T·m/A]."""
NORMAL_95 = 1.959963984540054
"""Quantile .975 of the standard normal distribution: half of a 95 % interval over its standard error."""
