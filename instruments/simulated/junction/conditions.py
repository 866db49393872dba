"""Under what conditions pulses act: what the bench adds to the device, and what holds for a stretch of equal pulses."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from mtjlab.core import InputError
from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.pulse import Pulse

__all__ = ["Surroundings", "PulseConditions"]


@dataclass(frozen=True)
class Surroundings:
    """Fields and temperature around a junction.

    Raises
    ------
    ValueError
        If a field is not finite or the temperature not positive.
    """

    in_plane_field: float = 0.0
    """Field of the coils along x [T], added to the device's own."""
    perpendicular_field: float = 0.0
    """Field of the coils along z [T], positive towards P, added to the device's stray field."""
    temperature: float | None = None
    """Temperature of the stage [K]; None is the device's own."""

    def __post_init__(self) -> None:
        for key in ("in_plane_field", "perpendicular_field"):
            if not math.isfinite(getattr(self, key)):
                raise InputError(f"{key} {getattr(self, key)} T is not a finite number")
        if self.temperature is not None and not 0 < self.temperature < math.inf:
            raise InputError(f"temperature {self.temperature} K is not possible: give more than 0 K")

    def applied(self, device: Device) -> Device:
        """Put a device into these surroundings.

        Parameters
        ----------
        device
            The device by itself.

        Returns
        -------
        Device
            The same device with the fields and the temperature that act on it now; the very object where nothing
            is added.
        """
        if self == Surroundings():
            return device
        return device.in_surroundings(
            in_plane_field=self.in_plane_field,
            perpendicular_field=self.perpendicular_field,
            temperature=self.temperature,
        )


@dataclass(frozen=True)
class PulseConditions:
    """What a fidelity needs to know of a stretch of equal pulses."""

    pulse: Pulse
    """The pulse as the generator was set."""
    device: Device
    """The device in the fields and at the temperature that act on it now, without slow drift of the barrier."""
    amplitude: float = 1.0
    """Factor by which the slow drift changes what the amplitude does to the anisotropy."""
    shift: float = 0.0
    """What the slow drift adds to P(switch); see `shifted`."""
    bias: float = 0.0
    """Voltage between the pulses [V]."""
    flips: tuple[float, float] = (0.0, 0.0)
    """Probabilities that the hold after a pulse flips the junction out of P, and out of AP."""

    @property
    def acting_pulse(self) -> Pulse:
        """The pulse that does to the device what the set one does to the drifted device."""
        return replace(self.pulse, amplitude=self.pulse.amplitude * self.amplitude)

    @property
    def drifted_device(self) -> Device:
        """The device as the slow drift has made it, for pulses as they are set."""
        if self.amplitude == 1.0:
            return self.device
        return self.device.model_copy(update={"vcma_coefficient": self.device.vcma_coefficient * self.amplitude})

    def shifted(self, probability: float) -> float:
        """Give the probability that a pulse switches, the drift's shift included.

        Parameters
        ----------
        probability
            P(switch) without the shift.

        Returns
        -------
        float
            (1 - 2|shift|)·P, plus 2·shift where that is positive: a mixture with certain or impossible switching,
            which moves P = 1/2 by the shift exactly and stays within 0 and 1.
        """
        share = min(2 * abs(self.shift), 1.0)
        return (1 - share) * probability + (share if self.shift > 0 else 0.0)

    def rested(self, from_p: float, from_ap: float) -> tuple[float, float]:
        """Give the probabilities of the other state after pulse and hold.

        Parameters
        ----------
        from_p, from_ap
            Probabilities that the pulse switches from P and from AP.

        Returns
        -------
        tuple of float
            Probability of AP from P and of P from AP: one of the two flips, not both.
        """
        out_of_p, out_of_ap = self.flips
        return (
            from_p * (1 - out_of_ap) + (1 - from_p) * out_of_p,
            from_ap * (1 - out_of_p) + (1 - from_ap) * out_of_ap,
        )
