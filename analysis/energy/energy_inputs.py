"""What energy and area are calculated from: numbers with unit and origin, recorded, given or assumed."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from mtjlab.core import InputError

__all__ = ["INPUTS", "EnergyInput", "InputKind", "Origin", "chosen_inputs", "given"]


class Origin(StrEnum):
    """Where a number comes from."""

    RECORDED = "recorded"
    """It stands in the recording."""
    GIVEN = "given"
    """The user gave it."""
    ASSUMED = "assumed"
    """Nobody gave it: the default, with its source."""


class EnergyInput(NamedTuple):
    """A number that energy or area depends on."""

    value: float
    """In the unit."""
    unit: str
    """SI unit; ``1`` where there is none."""
    origin: Origin
    """Recorded, given or assumed."""
    source: str
    """Where it stands, or why it is assumed."""

    def as_dict(self) -> dict[str, Any]:
        """Give value, unit, origin and source for programs."""
        return {"value": self.value, "unit": self.unit, "origin": str(self.origin), "source": self.source}


class InputKind(NamedTuple):
    """What one of the inputs is."""

    words: str
    """What it is, for people."""
    unit: str
    """SI unit; ``1`` where there is none."""
    low: float
    """Lowest value that is taken."""
    high: float
    """Highest value that is taken."""
    default: float | None
    """Value where nobody gives one; None where somebody has to."""
    source: str
    """Where the default comes from."""


_PILLAR = "the reference device's"
_INTEL_MRAM = "Intel 22FFL STT-MRAM, ISSCC 2019"
INPUTS: Mapping[str, InputKind] = {
    "amplitude": InputKind("pulse amplitude at the device", "V", -10, 10, None, ""),
    "width": InputKind("pulse width at half of the amplitude", "s", 1e-12, 1, None, ""),
    "edge": InputKind("rise and fall of a pulse, from base to top", "s", 0, 1, 0.0, "vertical edges"),
    "base": InputKind("bias under the pulses", "V", -10, 10, 0.0, "none"),
    "resistance": InputKind("resistance of the parallel state", "Ω", 1e-3, 1e12, None, ""),
    "tmr": InputKind("tunnel magnetoresistance at zero bias", "1", 0, 100, 1.0, f"{_PILLAR}; published 1.0 to 1.2"),
    "half_bias": InputKind("bias at which it is halved", "V", 1e-3, 100, 0.5, "about 0.5 V for MgO"),
    "diameter": InputKind("diameter of the pillar", "m", 1e-10, 1e-2, 50e-9, _PILLAR),
    "barrier_thickness": InputKind("thickness of the barrier", "m", 1e-10, 1e-6, 1.4e-9, _PILLAR),
    "permittivity": InputKind("relative permittivity of the barrier", "1", 1, 1e3, 9.7, "bulk MgO"),
    "pad_capacitance": InputKind("capacitance of the contact pad", "F", 0, 1, 1e-12, "order of a probe pad"),
    "termination": InputKind("resistor beside the device that ends the line", "Ω", 1e-3, 1e12, 50.0, "a 50 Ω line"),
    "read_bias": InputKind("bias of a read on the bench", "V", -10, 10, 0.1, "a usual read bias"),
    "read_time": InputKind("time of a read on the bench, with settling", "s", 0, 1e3, 200e-6, "0.01 cycles of 50 Hz"),
    "pulses_per_bit": InputKind("pulses and reads for one raw bit", "1", 1, 1e6, 1.0, "no reset pulses"),
    "cell_read_bias": InputKind("bias of a read in a memory", "V", -10, 10, 0.1, "as on the bench"),
    "cell_read_time": InputKind("time of a read in a memory", "s", 0, 1, 8.5e-9, "foundry VC-MRAM, He, UCLA thesis"),
    "cell_settle": InputKind("time between pulse and read in a memory", "s", 0, 1, 5e-9, _PILLAR),
    "periphery": InputKind(
        "energy of drivers and sense amplifier for a pulse with its read", "J", 0, 1, 0.45e-12,
        "chosen here: two lines of 100 fF driven to 1.5 V, CV² each",
    ),
    "cell_area": InputKind(
        "area of a cell: junction and transistor", "m²", 1e-20, 1, 0.0486e-12, f"{_INTEL_MRAM}: 216 nm by 225 nm"
    ),
    "shared_area": InputKind(
        "area of a cell with its share of the periphery", "m²", 1e-20, 1, 1e-6 / 10.6e6,
        f"{_INTEL_MRAM}: 10.6 Mb/mm² for 7 Mb",
    ),
    "processor_power": InputKind(
        "power of a processor core at work, where no counter tells", "W", 1e-6, 1e4, 280 / 64,
        "AMD EPYC 7763: 280 W over 64 cores",
    ),
    "processor_area": InputKind(
        "area of a processor core with its share of the cache", "m²", 1e-12, 1, 68e-6 / 8,
        "AMD Zen 3, ISSCC 2022: 68 mm² for 8 cores with 32 MB",
    ),
}  # fmt: skip
"""What each input is, its range, and its default."""


def given(name: str, value: float) -> EnergyInput:
    """Make an input of what the user gave.

    Parameters
    ----------
    name
        Its name in `INPUTS`.
    value
        Its value, in the unit that stands there.

    Raises
    ------
    InputError
        If it is out of range.
    """
    kind = INPUTS[name]
    if not kind.low <= value <= kind.high:
        raise InputError(f"{kind.words} = {value:g} {kind.unit}: expected {kind.low:g} to {kind.high:g}", argument=name)
    return EnergyInput(value, kind.unit, Origin.GIVEN, "given")


def chosen_inputs(found: Mapping[str, EnergyInput]) -> dict[str, EnergyInput]:
    """Give all inputs: those that were found, and the defaults of the others.

    Parameters
    ----------
    found
        Recorded or given inputs, by name.

    Raises
    ------
    InputError
        If one is missing that has no default; all missing ones are named.
    """
    missing = [kind.words for name, kind in INPUTS.items() if kind.default is None and name not in found]
    if missing:
        needed = [name for name, kind in INPUTS.items() if kind.default is None and name not in found]
        raise InputError(
            f"no {', no '.join(missing)}: bits alone do not say what they took; give {', '.join(needed)}",
            argument=needed[0],
        )
    return {
        name: found.get(name) or EnergyInput(float(kind.default or 0.0), kind.unit, Origin.ASSUMED, kind.source)
        for name, kind in INPUTS.items()
    }
