"""What all simulated pulse generators share: triggers in, pulses out."""

import numpy as np
from numpy.typing import NDArray

from mtjlab.core import InputError
from mtjlab.instruments.simulated.device.pulse import Pulse
from mtjlab.instruments.simulated.dialects.instrument_context import InstrumentContext
from mtjlab.instruments.simulated.pulse_delivery import FreeRun
from mtjlab.instruments.simulated.scpi.scpi_instrument import ScpiInstrument
from mtjlab.instruments.simulated.scpi.scpi_status import ScpiError

__all__ = ["SimulatedPulseGenerator"]

SOURCE_RESISTANCE = 50.0
"""Output resistance [Ω]."""
MOST_PULSES = 10**7
"""Pulses of one train; more would keep the bench busy for minutes."""


class SimulatedPulseGenerator(ScpiInstrument):
    """A pulse generator wired to the device; `armed`, `ready`, `burst`, `pulse` and `free_run` are the dialect's.

    With its output on and triggered by itself it runs freely: its pulses reach the device for as long as time passes.

    Parameters
    ----------
    identity
        Answer to ``*IDN?``.
    context
        What the bench gives it; the trigger line of its cables reaches the external trigger input.
    """

    def __init__(self, identity: str, context: InstrumentContext) -> None:
        super().__init__(identity, context.wiring.clock)
        self._wiring = context.junction_wiring
        if context.cables.trigger_line:
            self._wiring.connect(context.cables.trigger_line, self._external)

    def armed(self, source: str) -> bool:
        """Whether it listens to triggers from a source, ``EXT`` or ``MAN``."""
        raise NotImplementedError

    @property
    def ready(self) -> bool:
        """Whether a trigger makes pulses: the output is on and they are pulses."""
        raise NotImplementedError

    @property
    def burst(self) -> int:
        """Pulses a trigger."""
        return 1

    def pulse(self) -> Pulse:
        """Describe the pulse at an end of high resistance."""
        raise NotImplementedError

    def free_run(self) -> tuple[float, int] | None:
        """Time between triggers of its own [s] and pulses at each; None where it waits for others' triggers."""
        raise NotImplementedError

    def changed(self, key: str) -> None:
        """Let what runs freely follow the settings."""
        run = self.free_run() if self.ready else None
        self._wiring.run_freely(None if run is None else FreeRun(self.pulse(), *run, self._refused))

    def trigger(self) -> None:
        """Send a burst where it is armed for it."""
        if not self.armed("MAN"):
            raise ScpiError(-211)
        self._fire(1, 0.0)

    def _external(self, count: int, interval: float) -> NDArray[np.uint8] | None:
        return self._fire(count, interval) if self.armed("EXT") else None

    def _fire(self, count: int, interval: float) -> NDArray[np.uint8] | None:
        """Send `count` bursts to the device; return its state after each."""
        if not self.ready:
            return None
        try:
            if count * self.burst > MOST_PULSES:
                raise InputError(f"{count * self.burst} pulses are more than the {MOST_PULSES} of a simulated train")
            states = self._wiring.pulse(self.pulse(), count * self.burst, interval)
        except ValueError as error:
            self._refused(error)
            return None
        return states[self.burst - 1 :: self.burst]

    def _refused(self, error: ValueError) -> None:
        """Tell that the model of the device does not cover the pulses."""
        self.report(ScpiError(-200, f"Execution error;{error}"))


def open_circuit(load: float) -> float:
    """Voltage at an open end over what a generator set for a load [Ω] is set to: it allows for its own 50 Ω."""
    return (load + SOURCE_RESISTANCE) / load
