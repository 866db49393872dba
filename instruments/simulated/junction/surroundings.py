"""What the bench adds to a device: the fields of its coils and the temperature of its stage."""

from __future__ import annotations

import math
from dataclasses import dataclass

from mtjlab.core.errors import InputError
from mtjlab.instruments.simulated.device.device import Device

__all__ = ["Surroundings"]


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
