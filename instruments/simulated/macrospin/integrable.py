"""Which pulses can be integrated step by step."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from mtjlab.core.errors import InputError
from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.effects import Effects

__all__ = ["LONGEST", "refuse_what_takes_too_long_or_short", "refuse_widths_that_do_not_increase"]

LONGEST = 1e-6
"""Longest time that is integrated [s]; half a million steps a shot."""


def refuse_what_takes_too_long_or_short(width: float, settle: float, dt: float) -> None:
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


def refuse_widths_that_do_not_increase(widths: Sequence[float], device: Device, effects: Effects) -> None:
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
