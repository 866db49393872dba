"""What of a setting a bench allows: by its limits, its line to the device, and what its instruments can make at all."""

import math
from collections.abc import Callable
from typing import NamedTuple

from mtjlab.core import InputError
from mtjlab.instruments.bench.file import DRIVERS, BenchFile
from mtjlab.instruments.instrument_error import missing_role
from mtjlab.instruments.safety.current_check import largest_current
from mtjlab.instruments.safety.setting_value import toward_zero
from mtjlab.instruments.safety.signal_path import Reach, SignalPath

__all__ = ["AllowedRange", "PulseSettings", "allowed_range", "made_amplitudes"]

HALVINGS = 60


class PulseSettings(NamedTuple):
    """What else is set when a pulse is sent: one limit spans several settings."""

    amplitude: float = 0.0
    """Programmed amplitude [V]."""
    width: float = 0.0
    """Width [s]."""
    bias: float = 0.0
    """Bias under it [V]."""


ALONE = PulseSettings()


class AllowedRange(NamedTuple):
    """Range of one setting, with everything else as it is."""

    low: float
    """Lowest value."""
    high: float
    """Highest value."""
    smallest: float = 0.0
    """Smallest magnitude that the instrument makes."""
    missing: str = ""
    """What the bench has to have for it, where it has no instrument that makes it."""


def allowed_range(bench: BenchFile, limit: str, beside: PulseSettings = ALONE) -> AllowedRange:
    """Give the range of a setting on a bench, as it is programmed.

    Parameters
    ----------
    bench
        Bench file.
    limit
        The limit that bounds it, such as ``pulse_amplitude``: a key of ``[limits]``.
    beside
        What else is set: amplitude, width and bias bound each other, and nothing else.

    Examples
    --------
    The 10,070A of this bench drives an open end, where twice its amplitude stands:

    >>> allowed_range(BenchFile.load("simulated-fast"), "pulse_amplitude", PulseSettings(bias=0.05)).high
    0.875429
    >>> allowed_range(BenchFile.load("simulated"), "field").missing
    'no coil on this bench: add [roles.coil] to the bench file of simulated'
    """
    roles = [role for role in bench.roles.table.values() if limit in role.limit_facts]
    filled = {name: settings for name, settings in bench.roles if bench.roles.table[name].is_held_to(limit)}
    if not filled:
        return AllowedRange(0.0, 0.0, missing=str(missing_role(bench, roles[0].name)))
    stated = float(getattr(bench.limits, limit))
    smallest, largest = 0.0, math.inf
    for settings in filled.values():
        makes = getattr(DRIVERS.load(settings.driver), "makes", None)
        least, most = ({} if makes is None else makes(settings)).get(limit, (0.0, math.inf))
        smallest, largest = max(smallest, least), min(largest, most)
    line = SignalPath(bench.wiring, bench.device, bench.limits.duty_cycle)
    if limit == "pulse_amplitude":
        lowest, highest = (
            min(largest, _largest(line.programmed(stated), _pulses(bench, line, beside, sign))) for sign in (-1, 1)
        )
    elif limit == "pulse_width":
        lowest, highest = 0.0, min(largest, _largest(stated, _widths(bench, line, beside)))
    elif limit == "read_bias" and beside.amplitude:
        lowest, highest = (min(largest, _largest(stated, _biases(bench, line, beside, sign))) for sign in (-1, 1))
    else:
        highest = min(largest, stated)
        if limit == "current":
            highest = min(highest, largest_current(bench.device, bench.limits.current_density))
        lowest = highest if roles[0].limit_facts[limit].either_polarity else 0.0
    return AllowedRange(-toward_zero(lowest), toward_zero(highest), smallest)


def made_amplitudes(bench: BenchFile, low: float, high: float) -> tuple[float, ...]:
    """Give the only pulse amplitudes [V] in a range that the bench's generator makes; none where it makes any.

    Parameters
    ----------
    bench
        Bench file.
    low, high
        Ends of the range [V].

    Raises
    ------
    InputError
        If it makes none in the range.

    Examples
    --------
    >>> made_amplitudes(BenchFile.load("simulated-fast"), 0.6, 0.8)
    (0.668438, 0.75)
    >>> made_amplitudes(BenchFile.load("simulated"), 0.6, 0.8)
    ()
    """
    generator = bench.roles.pulse_generator
    driver = None if generator is None else DRIVERS.load(generator.driver)
    makes = getattr(driver, "amplitudes", None)
    if makes is None or not makes(-math.inf, math.inf):
        return ()
    found: tuple[float, ...] = makes(low, high)
    if not found:
        raise InputError(f"the pulse generator makes no amplitude from {low:g} to {high:g} V: give a wider range")
    return found


def _pulses(bench: BenchFile, line: SignalPath, beside: PulseSettings, sign: int) -> Callable[[float], bool]:
    return lambda size: _stands(bench, line.reach(sign * size, beside.width, beside.bias))


def _biases(bench: BenchFile, line: SignalPath, beside: PulseSettings, sign: int) -> Callable[[float], bool]:
    return lambda size: _stands(bench, line.reach(beside.amplitude, beside.width, sign * size))


def _stands(bench: BenchFile, reach: Reach) -> bool:
    """Tell whether the device stands a pulse."""
    return reach.voltage <= bench.limits.pulse_amplitude and reach.energy <= bench.limits.pulse_energy


def _widths(bench: BenchFile, line: SignalPath, beside: PulseSettings) -> Callable[[float], bool]:
    return lambda width: line.reach(beside.amplitude, width, beside.bias).energy <= bench.limits.pulse_energy


def _largest(most: float, allowed: Callable[[float], bool]) -> float:
    """Give the largest value up to `most` that is allowed, where all below one that is are too."""
    if allowed(most):
        return most
    low, high = 0.0, most
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if allowed(middle) else (low, middle)
    return low
