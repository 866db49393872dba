"""The Stanford Research SR830 as the lock-in amplifier."""

import math
from collections.abc import Mapping, Sequence

from pymeasure.instruments.srs import SR830

from mtjlab.core import InputError
from mtjlab.instruments.drivers.adapter import Adapter
from mtjlab.instruments.instrument_error import InstrumentError
from mtjlab.instruments.roles.lock_in import LockInReading
from mtjlab.instruments.settings.role_settings import RoleSettings
from mtjlab.instruments.settings.wiring import WiringSettings
from mtjlab.instruments.visa import open_visa
from mtjlab.instruments.visa.answers import answered_number

__all__ = ["SR830LockIn"]

LEAST, MOST = 0.004, 5.0
"""Amplitudes of the oscillator [V], rms; it cannot be switched off."""
STEP = 0.002
"""Step of the amplitude [V]."""
FREQUENCIES = (1e-3, 102e3)
"""Frequencies of the oscillator, and of detection [Hz]."""
HARMONICS = 19999
SLOPE = 24
"""Slope of the output filter [dB/octave]: four poles."""
SETTLED = 21.4
"""Time constants after which four poles have come to a millionth: exp(−x)·(1 + x + x²/2 + x³/6) = 1e-6. The second
harmonic is as much smaller than the first."""
OVERLOADS = {
    1: "its input is overloaded",
    2: "its filter is overloaded",
    4: "its output is overloaded",
    8: "its reference is not locked",
}
"""Bits of the lock-in status byte."""
EVENTS = {4: "query error", 16: "execution error", 32: "command error"}
"""Bits of the standard event status byte: the instrument keeps no queue of errors."""


class SR830LockIn(Adapter):
    """A Stanford Research SR830, its input differential, with four poles in its output filter.

    Parameters
    ----------
    role
        Resource and timeout.
    wiring
        Wiring of the bench; the lock-in has none of it.

    Notes
    -----
    ``*RST`` is never sent: it sets the oscillator to 1 V, which may drive the device. What counts is set one by one,
    the oscillator first. PyMeasure's driver takes the next larger of the time constants and sensitivities without a
    word, and the largest for whatever is beyond; it truncates amplitude and frequency; its `harmonic` lacks the last
    one. What is asked for is checked here before, and read back. The oscillator has no switch: off is 4 mV, its least.
    """

    IDENTITIES = r"SR830\b"
    MODELS = "Stanford Research SR830"

    def __init__(self, role: RoleSettings, wiring: WiringSettings) -> None:
        super().__init__(SR830(open_visa(role, self)), role.resource)
        self._serial = role.resource.upper().startswith("ASRL")
        self._amplitude = 0.0
        self._internal = False
        with self._talking():
            self._set_up()

    def _set_up(self) -> None:
        driver = self.driver
        driver.sine_voltage = LEAST
        # Answers go to the interface that is named here, whichever asks.
        driver.write(f"OUTX {0 if self._serial else 1}")
        driver.clear()
        driver.reference_source = "External"
        driver.reference_source_trigger = "POS EDGE"
        driver.harmonic = 1
        driver.write("PHAS0")
        driver.input_config = "A - B"
        driver.input_grounding = "Float"
        driver.input_coupling = "AC"
        driver.filter_slope = SLOPE
        driver.filter_synchronous = False
        for channel in (1, 2):
            # PyMeasure's `set_scaling` sends the factor where the instrument wants its number: 1 expands tenfold.
            driver.write(f"OEXP {channel},0,0")
        self._amplitude, self._internal = 0.0, False
        self._refuse_errors("setting up")

    def _error_entries(self) -> list[list[object]]:
        register = int(answered_number(self.driver.ask("*ESR?")))
        return [[bit, words] for bit, words in EVENTS.items() if register & bit]

    def set_reference(self, frequency: float | None) -> None:
        """Choose the oscillator at a frequency [Hz], or None for the reference input (TTL, rising edge)."""
        driver = self.driver
        if frequency is not None:
            low, high = FREQUENCIES
            if not low <= frequency <= high:
                raise InputError(f"frequency = {frequency:g} Hz: the SR830 gives {low:g} to {high:g} Hz")
        with self._talking():
            driver.reference_source = "External" if frequency is None else "Internal"
            if frequency is not None:
                driver.write(f"FREQ{frequency:.5e}")
                self._confirm("frequency", frequency, driver.ask("FREQ?"), "Hz")
        self._internal = frequency is not None
        self._refuse_errors("choosing the reference")

    def reference_frequency(self) -> float:
        """Give the frequency of the reference [Hz]."""
        with self._talking():
            return answered_number(self.driver.ask("FREQ?"))

    def set_harmonic(self, harmonic: int) -> None:
        """Detect at a multiple of the reference's frequency, up to 102 kHz, and read it back."""
        if not 1 <= harmonic < HARMONICS:
            raise InputError(f"harmonic = {harmonic}: the SR830 takes 1 to {HARMONICS - 1}")
        with self._talking():
            self.driver.harmonic = harmonic
            taken = answered_number(self.driver.harmonic)
        if taken != harmonic:
            raise InstrumentError(
                f"{self.resource}: harmonic {harmonic} was asked for and the instrument took {taken:g}: it detects up "
                f"to {FREQUENCIES[1]:g} Hz"
            )
        self._refuse_errors("choosing the harmonic")

    def set_time_constant(self, seconds: float) -> None:
        """Choose the shortest time constant of at least so long, and read it back."""
        wanted = _at_least("time constant", seconds, SR830.TIME_CONSTANTS, "s")
        with self._talking():
            self.driver.time_constant = wanted
            self._confirm("time constant", wanted, self.driver.time_constant, "s")
        self._refuse_errors("choosing the time constant")

    def time_constant(self) -> float:
        """Give the time constant of the output filter [s]."""
        with self._talking():
            return answered_number(self.driver.time_constant)

    def settling_time(self) -> float:
        """Give the time [s] after which a change has reached the reading to a millionth, by four poles."""
        return SETTLED * self.time_constant()

    def set_sensitivity(self, voltage: float) -> None:
        """Choose the smallest full scale that holds a voltage [V], and read it back."""
        wanted = _at_least("sensitivity", voltage, SR830.SENSITIVITIES, "V")
        with self._talking():
            self.driver.sensitivity = wanted
            self._confirm("sensitivity", wanted, self.driver.sensitivity, "V")
        self._refuse_errors("choosing the sensitivity")

    def set_phase(self, phase: float) -> None:
        """Set the phase of the reference [rad] to a hundredth of a degree, and read it back."""
        degrees = math.degrees(math.remainder(phase, 2 * math.pi))
        with self._talking():
            self.driver.write(f"PHAS{degrees:.2f}")
            taken = answered_number(self.driver.ask("PHAS?"))
        if abs(math.remainder(taken - degrees, 360.0)) > 0.02:
            raise InstrumentError(
                f"{self.resource}: phase {degrees:g}° was asked for and the instrument took {taken:g}°"
            )
        self._refuse_errors("setting the phase")

    def set_amplitude(self, voltage: float) -> None:
        """Set the amplitude of the oscillator [V], rms, and read it back where it is on; rounded down to 2 mV."""
        if voltage and not LEAST <= voltage <= MOST:
            raise InputError(f"amplitude = {voltage:g} V: the SR830 gives {LEAST:g} to {MOST:g} V, rms")
        on = self.output_enabled()
        self._amplitude = math.floor(voltage / STEP * (1 + 1e-9)) * STEP
        if on:
            self.switch_on()

    def read(self) -> LockInReading:
        """Take one reading of X and Y [V], rms, at one instant.

        Raises
        ------
        InstrumentError
            If input, filter or output are overloaded, or if the reference is not locked.
        """
        driver = self.driver
        with self._talking():
            # What was overloaded before, while something was changed, is none of this reading's.
            _ = driver.lia_status
            values = driver.snap("X", "Y")
            status = int(driver.lia_status)
        found = [words for bit, words in OVERLOADS.items() if status & bit]
        if found:
            raise InstrumentError(
                f"{self.resource}: {' and '.join(found)}: choose a larger sensitivity, or connect the reference"
            )
        if len(values) != 2 or not all(math.isfinite(float(value)) for value in values):
            raise InstrumentError(f"{self.resource} sent an unexpected answer ({values!r}) instead of X and Y")
        return LockInReading(float(values[0]), float(values[1]))

    def switch_on(self) -> None:
        """Let the oscillator drive its output at the amplitude that was set."""
        wanted = max(self._amplitude, LEAST)
        with self._talking():
            self.driver.sine_voltage = wanted
            self._confirm("amplitude", wanted, self.driver.sine_voltage, "V")
        self._refuse_errors("switching on")

    def switch_off(self) -> None:
        """Bring the oscillator to 4 mV, the least that it has."""
        with self._talking():
            self.driver.sine_voltage = LEAST

    def output_enabled(self) -> bool:
        """Whether the oscillator gives more than its least."""
        with self._talking():
            return answered_number(self.driver.sine_voltage) > LEAST + STEP / 2

    def settings(self) -> Mapping[str, float | str]:
        """Read the settings back from the instrument."""
        driver = self.driver
        with self._talking():
            sine = answered_number(driver.sine_voltage)
            return {
                "output": str(sine > LEAST + STEP / 2),
                "sine_voltage": sine,
                "reference_source": str(driver.reference_source),
                "frequency": answered_number(driver.ask("FREQ?")),
                "harmonic": answered_number(driver.harmonic),
                "phase": answered_number(driver.ask("PHAS?")),
                "sensitivity": answered_number(driver.sensitivity),
                "time_constant": answered_number(driver.time_constant),
                "filter_slope": answered_number(driver.filter_slope),
            }


def _at_least(quantity: str, value: float, steps: Sequence[float], unit: str) -> float:
    """Give the first of the ascending steps that is at least a value; the last bit is the arithmetic's."""
    if not 0 < value <= steps[-1] * (1 + 1e-9):
        raise InputError(
            f"{quantity} = {value:g} {unit}: the SR830 has {steps[0]:g} to {steps[-1]:g} {unit}; give one of these"
        )
    return next(step for step in steps if step >= value * (1 - 1e-9))
