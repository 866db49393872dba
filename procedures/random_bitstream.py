"""The random bitstream: pulse, read, pulse, read, in blocks that the instruments take by themselves."""

import math
from collections.abc import Iterator
from typing import Any, ClassVar

from pymeasure.experiment import FloatParameter, ListParameter, Parameter

from mtjlab.analysis.extraction import EXTRACTORS, RAW_BITS
from mtjlab.analysis.health import EntropyClaim, HealthTests
from mtjlab.analysis.plots import bitstream_picture
from mtjlab.core import InputError, Quantity
from mtjlab.data import Recording
from mtjlab.procedures.acquisition.acquisition import LARGEST_BLOCK
from mtjlab.procedures.bitstream.block_loop import BlockLoop
from mtjlab.procedures.bitstream.block_output import COLUMNS, BlockOutput
from mtjlab.procedures.bitstream.block_schedule import BlockSchedule
from mtjlab.procedures.bitstream.connected_junction import ReadSettings
from mtjlab.procedures.bitstream.junction_bits import JunctionBits
from mtjlab.procedures.bitstream.junction_turns import JunctionTurns, junction_names
from mtjlab.procedures.bitstream.parameter_notes import GROUPS, NOTES
from mtjlab.procedures.bitstream.target import Target
from mtjlab.procedures.measurements.count_parameter import CountParameter
from mtjlab.procedures.measurements.events import BlockEvent, ProgressEvent, ResultEvent
from mtjlab.procedures.measurements.limited_parameter import LimitedParameter
from mtjlab.procedures.measurements.measurement_procedure import MeasurementProcedure
from mtjlab.procedures.measurements.reading_time import START, reading_time
from mtjlab.procedures.measurements.recording_size import recording_size
from mtjlab.procedures.measurements.resumption import Resumption
from mtjlab.procedures.steering.actuators import ACTUATORS, OperatingPoint, actuator_of
from mtjlab.procedures.steering.steering import Steering, SteeringSettings

__all__ = ["RandomBitstream"]

RAW_PER_BIT = {"none": 1.0, "von-neumann": 4.0, "peres": 1.06}
"""Raw bits for one that is given out, at P of about one half, by the extractor."""


class RandomBitstream(MeasurementProcedure):
    """Acquire raw random bits at an operating point, and hold it.

    Each pulse leaves the junction in either state with probability one half; a raw bit says whether the
    pulse switched it (the state exclusive-or the state before), so no reset is needed.  If P(switch) is the
    same from both states, the raw bits are independent and their bias is the distance of P(switch) from one
    half.  von Neumann's extractor removes it, also where it differs between the states.  With `mode` ``reset`` only
    pulses count that began in the parallel state: each pulse out of the antiparallel one is a reset, which its read
    verifies, and half as many bits come.

    The health tests of SP 800-90B watch the raw bits. An alarm is logged and counted with its block; it ends the run
    where a stop condition says so.

    The first block finds the currents of the two states and is not recorded; if more of its readings would be misread
    than `read_error` allows, the integration time is raised until it holds.  Currents, threshold and the probability of
    a misread state are results of the recording.

    `feedback` holds P at one half by moving the `actuator`: ``output`` lets the bits that are given out steer, which
    makes them too fair over windows longer than the loop constant; ``sacrificial`` lets a `share` of all pulses steer
    whose bits are given to nobody.  The setting of each block is in its row; slope, drift, suppression and a bound of
    what the bits leak are results.

    With `extract` the bits go through an extractor as they come, and only what it leaves is given out and counted as
    `bits`; health tests, steering and P(1) of the rows are of the raw bits, which are not kept. It begins again where
    pulses come between that it does not see. To keep the raw bits, record these and extract them afterwards.

    It ends when all `bits` are there; or, where these are given, after `duration`, or when the mean of |2P - 1| is
    shown to be at most `largest_bias` with the `confidence`.  With several `junctions` on a multiplexed bench each
    has its turn of `turn` bits, in order, with its own levels, health tests and steering.
    """

    bits = CountParameter("Bits", default=1_000_000, minimum=1, maximum=10**13)
    duration = FloatParameter("Longest duration", units="s", default=0.0, minimum=0.0, maximum=1e9)
    largest_bias = FloatParameter("Mean |2P - 1| to be shown", default=0.0, minimum=0.0, maximum=1.0)
    confidence = FloatParameter("Confidence of that", default=0.95, minimum=0.5, maximum=1 - 1e-12)
    mode = ListParameter("Mode", choices=["toggle", "reset"], default="toggle")
    amplitude = LimitedParameter(
        "Pulse amplitude", limit="pulse_amplitude", units="V", default=1.25, minimum=0.05, maximum=5.0
    )
    width = LimitedParameter("Pulse width", limit="pulse_width", units="s", default=10e-9, minimum=1e-10, maximum=1.0)
    settle = FloatParameter("Settle time", units="s", default=1e-6, minimum=0.0, maximum=999.0)
    bias = LimitedParameter("Read bias", limit="read_bias", units="V", default=0.05, minimum=-1.0, maximum=1.0)
    compliance = LimitedParameter("Compliance", limit="compliance", units="A", default=1e-5, minimum=1e-9, maximum=1.0)
    integration = FloatParameter(
        "Least integration time in power line cycles", default=0.01, minimum=0.01, maximum=10.0
    )
    read_error = FloatParameter("Largest share of misread states", default=1e-6, minimum=1e-15, maximum=0.1)
    block = CountParameter("Bits a block", default=LARGEST_BLOCK, minimum=2, maximum=LARGEST_BLOCK)
    entropy = FloatParameter("Assessed min-entropy a bit", default=0.9, minimum=0.01, maximum=1.0)
    false_alarm = FloatParameter(
        "False-alarm probability of a health test", default=2.0**-40, minimum=1e-30, maximum=0.1
    )
    extract = ListParameter("Extractor", choices=list(RAW_PER_BIT), default="none")
    resistance = ListParameter("Resistance kept", choices=["none", "every"], default="none")
    feedback = ListParameter("Feedback", choices=["none", "output", "sacrificial"], default="none")
    actuator = ListParameter("Actuator", choices=list(ACTUATORS), default="width")
    field = LimitedParameter("Field at the start", limit="field", units="T", default=0.0, minimum=-10.0, maximum=10.0)
    slope = FloatParameter("Slope of P by the actuator", default=0.0, minimum=-1e15, maximum=1e15)
    span = FloatParameter("Largest move of the actuator", default=0.0, minimum=0.0, maximum=10.0)
    resolution = FloatParameter("Step of the actuator", default=0.0, minimum=0.0, maximum=1.0)
    constant = CountParameter("Loop constant in bits", default=100_000, minimum=100, maximum=10**12)
    share = FloatParameter("Share of sacrificed pulses", default=0.25, minimum=1e-3, maximum=0.5)
    drift = FloatParameter("Largest drift of P a bit", default=1e-8, minimum=0.0, maximum=0.1)
    step = FloatParameter("Largest sudden change of P", default=2e-3, minimum=0.0, maximum=0.5)
    junctions = Parameter("Junctions", default="")
    turn = CountParameter("Bits a turn", default=250_000, minimum=1, maximum=10**12)

    DATA_COLUMNS: ClassVar[list[str]] = list(COLUMNS)

    column_notes: ClassVar[dict[str, str]] = {"Junction": "place in the parameter junctions, from 1"}

    parameter_groups: ClassVar[dict[str, tuple[str, ...]]] = GROUPS

    parameter_notes: ClassVar[dict[str, str]] = NOTES

    extendable: ClassVar[tuple[str, ...]] = ("bits", "duration")

    makes_bits: ClassVar[bool] = True

    def __init__(self, **parameters: Any) -> None:
        super().__init__(**parameters)
        self.streams: dict[str, JunctionBits] = {}
        """The junctions' bits, by name; the name is empty on a bench without multiplexer."""
        self._resumption: Resumption | None = None
        self._turns: JunctionTurns | None = None
        self._loop: BlockLoop | None = None

    @property
    def complete(self) -> bool:
        """Whether all bits have been acquired, or another target reached."""
        return self._loop is not None and self._loop.complete

    def resume(self, resumption: Resumption) -> None:
        """Take note, before startup, of where a recording ends.

        Parameters
        ----------
        resumption
            Where the recording ends that is resumed.
        """
        self._resumption = resumption

    def configure(self) -> None:
        """Make the settings that the interlock may refuse; every output stays as it is."""
        self._prepare()

    def startup(self) -> None:
        """Set the operating point, switch the outputs on and find the currents of the two states."""
        self._prepare().connect()

    def execute(self) -> None:
        """Acquire until a target is reached or the run is stopped."""
        for progress in self.steps():
            self.report(ProgressEvent(progress))

    def steps(self) -> Iterator[float]:
        """Acquire block after block, each when it is asked for; what is acquired is reported.

        Yields
        ------
        float
            The progress after each block [%].
        """
        assert self._turns is not None
        output = BlockOutput(
            lambda block, row: self.report(BlockEvent(block, row)),
            self._resumption,
            self.bias if self.keeps_resistance else None,
        )
        target = Target(self.bits, self.duration, self.largest_bias, self.confidence)
        self._loop = BlockLoop(self._turns, self._schedule, target, output, self.should_stop)
        yield from self._loop.steps(self.bench)
        for junction in self.streams.values():
            if junction.extractor is not None and (self._resumption is None or self._resumption.repeats):
                junction.report({RAW_BITS: Quantity(junction.bits, unit="bit")})
            if junction.steering is not None and junction.steering.ready:
                junction.report(junction.steering.results(junction.bits))

    def picture(self, recording: Recording) -> bytes:
        """Draw what a recording of this procedure holds as a PNG; see `bitstream_picture`.

        Parameters
        ----------
        recording
            A recording whose parameters are this procedure's, also a part.
        """
        return bitstream_picture(recording, self.bias)

    def _prepare(self) -> JunctionTurns:
        """Make the junctions, and the first one's settings."""
        if self.extract != "none" and self.keeps_resistance:
            raise InputError(
                f"resistance = every and extract = {self.extract}: a conditioned bit has no resistance of its own; "
                "keep none, or record raw bits"
            )
        self.streams = {name: self._junction(name) for name in junction_names(self.bench, self.junctions)}
        resumption, start_at = self._resumption, None
        if resumption is not None and not resumption.repeats and resumption.point is not None:
            start_at = OperatingPoint(*resumption.point)
        read = ReadSettings(
            self.bias, self.compliance, self.integration, self.read_error, block=self.block, settle=self.settle
        )
        self._turns = JunctionTurns(self.bench, list(self.streams.values()), read, self.turn, start_at)
        first = self._turns.connected
        if first.junction.steering is not None:
            first.junction.steering.rehearse()
        first.prepare()
        return self._turns

    def _junction(self, name: str) -> JunctionBits:
        return JunctionBits(
            name,
            OperatingPoint(self.amplitude, self.width),
            HealthTests(EntropyClaim(self.entropy, self.false_alarm)),
            from_parallel=self.mode == "reset",
            report=lambda results: self.report(ResultEvent(results)),
            steering=None if self.feedback == "none" else self._steering(),
            extractor=None if self.extract == "none" else EXTRACTORS.load(self.extract),
        )

    def _steering(self) -> Steering:
        settings = SteeringSettings(
            slope=self.slope,
            constant=self.constant,
            share=self._schedule.steering_share,
            span=self.span,
            resolution=self.resolution,
            drift=self.drift,
            step=self.step,
            by_output=self.feedback == "output",
        )
        point = OperatingPoint(self.amplitude, self.width, self.field)
        return Steering(actuator_of(self.bench, self.actuator, point), settings)

    @property
    def _schedule(self) -> BlockSchedule:
        return BlockSchedule.of(self.feedback, block=self.block, constant=self.constant, share=self.share)

    @property
    def estimated_duration(self) -> float:
        """Time that a run takes [s]: settling and reading."""
        pulses = self.bits * RAW_PER_BIT[self.extract] * (2 if self.mode == "reset" else 1)
        if self.feedback == "sacrificial":
            pulses /= 1 - self.share
        lasts = START + (self.block + pulses) * reading_time(self, self.integration, self.settle, width=self.width)
        return float(min(lasts, self.duration) if self.duration else lasts)

    @property
    def keeps_resistance(self) -> bool:
        """Whether the resistance read with each bit goes into the recording: four bytes a bit."""
        return bool(self.resistance == "every")

    @property
    def estimated_bytes(self) -> int:
        """Size of the recording [bytes]."""
        blocks = math.ceil(self.bits * RAW_PER_BIT[self.extract] / self.block) * (2 if self.mode == "reset" else 1)
        kept = self.bits if self.keeps_resistance else 0
        return recording_size(
            bits=self.bits, blocks=blocks, rows=blocks, columns=len(self.DATA_COLUMNS), resistances=kept
        )
