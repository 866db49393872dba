"""The bench: the opened instruments with their limits, and the way to make them safe."""

import atexit
import logging
from types import TracebackType
from typing import Protocol, Self

from mtjlab.instruments.bench_file import BenchFile
from mtjlab.instruments.guarded import GuardedPulseGenerator, GuardedSourceMeter
from mtjlab.instruments.interlock import Interlock
from mtjlab.instruments.pulse_generator import PulseGenerator
from mtjlab.instruments.source_meter import SourceMeter

__all__ = ["Bench", "StandIn"]

log = logging.getLogger(__name__)


class StandIn(Protocol):
    """The simulated instruments behind a simulated bench."""

    resources: dict[str, str]
    """VISA resource of each role."""
    attributes: dict[str, float | int | str]
    """Seed and device parameters, for the recording."""

    @property
    def time(self) -> float:
        """Virtual time [s]; 0 as long as nothing has happened to the device."""

    def close(self) -> None:
        """Stop the servers."""


class Bench:
    """An opened bench; a context manager that leaves all outputs off.

    Parameters
    ----------
    file
        Bench file.
    pulse_generator, source_meter
        Connected instruments; procedures get them behind the interlock.
    resources
        VISA resource of each role.
    stand_in
        Simulated instruments, on a simulated bench.
    """

    def __init__(
        self,
        file: BenchFile,
        pulse_generator: PulseGenerator,
        source_meter: SourceMeter,
        resources: dict[str, str],
        stand_in: StandIn | None = None,
    ) -> None:
        self.file = file
        self.resources = resources
        self.stand_in = stand_in
        interlock = Interlock(file)
        self.pulse_generator = GuardedPulseGenerator(pulse_generator, interlock)
        self.source_meter = GuardedSourceMeter(source_meter, interlock)
        self._open = True
        # The last resort where nobody closed the bench.
        atexit.register(self.close)

    @property
    def simulated(self) -> bool:
        """Whether software stands in for the instruments."""
        return self.stand_in is not None

    @property
    def roles(self) -> dict[str, GuardedPulseGenerator | GuardedSourceMeter]:
        """The instruments by role."""
        return {"pulse_generator": self.pulse_generator, "source_meter": self.source_meter}

    def make_safe(self) -> None:
        """Switch all outputs off, the pulse generator first; an instrument that fails stops no other."""
        for role, instrument in self.roles.items():
            try:
                instrument.switch_off()
            except Exception as error:
                log.error("%s could not be switched off: %s", role, error)

    def close(self) -> None:
        """Switch all outputs off and give the connections back."""
        if not self._open:
            return
        self._open = False
        atexit.unregister(self.close)
        self.make_safe()
        for role, instrument in self.roles.items():
            try:
                instrument.close()
            except Exception as error:
                log.error("%s could not be closed: %s", role, error)
        if self.stand_in is not None:
            self.stand_in.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
