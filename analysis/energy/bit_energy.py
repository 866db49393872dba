"""The energy of a random bit, each contribution for itself, and what of them a scope counts."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from mtjlab.analysis.energy.energy_inputs import EnergyInput
from mtjlab.analysis.energy.voltage_pulse import VoltagePulse, plate_capacitance
from mtjlab.analysis.junction import TunnelResistance

__all__ = ["SCOPES", "BitEnergy", "Contribution", "Scope"]

TOGGLING = 0.5
"""Weight of the antiparallel conductance: a fair bit begins as often in either state."""


class Contribution(NamedTuple):
    """Energy of one thing, for one pulse with its read."""

    energy: float
    """[J]."""
    words: str
    """What it is."""
    formula: str
    """How it is calculated."""


class Scope(NamedTuple):
    """What is counted: the energies of some contributions, and the area of some thing."""

    words: str
    """What belongs to it."""
    contributions: tuple[str, ...]
    """Names of those that count."""
    area: str
    """What has the area: ``pillar``, or an input; empty where there is none that could be compared."""


_PILLAR = ("pillar", "pillar charge")
_BENCH = (*_PILLAR, "pad", "read")
SCOPES: Mapping[str, Scope] = {
    "pillar": Scope("the junction alone: its heat and its charge", _PILLAR, "pillar"),
    "cell": Scope("junction and transistor of a memory, with its read", (*_PILLAR, "cell read"), "cell_area"),
    "cell with periphery": Scope(
        "a cell with its share of drivers and sense amplifiers", (*_PILLAR, "cell read", "periphery"), "shared_area"
    ),
    "bench": Scope("the device on the bench: pulse, pad and read as recorded", _BENCH, ""),
    "bench with termination": Scope("the same with the resistor that ends the line", (*_BENCH, "termination"), ""),
}  # fmt: skip
"""What a figure may count, from the junction outwards."""


@dataclasses.dataclass(frozen=True)
class BitEnergy:
    """What a bit takes, scope by scope."""

    contributions: Mapping[str, Contribution]
    """For one pulse with its read, by name."""
    areas: Mapping[str, float | None]
    """Area of each scope [m²]; None where it has none."""
    periods: Mapping[str, float | None]
    """Time of one pulse with its read in each scope [s]; None where it has none that could be compared."""
    states: tuple[float, float]
    """Heat of the pulse in the junction, parallel and antiparallel [J]."""
    pulses_per_bit: float
    """Pulses, each with a read, for one raw bit: more than one where the procedure resets or sacrifices some."""
    raw_per_bit: float
    """Raw bits for one bit that is used: more than one behind an extractor."""

    @classmethod
    def of(
        cls,
        inputs: Mapping[str, EnergyInput],
        raw_per_bit: float = 1.0,
        settings: Sequence[tuple[float, float, float]] | None = None,
    ) -> BitEnergy:
        """Calculate it.

        Parameters
        ----------
        inputs
            All of `INPUTS`, as `chosen_inputs` gives them.
        raw_per_bit
            Raw bits for one bit that is used: the inverse of an extractor's yield.
        settings
            Amplitude at the device [V], width [s] and number of pulses of each setting that there was; by default the
            one of the inputs.

        Returns
        -------
        BitEnergy
            Of one bit, on average.

        Raises
        ------
        InputError
            If a pulse is impossible, as one that is shorter than its edges.
        """
        at = {name: entry.value for name, entry in inputs.items()}
        junction = TunnelResistance(at["resistance"], at["tmr"], at["half_bias"])
        pulses, shares = _pulses(at, settings)

        def mean(values: Sequence[float]) -> float:
            return math.fsum(share * value for share, value in zip(shares, values, strict=True))

        parallel, antiparallel = (mean([pulse.heat(junction, state) for pulse in pulses]) for state in (0, 1))
        plates = plate_capacitance(at["diameter"], at["barrier_thickness"], at["permittivity"])
        pulse = mean([pulse.heat(junction, TOGGLING) for pulse in pulses])
        charge = mean([pulse.charging(plates) for pulse in pulses])
        contributions = {
            "pillar": Contribution(pulse, "pulse in the junction, mean of both states", "∫V²/R(V) dt"),
            "pillar charge": Contribution(charge, "charge of the junction", "CV², C = ε0·ε·A/t"),
            "pad": Contribution(
                mean([pulse.charging(at["pad_capacitance"]) for pulse in pulses]), "charge of the contact pad", "CV²"
            ),
            "termination": Contribution(
                mean([pulse.heat_in_resistor(at["termination"]) for pulse in pulses]), "resistor that ends the line",
                "∫V²/R dt",
            ),
            "read": Contribution(
                at["read_time"] * junction.power(at["read_bias"], TOGGLING), "read on the bench", "V²/R(V)·t"
            ),
            "cell read": Contribution(
                at["cell_read_time"] * junction.power(at["cell_read_bias"], TOGGLING), "read in a memory", "V²/R(V)·t"
            ),
            "periphery": Contribution(at["periphery"], "drivers and sense amplifier", "stated"),
            "reset": Contribution(
                (at["pulses_per_bit"] - 1) * (pulse + charge), "further pulses for each raw bit, in the junction",
                "(pulses per bit - 1)·(pillar + charge)",
            ),
        }  # fmt: skip
        area = {"pillar": math.pi / 4 * at["diameter"] ** 2, **at}
        areas = {name: area[scope.area] if scope.area else None for name, scope in SCOPES.items()}
        period = mean([pulse.width + pulse.edge for pulse in pulses]) + at["cell_settle"] + at["cell_read_time"]
        periods = {name: period if scope.area else None for name, scope in SCOPES.items()}
        return cls(contributions, areas, periods, (parallel, antiparallel), at["pulses_per_bit"], raw_per_bit)

    def raw(self, scope: str) -> float:
        """Give the energy of a raw bit [J], all its pulses and reads included.

        Parameters
        ----------
        scope
            Name of one of `SCOPES`.
        """
        each = math.fsum(self.contributions[name].energy for name in SCOPES[scope].contributions)
        return self.pulses_per_bit * each

    def bit(self, scope: str) -> float:
        """Give the energy of a bit that is used [J], behind the extractor.

        Parameters
        ----------
        scope
            Name of one of `SCOPES`.
        """
        return self.raw_per_bit * self.raw(scope)

    def rate(self, scope: str) -> float | None:
        """Give the bits that are used and come from one junction in a second [1/s].

        Parameters
        ----------
        scope
            Name of one of `SCOPES`.

        Returns
        -------
        float or None
            One pulse, settling and read after the other; None where the scope has none that could be compared.
        """
        period = self.periods[scope]
        return None if period is None else 1 / (period * self.pulses_per_bit * self.raw_per_bit)

    def as_dict(self) -> dict[str, Any]:
        """Give contributions and scopes for programs."""
        return {
            "contributions": {name: each._asdict() for name, each in self.contributions.items()},
            "pillar_parallel": self.states[0],
            "pillar_antiparallel": self.states[1],
            "pulses_per_bit": self.pulses_per_bit,
            "raw_bits_per_bit": self.raw_per_bit,
            "scopes": {
                name: {
                    "words": scope.words,
                    "counts": list(scope.contributions),
                    "energy_per_raw_bit": self.raw(name),
                    "energy_per_bit": self.bit(name),
                    "area": self.areas[name],
                    "bits_per_second": self.rate(name),
                }
                for name, scope in SCOPES.items()
            },
        }


def _pulses(
    at: Mapping[str, float], settings: Sequence[tuple[float, float, float]] | None
) -> tuple[list[VoltagePulse], list[float]]:
    """Give the pulses and the share of each."""
    several = settings or [(at["amplitude"], at["width"], 1.0)]
    total = math.fsum(count for _, _, count in several)
    pulses = [VoltagePulse(amplitude, width, at["edge"], at["base"]) for amplitude, width, _ in several]
    return pulses, [count / total for _, _, count in several]
