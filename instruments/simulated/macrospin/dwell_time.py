"""How long a junction stays in a state by itself, counted on the macrospin."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mtjlab.core import InputError
from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.free_layer import GYROMAGNETIC_RATIO
from mtjlab.instruments.simulated.macrospin.macrospin import Macrospin, Seed
from mtjlab.instruments.simulated.macrospin.shots import ShotRandomness

__all__ = ["DwellTime"]

_LOOKS = 512  # at most
_LEFT = math.exp(-1.2)  # what is left of the memory when enough has been seen
_SEEN = 5.0  # standard errors by which a memory must differ from none, for its logarithm to mean something


@dataclass(frozen=True)
class DwellTime:
    """Mean dwell times in both states and the rate at which an ensemble forgets its state.

    The rate is λ = 1/τ_P + 1/τ_AP: without a field along z twice the inverse dwell time.
    """

    rate: float
    """Relaxation rate λ of the populations [1/s]."""
    rate_error: float
    """Its standard error [1/s]."""
    parallel: float
    """Mean dwell time in P [s]."""
    antiparallel: float
    """Mean dwell time in AP [s]."""
    shots: int
    """Junctions followed."""
    duration: float
    """For how long [s]."""

    @classmethod
    def count(
        cls,
        macrospin: Macrospin,
        shots: int,
        *,
        voltage: float = 0.0,
        longest: float = 20e-6,
        seed: Seed = None,
        dt: float = 4e-12,
        progress: Callable[[float, float], None] | None = None,
    ) -> DwellTime:
        """Follow junctions that start in both states until most have forgotten where.

        Parameters
        ----------
        macrospin
            The device, its surroundings and effects.
        shots
            Junctions to follow, half of them from each state; at least 256.
        voltage
            Constant voltage across the junction [V].
        longest
            For how long at most [s].
        seed
            Seed of the thermal noise.
        dt
            Time step [s].
        progress
            Called with (how much was forgotten, how much is to be), both as logarithms.

        Returns
        -------
        DwellTime
            Rate with standard error, dwell times.

        Raises
        ------
        ValueError
            If there are too few shots, the states have no barrier between them, or the memory lasts longer, or is gone
            before it can be followed.

        Notes
        -----
        With D(t) the mean of the state's sign relative to where it started, λ = ln(D(t1)/D(t2))/(t2 - t1) with t1
        behind the relaxation within the wells; the error is that of the two means over the same shots.
        """
        if shots < 256:
            raise InputError(f"{shots} shots are too few for a dwell time: give at least 256")
        device, layer = macrospin.device, macrospin.layer
        barrier = float(layer.anisotropy_field(voltage, device.temperature)) - abs(device.in_plane_field)
        if barrier <= 0:
            raise InputError(
                f"at {voltage:g} V and {device.in_plane_field:g} T in the plane nothing separates the two states: "
                "lower the voltage or the field"
            )
        within = (1 + device.damping**2) / (device.damping * GYROMAGNETIC_RATIO * barrier)
        randomness = ShotRandomness.of(seed)
        start = 1.0 - 2.0 * (np.arange(shots) % 2)
        m = np.zeros((shots, 3), np.float32)
        m[:, 2] = start
        m = macrospin.wait(m, 5 * within, voltage=voltage, seed=randomness, dt=dt)
        early, elapsed, step = np.sign(m[:, 2]) * start, 0.0, 2 * within
        least = _SEEN / math.sqrt(shots)
        if not early.mean() > least:
            raise InputError(_forgotten(device, 5 * within))
        forgotten, late, sign = 0.0, early, np.sign(m[:, 2])
        for look in range(1, _LOOKS + 1):
            if elapsed + step > longest:
                break
            m = macrospin.wait(m, step, voltage=voltage, seed=randomness, dt=dt)
            seen = np.sign(m[:, 2]) * start
            if not seen.mean() > least:
                # Too little is left for a logarithm: what was seen before has to do.
                if elapsed == 0:
                    raise InputError(_forgotten(device, 5 * within + step))
                break
            late, sign, elapsed = seen, np.sign(m[:, 2]), elapsed + step
            forgotten = math.log(early.mean() / late.mean())
            if progress is not None:
                progress(max(0.0, min(forgotten, -math.log(_LEFT))), -math.log(_LEFT))
            if late.mean() < _LEFT * early.mean():
                break
            # A long memory is looked at more rarely: at most a tenth of what has passed goes by between looks.
            step = max(step, 0.1 * elapsed if look > 8 else 0.0)
        if not forgotten * math.sqrt(shots) > 10:
            raise InputError(
                f"device '{device.name}' keeps its state longer than can be followed: after {elapsed:.3g} s "
                f"{late.mean():.1%} of it is left; lower its stability, raise the voltage or follow it longer"
            )
        return cls._of(early, late, sign, elapsed)

    @classmethod
    def _of(
        cls, early: NDArray[np.float64], late: NDArray[np.float64], sign: NDArray[np.float32], elapsed: float
    ) -> DwellTime:
        rate = math.log(early.mean() / late.mean()) / elapsed
        error = float((early / early.mean() - late / late.mean()).std()) / math.sqrt(early.size) / elapsed
        # The mean sign over starts from both states grows to its final value as the memory fades.
        polarity = float(np.clip(sign.mean() / (1 - late.mean()), -0.999, 0.999))
        leaving_p, leaving_ap = rate * (1 - polarity) / 2, rate * (1 + polarity) / 2
        return cls(rate, error, 1 / leaving_p, 1 / leaving_ap, early.size, elapsed)


def _forgotten(device: Device, duration: float) -> str:
    return (
        f"device '{device.name}' forgets its state within {duration:.3g} s, as fast as it relaxes within a state: it "
        "has no dwell time; raise its stability, or lower the field in the plane or the voltage"
    )
