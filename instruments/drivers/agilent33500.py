"""The Agilent 33500 family (33509B to 33522B, also 33600) as the pulse generator."""

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from pymeasure.instruments import Instrument
from pymeasure.instruments.agilent import Agilent33500
from pymeasure.instruments.agilent.agilent33500 import Agilent33500Channel
from pymeasure.instruments.validators import strict_discrete_set, strict_range

from mtjlab.core import InputError
from mtjlab.instruments.drivers.adapter import Adapter
from mtjlab.instruments.instrument_error import InstrumentError
from mtjlab.instruments.settings.role_settings import RoleSettings
from mtjlab.instruments.settings.wiring import WiringSettings
from mtjlab.instruments.visa import open_visa
from mtjlab.instruments.visa.answers import answered_number

__all__ = ["Agilent33500PulseGenerator", "LimitedAgilent33500"]


class _Channel(Agilent33500Channel):
    """A channel with what PyMeasure's lacks: output polarity and the instrument's own limits."""

    output_polarity = Instrument.control(
        "OUTP{ch}:POL?",
        "OUTP{ch}:POL %s",
        """Control the polarity (str, strictly 'NORM' or 'INV'): an inverted pulse rests at its high level.""",
        validator=strict_discrete_set,
        values=["NORM", "INV"],
    )
    limit_high = Instrument.control(
        "SOUR{ch}:VOLT:LIM:HIGH?",
        "SOUR{ch}:VOLT:LIM:HIGH %f",
        """Control the highest voltage that the instrument lets itself be set to, in Volts (float).""",
        validator=strict_range,
        values=[-10, 10],
    )
    limit_low = Instrument.control(
        "SOUR{ch}:VOLT:LIM:LOW?",
        "SOUR{ch}:VOLT:LIM:LOW %f",
        """Control the lowest voltage that the instrument lets itself be set to, in Volts (float).""",
        validator=strict_range,
        values=[-10, 10],
    )
    limit_state_enabled = Instrument.control(
        "SOUR{ch}:VOLT:LIM:STAT?",
        "SOUR{ch}:VOLT:LIM:STAT %d",
        """Control whether the limits act (bool).""",
        validator=strict_discrete_set,
        map_values=True,
        values={True: 1, False: 0},
    )


class LimitedAgilent33500(Agilent33500):
    """The 33500 with its limits, output polarity and trigger slope, none of which PyMeasure's driver has."""

    ch_1 = Instrument.ChannelCreator(_Channel, 1)
    ch_2 = Instrument.ChannelCreator(_Channel, 2)

    trigger_slope = Instrument.control(
        "TRIG:SLOP?",
        "TRIG:SLOP %s",
        """Control the edge of the external trigger (str, strictly 'POS' or 'NEG').""",
        validator=strict_discrete_set,
        values=["POS", "NEG"],
    )


class PulseRange(NamedTuple):
    """How short the pulses of a model may be."""

    models: str
    """What the models are called."""
    width: float
    """Shortest width [s]."""
    period: float
    """Shortest period [s]."""
    edge: float
    """Shortest transition [s]."""
    remedy: str = ""
    """What makes shorter pulses."""


FASTER = "; a 33600 makes 5 ns"
RANGES = {
    r",336[12]\dA,": PulseRange("33600", 5e-9, 12.5e-9, 2.9e-9),
    r",(335(09|1[0-2])B|EDU3321\dA),": PulseRange("33500 of 20 MHz", 16e-9, 50e-9, 8.4e-9, FASTER),
    "": PulseRange("33500", 16e-9, 33e-9, 8.4e-9, FASTER),
}
"""Ranges of the models, by what their answer to ``*IDN?`` holds."""


class Agilent33500PulseGenerator(Adapter):
    """Channel 1 of an Agilent 33500.

    Pulses go from 0 V to the amplitude, 50 mV to 5 V of either polarity into the load that the generator is told. How
    short they may be is the model's, as ``*IDN?`` tells it: see `RANGES`.

    Parameters
    ----------
    role
        Resource and timeout.
    wiring
        Load that the generator is told, edge of the trigger.

    Notes
    -----
    Amplitudes are those of PyMeasure's driver. The instrument takes 10 kΩ as the highest load; above, it is told that
    the end is open. It is armed for commands before anything can switch its output on: a generator that triggers
    itself runs freely.
    """

    IDENTITIES = r",(33[56]\d\d[AB]|EDU3321\dA),"
    MODELS = "Agilent or Keysight 33500, 33600 and EDU33210 series"

    BY_COMMAND = "BUS"
    """Trigger source that listens to ``*TRG`` only."""
    SMALLEST, LARGEST = 0.05, 5.0
    """Amplitudes [V]."""
    LONGEST = 1.0
    """Longest width [s]."""

    def __init__(self, role: RoleSettings, wiring: WiringSettings) -> None:
        super().__init__(self._connect(role), role.resource)
        self._channel: Any = self.driver.ch_1
        self._range = self._find_range()
        self._wiring = wiring
        with self._talking():
            self._set_up()

    @classmethod
    def makes(cls, role: RoleSettings) -> Mapping[str, tuple[float, float]]:
        """Tell the range of amplitudes [V] and widths [s]; of all models where the bench file does not name one."""
        shortest = min(each.width for each in cls._ranges(role.identity))
        return {"pulse_amplitude": (cls.SMALLEST, cls.LARGEST), "pulse_width": (shortest, cls.LONGEST)}

    # what another generator of the family does in its own words

    @classmethod
    def _ranges(cls, identity: str) -> Iterable[PulseRange]:
        """Give the ranges of the models that the `identity` of a bench file may mean."""
        found = [range_ for models, range_ in RANGES.items() if models and re.search(models, f",{identity},")]
        return found or RANGES.values()

    def _find_range(self) -> PulseRange:
        """Tell by ``*IDN?`` how short pulses may be, and let PyMeasure's driver know, which knows the 33500 only."""
        identity = self.identify()
        found = next(range_ for models, range_ in RANGES.items() if re.search(models, identity, re.IGNORECASE))
        self._channel.pulse_width_values = (found.width, 1e6)
        self._channel.pulse_period_values = (found.period, 1e6)
        self._channel.pulse_transition_values = (found.edge, 1e-6)
        return found

    def _connect(self, role: RoleSettings) -> Agilent33500:
        return LimitedAgilent33500(open_visa(role, self))

    def _set_up_trigger(self, slope: str) -> None:
        self._channel.burst_mode = "TRIG"
        self._channel.burst_ncycles = 1
        self._channel.burst_state = True
        self.driver.trigger_slope = slope

    def _load(self, load: float) -> float | str:
        return load if load <= 1e4 else "INF"

    def _arm(self, source: str) -> None:
        self.driver.trigger_source = source

    def _armed(self) -> str:
        return str(self.driver.trigger_source)

    def _trigger_settings(self) -> dict[str, str]:
        return {"trigger_mode": str(self.driver.trigger_source), "trigger_slope": str(self.driver.trigger_slope)}

    # what they share

    def _set_up(self) -> None:
        channel = self._channel
        channel.output = False
        self.driver.reset()
        channel.shape = "PULS"
        channel.output_load = self._load(self._wiring.load)
        channel.pulse_transition = self._range.edge
        self._set_up_trigger(self._wiring.trigger_slope[:3].upper())
        self._arm(self.BY_COMMAND)
        self._refuse_errors("setting up")

    def set_pulse(self, amplitude: float, width: float) -> None:
        """Set amplitude [V], of either polarity, and width [s] and read both back."""
        if not self.SMALLEST <= abs(amplitude) <= self.LARGEST:
            raise InputError(
                f"pulse amplitude = {amplitude:g} V: the {self._range.models} gives {self.SMALLEST:g} to "
                f"{self.LARGEST:g} V of either polarity"
            )
        shortest = self._range.width
        if not shortest <= width <= self.LONGEST:
            raise InputError(
                f"pulse width = {width:g} s: the {self._range.models} gives {shortest:g} to {self.LONGEST:g} s"
                f"{self._range.remedy if width < shortest else ''}"
            )
        channel = self._channel
        with self._talking():
            # The period first where pulses get longer, last where they get shorter: it must hold the pulse.
            period = max(2 * width, self._range.period + 2 * self._range.edge)
            if period >= channel.pulse_period:
                channel.pulse_period = period
                channel.pulse_width = width
            else:
                channel.pulse_width = width
                channel.pulse_period = period
            was_on = self._set_levels(amplitude)
            self._confirm("pulse width", width, channel.pulse_width, "s")
        self._refuse_errors("setting the pulse")
        if was_on:
            self.switch_on()

    def _set_levels(self, amplitude: float) -> bool:
        """Set both levels and the polarity, and read all three back; tell whether the output was on."""
        channel = self._channel
        wanted = "INV" if amplitude < 0 else "NORM"
        was_on = False
        if str(channel.output_polarity) != wanted:
            # Turning the polarity round under a connected output would leave the pulse's level standing there.
            was_on = bool(channel.output)
            channel.output = False
            # By way of small levels: at no step may the two be further apart than the largest amplitude.
            self._write_levels(-math.copysign(self.SMALLEST, amplitude))
            channel.output_polarity = wanted
            self._write_levels(math.copysign(self.SMALLEST, amplitude))
        self._write_levels(amplitude)
        top, rest = answered_number(channel.voltage_high), answered_number(channel.voltage_low)
        if amplitude < 0:
            top, rest = rest, top
        self._confirm("pulse amplitude", amplitude, top, "V")
        self._confirm("pulse amplitude above the level between pulses", amplitude, top - rest, "V")
        polarity = str(channel.output_polarity)
        if polarity != wanted:
            self.switch_off()
            raise InstrumentError(f"{self.resource}: polarity {wanted} was asked for and the instrument has {polarity}")
        return was_on

    def _write_levels(self, amplitude: float) -> None:
        """Write the level that moves away from the other one first: they must not cross."""
        if amplitude < 0:
            self._channel.voltage_low = amplitude
            self._channel.voltage_high = 0.0
        else:
            self._channel.voltage_high = amplitude
            self._channel.voltage_low = 0.0

    def set_limit(self, amplitude: float) -> None:
        """Set the instrument's own limits [V], of both polarities, as a backstop."""
        # A microvolt is the resolution of the command, and the backstop must not refuse what the interlock allows.
        limit = min(math.ceil(amplitude * 1e6) / 1e6, self.LARGEST)
        channel = self._channel
        with self._talking():
            # Levels inside the limits first, or the instrument refuses them.
            self._write_levels(self.SMALLEST)
            channel.limit_high = limit
            channel.limit_low = -limit
            channel.limit_state_enabled = True
            self._confirm("highest voltage limit", limit, channel.limit_high, "V")
            self._confirm("lowest voltage limit", -limit, channel.limit_low, "V")
            acting = bool(channel.limit_state_enabled)
        if not acting:
            self.switch_off()
            raise InstrumentError(f"{self.resource}: its own limits were switched on, and it reports that they are off")
        self._refuse_errors("setting its limits")

    def arm_external(self) -> None:
        """Send one pulse at each trigger on the external trigger input; when this returns, none is missed."""
        self._listen_to("EXT")

    def arm_manual(self) -> None:
        """Send one pulse at each call of `trigger`; when this returns, none comes from the external trigger input."""
        self._listen_to(self.BY_COMMAND)

    def _listen_to(self, source: str) -> None:
        with self._talking():
            self._arm(source)
            taken = self._armed()  # what answers this has carried out what came before
            if taken != source:
                self.switch_off()
                raise InstrumentError(
                    f"{self.resource}: trigger source {source} was asked for and the instrument has {taken}"
                )

    def trigger(self) -> None:
        """Send one pulse; it has been sent when this returns, so that a read of another instrument comes after it."""
        with self._talking():
            self.driver.write("*TRG")
            self.driver.ask("*OPC?")

    def switch_on(self) -> None:
        """Connect the output."""
        with self._talking():
            self._channel.output = True
        self._refuse_errors("switching on")

    def switch_off(self) -> None:
        """Disconnect the output."""
        with self._talking():
            self._channel.output = False

    def output_enabled(self) -> bool:
        """Whether the output is on."""
        with self._talking():
            return bool(self._channel.output)

    def settings(self) -> Mapping[str, float | str]:
        """Read the settings back from the instrument."""
        channel = self._channel
        with self._talking():
            return {
                "output": str(bool(channel.output)),
                "output_polarity": str(channel.output_polarity),
                "voltage_high": answered_number(channel.voltage_high),
                "voltage_low": answered_number(channel.voltage_low),
                "pulse_width": answered_number(channel.pulse_width),
                "pulse_period": answered_number(channel.pulse_period),
                "pulse_transition": answered_number(channel.pulse_transition),
                "output_load": answered_number(channel.output_load),
                "limit_high": answered_number(channel.limit_high),
                "limit_low": answered_number(channel.limit_low),
                **self._trigger_settings(),
            }
