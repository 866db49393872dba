"""The random bitstream: pulse, read, pulse, read, in blocks that the instruments take by themselves."""

import logging
import time
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pymeasure.experiment import FloatParameter, Procedure

from mtjlab.analysis.health.entropy_claim import EntropyClaim
from mtjlab.analysis.health.health_tests import Alarm, HealthTests
from mtjlab.analysis.read_integration import read_integration
from mtjlab.analysis.state_levels import StateLevels
from mtjlab.instruments.bench import Bench
from mtjlab.instruments.instrument_error import InstrumentError
from mtjlab.procedures.acquisition import Acquisition, acquisition_for
from mtjlab.procedures.block import Block
from mtjlab.procedures.count_parameter import CountParameter
from mtjlab.procedures.recording_size import recording_size
from mtjlab.procedures.recovery import Recovery
from mtjlab.procedures.resumption import Resumption

__all__ = ["RandomBitstream"]

log = logging.getLogger(__name__)

LARGEST_BLOCK = 2500


class RandomBitstream(Procedure):
    """Acquire raw random bits at an operating point.

    Each pulse leaves the junction in either state with probability one half; a raw bit says whether the
    pulse switched it (the state exclusive-or the state before), so no reset is needed.  If P(switch) is the
    same from both states, the raw bits are independent and their bias is the distance of P(switch) from one
    half; von Neumann's extractor removes it.

    The health tests of SP 800-90B watch the raw bits. An alarm is logged and counted with its block; it ends the run
    where a stop condition says so.

    The first block finds the currents of the two states and is not recorded; if more of its readings would be misread
    than `read_error` allows, the integration time is raised until it holds.  Currents, threshold and the probability of
    a misread state are results of the recording.
    """

    bits = CountParameter("Bits", default=1_000_000, minimum=1, maximum=10**13)
    amplitude = FloatParameter("Pulse amplitude", units="V", default=1.25, minimum=0.05, maximum=5.0)
    width = FloatParameter("Pulse width", units="s", default=10e-9, minimum=1e-10, maximum=1.0)
    settle = FloatParameter("Settle time", units="s", default=1e-6, minimum=0.0, maximum=999.0)
    bias = FloatParameter("Read bias", units="V", default=0.05, minimum=-1.0, maximum=1.0)
    compliance = FloatParameter("Compliance", units="A", default=1e-5, minimum=1e-9, maximum=1.0)
    integration = FloatParameter(
        "Least integration time in power line cycles", default=0.01, minimum=0.01, maximum=10.0
    )
    read_error = FloatParameter("Largest share of misread states", default=1e-6, minimum=1e-15, maximum=0.1)
    block = CountParameter("Bits a block", default=LARGEST_BLOCK, minimum=2, maximum=LARGEST_BLOCK)
    entropy = FloatParameter("Assessed min-entropy a bit", default=0.9, minimum=0.01, maximum=1.0)
    false_alarm = FloatParameter(
        "False-alarm probability of a health test", default=2.0**-40, minimum=1e-30, maximum=0.1
    )

    DATA_COLUMNS: ClassVar[list[str]] = [
        "Time (s)",
        "P(1)",
        "Parallel current (A)",
        "Antiparallel current (A)",
    ]

    extendable: ClassVar[tuple[str, ...]] = ("bits",)

    bench: Bench
    """Bench to run on; the runner sets it."""
    levels: StateLevels
    """Currents of the two states, found at the start."""
    health: HealthTests
    """The health tests that watch the bits."""
    complete = False
    """Whether all bits have been acquired."""
    _resumption: Resumption | None = None
    _alarms: list[Alarm]
    _acquisition: Acquisition
    _cycles = 0.0
    """Integration time that was found to be needed [power line cycles]; nought before that."""

    def configure(self) -> None:
        """Make the settings that the interlock may refuse; every output stays as it is."""
        generator, meter = self.bench.pulse_generator, self.bench.source_meter
        generator.set_pulse(self.amplitude, self.width)
        meter.set_bias(self.bias, self.compliance)
        meter.set_integration(self._cycles or self.integration)
        self._acquisition = acquisition_for(self.bench)
        self._acquisition.prepare(self.block, self.settle)

    def startup(self) -> None:
        """Set the operating point, switch the outputs on and find the currents of the two states."""
        self.health = HealthTests(EntropyClaim(self.entropy, self.false_alarm))
        self._cycles = 0.0
        self._start()

    def _start(self) -> None:
        self.configure()
        self.bench.source_meter.switch_on()
        self.bench.pulse_generator.switch_on()
        levels = self.levels = self._find_levels()
        log.info("currents of the states: %.6g A parallel, %.6g A antiparallel", levels.parallel, levels.antiparallel)
        self.emit("fit", levels.results())

    def _find_levels(self) -> StateLevels:
        """Find the currents of the states, and the integration time at which they are told apart well enough."""
        cycles = self._cycles or self.integration
        while True:
            self._acquisition.start()
            currents = self._acquisition.fetch()
            levels = StateLevels.fit(currents)
            self._state = levels.states(currents)[-1]
            wanted = read_integration(levels, cycles, self.read_error)
            if wanted == cycles:
                return levels
            log.info(
                "at %.3g power line cycles %.2g of the states are misread: %.3g are taken",
                cycles,
                levels.misclassification,
                wanted,
            )
            self._cycles = cycles = wanted
            self.bench.source_meter.set_integration(cycles)
            self._acquisition.prepare(self.block, self.settle)  # a block's longest time depends on it

    def resume(self, resumption: Resumption) -> None:
        """Go on where a recording ends."""
        self._resumption = resumption

    def execute(self) -> None:
        """Acquire until all bits are there or the run is stopped."""
        began, done, known = time.time(), 0, 0
        if self._resumption is not None:
            began, done = self._resumption.began, self._resumption.bits
            known = self._repeat(self._resumption)  # bits of the next block that the recording holds
            if self.should_stop():
                return
        recovery = Recovery(self.bench, self._start)
        under_way = False
        while done < self.bits:
            try:
                if not under_way:
                    started = time.time()
                    self._acquisition.start()
                currents = self._acquisition.fetch()
                this_started, started = started, time.time()
                stop = self.should_stop()
                under_way = not stop and done + len(currents) - known < self.bits
                if under_way:
                    self._acquisition.start()  # the next block is under way while this one is taken apart
                if known:
                    currents, known = self._drop(currents, known, done), 0
                done += self._take(currents[: self.bits - done], this_started, began)
            except InstrumentError as error:
                # Of this block and the one under way nothing is kept: the state between them may be another.
                recovery.after(error)
                under_way = False
                continue
            recovery.succeeded()
            self.complete = done >= self.bits
            self.emit("progress", 100.0 * done / self.bits)
            if stop or self.should_stop():
                break

    def shutdown(self) -> None:
        """Switch the outputs off."""
        self.bench.make_safe()

    def get_estimates(self) -> list[tuple[str, str]]:
        """Estimate duration and file size for the estimator of the window."""
        return [
            ("Duration", f"{self.estimated_duration:.3g} s on the instruments"),
            ("File", f"{self.estimated_bytes / 1e6:.3g} MB"),
        ]

    @property
    def estimated_duration(self) -> float:
        """Time that the instruments take [s]: settling and integrating at 50 Hz; transfers come on top."""
        return float((self.block + self.bits) * (self.settle + self.integration / 50.0))

    @property
    def estimated_bytes(self) -> int:
        """Size of the recording [bytes]."""
        blocks = -(-self.bits // self.block)
        return recording_size(bits=self.bits, blocks=blocks, rows=blocks, columns=len(self.DATA_COLUMNS))

    def _repeat(self, resumption: Resumption) -> int:
        """Let a bench that begins its random stream anew repeat the whole blocks that the recording holds.

        Returns
        -------
        int
            How many bits of the block after them the recording holds.
        """
        if not resumption.repeats:
            return 0
        whole, rest = divmod(resumption.bits, self.block)
        if whole:
            log.info("repeating %d blocks of the seeded run", whole)
        for index in range(whole):
            if self.should_stop():
                return 0
            self._acquisition.start()
            currents = self._acquisition.fetch()
            resumption.check(index * self.block, self._bits(currents))
            self.emit("progress", 100.0 * (index + 1) * self.block / self.bits)
        return rest

    def _drop(self, currents: NDArray[np.float64], known: int, done: int) -> NDArray[np.float64]:
        """Leave out the first readings of a repeated block, which the recording holds."""
        assert self._resumption is not None
        self._resumption.check(done - known, self._bits(currents[:known]))
        return currents[known:]

    def _bits(self, currents: NDArray[np.float64]) -> NDArray[np.uint8]:
        """Turn readings into raw bits, whether each pulse changed the state, and watch them."""
        self._follow_levels(currents)
        states = self.levels.states(currents)
        bits: NDArray[np.uint8] = states ^ np.concatenate(([self._state], states[:-1]))
        self._refuse_stuck(bits)
        self._state = states[-1]
        self._alarms = self.health.update(bits)
        return bits

    def _follow_levels(self, currents: NDArray[np.float64]) -> None:
        """Let the levels follow a device that drifts, and refuse readings that are of neither state."""
        if self.levels.accepts(currents):
            return
        try:
            levels = StateLevels.fit(currents)
        except ValueError as error:
            raise InstrumentError(str(error)) from error
        if not levels.accepts(currents):
            raise InstrumentError(
                "a reading lies between the currents of the two states: the block is not the device's"
            )
        log.warning(
            "the currents of the states have moved to %.6g A parallel, %.6g A antiparallel",
            levels.parallel,
            levels.antiparallel,
        )
        self.levels = levels
        self.emit("fit", levels.results())

    def _take(self, currents: NDArray[np.float64], started: float, began: float) -> int:
        """Turn currents into bits and hand them on; return how many there are."""
        bits = self._bits(currents)
        for alarm in self._alarms:
            log.warning("health alarm: %s", alarm)
        block = Block(bits, currents, started, self.amplitude, self.width, alarms=len(self._alarms))
        parallel = self.levels.states(currents) == 0
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
