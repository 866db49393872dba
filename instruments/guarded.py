"""The roles as a procedure gets them: every setting passes the interlock first."""

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments.interlock import Interlock
from mtjlab.instruments.pulse_generator import PulseGenerator
from mtjlab.instruments.source_meter import Reading, SourceMeter

__all__ = ["GuardedPulseGenerator", "GuardedSourceMeter"]


class GuardedPulseGenerator:
    """A pulse generator behind the interlock; see `PulseGenerator` for the methods."""

    def __init__(self, generator: PulseGenerator, interlock: Interlock) -> None:
        self._generator = generator
        self._interlock = interlock
        self.identify = generator.identify
        self.set_limit = generator.set_limit
        self.arm_external = generator.arm_external
        self.arm_manual = generator.arm_manual
        self.trigger = generator.trigger
        self.switch_on = generator.switch_on
        self.switch_off = generator.switch_off
        self.settings = generator.settings
        self.errors = generator.errors
        self.close = generator.close

    def set_pulse(self, amplitude: float, width: float) -> None:
        """Check the pulse, then set it."""
        self._interlock.check_pulse(amplitude, width)
        self._generator.set_pulse(amplitude, width)


class GuardedSourceMeter:
    """A source-meter behind the interlock; see `SourceMeter` for the methods."""

    def __init__(self, meter: SourceMeter, interlock: Interlock) -> None:
        self._meter = meter
        self._interlock = interlock
        self.identify = meter.identify
        self.set_integration = meter.set_integration
        self.start_block = meter.start_block
        self.switch_on = meter.switch_on
        self.switch_off = meter.switch_off
        self.settings = meter.settings
        self.errors = meter.errors
        self.close = meter.close

    def set_bias(self, voltage: float, compliance: float) -> None:
        """Check the bias, then set it."""
        self._interlock.check_bias(voltage, compliance)
        self._meter.set_bias(voltage, compliance)

    def prepare_block(self, count: int, settle: float) -> None:
        """Check how soon pulses follow each other, then set up the trigger model."""
        self._interlock.check_train(settle)
        self._meter.prepare_block(count, settle)

    def read(self) -> Reading:
        """Take one reading."""
        return self._meter.read()

    def fetch_block(self) -> NDArray[np.float64]:
        """Wait for the block and return its currents [A]."""
        return self._meter.fetch_block()
