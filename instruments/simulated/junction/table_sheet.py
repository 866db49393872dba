"""One pulse map of a switching table: a device in one field and at one temperature."""

from __future__ import annotations

import math
from functools import cached_property, lru_cache

from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.effects import Effects
from mtjlab.instruments.simulated.device.free_layer import FreeLayer
from mtjlab.instruments.simulated.device.pulse import Pulse
from mtjlab.instruments.simulated.junction.node_file import NodeKey
from mtjlab.instruments.simulated.junction.pulse_lattice import PulseLattice
from mtjlab.instruments.simulated.rates.rates import Rates

__all__ = ["TableSheet", "sheets_around"]

_FIELD_STEP = 250_000  # nT
_TEMPERATURE_STEP = 5_000  # mK

Place = tuple[int, int, int]


class TableSheet:
    """The device at one place of the lattice of fields and temperatures.

    Parameters
    ----------
    device
        The device by itself.
    effects
        Those with which the table is counted.
    in_plane_field, perpendicular_field
        Fields beyond the device's own [nT].
    temperature
        Temperature beyond the device's own [mK].
    """

    def __init__(
        self, device: Device, effects: Effects, in_plane_field: int, perpendicular_field: int, temperature: int
    ) -> None:
        self._place = (in_plane_field, perpendicular_field, temperature)
        self._effects = effects
        self.device = device
        """In its surroundings."""
        if any(self._place):
            self.device = device.in_surroundings(
                in_plane_field=in_plane_field * 1e-9,
                perpendicular_field=perpendicular_field * 1e-9,
                temperature=device.temperature + temperature * 1e-3,
            )
        self._layer = FreeLayer(self.device, effects)
        self._field_at = lru_cache(64)(self._anisotropy)
        self._field = self._anisotropy(self.device.temperature)
        self._lattice = lru_cache(8)(lambda rise, fall: PulseLattice(self.device, effects, rise, fall))

    @cached_property
    def rates(self) -> Rates:
        """Thermally activated switching here."""
        return Rates(self.device, Effects([*self._effects, "disturb"]))

    def lattice(self, pulse: Pulse) -> PulseLattice:
        """Give the lattice of pulses with such edges."""
        lattice: PulseLattice = self._lattice(pulse.rise, pulse.fall)
        return lattice

    def key(self, pulse: Pulse, amplitude: int, width: int) -> NodeKey:
        """Name a point [µV], [fs] of the lattice of pulses with such edges."""
        return NodeKey(round(pulse.rise * 1e15), round(pulse.fall * 1e15), *self._place, amplitude, width)

    def amplitude(self, amplitude: float, surrounded: Device | None) -> float:
        """Give the amplitude that leaves the same anisotropy field here as one does at another temperature.

        Parameters
        ----------
        amplitude
            Of the pulse [V].
        surrounded
            The device at the temperature that acts on it.

        Returns
        -------
        float
            Amplitude [V]. A degree moves Bk by a part in a thousand, which is most of what it does to a pulse.
        """
        if surrounded is None or surrounded.temperature == self.device.temperature:
            return amplitude
        (rest, slope), (rest_there, slope_there) = self._field, self._field_at(surrounded.temperature)
        return (rest - rest_there + slope_there * amplitude) / slope if slope > 0 else amplitude

    def _anisotropy(self, temperature: float) -> tuple[float, float]:
        """Give Bk without voltage [T], and by how much a volt lowers it [T]."""
        rest, at_one = (float(self._layer.anisotropy_field(v, temperature)) for v in (0.0, 1.0))
        return rest, rest - at_one


def sheets_around(device: Device, surrounded: Device) -> list[tuple[float, Place]]:
    """Find the sheets around some surroundings.

    Parameters
    ----------
    device
        The device by itself.
    surrounded
        The same in the fields and at the temperature that act on it.

    Returns
    -------
    list of (float, tuple)
        Weight, and fields [nT] and temperature [mK] beyond the device's own: the fields between which theirs lie, for
        linear interpolation, and the nearest temperature.
    """
    kelvin = surrounded.temperature - device.temperature
    temperature = round(kelvin * 1e3 / _TEMPERATURE_STEP) * _TEMPERATURE_STEP
    along_x, along_z = (
        _neighbours((there - here) * 1e9)
        for there, here in (
            (surrounded.in_plane_field, device.in_plane_field),
            (surrounded.stray_field, device.stray_field),
        )
    )
    return [(u * v, (x, z, temperature)) for x, u in along_x for z, v in along_z]


def _neighbours(offset: float) -> list[tuple[int, float]]:
    steps = offset / _FIELD_STEP
    if abs(steps - round(steps)) < 1e-3:
        return [(round(steps) * _FIELD_STEP, 1.0)]
    low = math.floor(steps)
    return [(low * _FIELD_STEP, 1 - (steps - low)), ((low + 1) * _FIELD_STEP, steps - low)]
