"""The points of a switching table, smoothed grid by grid."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from mtjlab.instruments.simulated.junction.node_file import NodeKey
from mtjlab.instruments.simulated.junction.pulse_lattice import PulseLattice
from mtjlab.instruments.simulated.junction.smoothing import FEWEST, SmoothedCounts
from mtjlab.instruments.simulated.junction.switching_node import SwitchingNode

__all__ = ["SmoothedGrid", "smoothed_grids"]


@dataclass(frozen=True)
class SmoothedGrid:
    """Points of one grid."""

    nodes: dict[NodeKey, SwitchingNode]
    """The points with what their neighbours tell; none where the counts do not bear the smoothing."""
    misfit: float
    """Chi-square of the counts over the degrees of freedom."""


def smoothed_grids(
    lattice: PulseLattice,
    nodes: dict[NodeKey, SwitchingNode],
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[SmoothedGrid]:
    """Smooth the points of a lattice.

    Parameters
    ----------
    lattice
        Tells which points lie on a common grid.
    nodes
        Points that differ in amplitude and width alone.
    progress
        Called with (grids done, grids to do).

    Yields
    ------
    SmoothedGrid
        Grids that have enough points.
    """
    keys = sorted(nodes)
    places = np.array([(key.amplitude, key.width) for key in keys], np.int64).reshape(-1, 2)
    grids = list(lattice.sorted_into_grids(places))
    for done, (numbers, at) in enumerate(grids, 1):
        if len(numbers) >= FEWEST:
            here = [keys[number] for number in numbers]
            switched = np.array([nodes[key].switched for key in here], float)
            found = SmoothedCounts.of(at, switched, np.array([nodes[key].shots for key in here], float))
            told = np.stack([found.probability, found.spread], axis=1).astype(np.float32)
            made = {key: replace(nodes[key], smoothed=each) for key, each in zip(here, told, strict=True)}
            yield SmoothedGrid(made if found.holds else {}, found.misfit)
        if progress is not None:
            progress(done, len(grids))
