"""Bars of one wafer."""

from __future__ import annotations

import math

import numpy as np

from mtjlab.core import InputError
from mtjlab.instruments.simulated.device.bar_parameters import BarParameters

__all__ = ["draw_bars"]

_LEAST = 0.1  # of a parameter's mean; a Gaussian has tails where a device has none


def draw_bars(bar: BarParameters, count: int, seed: int | None = None) -> list[BarParameters]:
    """Draw bars that differ as `bar.spread` says.

    Parameters
    ----------
    bar
        The mean bar; for its resistivities, the median.
    count
        How many.
    seed
        Seed of the draws; the first ten of a hundred are the ten of a draw of ten.

    Returns
    -------
    list of BarParameters
        Named `w-cofeb-000`, `w-cofeb-001`, … after the bar.

    Raises
    ------
    ValueError
        If the count is negative.

    Notes
    -----
    Both resistivities are lognormal together; all else is Gaussian, each by a number of its own, and cut off at a tenth
    of its mean. Δ follows the drawn anisotropy field and activation volume, Jc0 the drawn damping, fields and ξ_DL.

    Examples
    --------
    >>> [bar.name for bar in draw_bars(BarParameters(), 2, seed=1)]
    ['w-cofeb-000', 'w-cofeb-001']
    """
    if count < 0:
        raise InputError(f"{count} bars cannot be drawn: give 0 or more")
    digits = max(3, len(str(count - 1)))
    rng = np.random.default_rng(seed)
    return [_drawn(bar, f"{bar.name}-{number:0{digits}d}", rng.standard_normal(10).tolist()) for number in range(count)]


def _drawn(bar: BarParameters, name: str, normal: list[float]) -> BarParameters:
    spread, films, torque = bar.spread, bar.films, bar.torque
    resistance, width, anisotropy, demagnetisation, damping_like, field_like, umr, damping, volume, tilt = normal
    resistivity = math.exp(spread.resistance * resistance)
    sections = {
        "films": {
            "metal_resistivity": films.metal_resistivity * resistivity,
            "magnet_resistivity": films.magnet_resistivity * resistivity,
        },
        "torque": {
            "damping_like": torque.damping_like * _about_one(spread.torque, damping_like),
            "field_like": torque.field_like * _about_one(spread.torque, field_like),
        },
        "umr": {"saturation": bar.umr.saturation * _about_one(spread.umr, umr)},
    }
    update = {
        "name": name,
        "width": bar.width * _about_one(spread.width, width),
        "anisotropy_field": bar.anisotropy_field * _about_one(spread.anisotropy, anisotropy),
        "demagnetising_field": bar.demagnetising_field * _about_one(spread.demagnetisation, demagnetisation),
        "damping": bar.damping * _about_one(spread.damping, damping),
        "activation_volume": bar.activation_volume * _about_one(spread.volume, volume),
        "easy_axis_tilt": bar.easy_axis_tilt + spread.tilt * tilt,
    }
    whole = bar.model_dump()
    return BarParameters.model_validate(
        whole | update | {section: whole[section] | values for section, values in sections.items()}
    )


def _about_one(spread: float, normal: float) -> float:
    return max(1 + spread * normal, _LEAST)
