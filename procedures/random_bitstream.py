"""The random bitstream: pulse, read, pulse, read, in blocks that the instruments take by themselves."""

import time
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pymeasure.experiment import FloatParameter, Procedure

from mtjlab.analysis.state_levels import StateLevels
from mtjlab.instruments.bench import Bench
from mtjlab.instruments.instrument_error import InstrumentError
from mtjlab.procedures.block import Block
from mtjlab.procedures.count_parameter import CountParameter

__all__ = ["RandomBitstream"]

LARGEST_BLOCK = 2500


class RandomBitstream(Procedure):
    """Acquire raw random bits at an operating point.

    Each pulse leaves the junction in either state with probability one half; a raw bit says whether the
    pulse switched it (the state exclusive-or the state before), so no reset is needed.  If P(switch) is the
    same from both states, the raw bits are independent and their bias is the distance of P(switch) from one
    half; von Neumann's extractor removes it.

    The first block finds the currents of the two states and is not recorded.
    """

    bits = CountParameter("Bits", default=1_000_000, minimum=1, maximum=10**13)
    amplitude = FloatParameter("Pulse amplitude", units="V", default=1.25, minimum=0.05, maximum=5.0)
    width = FloatParameter("Pulse width", units="s", default=10e-9, minimum=1e-10, maximum=1.0)
    settle = FloatParameter("Settle time", units="s", default=1e-6, minimum=0.0, maximum=999.0)
    bias = FloatParameter("Read bias", units="V", default=0.05, minimum=-1.0, maximum=1.0)
    compliance = FloatParameter("Compliance", units="A", default=1e-5, minimum=1e-9, maximum=1.0)
    integration = FloatParameter("Integration time in power line cycles", default=0.01, minimum=0.01, maximum=10.0)
    block = CountParameter("Bits a block", default=LARGEST_BLOCK, minimum=2, maximum=LARGEST_BLOCK)

    DATA_COLUMNS: ClassVar[list[str]] = [
        "Time (s)",
        "P(1)",
        "Parallel current (A)",
        "Antiparallel current (A)",
    ]

    bench: Bench
    """Bench to run on; the runner sets it."""
    levels: StateLevels
    """Currents of the two states, found at the start."""
    complete = False
    """Whether all bits have been acquired."""

    def startup(self) -> None:
        """Set the operating point, switch the outputs on and find the currents of the two states."""
        generator, meter = self.bench.pulse_generator, self.bench.source_meter
        # The settings that the interlock may refuse come first, while every output is off.
        generator.set_pulse(self.amplitude, self.width)
        meter.set_bias(self.bias, self.compliance)
        meter.set_integration(self.integration)
        meter.prepare_block(self.block, self.settle)
        generator.arm_external()
        meter.switch_on()
        generator.switch_on()
        meter.start_block()
        currents = self._fetch()
        self.levels = StateLevels.fit(currents)
        self._state = self.levels.states(currents)[-1]

    def execute(self) -> None:
        """Acquire until all bits are there or the run is stopped."""
        meter = self.bench.source_meter
        began = time.time()
        done = 0
        started = began
        meter.start_block()
        while done < self.bits:
            currents = self._fetch()
            this_started, started = started, time.time()
            stop = self.should_stop()
            if not stop and done + len(currents) < self.bits:
                meter.start_block()  # the next block is under way while this one is taken apart
            done += self._take(currents[: self.bits - done], this_started, began)
            self.complete = done >= self.bits
            self.emit("progress", 100.0 * done / self.bits)
            if stop:
                break

    def shutdown(self) -> None:
        """Switch the outputs off."""
        self.bench.make_safe()

    def get_estimates(self) -> list[tuple[str, str]]:
        """Estimate duration and file size for the estimator of the window."""
        return [
            ("Duration", f"{self.estimated_duration:.3g} s on the instruments"),
            ("File", f"{self.bits / 8 / 1e6:.3g} MB of bits"),
        ]

    @property
    def estimated_duration(self) -> float:
        """Time that the instruments take [s]: settling and integrating at 50 Hz; transfers come on top."""
        return float(self.bits * (self.settle + self.integration / 50.0))

    def _fetch(self) -> NDArray[np.float64]:
        currents = self.bench.source_meter.fetch_block()
        errors = self.bench.pulse_generator.errors()
        if errors:
            raise InstrumentError(f"the pulse generator reports: {'; '.join(errors)}")
        return currents

    def _take(self, currents: NDArray[np.float64], started: float, began: float) -> int:
        """Turn currents into bits and hand them on; return how many there are."""
        states = self.levels.states(currents)
        bits = states ^ np.concatenate(([self._state], states[:-1]))
        self._state = states[-1]
        self._refuse_stuck(bits)
        block = Block(bits, currents, started, self.amplitude, self.width)
        parallel = states == 0
        row = {
            "Time (s)": started - began,
            "P(1)": block.ones / len(bits),
            "Parallel current (A)": _mean(currents[parallel]),
            "Antiparallel current (A)": _mean(currents[~parallel]),
        }
        self.emit("block", (block, row))
        return len(bits)

    def _refuse_stuck(self, bits: NDArray[np.uint8]) -> None:
        """Stop on a device that has stopped switching, or always switches."""
        # Chance does this to a fair device once in 2^64 blocks.
        if len(bits) >= 65 and bits.min() == bits.max():
            did = "switched at every pulse" if bits[0] else "did not switch once"
            raise InstrumentError(
                f"the device {did} in {len(bits)} pulses of {self.amplitude:g} V and {self.width:g} s: it is stuck, "
                "or off its operating point"
            )


def _mean(values: NDArray[np.float64]) -> float:
    return float(values.mean()) if len(values) else float("nan")
