"""What all macrospins of a run share: fields, voltage and temperature step by step."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mtjlab.core.errors import InputError
from mtjlab.instruments.simulated.device.delivered_pulse import DeliveredPulse
from mtjlab.instruments.simulated.device.free_layer import GYROMAGNETIC_RATIO, FreeLayer
from mtjlab.instruments.simulated.device.readout import Readout
from mtjlab.instruments.simulated.kernels.lane_layout import NOISE_MEAN, NOISE_SCALE

__all__ = ["Course"]

_LARGEST_TURN = 0.35  # rad a step; beyond it |m| is no longer restored by one Newton iterate

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Course:
    """The ends of the steps of a run, in the columns that `lanes.integrate` takes."""

    rows: NDArray[np.float32]
    """Shape (steps + 1, 9); see `lanes.integrate`."""
    warmth: float
    """Temperature rise at the end [K]."""

    @classmethod
    def at_rest(cls, layer: FreeLayer, duration: float, dt: float, voltage: float = 0.0) -> Course:
        """Make the course of a wait at constant voltage.

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
    ) -> Course:
        """Make the course of a part of a pulse.

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
    def _make(cls, layer: FreeLayer, voltage: Values, per_width: Values, rise: Values, dt: float) -> Course:
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
