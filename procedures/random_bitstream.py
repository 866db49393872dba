"""The random bitstream: pulse, read, pulse, read, in blocks that the instruments take by themselves."""

import logging
import math
import time
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pymeasure.experiment import FloatParameter, ListParameter, Parameter

from mtjlab.analysis.health.entropy_claim import EntropyClaim
from mtjlab.analysis.health.health_tests import HealthTests
from mtjlab.analysis.randomness.bias_bound import bias_bound
from mtjlab.analysis.read_integration import read_integration
from mtjlab.analysis.state_levels import StateLevels
from mtjlab.core.errors import InputError
from mtjlab.data.recording import Recording
from mtjlab.instruments.bench import Bench
from mtjlab.instruments.bench.file import Simulation
from mtjlab.instruments.instrument_error import InstrumentError
from mtjlab.procedures.acquisition import Acquisition, acquisition_for
from mtjlab.procedures.bitstream_picture import bitstream_picture
from mtjlab.procedures.block import Block
from mtjlab.procedures.block_schedule import BlockSchedule
from mtjlab.procedures.checked_procedure import CheckedProcedure
from mtjlab.procedures.count_parameter import CountParameter
from mtjlab.procedures.junction_bits import JunctionBits, RawBits, Results
from mtjlab.procedures.reading_time import START, reading_time
from mtjlab.procedures.recording_size import recording_size
from mtjlab.procedures.recovery import Recovery
from mtjlab.procedures.resumption import Resumption
from mtjlab.procedures.steering import ACTUATORS, Steering, Wanted

__all__ = ["RandomBitstream"]

log = logging.getLogger(__name__)

LARGEST_BLOCK = 2500


class RandomBitstream(CheckedProcedure):
    """Acquire raw random bits at an operating point, and hold it.

    Each pulse leaves the junction in either state with probability one half; a raw bit says whether the
    pulse switched it (the state exclusive-or the state before), so no reset is needed.  If P(switch) is the
    same from both states, the raw bits are independent and their bias is the distance of P(switch) from one
    half; von Neumann's extractor removes it.  With `mode` ``reset`` only pulses count that began in the parallel
    state: each pulse out of the antiparallel one is a reset, which its read verifies, and half as many bits come.

    The health tests of SP 800-90B watch the raw bits. An alarm is logged and counted with its block; it ends the run
    where a stop condition says so.

    The first block finds the currents of the two states and is not recorded; if more of its readings would be misread
    than `read_error` allows, the integration time is raised until it holds.  Currents, threshold and the probability of
    a misread state are results of the recording.

    `feedback` holds P at one half by moving the `actuator`: ``output`` lets the bits that are given out steer, which
    makes them too fair over windows longer than the loop constant; ``sacrificial`` lets a `share` of all pulses steer
    whose bits are given to nobody.  The setting of each block is in its row; slope, drift, suppression and a bound of
    what the bits leak are results.

    It ends when all `bits` are there; or, where these are given, after `duration`, or when the mean of |2P - 1| is
    shown to be at most `largest_bias` with the `confidence`.  With several `junctions` on a multiplexed bench each
    has its turn of `turn` bits, in order, with its own levels, health tests and steering.
    """

    bits = CountParameter("Bits", default=1_000_000, minimum=1, maximum=10**13)
    duration = FloatParameter("Longest duration", units="s", default=0.0, minimum=0.0, maximum=1e9)
    largest_bias = FloatParameter("Mean |2P - 1| to be shown", default=0.0, minimum=0.0, maximum=1.0)
    confidence = FloatParameter("Confidence of that", default=0.95, minimum=0.5, maximum=1 - 1e-12)
    mode = ListParameter("Mode", choices=["toggle", "reset"], default="toggle")
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
    resistance = ListParameter("Resistance kept", choices=["none", "every"], default="none")
    feedback = ListParameter("Feedback", choices=["none", "output", "sacrificial"], default="none")
    actuator = ListParameter("Actuator", choices=list(ACTUATORS), default="width")
    field = FloatParameter("Field at the start", units="T", default=0.0, minimum=-10.0, maximum=10.0)
    slope = FloatParameter("Slope of P by the actuator", default=0.0, minimum=-1e15, maximum=1e15)
    span = FloatParameter("Largest move of the actuator", default=0.0, minimum=0.0, maximum=10.0)
    resolution = FloatParameter("Step of the actuator", default=0.0, minimum=0.0, maximum=1.0)
    constant = CountParameter("Loop constant in bits", default=100_000, minimum=100, maximum=10**12)
    share = FloatParameter("Share of sacrificed pulses", default=0.25, minimum=1e-3, maximum=0.5)
    drift = FloatParameter("Largest drift of P a bit", default=1e-8, minimum=0.0, maximum=0.1)
    step = FloatParameter("Largest sudden change of P", default=2e-3, minimum=0.0, maximum=0.5)
    junctions = Parameter("Junctions", default="")
    turn = CountParameter("Bits a turn", default=250_000, minimum=1, maximum=10**12)

    DATA_COLUMNS: ClassVar[list[str]] = [
        "Time (s)",
        "P(1)",
        "Parallel current (A)",
        "Antiparallel current (A)",
        "Junction",
    ]

    column_notes: ClassVar[dict[str, str]] = {"Junction": "place in the parameter junctions, from 1"}

    extendable: ClassVar[tuple[str, ...]] = ("bits", "duration")

    makes_bits: ClassVar[bool] = True

    bench: Bench
    """Bench to run on; the runner sets it."""
    simulation: Simulation | None = None
    """Simulated bench that it will run on, as far as it is estimated before it has a bench."""
    streams: dict[str, JunctionBits]
    """The junctions' bits, by name; the name is empty on a bench without multiplexer."""
    complete = False
    """Whether all bits have been acquired, or another target reached."""
    _resumption: Resumption | None = None
    _acquisition: Acquisition

    def configure(self) -> None:
        """Make the settings that the interlock may refuse; every output stays as it is."""
        self._schedule = BlockSchedule.of(self.feedback, block=self.block, constant=self.constant, share=self.share)
        names = self._junction_names()
        self.streams = {name: self._new_stream() for name in names}
        self._name = names[0]
        steering = self._stream.steering
        if steering is not None:
            steering.rehearse()
        self._prepare()

    def startup(self) -> None:
        """Set the operating point, switch the outputs on and find the currents of the two states."""
        self.configure()
        self._numbers = dict.fromkeys(self.streams, 0)
        self._turned = 0
        self._connect(self._name)

    def picture(self, recording: Recording) -> bytes:
        """Draw what a recording of this procedure holds as a PNG; see `bitstream_picture`."""
        return bitstream_picture(recording, self.bias)

    @property
    def levels(self) -> StateLevels:
        """Currents of the two states of the junction that has its turn."""
        return self._stream.levels

    @property
    def health(self) -> HealthTests:
        """The health tests that watch its bits."""
        return self._stream.health

    @property
    def _stream(self) -> JunctionBits:
        return self.streams[self._name]

    def _junction_names(self) -> list[str]:
        names = [name.strip() for name in self.junctions.split(",") if name.strip()]
        if not names:
            return [""]
        known = self.bench.multiplexer.junctions
        unknown = [name for name in names if name not in known]
        if unknown or len(set(names)) < len(names):
            raise InputError(f"junctions = {self.junctions!r}: give each of these at most once: {', '.join(known)}")
        return names

    def _new_stream(self) -> JunctionBits:
        return JunctionBits(
            HealthTests(EntropyClaim(self.entropy, self.false_alarm)),
            from_parallel=self.mode == "reset",
            report=self._report,
            steering=None if self.feedback == "none" else self._new_steering(),
        )

    def _new_steering(self) -> Steering:
        wanted = Wanted(
            self.actuator,
            slope=self.slope,
            constant=self.constant,
            share=self._schedule.steering_share,
            span=self.span,
            resolution=self.resolution,
            drift=self.drift,
            step=self.step,
        )
        by_output = self.feedback == "output"
        return Steering(self.bench, wanted, self.amplitude, self.width, self.field, by_output=by_output)

    def _report(self, results: Results) -> None:
        """Record results of a fit, under the junction's name where there are several."""
        prefix = f"{self._name}: " if self._name else ""
        self.emit("fit", {prefix + name: result for name, result in results.items()})

    # the bench

    def _prepare(self) -> None:
        """Set pulse, bias and integration, and the trigger model."""
        steering, meter = self._stream.steering, self.bench.source_meter
        if steering is None:
            self.bench.pulse_generator.set_pulse(self.amplitude, self.width)
        else:
            self.bench.pulse_generator.set_pulse(steering.amplitude, steering.width)
        meter.set_bias(self.bias, self.compliance)
        meter.set_integration(self._stream.cycles or self.integration)
        self._acquisition = acquisition_for(self.bench)
        self._acquisition.prepare(self.block, self.settle)

    def _connect(self, name: str) -> None:
        """Give a junction its turn."""
        self._name = name
        if name:
            self.bench.pulse_generator.switch_off()
            self.bench.source_meter.switch_off()
            self.bench.multiplexer.select(name)
        self._start()

    def _start(self) -> None:
        """Switch the outputs on, find the levels, and begin to steer where that has not begun."""
        self._under_way = False
        self._seen = [0, 0]
        self._prepare()
        self.bench.source_meter.switch_on()
        self.bench.pulse_generator.switch_on()
        steering = self._stream.steering
        if steering is not None:
            steering.switch_on()
        self._find_levels()
        if steering is not None and not steering.ready:
            steering.begin(self._probe)
            self._start_where_it_stopped(steering)

    def _start_where_it_stopped(self, steering: Steering) -> None:
        resumption = self._resumption
        if resumption is not None and not resumption.repeats and resumption.point is not None:
            steering.go_on_from(*resumption.point)

    def _find_levels(self) -> None:
        """Find the currents of the states, and the integration time at which they are told apart well enough."""
        stream = self._stream
        cycles = stream.cycles or self.integration
        while True:
            self._acquisition.start()
            currents = self._acquisition.fetch()
            levels = StateLevels.fit(currents)
            wanted = read_integration(levels, cycles, self.read_error)
            if wanted == cycles:
                break
            log.info(
                "at %.3g power line cycles %.2g of the states are misread: %.3g are taken",
                cycles,
                levels.misclassification,
                wanted,
            )
            stream.cycles = cycles = wanted
            self.bench.source_meter.set_integration(cycles)
            self._acquisition.prepare(self.block, self.settle)  # a block's longest time depends on it
        stream.found(levels, currents)
        log.info("currents of the states: %.6g A parallel, %.6g A antiparallel", levels.parallel, levels.antiparallel)
        self._report(levels.results())

    def _probe(self) -> tuple[int, int]:
        """Send a block that nobody gets, and count its bits and their ones."""
        self._acquisition.start()
        raw = self._stream.take(self._acquisition.fetch(), self._pulse)
        return len(raw.bits), int(np.count_nonzero(raw.bits))

    @property
    def _pulse(self) -> str:
        amplitude, width, _ = self._point
        return f"{amplitude:g} V and {width:g} s"

    @property
    def _point(self) -> tuple[float, float, float]:
        """Amplitude [V], width [s] and field [T] of the pulses now; NaN for a field that nobody makes."""
        steering = self._stream.steering
        if steering is None:
            return self.amplitude, self.width, math.nan
        return steering.amplitude, steering.width, steering.field_now

    # the bits

    def resume(self, resumption: Resumption) -> None:
        """Go on where a recording ends."""
        self._resumption = resumption

    def execute(self) -> None:
        """Acquire until a target is reached or the run is stopped."""
        self._clock = time.monotonic()
        self._began, self._made, self._held = time.time(), 0, 0
        resumption = self._resumption
        if resumption is not None:
            # A bench that begins its random stream anew makes once more what the recording holds.
            self._began, self._held = resumption.began, resumption.bits
            self._made = 0 if resumption.repeats else resumption.bits
            if resumption.repeats and self._held:
                log.info("repeating %d bits of the seeded run", self._held)
        recovery = Recovery(self.bench, lambda: self._connect(self._name))  # a multiplexer has let go of its junction
        while not self._target_reached():
            try:
                stop = self._next_block()
            except InstrumentError as error:
                # Of this block and the one under way nothing is kept: the state between them may be another.
                recovery.after(error)
                continue
            recovery.succeeded()
            self.complete = self._target_reached()
            self.emit("progress", self._progress())
            if stop or self.should_stop():
                break
        for name, stream in self.streams.items():
            self._name = name
            if stream.steering is not None and stream.steering.ready:
                self._report(stream.steering.results(stream.bits))

    def _next_block(self) -> bool:
        """Take a block and whatever is due after it; tell whether somebody wants the run to stop."""
        number = self._numbers[self._name]
        if not self._under_way:
            self._started = time.time()
            self._acquisition.start()
        currents = self._acquisition.fetch()
        started, self._started = self._started, time.time()
        stop = bool(self.should_stop())
        alone = self._schedule.acts_after(number) or len(self.streams) > 1
        self._under_way = not (stop or alone) and self._made + len(currents) < self.bits
        if self._under_way:
            self._acquisition.start()  # the next block is under way while this one is taken apart
        self._numbers[self._name] += 1
        raw = self._stream.take(currents, self._pulse)
        if self._schedule.steers(number):
            self._seen[0] += len(raw.bits)
            self._seen[1] += int(np.count_nonzero(raw.bits))
        if self._schedule.given_out(number):
            self._give_out(raw, started)
        if self._schedule.acts_after(number) and self._stream.steering is not None:
            self._stream.steering.act(*self._seen)
            self._seen = [0, 0]
        if len(self.streams) > 1 and self._turned >= self.turn and not self._target_reached():
            self._next_turn()
        return stop

    def _next_turn(self) -> None:
        names = list(self.streams)
        self._turned = 0
        self._connect(names[(names.index(self._name) + 1) % len(names)])

    def _give_out(self, raw: RawBits, started: float) -> None:
        """Hand bits on, but for those that the recording holds."""
        first = self._made
        bits, currents = raw.bits[: self.bits - first], raw.currents[: self.bits - first]
        alarms = self._stream.give_out(bits)
        self._made += len(bits)
        self._turned += len(bits)
        held = max(0, self._held - first)
        if held:
            assert self._resumption is not None
            self._resumption.check(first, bits[:held])
            # Bits of several junctions are counted together here and apart by their health tests.
            fresh = self._stream.health.bits - len(bits) + held
            alarms = [alarm for alarm in alarms if alarm.bit >= fresh]
            bits, currents = bits[held:], currents[held:]
        for alarm in alarms:
            log.warning("health alarm: %s", alarm)
        if not len(bits):
            return
        resistances = self.bias / currents if self.keeps_resistance else None
        block = Block(bits, currents, started, *self._point, alarms=len(alarms), resistances=resistances)
        parallel = self.levels.states(currents) == 0
        row = {
            "Time (s)": started - self._began,
            "P(1)": block.ones / len(bits),
            "Parallel current (A)": _mean(currents[parallel]),
            "Antiparallel current (A)": _mean(currents[~parallel]),
            "Junction": float(list(self.streams).index(self._name) + 1),
        }
        self.emit("block", (block, row))

    def _target_reached(self) -> bool:
        return self._progress() >= 100.0

    def _progress(self) -> float:
        """How much of the nearest target is reached [%]."""
        parts = [100.0 * self._made / self.bits]
        if self.duration:
            parts.append(100.0 * (time.monotonic() - self._clock) / self.duration)
        if self.largest_bias:
            shown = max(bias_bound(each.ones, each.bits, self.confidence) for each in self.streams.values())
            # The bound falls with the root of the bits.
            parts.append(100.0 * (self.largest_bias / shown) ** 2)
        return min(100.0, max(parts))

    def shutdown(self) -> None:
        """Switch the outputs off."""
        self.bench.make_safe()

    def get_estimates(self) -> list[tuple[str, str]]:
        """Estimate duration and file size for the estimator of the window."""
        return [
            ("Duration", f"{self.estimated_duration:.3g} s"),
            ("File", f"{self.estimated_bytes / 1e6:.3g} MB"),
        ]

    @property
    def estimated_duration(self) -> float:
        """Time that a run takes [s]: settling and reading."""
        pulses = self.bits * (2 if self.mode == "reset" else 1)
        if self.feedback == "sacrificial":
            pulses /= 1 - self.share
        lasts = START + (self.block + pulses) * reading_time(self, self.integration, self.settle)
        return float(min(lasts, self.duration) if self.duration else lasts)

    @property
    def keeps_resistance(self) -> bool:
        """Whether the resistance read with each bit goes into the recording: four bytes a bit."""
        return bool(self.resistance == "every")

    @property
    def estimated_bytes(self) -> int:
        """Size of the recording [bytes]."""
        blocks = -(-self.bits // self.block) * (2 if self.mode == "reset" else 1)
        kept = self.bits if self.keeps_resistance else 0
        return recording_size(
            bits=self.bits, blocks=blocks, rows=blocks, columns=len(self.DATA_COLUMNS), resistances=kept
        )


def _mean(values: NDArray[np.float64]) -> float:
    return float(values.mean()) if len(values) else float("nan")
