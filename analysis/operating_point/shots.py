"""Pulses made so far: at which setting, how many, how many of them switched."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from mtjlab.core import InputError

__all__ = ["Shots"]


@dataclasses.dataclass
class Shots:
    """A growing list of settings with the pulses made there."""

    settings: NDArray[np.float64] = dataclasses.field(default_factory=lambda: np.empty(0))
    """Setting of each batch, in the actuator's unit, shape (batches,)."""
    pulses: NDArray[np.float64] = dataclasses.field(default_factory=lambda: np.empty(0))
    """Pulses of each batch, shape (batches,)."""
    switched: NDArray[np.float64] = dataclasses.field(default_factory=lambda: np.empty(0))
    """Pulses of each batch that switched, shape (batches,)."""

    def add(self, setting: float, pulses: int, switched: int) -> None:
        """Add a batch.

        Parameters
        ----------
        setting
            Setting of the batch, in the unit of the others.
        pulses
            Pulses of the batch, at least one.
        switched
            How many of them switched.

        Raises
        ------
        ValueError
            If there is no pulse, or more of them switched than were made.
        """
        if pulses < 1 or not 0 <= switched <= pulses:
            raise InputError(f"{switched} of {pulses} pulses cannot have switched: give 0 to {max(pulses, 1)}")
        self.settings = np.append(self.settings, setting)
        self.pulses = np.append(self.pulses, pulses)
        self.switched = np.append(self.switched, switched)

    @property
    def total(self) -> int:
        """Pulses in all."""
        return int(self.pulses.sum())

    @property
    def fractions(self) -> NDArray[np.float64]:
        """Share that switched in each batch, half a pulse added to either side (so never 0 or 1)."""
        return np.asarray((self.switched + 0.5) / (self.pulses + 1))

    def merged(self) -> Shots:
        """Return one batch for each setting, in their order."""
        settings, batch = np.unique(self.settings, return_inverse=True)
        pulses, switched = (np.bincount(batch, each).astype(float) for each in (self.pulses, self.switched))
        return Shots(settings, pulses, switched)

    def only(self, which: NDArray[np.bool_]) -> Shots:
        """Return some of the batches.

        Parameters
        ----------
        which
            True for each batch that is wanted, shape (N,).
        """
        return Shots(self.settings[which], self.pulses[which], self.switched[which])
