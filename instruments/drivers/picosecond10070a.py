"""The Picosecond Pulse Labs 10,070A as the pulse generator: 100 ps to 10 ns, the classic of the field."""

import math
from collections.abc import Mapping
from typing import Any

from pymeasure.instruments import Instrument
from pymeasure.instruments.validators import strict_discrete_set, strict_range

from mtjlab.core import InputError
from mtjlab.instruments.drivers.adapter import Adapter
from mtjlab.instruments.settings.role_settings import RoleSettings
from mtjlab.instruments.settings.wiring import WiringSettings
from mtjlab.instruments.visa import open_visa
from mtjlab.instruments.visa.answers import answered_number

__all__ = ["Picosecond10070A", "Picosecond10070APulseGenerator"]

LARGEST = 7.5
"""Largest amplitude into 50 Ω [V]; the attenuator behind it has steps of 1 dB, 81 of them."""
STEPS = 81
SHORTEST, LONGEST = 100e-12, 10.2e-9
"""Durations [s]."""


class Picosecond10070A(Instrument):
    """Represent the Picosecond Pulse Labs 10,070A (later sold by Tektronix); PyMeasure has no driver of it.

    The instrument speaks words, not SCPI, and has no error queue. With ``header off`` an answer is a bare value.
    The words are those that public lab code uses (BBN's Auspex among it).
    """

    def __init__(self, adapter: Any, name: str = "Picosecond 10,070A", **kwargs: Any) -> None:
        super().__init__(adapter, name, includeSCPI=False, **kwargs)

    def clear(self) -> None:
        """Do nothing: it keeps no errors that could be cleared."""

    id = Instrument.measurement("*idn?", """Get the identification of the instrument (str).""", cast=str, maxsplit=0)

    amplitude = Instrument.control(
        "amplitude?",
        "amplitude %g",
        """Control the amplitude into 50 Ω in Volts (float, strictly from -7.5 to 7.5, in steps of 1 dB).""",
        validator=strict_range,
        values=[-LARGEST, LARGEST],
    )
    duration = Instrument.control(
        "duration?",
        "duration %g",
        """Control the width of the pulse in seconds (float, strictly from 0 to 10.2e-9, in steps of 2.5 ps).""",
        validator=strict_range,
        values=[0, LONGEST],
    )
    delay = Instrument.control(
        "delay?",
        "delay %g",
        """Control the delay after the trigger in seconds (float, strictly from 0 to 63e-9).""",
        validator=strict_range,
        values=[0, 63e-9],
    )
    period = Instrument.control(
        "period?",
        "period %g",
        """Control the time between pulses of the internal trigger in seconds (float, strictly from 10e-6 to 1).""",
        validator=strict_range,
        values=[10e-6, 1],
    )
    frequency = Instrument.control(
        "frequency?",
        "frequency %g",
        """Control the rate of the internal trigger in Hertz (float, strictly from 1 to 1e5).""",
        validator=strict_range,
        values=[1, 1e5],
    )
    offset = Instrument.control(
        "offset?",
        "offset %g",
        """Control the steady voltage under the pulse in Volts (float, strictly from -5 to 5).""",
        validator=strict_range,
        values=[-5, 5],
    )
    limit = Instrument.control(
        "limit?",
        "limit %g",
        """Control the largest amplitude that the instrument lets itself be set to in Volts (float, 0 to 7.5).""",
        validator=strict_range,
        values=[0, LARGEST],
    )
    trigger_level = Instrument.control("level?", "level %g", """Control the trigger threshold in Volts (float).""")
    gate = Instrument.control("gate?", "gate %s", """Control the gate of the internal trigger (str).""", cast=str)
    trigger_source = Instrument.control(
        "trigger?",
        "trigger %s",
        """Control what fires a pulse (str, strictly 'INT', 'EXT' or 'GPIB').""",
        validator=strict_discrete_set,
        values=["INT", "EXT", "GPIB"],
        cast=str,
    )

    @property
    def enabled(self) -> bool:
        """Control whether pulses reach the output (bool)."""
        return bool(self.ask("enable?").strip() == "YES")

    @enabled.setter
    def enabled(self, on: bool) -> None:
        self.write("enable" if on else "disable")


class Picosecond10070APulseGenerator(Adapter):
    """A Picosecond 10,070A.

    Pulses go from 0 V to the amplitude, up to 7.5 V of either polarity into 50 Ω, 0.1 to 10.2 ns, with 65 ps edges.
    The amplitude has steps of 1 dB: one between them is refused, naming its neighbours, and not rounded.

    Parameters
    ----------
    role
        Resource and timeout.
    wiring
        Its `load` must be the 50 Ω that the instrument's amplitude is meant for.
    """

    IDENTITIES = r"10,?070A?"
    MODELS = "Picosecond Pulse Labs 10,070A"

    def __init__(self, role: RoleSettings, wiring: WiringSettings) -> None:
        if wiring.load != 50.0:
            raise InputError(
                f"[wiring] load = {wiring.load:g} Ω: a 10,070A states its amplitude for a load of 50 Ω, "
                "which cannot be changed; write load = 50 (at an open end twice the amplitude stands, "
                "which the interlock knows)"
            )
        super().__init__(Picosecond10070A(open_visa(role, self)), role.resource)
        with self._talking():
            self._set_up()

    @classmethod
    def makes(cls, role: RoleSettings) -> Mapping[str, tuple[float, float]]:
        """Tell the range of amplitudes [V] and widths [s]."""
        return {"pulse_amplitude": (LARGEST * 10 ** (-STEPS / 20), LARGEST), "pulse_width": (SHORTEST, LONGEST)}

    @classmethod
    def amplitudes(cls, low: float, high: float) -> tuple[float, ...]:
        """Tell the steps of its attenuator in a range of amplitudes [V] of one polarity."""
        steps = (LARGEST * 10 ** (-step / 20) for step in reversed(range(STEPS + 1)))
        # To six digits, as they are sent and recorded.
        return tuple(float(f"{step:.6g}") for step in steps if low <= step <= high)

    def _set_up(self) -> None:
        driver = self.driver
        driver.write("header off")
        driver.enabled = False
        driver.trigger_source = "GPIB"
        driver.offset = 0.0
        self._confirm("offset", 0.0, driver.offset, "V")

    def set_pulse(self, amplitude: float, width: float) -> None:
        """Set amplitude [V], of either polarity, and width [s] and read both back."""
        step = self._step(amplitude)
        if not SHORTEST <= width <= LONGEST:
            raise InputError(f"pulse width = {width:g} s: the 10,070A gives {SHORTEST:g} to {LONGEST:g} s")
        driver = self.driver
        with self._talking():
            driver.duration = width
            driver.amplitude = step
            self._confirm("pulse amplitude", step, driver.amplitude, "V", tolerance=0.01)
            # Steps of 2.5 ps.
            self._confirm("pulse width", width, driver.duration, "s", tolerance=1.5e-12 / width)

    def _step(self, amplitude: float) -> float:
        """Amplitude that the attenuator has, within 1 %, of what is asked for."""
        if not 0 < abs(amplitude) <= LARGEST:
            raise InputError(f"pulse amplitude = {amplitude:g} V: the 10,070A gives up to {LARGEST:g} V, not zero")
        loss = 20 * math.log10(LARGEST / abs(amplitude))
        nearest = math.copysign(LARGEST * 10 ** (-min(round(loss), STEPS) / 20), amplitude)
        if not math.isclose(nearest, amplitude, rel_tol=0.01):
            below, above = (
                math.copysign(LARGEST * 10 ** (-min(step, STEPS) / 20), amplitude)
                for step in (math.ceil(loss), math.floor(loss))
            )
            raise InputError(
                f"pulse amplitude = {amplitude:g} V: the 10,070A has steps of 1 dB; the nearest are {below:.4g} V and "
                f"{above:.4g} V"
            )
        return nearest

    def set_limit(self, amplitude: float) -> None:
        """Set the instrument's own limit [V] as a backstop."""
        limit = min(amplitude, LARGEST)
        with self._talking():
            self.driver.limit = limit
            self._confirm("pulse amplitude limit", limit, self.driver.limit, "V", tolerance=0.01)

    def arm_external(self) -> None:
        """Send one pulse at each trigger on the external trigger input."""
        with self._talking():
            self.driver.trigger_source = "EXT"
            self._wait_for_it()

    def arm_manual(self) -> None:
        """Send one pulse at each call of `trigger`."""
        with self._talking():
            self.driver.trigger_source = "GPIB"

    def trigger(self) -> None:
        """Send one pulse."""
        with self._talking():
            self.driver.write("*TRG")
            self._wait_for_it()

    def switch_on(self) -> None:
        """Let pulses reach the output."""
        with self._talking():
            self.driver.enabled = True
            self._wait_for_it()

    def switch_off(self) -> None:
        """Keep pulses from the output."""
        with self._talking():
            self.driver.enabled = False

    def _wait_for_it(self) -> None:
        """Ask something: its answer shows that the command before it was carried out."""
        _ = self.driver.enabled

    def settings(self) -> Mapping[str, float | str]:
        """Read the settings back from the instrument."""
        driver = self.driver
        with self._talking():
            return {
                "output": str(driver.enabled),
                "amplitude": answered_number(driver.amplitude),
                "duration": answered_number(driver.duration),
                "offset": answered_number(driver.offset),
                "trigger_source": str(driver.trigger_source),
                "limit": answered_number(driver.limit),
            }

    def _error_entries(self) -> list[list[object]]:
        return []  # it has no error queue
