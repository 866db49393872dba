"""A voltage pulse: as a generator makes it, and as it arrives at the junction; and the time between two pulses."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.core import InputError
from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.effects import Effects
from mtjlab.instruments.simulated.device.readout import Readout

__all__ = ["Pulse", "DeliveredPulse", "HoldInterval"]


@dataclass(frozen=True)
class Pulse:
    """A trapezoid that starts to rise at time zero.

    Raises
    ------
    ValueError
        If a value is not finite, the width not positive, an edge negative, or the width too short for them.

    Examples
    --------
    >>> pulse = Pulse(amplitude=1.25, width=10e-9, rise=1e-9, fall=1e-9)
    >>> pulse.voltage([0.0, 0.5e-9, 5e-9]).tolist()
    [0.0, 0.625, 1.25]
    """

    amplitude: float
    """Voltage of the flat top [V]; either sign."""
    width: float
    """Width at half maximum [s]."""
    rise: float
    """Time from zero to the top [s]."""
    fall: float
    """Time from the top to zero [s]."""
    base: float = field(default=0.0, repr=False)
    """Voltage before and after [V], as the bias of a read that stays on. Not in the text of a pulse, of which the shots
    of a macrospin are hashed."""

    def __post_init__(self) -> None:
        for key in ("amplitude", "width", "rise", "fall", "base"):
            if not math.isfinite(getattr(self, key)):
                raise InputError(f"pulse {key} {getattr(self, key)} is not a finite number")
        for key in ("rise", "fall"):
            if getattr(self, key) < 0:
                raise InputError(f"pulse {key} {getattr(self, key)} s is negative: give 0 or more")
        shortest = (self.rise + self.fall) / 2
        # Half a femtosecond of slack, so that widths calculated in floating point may equal the shortest.
        if self.width <= 0 or self.width < shortest - 5e-16:
            raise InputError(
                f"pulse width {self.width} s is too short to reach its amplitude: give at least half of rise + "
                f"fall, {shortest} s, and more than 0"
            )

    @property
    def duration(self) -> float:
        """Time from the first rise to the end of the fall [s]."""
        return self.width + (self.rise + self.fall) / 2

    def voltage(self, time: ArrayLike) -> NDArray[np.float64]:
        """Give the voltage at times since the pulse began to rise.

        Parameters
        ----------
        time
            Times [s], any shape.

        Returns
        -------
        ndarray of float64
            Voltages [V], same shape; the base outside the pulse.
        """
        corners = np.array([0.0, self.rise, self.duration - self.fall, self.duration])
        levels = np.array([self.base, self.amplitude, self.amplitude, self.base])
        at = np.asarray(time, float)
        return np.asarray(np.interp(at, np.maximum.accumulate(corners), levels, left=self.base, right=self.base))


Values = NDArray[np.float64]


class DeliveredPulse:
    """The generator's trapezoid after its rounding, the line's filters and the leads' share of the voltage.

    The filters are linear, H(s) = Π 1/(1 - s/p): one real pole for the pad's RC, a pair of complex ones for the
    ringing. A trapezoid is a sum of ramps, and the answer to a ramp is t + Σ1/p + Σ c·exp(p·t), so there is no
    numerical filtering and no time step in it. The resistance beside the leads is that of the junction half way
    between the states; from there to either state the share of the voltage changes by less than a thousandth in
    the reference device.

    Parameters
    ----------
    pulse
        As it was set.
    device
        Whose `[line]` and `[drive]`.
    effects
        `resolution`, `rc`, `ringing` and `leads` count here.

    Raises
    ------
    ValueError
        If nothing is left of the pulse after rounding.
    """

    def __init__(self, pulse: Pulse, device: Device, effects: Effects) -> None:
        self.pulse = _rounded(pulse, device) if "resolution" in effects else pulse
        line, poles = device.line, []
        if "rc" in effects and line.source_resistance * line.pad_capacitance > 0:
            poles.append(complex(-1 / (line.source_resistance * line.pad_capacitance)))
        if "ringing" in effects:
            turn = 2 * math.pi * line.ringing_frequency
            # A second-order system overshoots by exp(-π·decay/turn).
            decay = -math.log(line.overshoot) * turn / math.pi
            poles += [complex(-decay, turn), complex(-decay, -turn)]
        self._poles = poles
        self._weights = [
            -1 / p / math.prod((1 - p / other for j, other in enumerate(poles) if j != i), start=complex(1))
            for i, p in enumerate(poles)
        ]
        self._delay = sum((1 / p).real for p in poles)
        self._share = 1.0
        if "leads" in effects:
            junction = float(Readout(device).resistance(math.pi / 2, self.pulse.amplitude))
            self._share = junction / (junction + line.source_resistance + line.lead_resistance)

    @property
    def top_end(self) -> float:
        """Time at which the generator begins to go back [s]; until then pulses of all widths are the same."""
        return self.pulse.duration - self.pulse.fall

    def voltage(self, time: ArrayLike) -> Values:
        """Give the voltage across the junction at times since the generator began to rise.

        Parameters
        ----------
        time
            Times [s], any shape.

        Returns
        -------
        ndarray of float64
            Voltages [V].
        """
        above = self._edge(time, 0.0, self.pulse.rise) - self._edge(time, self.top_end, self.pulse.fall)
        return self.pulse.base * self._share + above

    def voltage_per_width(self, time: ArrayLike, dt: float) -> Values:
        """Give how much higher the voltage would be for a width longer by a second [V/s].

        Parameters
        ----------
        time
            Times [s], any shape.
        dt
            The derivative is taken over this time, so that a vertical edge has one [s].

        Returns
        -------
        ndarray of float64
            Derivatives; zero before the fall. Their integral over the time is the amplitude.
        """
        at = np.asarray(time, float)
        early, late = (self._edge(at + shift, self.top_end, self.pulse.fall) for shift in (dt / 2, -dt / 2))
        return (early - late) / dt

    def _edge(self, time: ArrayLike, start: float, length: float) -> Values:
        height = (self.pulse.amplitude - self.pulse.base) * self._share
        since = np.asarray(time, float) - start
        if length <= 0:
            return height * self._step(since)
        return height * (self._ramp(since) - self._ramp(since - length)) / length

    def _ramp(self, time: Values) -> Values:
        after = np.maximum(time, 0.0)
        answer = after.copy()
        if self._poles:
            answer += self._delay * (time > 0)
            for pole, weight in zip(self._poles, self._weights, strict=True):
                answer += (weight * np.exp(pole * after)).real * (time > 0)
        return answer

    def _step(self, time: Values) -> Values:
        answer = (time >= 0).astype(float)
        for pole, weight in zip(self._poles, self._weights, strict=True):
            answer += (pole * weight * np.exp(pole * np.maximum(time, 0.0))).real * (time >= 0)
        return answer


def _rounded(pulse: Pulse, device: Device) -> Pulse:
    drive = device.drive
    amplitude, width = _to_step(pulse.amplitude, drive.amplitude_step), _to_step(pulse.width, drive.width_step)
    if width <= 0:
        raise InputError(
            f"pulse width {pulse.width} s is rounded to 0 by a generator of steps of {drive.width_step} s "
            "(drive.width_step): give a longer one, or leave the effect 'resolution' out"
        )
    return replace(pulse, amplitude=amplitude, width=width)


def _to_step(value: float, step: float) -> float:
    return round(value / step) * step if step > 0 else value


@dataclass(frozen=True)
class HoldInterval:
    """What the junction sees between two pulses.

    Raises
    ------
    ValueError
        If the duration is negative or a value not finite.

    Examples
    --------
    A read of 200 µs at 50 mV after every pulse:

    >>> HoldInterval(duration=200e-6, voltage=0.05)
    HoldInterval(duration=0.0002, voltage=0.05)
    """

    duration: float
    """How long [s]."""
    voltage: float = 0.0
    """Bias meanwhile [V]; positive lowers the anisotropy."""

    def __post_init__(self) -> None:
        if not 0 <= self.duration < math.inf:
            raise InputError(f"hold interval of {self.duration} s is not possible: give 0 s or more")
        if not math.isfinite(self.voltage):
            raise InputError(f"hold interval at {self.voltage} V: give a finite voltage")
