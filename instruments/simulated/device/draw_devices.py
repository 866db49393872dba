"""Devices of one wafer."""

from __future__ import annotations

import math

import numpy as np

from mtjlab.core import InputError
from mtjlab.instruments.simulated.device.device import Device

__all__ = ["draw_devices"]

_LEAST = 0.1  # of a parameter's mean; a Gaussian has tails where a device has none


def draw_devices(device: Device, count: int, seed: int | None = None) -> list[Device]:
    """Draw devices that differ as `device.spread` says.

    Parameters
    ----------
    device
        The mean device; for RA, the median.
    count
        How many.
    seed
        Seed of the draws; the first ten of a hundred are the ten of a draw of ten.

    Returns
    -------
    list of Device
        Named `reference-000`, `reference-001`, … after the device.

    Raises
    ------
    ValueError
        If the count is negative.

    Notes
    -----
    RA is lognormal; diameter, Δ, ξ and Hx are Gaussian, the first three cut off at a tenth of their mean. Δ follows
    the drawn diameter through the volume, and has a spread of its own through the anisotropy.

    Examples
    --------
    >>> [device.name for device in draw_devices(Device(), 2, seed=1)]
    ['reference-000', 'reference-001']
    """
    if count < 0:
        raise InputError(f"{count} devices cannot be drawn: give 0 or more")
    digits = max(3, len(str(count - 1)))
    rng = np.random.default_rng(seed)
    spread, drawn = device.spread, []
    for number in range(count):
        area, diameter, stability, vcma, field = rng.standard_normal(5)
        update = {
            "name": f"{device.name}-{number:0{digits}d}",
            "resistance_area": device.resistance_area * math.exp(spread.resistance_area * area),
            "diameter": max(device.diameter + spread.diameter * diameter, _LEAST * device.diameter),
            "anisotropy_energy": device.anisotropy_energy * max(1 + spread.stability * stability, _LEAST),
            "vcma_coefficient": device.vcma_coefficient * max(1 + spread.vcma * vcma, _LEAST),
            "in_plane_field": device.in_plane_field + spread.in_plane_field * field,
        }
        drawn.append(Device.model_validate(device.model_dump() | update))
    return drawn
