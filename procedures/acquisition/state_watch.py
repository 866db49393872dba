"""A junction brought into a state by a field and watched until it leaves it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from mtjlab.core import InputError
from mtjlab.instruments import Bench, InstrumentError
from mtjlab.procedures.acquisition.acquisition import read_resistance

__all__ = ["NAMES", "StateWatch"]

READS = 10.0
"""Reads that a dwell time is watched with, about: a hundred would say less than a per cent more."""
SLOWEST_READ = 10.0
"""Longest integration time [power line cycles]."""
NAMES = ("parallel", "antiparallel")
"""Of the states 0 and 1."""


class StateWatch:
    """Read the state of a junction in fields of the perpendicular coil.

    Parameters
    ----------
    bench
        Bench with source-meter and perpendicular coil.
    largest
        Field that brings the junction into a state [T].
    bias
        Read bias [V], unless another is asked for.
    compliance
        Largest current of a read [A].
    integration
        Shortest integration time [power line cycles].
    """

    def __init__(self, bench: Bench, *, largest: float, bias: float, compliance: float, integration: float) -> None:
        self._bench, self._coil = bench, bench.perpendicular_coil
        self._largest, self._bias, self._compliance = largest, bias, compliance
        self._integration = integration
        self._threshold = 0.0

    def find_levels(self) -> None:
        """Find the resistances of the two states in the strongest fields.

        Raises
        ------
        ValueError
            If they are the same; the message is a diagnosis.
        InstrumentError
            If no current flows.
        """
        low, high = (self._level(sign * self._largest) for sign in (1, -1))
        if not high > 1.05 * low:
            raise InputError(
                f"{low:.4g} Ω at {self._largest:g} T and {high:.4g} Ω at {-self._largest:g} T: no two states; the "
                "device is stuck, open or shorted, or the field does not switch it: check the contact, then widen the "
                "field"
            )
        self._threshold = (low * high) ** 0.5

    def read_time(self) -> float:
        """Give the time of one read [s]."""
        began = self._bench.time
        read_resistance(self._bench)
        return self._bench.time - began

    @staticmethod
    def against(state: int, size: float) -> float:
        """Give the field that opposes a state [T]: positive fields hold the parallel one."""
        return -size if state == 0 else size

    def switching_field(self, state: int, step: float) -> float:
        """Ramp in steps [T] until a state is left; give the size of the field [T].

        Raises
        ------
        ValueError
            If the strongest field does not switch it.
        """
        self._reach(state)
        self._bench.source_meter.set_integration(self._integration)
        for size in np.arange(0.0, self._largest + step / 2, step):
            self._coil.set_field(self.against(state, float(size)))
            if self._state() != state:
                return float(size)
        raise InputError(
            f"the {NAMES[state]} state is not left up to {self._largest:g} T: widen the field, if the bench allows"
        )

    def dwell(
        self, state: int, size: float, bias: float, *, expected: float, longest: float, stop: Callable[[], bool]
    ) -> tuple[float, bool, float]:
        """Watch a state once in a field against it.

        Escapes have no memory, so that the clock may start at any read that still finds the state. A state left while
        the field was on its way there says nothing about this field.

        Parameters
        ----------
        state
            Which.
        size
            Field against it [T].
        bias
            Bias meanwhile [V].
        expected
            How long it will last, about [s]: reads are as long as that allows. 0 where nobody knows.
        longest
            How long to watch [s].
        stop
            Asked between two reads whether to end the watch.

        Returns
        -------
        time : float
            Time in the state [s], left halfway between two reads; 0 if it was left before the watch began.
        left : bool
            Whether it was left.
        gap : float
            Time between the reads about that [s].
        """
        meter, bench = self._bench.source_meter, self._bench
        self._reach(state)
        cycles = expected / READS / meter.integration_time(1.0)
        meter.set_integration(min(max(cycles, self._integration), SLOWEST_READ))
        if bias != self._bias:
            meter.set_bias(bias, self._compliance)
        self._coil.set_field(self.against(state, size))
        if self._state() != state:
            return 0.0, True, 0.0
        began = last = bench.time
        while last - began < longest:
            now_in = self._state()
            now = bench.time
            if now_in != state:
                return (last + now) / 2 - began, True, now - last
            last = now
            if stop():
                break
        return max(last - began, 1e-9), False, 0.0

    def _reach(self, state: int) -> None:
        """Bring the junction into a state by the strongest field."""
        self._bench.source_meter.set_integration(self._integration)
        self._bench.source_meter.set_bias(self._bias, self._compliance)
        self._coil.set_field(-self.against(state, self._largest))
        for _ in range(100):
            if self._state() == state:
                return
        raise InstrumentError(
            f"{self._largest:g} T do not bring the device into the {NAMES[state]} state: it is stuck, or has broken "
            "down"
        )

    def _level(self, field: float) -> float:
        """Give the resistance in a field [Ω], the mean of five reads."""
        self._coil.set_field(field)
        return float(np.mean([read_resistance(self._bench) for _ in range(5)]))

    def _state(self) -> int:
        return int(read_resistance(self._bench) > self._threshold)
