"""The Keysight 81160A as the pulse generator."""

from collections.abc import Iterable

from pymeasure.instruments import Instrument
from pymeasure.instruments.agilent import Agilent33500
from pymeasure.instruments.keysight import Keysight81160A
from pymeasure.instruments.keysight.keysight81160A import Keysight81160AChannel
from pymeasure.instruments.validators import strict_discrete_set

from mtjlab.instruments.drivers.agilent33500 import Agilent33500PulseGenerator, PulseRange
from mtjlab.instruments.settings.role_settings import RoleSettings
from mtjlab.instruments.visa import open_visa

__all__ = ["CorrectedKeysight81160A", "Keysight81160APulseGenerator"]

SHORTEST_PERIOD = 3.03e-9
"""330 MHz, as the user's guide has it [s]."""
TRIGGER_LEVEL = 1.0
"""Threshold of the external input [V], between the 0 V and the 5 V (TTL: above 2.4 V) of a trigger link."""

TRIGGER_IMPEDANCE = 10000
"""Impedance of the external input [Ω]: 50 Ω would pull down the lines of a trigger link, which pull up weakly."""

RANGE = PulseRange("81160A", 1.5e-9, SHORTEST_PERIOD, 1e-9)


class _Channel(Keysight81160AChannel):
    """A channel whose period has the limit of the user's guide, 3.03 ns; PyMeasure's takes 2 ns.

    It also has what PyMeasure's lacks: output polarity, and edge, level and impedance of the external trigger. There is
    one external input, whose headers take no channel.
    """

    pulse_period_values = (SHORTEST_PERIOD, 1e6)

    output_polarity = Instrument.control(
        ":OUTP{ch}:POL?",
        ":OUTP{ch}:POL %s",
        """Control the polarity (str, strictly 'NORM' or 'INV'): an inverted pulse rests at its high level.""",
        validator=strict_discrete_set,
        values=["NORM", "INV"],
    )
    trigger_slope = Instrument.control(
        ":ARM:SLOP?",
        ":ARM:SLOP %s",
        """Control the edge of the external trigger (str, strictly 'POS', 'NEG' or 'EITH').""",
        validator=strict_discrete_set,
        values=["POS", "NEG", "EITH"],
    )
    trigger_level = Instrument.control(
        ":ARM:LEV?",
        ":ARM:LEV %g",
        """Control the threshold of the external trigger in Volts (float).""",
    )
    trigger_impedance = Instrument.control(
        ":ARM:IMP?",
        ":ARM:IMP %g",
        """Control the impedance of the external input in Ohms (float, strictly 50 or 10000).""",
        validator=strict_discrete_set,
        values=[50, 10000],
    )
    trigger_sense = Instrument.control(
        ":ARM:SENS{ch}?",
        ":ARM:SENS{ch} %s",
        """Control whether edges or levels trigger (str, strictly 'EDGE' or 'LEV').""",
        validator=strict_discrete_set,
        values=["EDGE", "LEV"],
    )


class CorrectedKeysight81160A(Keysight81160A):
    """The 81160A with the period limit of its guide, output polarity, and edge and level of its trigger."""

    ch_1 = Instrument.ChannelCreator(_Channel, 1)
    ch_2 = Instrument.ChannelCreator(_Channel, 2)


class Keysight81160APulseGenerator(Agilent33500PulseGenerator):
    """Channel 1 of a Keysight 81160A.

    Pulses go from 0 V to the amplitude, 50 mV to 5 V of either polarity into the load that the generator is told,
    1.5 ns or longer, with 1 ns edges.

    Parameters
    ----------
    role
        Resource and timeout.
    wiring
        Load that the generator is told, edge of the trigger.
    """

    IDENTITIES = r",81160A,"
    MODELS = "Agilent or Keysight 81160A"

    BY_COMMAND = "MAN"

    def _connect(self, role: RoleSettings) -> Agilent33500:
        return CorrectedKeysight81160A(open_visa(role, self))

    @classmethod
    def _ranges(cls, identity: str) -> Iterable[PulseRange]:
        return [RANGE]

    def _find_range(self) -> PulseRange:
        return RANGE

    def _set_up_trigger(self, slope: str) -> None:
        # The driver's burst_state is inverted (True sends STAT 0); a count of one is what is meant.
        self._channel.trigger_count = 1
        self._channel.trigger_slope = slope
        self._channel.trigger_sense = "EDGE"
        self._channel.trigger_level = TRIGGER_LEVEL
        self._channel.trigger_impedance = TRIGGER_IMPEDANCE

    def _load(self, load: float) -> float | str:
        return load

    def _arm(self, source: str) -> None:
        self._channel.trigger_mode = source

    def _armed(self) -> str:
        return str(self._channel.trigger_mode)

    def _trigger_settings(self) -> dict[str, str]:
        return {"trigger_mode": str(self._channel.trigger_mode), "trigger_slope": str(self._channel.trigger_slope)}
