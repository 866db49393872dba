"""The points of a switching table: what was counted at one pulse, where it lies, and the file that keeps them."""

from __future__ import annotations

import logging
import os
import tempfile
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mtjlab.core import InputError
from mtjlab.instruments.simulated.device.pulse import Pulse
from mtjlab.instruments.simulated.macrospin.macrospin import Macrospin
from mtjlab.instruments.simulated.macrospin.shots import ShotRandomness

__all__ = ["LEVELS", "UNKNOWN", "SwitchingNode", "NodeFile", "NodeKey", "shipped_nodes"]

LEVELS = np.array([0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.997, 1.0])
"""Cumulative probabilities at which the distribution of the tilt is kept."""
UNKNOWN = 65535
"""Stands in place of a tilt that too few shots had."""
SCALE = 65534.0
"""A tilt 1 - |cosθ| is kept as this times it."""
_SHIPPED = Path(__file__).with_name("tables")
_ENOUGH = 64
_CHUNK = 1 << 14  # shots held in memory at once
_SEED = 2026


@dataclass(frozen=True, eq=False)
class SwitchingNode:
    """Counts at one pulse, from both states."""

    shots: int
    """Pulses from each state."""
    switched: NDArray[np.int32]
    """How many of them switched, from P and from AP, shape (2,)."""
    tilts: NDArray[np.uint16]
    """Quantiles of 1 - |cosθ| at the look, times `SCALE`, shape (state before, state after, `LEVELS`)."""
    smoothed: NDArray[np.float32] | None = None
    """P(switch) from P and from AP with what the points around it tell, and their standard errors, shape (2, 2); None
    where only this point's own count is known."""

    @classmethod
    def count(cls, macrospin: Macrospin, pulse: Pulse, shots: int) -> SwitchingNode:
        """Count on the macrospin.

        Parameters
        ----------
        macrospin
            The device in its surroundings.
        pulse
            The pulse.
        shots
            Pulses from each state.

        Returns
        -------
        SwitchingNode
            The same for the same arguments: the seed is part of the table.
        """
        randomness = ShotRandomness(_SEED)
        before = np.arange(2 * shots, dtype=np.uint8) % 2
        cosines = np.concatenate(
            [
                macrospin.pulsed(pulse, before[first : first + _CHUNK], seed=randomness)[:, 2]
                for first in range(0, before.size, _CHUNK)
            ]
        )
        after = (cosines < 0).astype(np.uint8)
        switched = [np.count_nonzero(after[before == state] != state) for state in (0, 1)]
        tilt = 1 - np.minimum(np.abs(cosines.astype(float)), 1.0)
        tilts = [[_quantiles(tilt[(before == a) & (after == b)]) for b in (0, 1)] for a in (0, 1)]
        return cls(shots, np.array(switched, np.int32), np.array(tilts, np.uint16))


def _quantiles(tilts: NDArray[np.float64]) -> NDArray[np.uint16]:
    if tilts.size < _ENOUGH:
        return np.full(LEVELS.size, UNKNOWN, np.uint16)
    return np.asarray(np.rint(SCALE * np.quantile(tilts, LEVELS)), np.uint16)


log = logging.getLogger(__name__)


class NodeKey(NamedTuple):
    """Where a point lies, in whole numbers, so that equal points have equal keys."""

    rise: int
    """Rise time [fs]."""
    fall: int
    """Fall time [fs]."""
    in_plane_field: int
    """Field along x beyond the device's own [nT]."""
    perpendicular_field: int
    """Field along z beyond the device's own [nT]."""
    temperature: int
    """Temperature beyond the device's own [mK]."""
    amplitude: int
    """Amplitude of the pulse [µV]."""
    width: int
    """Width of the pulse [fs]."""


Nodes = dict[NodeKey, SwitchingNode]


class NodeFile:
    """A file of counted points, made for one device, one set of effects and one version of the code.

    Parameters
    ----------
    path
        The file; it need not exist.
    fingerprint
        Hash of all that the points depend on.
    """

    def __init__(self, path: Path, fingerprint: str) -> None:
        self.path = path
        self.fingerprint = fingerprint

    def read(self) -> Nodes:
        """Give the points of the file.

        Returns
        -------
        dict
            Empty where there is no file, or one made for something else. A file that cannot be read is reported in
            the log and put aside: its points are counted again.
        """
        if not self.path.exists():
            return {}
        try:
            with self.path.open("rb") as stream, np.load(stream) as file:
                if str(file["fingerprint"]) != self.fingerprint:
                    return {}
                keys, shots, switched, tilts = (file[name] for name in ("keys", "shots", "switched", "tilts"))
                smoothed = file["smoothed"] if "smoothed" in file else np.full((len(keys), 2, 2), np.nan, np.float32)
            _refuse_misfits(len(keys), switched, tilts, smoothed)
            known = np.isfinite(smoothed).all(axis=(1, 2)).tolist()
            return {
                NodeKey(*key): SwitchingNode(count, switched[i], tilts[i], smoothed[i] if known[i] else None)
                for i, (key, count) in enumerate(zip(keys.tolist(), shots.tolist(), strict=True))
            }
        except (OSError, EOFError, KeyError, TypeError, ValueError, zipfile.BadZipFile, zlib.error) as error:
            log.warning("%s is not a switching table (%s): its points are counted again", self.path, error)
            return {}

    def add(self, nodes: Nodes) -> None:
        """Write points in addition to those that are there.

        Parameters
        ----------
        nodes
            The points; one takes the place of the file's unless that has more shots, or alone is smoothed.

        Notes
        -----
        The file is replaced at once, so that a reader never meets half of it. Of two programs that add at the same
        instant one may lose its points, which are then made again when they are needed.
        """
        merged = better(nodes, self.read())
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=self.path.stem, suffix=".part")
        part = Path(name)
        try:
            with os.fdopen(handle, "wb") as stream:
                np.savez_compressed(
                    stream,
                    fingerprint=np.array(self.fingerprint),
                    keys=np.array(list(merged), np.int64).reshape(-1, len(NodeKey._fields)),
                    shots=np.array([node.shots for node in merged.values()], np.int32),
                    switched=np.array([node.switched for node in merged.values()], np.int32).reshape(-1, 2),
                    tilts=np.array([node.tilts for node in merged.values()], np.uint16).reshape(-1, 2, 2, LEVELS.size),
                    smoothed=np.array([_kept(node) for node in merged.values()], np.float32).reshape(-1, 2, 2),
                )
                stream.flush()
                os.fsync(stream.fileno())
            part.chmod(0o644)
            part.replace(self.path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise


def better(first: Nodes, *others: Nodes) -> Nodes:
    """Join points; of two at one place the one with more shots stays, then one that is smoothed, then the first."""
    joined = dict(first)
    for key, node in _items(others):
        if key not in joined or _worth(joined[key]) < _worth(node):
            joined[key] = node
    return joined


@lru_cache(8)
def shipped_nodes(fingerprint: str) -> Nodes:
    """Read the points of a table that come with mtjlab, once in a process: every simulated bench asks for them.

    Parameters
    ----------
    fingerprint
        Hash of all that the points depend on.

    Returns
    -------
    dict
        Empty where none were made for it; not to be changed.
    """
    return better({}, *(NodeFile(path, fingerprint).read() for path in sorted(_SHIPPED.glob("*.npz"))))


def _worth(node: SwitchingNode) -> tuple[int, bool]:
    return node.shots, node.smoothed is not None


def _kept(node: SwitchingNode) -> NDArray[np.float32]:
    return np.full((2, 2), np.nan, np.float32) if node.smoothed is None else node.smoothed


def _items(many: Iterable[Nodes]) -> Iterable[tuple[NodeKey, SwitchingNode]]:
    return (item for nodes in many for item in nodes.items())


def _refuse_misfits(count: int, switched: NDArray[Any], tilts: NDArray[Any], smoothed: NDArray[Any]) -> None:
    if smoothed.shape != (count, 2, 2) or tilts.shape != (count, 2, 2, LEVELS.size) or switched.shape != (count, 2):
        raise InputError("its arrays do not fit together")
