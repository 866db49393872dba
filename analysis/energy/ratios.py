"""How many times less energy and area than others: each ratio with its scope, its definition and its citation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from mtjlab.analysis.energy.bit_energy import SCOPES, BitEnergy
from mtjlab.analysis.energy.generators import CLAIM, Generator

__all__ = ["DEFINITIONS", "Definition", "Ratio", "compared", "measures", "measures_by_scope", "ratios_to"]


class Definition(NamedTuple):
    """What is compared."""

    words: str
    """What it is, and what it rewards."""
    unit: str
    """Of the compared numbers."""
    needs: tuple[str, ...]
    """What has to be known beside the energy: ``area``, ``rate``."""


DEFINITIONS: Mapping[str, Definition] = {
    "energy": Definition("energy of a bit (or normal)", "J", ()),
    "area": Definition("area", "m²", ("area",)),
    "energy × area": Definition("energy of a bit times area", "J·m²", ("area",)),
    "energy × area / rate": Definition(
        "energy of a bit times the area that gives one bit in a second", "J·m²·s", ("area", "rate")
    ),
    "energy per area": Definition(
        "energy of a bit divided by area, as the words 'energy per bit per area' say: a larger area makes it smaller",
        "J/m²", ("area",),
    ),
}  # fmt: skip
"""What 'energy per bit and area' may mean."""


class Ratio(NamedTuple):
    """How many times more another generator takes."""

    of: str
    """What takes the energy: ``bit``, or ``normal`` and its converter."""
    generator: str
    """The other one."""
    scope: str
    """What of ours is counted: one of `SCOPES`."""
    definition: str
    """What is compared: one of `DEFINITIONS`."""
    citation: str
    """Who says what the other one takes."""
    kind: str
    """Whether the other one was measured, or is a model, a bound or assumed."""
    unit: str
    """Of both numbers."""
    ours: float
    """Our number."""
    theirs: float
    """The other one's."""

    @property
    def value(self) -> float:
        """Theirs over ours: more than one where ours is less."""
        return self.theirs / self.ours

    @property
    def reached(self) -> bool:
        """Whether the claimed factor is reached."""
        return self.value >= CLAIM

    def as_dict(self) -> dict[str, Any]:
        """Give all of it for programs."""
        return {**self._asdict(), "value": self.value, "claim_reached": self.reached}


def measures(energy: float, area: float | None = None, rate: float | None = None) -> dict[str, float]:
    """Give a number for each of `DEFINITIONS` whose needs are known.

    Parameters
    ----------
    energy
        Energy of a bit or normal [J].
    area
        Area [m²], or None.
    rate
        Bits or normals in a second [1/s], or None.

    Returns
    -------
    dict
        By name.

    Examples
    --------
    >>> list(measures(2.9e-12)), len(measures(2.9e-12, 4004e-12, 2.4e9))
    (['energy'], 5)
    """
    found = {"energy": energy}
    if area is not None:
        found |= {"area": area, "energy × area": energy * area, "energy per area": energy / area}
        if rate is not None:
            found["energy × area / rate"] = energy * area / rate
    return {name: found[name] for name in DEFINITIONS if name in found}


def measures_by_scope(bit: BitEnergy, bits: float = 1.0) -> dict[str, dict[str, float]]:
    """Give the measures of some bits in each scope.

    Parameters
    ----------
    bit
        What a bit takes.
    bits
        How many: those of a normal.

    Returns
    -------
    dict
        Measures by scope.
    """
    found = {}
    for scope in SCOPES:
        rate = bit.rate(scope)
        found[scope] = measures(bits * bit.bit(scope), bit.areas[scope], None if rate is None else rate / bits)
    return found


def ratios_to(ours: Mapping[str, Mapping[str, float]], other: Generator, of: str = "bit") -> Iterator[Ratio]:
    """Compare one generator with ours, in each scope and by each definition that both have.

    Parameters
    ----------
    ours
        Our measures by scope.
    other
        The other generator; its energy and rate are those of the same thing.
    of
        What the thing is.

    Yields
    ------
    Ratio
        Scope by scope.
    """
    theirs = measures(other.energy, other.area, other.rate)
    for scope, measured in ours.items():
        for name in (each for each in measured if each in theirs):
            yield Ratio(
                of, other.name, scope, name, other.citation, other.kind, DEFINITIONS[name].unit, measured[name],
                theirs[name],
            )  # fmt: skip


def compared(bit: BitEnergy, others: tuple[Generator, ...]) -> list[Ratio]:
    """Compare a bit with other generators' bits.

    Parameters
    ----------
    bit
        Our bit.
    others
        The other generators.

    Returns
    -------
    list of Ratio
        By generator, scope and definition, in their orders.
    """
    ours = measures_by_scope(bit)
    return [ratio for other in others for ratio in ratios_to(ours, other)]
