"""How long a read must integrate, so that hardly a state is misread."""

from scipy.special import erfcinv

from mtjlab.analysis.readout.state_levels import StateLevels
from mtjlab.core import InputError

__all__ = ["read_integration"]

SHORTEST, LONGEST = 0.01, 10.0
"""Integration times [power line cycles] that source-meters of the bench take."""
MARGIN = 1.1
"""Factor on the time: the deviations it is worked out from are estimates."""


def read_integration(levels: StateLevels, cycles: float, error: float) -> float:
    """Work out the integration time at which a share `error` of the readings is misread, no more.

    Parameters
    ----------
    levels
        Levels and their noise, found in readings of `cycles`.
    cycles
        Integration time of those readings [power line cycles].
    error
        Largest probability that a reading is taken for the other state.

    Returns
    -------
    float
        Integration time [power line cycles]; `cycles` where that is long enough.

    Raises
    ------
    ValueError
        If no integration time is long enough; the message says what there is.

    Notes
    -----
    Of normal readings ½·erfc(S/√2) are misread, S being the distance of the levels over the sum of their deviations.
    White noise falls as the root of the time, so that S grows as it: t → t·(S'/S)².  Noise that falls more slowly, as
    1/f noise does, asks for a second round with what the first one gave.

    Examples
    --------
    >>> round(read_integration(StateLevels(3e-7, 1e-7, 5e-8, 5e-8), 0.01, 1e-6), 3)  # S is 2 and must be 4.75
    0.062
    """
    if levels.misclassification <= error:
        return cycles
    needed = 2**0.5 * float(erfcinv(2 * error))
    wanted = cycles * (needed / levels.separation) ** 2 * MARGIN
    if wanted > LONGEST:
        raise InputError(
            f"read error = {error:g}: takes {wanted:.3g} power line cycles a read and a source-meter has {LONGEST:g}; "
            f"at {cycles:g} cycles {levels.misclassification:.2g} of the readings are misread: allow a larger error, "
            "or raise the read bias"
        )
    return max(wanted, SHORTEST)
