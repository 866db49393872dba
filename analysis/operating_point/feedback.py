"""Holding P(switch) at one half against drift."""

from __future__ import annotations

import math

from mtjlab.analysis.operating_point.dithered_setting import DitheredSetting
from mtjlab.core import InputError

__all__ = ["Feedback"]


class Feedback:
    r"""Integral controller of P(switch) over one setting: amplitude, width or field.

    After n pulses of which a share p switched, the setting moves by (n/T) (1/2 - p)/slope. T is the loop constant: a
    deviation decays as exp(-pulses/T), a drift of r a pulse leaves a lag of r T, and the scatter of the pulses makes P
    scatter by 1/sqrt(8 T).

    Parameters
    ----------
    setting
        Setting at the start, in the actuator's unit.
    slope
        Derivative of P(switch) by the setting, one over the actuator's unit; of either sign, not zero.
    constant
        Loop constant T in pulses.
    low, high
        Range that the setting may not leave.
    resolution
        Smallest step of the setting; between two steps it is dithered.
    cold
        Whether the setting at the start may be off: the steps then begin large and fall with one over the pulses seen
        (Robbins and Monro, Ann. Math. Stat. 22, 400, 1951) until they are those of the loop constant.

    Raises
    ------
    ValueError
        If the slope is zero or not finite (the actuator has no authority, as the amplitude on a plateau), the constant
        below one pulse, or the setting outside its range.

    Notes
    -----
    With n pulses between two actions the deviation is multiplied by 1 - n/T: stable for n < 2 T, without overshoot for
    n <= T, and so if the slope is wrong by less than a factor of two. `update` limits n/T to one half.

    Examples
    --------
    >>> feedback = Feedback(1.25, slope=2.0, constant=10_000, low=1.2, high=1.3)
    >>> round(feedback.update(pulses=1000, switched=510), 6)  # a tenth of the constant, .01 too many, 2 a volt
    1.2495
    """

    def __init__(
        self,
        setting: float,
        slope: float,
        *,
        constant: float,
        low: float,
        high: float,
        resolution: float = 0.0,
        cold: bool = False,
    ) -> None:
        if not slope or not math.isfinite(slope):
            raise InputError(
                f"slope = {slope}: P(switch) does not follow this setting; steer by another one (on a plateau the "
                "amplitude has no authority, the field has)"
            )
        if not constant >= 1:
            raise InputError(f"constant = {constant} pulses: give 1 or more; 1e4 to 1e6 are usual")
        if not low <= setting <= high:
            raise InputError(f"setting = {setting:g} is outside its range {low:g} to {high:g}")
        self.slope, self.constant = slope, constant
        self.low, self.high = low, high
        self.wanted = setting
        """Setting that the controller wants, in the actuator's unit; between two steps where they are too coarse."""
        self.setting = setting
        """Setting that it asks for, a step of the instrument."""
        self.saturated = False
        """Whether the range ends where the controller would continue."""
        self._dithered = DitheredSetting(resolution)
        self._seen = 0.0 if cold else math.inf

    @property
    def scatter(self) -> float:
        """Standard deviation of P(switch) that the steering itself makes."""
        return 1 / math.sqrt(8 * self.constant)

    @property
    def settled(self) -> bool:
        """Whether it has seen a loop constant of pulses since a cold start."""
        return self._seen >= self.constant

    def update(self, pulses: int, switched: int) -> float:
        """Take the outcome of pulses made at the present setting and give the next one.

        Parameters
        ----------
        pulses, switched
            Pulses made since the last call, and how many switched.

        Returns
        -------
        float
            The setting to make, in the actuator's unit.

        Raises
        ------
        ValueError
            If more pulses switched than were made.
        """
        if not 0 <= switched <= pulses:
            raise InputError(f"{switched} of {pulses} pulses cannot have switched: give 0 to {pulses}")
        if pulses:
            self._seen += pulses
            gain = min(pulses / min(self.constant, self._seen), 0.5)
            moved = self.wanted + gain * (0.5 - switched / pulses) / self.slope
            self.wanted = min(max(moved, self.low), self.high)
            self.saturated = self.wanted != moved
        self.setting = min(max(self._dithered.next(self.wanted), self.low), self.high)
        return self.setting
