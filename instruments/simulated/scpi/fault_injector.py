"""The faults of a simulated bench: when each strikes, and a list of those that did."""

import dataclasses
import fnmatch
import time
from collections.abc import Callable, Sequence

import numpy as np

from mtjlab.instruments import FaultSettings
from mtjlab.instruments.simulated.clock import Clock

__all__ = ["FaultInjector", "InjectedFault"]

NEEDS_ANSWER = frozenset({"timeout", "slow", "garbage", "truncated"})
"""Faults of an answer: only a query can be struck."""
NEEDS_READING = frozenset({"overflow", "compliance"})
"""Faults of a reading: only an instrument that measures can be struck."""
DEVICE_FAULTS = frozenset({"stuck", "drift", "open", "short"})
"""Faults of the device on the table."""


@dataclasses.dataclass(frozen=True)
class InjectedFault:
    """A fault that struck."""

    settings: FaultSettings
    role: str
    """Role of the instrument that was struck."""
    message: str
    """Message that was struck."""
    time: float
    """Time on the bench's clock [s]."""
    wall_time: float
    """Time [s since 1970]."""


@dataclasses.dataclass
class _Waiting:
    settings: FaultSettings
    seen: int = 0
    struck: int = 0


class FaultInjector:
    """Decide for each message whether a fault strikes it.

    Parameters
    ----------
    faults
        Faults to begin with.
    clock
        Clock of the bench.
    seed
        Seed of the random ones, and of the garbage.

    Examples
    --------
    >>> injector = FaultInjector([], Clock(), seed=1)
    >>> injector.inject("error", role="source_meter", number=-310)
    >>> injector.strike("source_meter", ":OUTP ON", measures=True).kind
    'error'
    >>> [fault.message for fault in injector.struck]
    [':OUTP ON']
    """

    def __init__(self, faults: Sequence[FaultSettings], clock: Clock, seed: int) -> None:
        self._clock = clock
        self.random = np.random.default_rng([seed, 0xFA17])
        self.struck: list[InjectedFault] = []
        """Faults that struck, in order."""
        self.listener: Callable[[InjectedFault], None] = lambda fault: None
        """Called with each fault that strikes; it must not block."""
        self.fail_device: Callable[[FaultSettings], None] = lambda fault: None
        """Called with each fault that is the device's."""
        self._waiting = [_Waiting(fault) for fault in faults]

    def inject(self, kind: str, **details: object) -> None:
        """Add a fault; the details are those of `FaultSettings`."""
        fault = FaultSettings.model_validate({"kind": kind, **details})
        with self._clock.lock:
            self._waiting = [*self._waiting, _Waiting(fault)]

    @property
    def waiting(self) -> int:
        """Number of faults that may still strike."""
        return len(self._waiting)

    def strike(self, role: str, message: str, *, measures: bool) -> FaultSettings | None:
        """Tell which fault strikes a message, if any; the bench's lock is held.

        Parameters
        ----------
        role
            Role of the instrument.
        message
            What it received.
        measures
            Whether it is an instrument that takes readings.
        """
        if not self._waiting:
            return None
        hit = None
        for waiting in self._waiting:
            if self._fits(waiting.settings, role, message, measures):
                waiting.seen += 1
                if hit is None and self._is_due(waiting):
                    hit = waiting
        if hit is None:
            return None
        hit.struck += 1
        if hit.settings.count and hit.struck >= hit.settings.count:
            self._waiting = [waiting for waiting in self._waiting if waiting is not hit]
        fault = InjectedFault(hit.settings, role, message, self._clock.now, time.time())
        self.struck.append(fault)
        self.listener(fault)
        if fault.settings.kind in DEVICE_FAULTS:
            self.fail_device(fault.settings)
        return fault.settings

    @staticmethod
    def _fits(fault: FaultSettings, role: str, message: str, measures: bool) -> bool:
        return (
            (not fault.role or fault.role == role)
            and (fault.kind not in NEEDS_ANSWER or "?" in message)
            and (fault.kind not in NEEDS_READING or measures)
            and (not fault.pattern or fnmatch.fnmatchcase(message.upper(), fault.pattern.upper()))
        )

    def _is_due(self, waiting: _Waiting) -> bool:
        fault = waiting.settings
        if fault.at_command is not None:
            return waiting.seen >= fault.at_command
        if fault.at_time is not None:
            return self._clock.now >= fault.at_time
        return fault.probability is None or self.random.random() < fault.probability
