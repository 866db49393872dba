"""Many macrospins through one waveform of fields and voltage, step by step, in lanes of 128.

The equation and its arithmetic are those of `kernels.heun_lanes`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mtjlab.core import InputError
from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.effects import Effects
from mtjlab.instruments.simulated.device.free_layer import GYROMAGNETIC_RATIO, FreeLayer
from mtjlab.instruments.simulated.device.pulse import DeliveredPulse
from mtjlab.instruments.simulated.device.readout import Readout
from mtjlab.instruments.simulated.kernels.kernel import Kernel
from mtjlab.instruments.simulated.kernels.lane_layout import (
    DELAY,
    GAIN,
    LANES,
    NOISE,
    NOISE_MEAN,
    NOISE_SCALE,
    QUANTITIES,
    VECTOR,
)

__all__ = [
    "LONGEST",
    "validate_durations",
    "validate_increasing_widths",
    "DriveWaveform",
    "integrate",
]

LONGEST = 1e-6
"""Longest time that is integrated [s]; half a million steps a shot."""


def validate_durations(width: float, settle: float, dt: float) -> None:
    """Refuse times that make too many steps or too few.

    Parameters
    ----------
    width
        Of the pulse [s].
    settle
        Between the pulse and the look at the state [s].
    dt
        Time step [s].

    Raises
    ------
    ValueError
        If the step is not positive, the pulse shorter than two of them or longer than a microsecond, or `settle`
        negative or as long.
    """
    if not dt > 0:
        raise InputError(f"time step {dt} s is not positive")
    if not width >= 2 * dt:
        raise InputError(f"pulse width {width} s is shorter than two time steps of {dt} s: shorten dt")
    if not width <= LONGEST:
        raise InputError(
            f"pulse width {width} s is too long to integrate step by step: give at most {LONGEST:g} s; longer times "
            "are what the fidelity 'rates' is for"
        )
    if not 0 <= settle <= LONGEST:
        raise InputError(f"settle time {settle} s is not allowed: give 0 to {LONGEST:g} s")


def validate_increasing_widths(widths: Sequence[float], device: Device, effects: Effects) -> None:
    """Refuse widths, as the generator makes them, of which one is no longer than the one before.

    Parameters
    ----------
    widths
        After the generator's rounding [s].
    device
        Whose generator.
    effects
        With `resolution` among them it has rounded.

    Raises
    ------
    ValueError
        That names the first such pair.
    """
    for earlier, later in pairwise(widths):
        if later == earlier and "resolution" in effects:
            raise InputError(
                f"two pulse widths are {later:.6g} s after rounding to the generator's steps of "
                f"{device.drive.width_step:g} s (drive.width_step): leave one out, or the effect 'resolution'"
            )
        if later <= earlier:
            raise InputError(f"pulse widths do not increase from {earlier:.6g} s to {later:.6g} s: sort them")


_LARGEST_TURN = 0.35  # rad a step; beyond it |m| is no longer restored by one Newton iterate

Values = NDArray[np.float64]


@dataclass(frozen=True)
class DriveWaveform:
    """The ends of the steps of a run, in the columns that `integrate` takes."""

    rows: NDArray[np.float32]
    """Shape (steps + 1, 9); see `integrate`."""
    warmth: float
    """Temperature rise at the end [K]."""

    @classmethod
    def at_rest(cls, layer: FreeLayer, duration: float, dt: float, voltage: float = 0.0) -> DriveWaveform:
        """Make the waveform of a wait at constant voltage.

        Parameters
        ----------
        layer
            The free layer.
        duration
            How long [s].
        dt
            The longest allowed step [s].
        voltage
            Across the junction [V]; it does not heat.

        Raises
        ------
        ValueError
            If the time step is too long for the fields.
        """
        times, step = _times(0.0, duration, dt)
        return cls._make(layer, np.full_like(times, voltage), np.zeros_like(times), np.zeros_like(times), step)

    @classmethod
    def of_pulse(
        cls, layer: FreeLayer, pulse: DeliveredPulse, span: tuple[float, float], dt: float, warmth: float = 0.0
    ) -> DriveWaveform:
        """Make the waveform of a part of a pulse.

        Parameters
        ----------
        layer
            The free layer.
        pulse
            The pulse at the junction.
        span
            From when to when, since the generator began to rise [s].
        dt
            The longest allowed step [s].
        warmth
            Temperature rise at the begin [K].

        Raises
        ------
        ValueError
            If the time step is too long for the fields.
        """
        times, step = _times(*span, dt)
        voltage = pulse.voltage(times)
        rise = np.zeros_like(times)
        if "heating" in layer.effects:
            heating = layer.device.heating
            # Half way between the states, whose powers differ by a tenth at the voltages of pulses.
            power = voltage**2 / Readout(layer.device).resistance(math.pi / 2, voltage)
            rise = _relaxed(warmth, heating.thermal_resistance * power, math.exp(-step / heating.time_constant))
        return cls._make(layer, voltage, pulse.voltage_per_width(times, step), rise, step)

    @classmethod
    def _make(cls, layer: FreeLayer, voltage: Values, per_width: Values, rise: Values, dt: float) -> DriveWaveform:
        device, temperature = layer.device, layer.device.temperature + rise
        # Bk is linear in the voltage, so two of its values give all.
        at_zero = layer.anisotropy_field(0.0, temperature)
        per_volt = layer.anisotropy_field(1.0, temperature) - at_zero
        thermal = layer.thermal_field(temperature, dt)
        torque = layer.torque_per_volt(temperature)
        perpendicular = device.stray_field + layer.field_like(voltage, temperature)
        turn = GYROMAGNETIC_RATIO * dt / (1 + device.damping**2)
        largest = float(
            (
                np.abs(at_zero + per_volt * voltage)
                + abs(device.in_plane_field)
                + np.abs(perpendicular)
                + np.abs(torque * voltage)
                + 4 * thermal
            ).max()
        )
        if turn * largest > _LARGEST_TURN:
            raise InputError(
                f"time step {dt} s is too long for fields of {largest:.3g} T: give at most "
                f"{dt * _LARGEST_TURN / (turn * largest):.2g} s"
            )
        # The noise is a whole number of known mean and variance; its mean is taken off the constant fields.
        scale = thermal * NOISE_SCALE
        mean = scale * NOISE_MEAN
        fields = (device.in_plane_field - mean, -mean, perpendicular - mean)
        angles = [turn * each for each in (at_zero, per_volt, torque, scale, *fields)]
        return cls(np.stack([voltage, per_width, *angles], axis=1).astype(np.float32), float(rise[-1]))


def _times(start: float, stop: float, dt: float) -> tuple[Values, float]:
    # A whole number of steps no longer than dt; the slack keeps rounding from adding one more.
    steps = max(1, math.ceil((stop - start) / dt - 1e-6))
    return np.linspace(start, stop, steps + 1), (stop - start) / steps


def _relaxed(value: float, towards: Values, keep: float) -> Values:
    """Follow a first-order system towards a target given at the ends of the steps."""
    found = [value]
    for target in ((towards[:-1] + towards[1:]) * ((1 - keep) / 2)).tolist():
        found.append(found[-1] * keep + target)
    return np.array(found)


_ADVANCE, _ADVANCE_IN_COMMON = (
    Kernel("heun_lanes", name, "f4* u4* f4* i8 i8 f4") for name in ("advance", "advance_in_common")
)


def integrate(
    m: NDArray[np.float32],
    words: NDArray[np.uint64],
    waveform: NDArray[np.float32],
    *,
    damping: float,
    gain: NDArray[np.float32] | None = None,
    delay: NDArray[np.float32] | None = None,
) -> NDArray[np.float32]:
    """Integrate independent macrospins over a common waveform of fields and voltage.

    Parameters
    ----------
    m
        Unit vectors at the start, shape (count, 3).
    words
        One random 64-bit word a macrospin, shape (count,); it alone decides that macrospin's thermal field.
    waveform
        Shape (steps + 1, 9), the ends of the steps: voltage V [V], its derivative W by the pulse's width [V/s],
        anisotropy field at zero voltage [rad] and per volt [rad/V], torque per volt [rad/V], then what is constant in
        a step: factor of the noise [rad], and constant field along x, y and z, less the noise's mean [rad]. Fields
        are stated as the angle that they turn the magnetisation in a step, γ dt/(1+α²) times what they are.
    damping
        Gilbert damping.
    gain, delay
        Of each macrospin, shape (count,): its voltage is gain·(V + delay·W); 1 and 0 s unless given.

    Returns
    -------
    ndarray of float32, shape (count, 3)
        Unit vectors at the end.
    """
    count = len(m)
    number = -(-count // LANES)
    groups = np.zeros((number, QUANTITIES, LANES), np.float32)
    _put(groups[:, VECTOR:NOISE], m, [0.0, 0.0, 1.0])
    _put(groups[:, GAIN : GAIN + 1], None if gain is None else gain[:, None], [1.0])
    _put(groups[:, DELAY : DELAY + 1], None if delay is None else delay[:, None], [0.0])
    seeds = np.empty((number, 2, LANES), np.uint32)
    # A xorshift state of zero would stay there; a word has one such half once in four thousand million. A word's
    # low half is taken first, whatever the order of the processor's bytes.
    halves = np.stack((words & np.uint64(0xFFFFFFFF), words >> np.uint64(32)), axis=1).astype(np.uint32)
    _put(seeds, np.maximum(halves, 1), [1, 1])
    shared = gain is None and delay is None and not waveform[:, 4].any()
    advance = _ADVANCE_IN_COMMON if shared else _ADVANCE
    advance(groups, seeds, waveform, number, len(waveform) - 1, damping)
    moved = np.empty((number, LANES, 3), np.float32)
    for axis in range(3):
        moved[:, :, axis] = groups[:, VECTOR + axis]
    return moved.reshape(-1, 3)[:count]


def _put(groups: NDArray[Any], rows: NDArray[Any] | None, default: list[float]) -> None:
    """Put a row a macrospin into rows a quantity, with default values in lanes that are not used."""
    number, columns, lanes = groups.shape
    count = 0 if rows is None else len(rows)
    whole = count // lanes
    groups[whole:] = np.array(default)[:, None]
    if rows is not None:
        for column in range(columns):
            groups[:whole, column] = rows[: whole * lanes, column].reshape(whole, lanes)
            if whole < number:
                groups[whole, column, : count - whole * lanes] = rows[whole * lanes :, column]
