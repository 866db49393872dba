"""How many times less energy and area than others: each ratio with its scope, its definition and its citation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from mtjlab.analysis.energy.bit_energy import SCOPES, BitEnergy
from mtjlab.analysis.energy.generators import CLAIM, Generator

__all__ = ["DEFINITIONS", "Definition", "Ratio", "compared", "measures", "ratios_to"]


class Definition(NamedTuple):
    """What is compared."""

    words: str
    """What it is, and what it rewards."""
    unit: str
    """Of the compared numbers."""
    needs_area: bool
    """Whether it exists only where there is an area."""


DEFINITIONS: Mapping[str, Definition] = {
    "energy": Definition("energy of a bit (or normal)", "J", False),
    "area": Definition("area", "m²", True),
    "energy × area": Definition("energy of a bit times area: less of both is better", "J·m²", True),
    "energy per area": Definition(
        "energy of a bit divided by area, as the words 'energy per bit per area' say: a larger area makes it smaller",
        "J/m²", True,
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


def measures(energy: float, area: float | None) -> dict[str, float]:
    """Give a number for each of `DEFINITIONS`; those that need an area only where there is one.

    Parameters
    ----------
    energy
        Energy of a bit or normal [J].
    area
        Area [m²], or None.

    Examples
    --------
    >>> list(measures(2.9e-12, None))
    ['energy']
    """
    if area is None:
        return {"energy": energy}
    return {"energy": energy, "area": area, "energy × area": energy * area, "energy per area": energy / area}


def ratios_to(
    energies: Mapping[str, float], areas: Mapping[str, float | None], other: Generator, of: str = "bit"
) -> Iterator[Ratio]:
    """Compare one generator with ours, in each scope and by each definition that both have.

    Parameters
    ----------
    energies
        Our energy of the same thing by scope [J].
    areas
        Our area by scope [m²], or None.
    other
        The other generator; its energy is that of the same thing.
    of
        What the thing is.

    Yields
    ------
    Ratio
        Scope by scope.
    """
    theirs = measures(other.energy, other.area)
    for scope, energy in energies.items():
        ours = measures(energy, areas[scope])
        for name in (each for each in DEFINITIONS if each in ours and each in theirs):
            yield Ratio(
                of,
                other.name,
                scope,
                name,
                other.citation,
                other.kind,
                DEFINITIONS[name].unit,
                ours[name],
                theirs[name],
            )


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
    energies = {scope: bit.bit(scope) for scope in SCOPES}
    return [ratio for other in others for ratio in ratios_to(energies, bit.areas, other)]
