"""The heat that pulses leave in the junction."""

from __future__ import annotations

import numpy as np

from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.pulse import HoldInterval, Pulse
from mtjlab.instruments.simulated.device.readout import Readout

__all__ = ["average_rise", "dc_rise", "pulse_energy"]


def pulse_energy(device: Device, pulse: Pulse) -> float:
    """Give the energy that a pulse turns into heat in the junction, averaged over both states.

    Parameters
    ----------
    device
        Whose resistance.
    pulse
        Amplitude [V], width [s] and edges [s].

    Returns
    -------
    float
        Energy [J]: V²t/R on the flat top, a third of that over the edges.

    Examples
    --------
    The reference pillar at 1.5 V and 1 ns takes 44 fJ in state P and 40 fJ in state AP:

    >>> round(1e15 * pulse_energy(Device(), Pulse(1.5, 1e-9, 0.0, 0.0)), 1)
    42.2
    """
    edges = pulse.rise + pulse.fall
    time = pulse.duration - edges + edges / 3
    conductance = float(np.mean(1 / Readout(device).resistance(np.array([0.0, np.pi]), pulse.amplitude)))
    return pulse.amplitude**2 * conductance * time


def average_rise(device: Device, pulse: Pulse, hold: HoldInterval) -> float:
    """Give the steady average temperature rise in a train of pulses.

    Parameters
    ----------
    device
        Its resistance and `heating.thermal_resistance`.
    pulse
        Each pulse.
    hold
        What lies between two of them.

    Returns
    -------
    float
        Rise over the stage [K]: thermal resistance times the average power. What a pulse adds while it lasts is not
        in it.
    """
    total = pulse.duration + hold.duration
    pulses = device.heating.thermal_resistance * pulse_energy(device, pulse) / total
    return pulses + dc_rise(device, (hold.voltage, hold.voltage)) * hold.duration / total


def dc_rise(device: Device, voltages: tuple[float, float]) -> float:
    """Give the temperature rise at a steady bias, averaged over both states.

    Parameters
    ----------
    device
        Its resistance and `heating.thermal_resistance`.
    voltages
        Bias in P and in AP [V].

    Returns
    -------
    float
        Rise over the stage [K].

    Examples
    --------
    >>> round(dc_rise(Device(), (0.1, 0.1)), 3)
    0.037
    """
    resistance = Readout(device).resistance(np.array([0.0, np.pi]), np.array(voltages))
    return device.heating.thermal_resistance * float(np.mean(np.square(voltages) / resistance))
