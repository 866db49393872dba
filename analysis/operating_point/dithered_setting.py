"""A setting finer than the instrument's steps, on average."""

from __future__ import annotations

import math

from mtjlab.core import InputError

__all__ = ["DitheredSetting"]


class DitheredSetting:
    """Choose between the two neighbouring steps so that the mean follows what is wanted.

    Parameters
    ----------
    resolution
        The instrument's step, in the actuator's unit; 0 where it takes any number.

    Notes
    -----
    A first-order sigma-delta modulator: the rounding error is carried on to the next choice, so the sum of what was
    given never differs from the sum of what was wanted by more than half a step.

    Examples
    --------
    >>> dithered = DitheredSetting(0.001)
    >>> [round(dithered.next(1.2504), 3) for _ in range(5)]
    [1.25, 1.251, 1.25, 1.251, 1.25]
    """

    def __init__(self, resolution: float) -> None:
        if not 0 <= resolution < math.inf:
            raise InputError(f"resolution = {resolution}: give the instrument's step, or 0 for none")
        self.resolution = resolution
        self._carried = 0.0

    def next(self, wanted: float) -> float:
        """Give the step to set now, in the actuator's unit."""
        if not self.resolution:
            return wanted
        given = round((wanted + self._carried) / self.resolution) * self.resolution
        self._carried += wanted - given
        return given
