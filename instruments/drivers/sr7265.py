"""The Signal Recovery 7265 (EG&G, now Ametek) as the lock-in amplifier."""

import math
from collections.abc import Mapping, Sequence

from pymeasure.instruments.signalrecovery import DSP7265

from mtjlab.core import InputError
from mtjlab.instruments.drivers.adapter import Adapter
from mtjlab.instruments.instrument_error import InstrumentError
from mtjlab.instruments.roles.lock_in import LockInReading
from mtjlab.instruments.settings.role_settings import RoleSettings
from mtjlab.instruments.settings.wiring import WiringSettings
from mtjlab.instruments.visa import open_visa
from mtjlab.instruments.visa.answers import answered_number

__all__ = ["SR7265LockIn"]

MOST = 5.0
"""Largest amplitude of the oscillator [V], rms; 0 V is off."""
STEP = 1e-3
"""Step of the amplitude [V]."""
FREQUENCIES = (1e-3, 250e3)
"""Frequencies of the oscillator, and of detection [Hz]."""
HARMONICS = 65535
SLOPE = 24
"""Slope of the output filter [dB/octave]: four poles."""
SHORTEST = 5e-3
"""Shortest time constant that has four poles [s]; those below have two at most."""
SETTLED = 21.4
"""Time constants after which four poles have come to a millionth."""
TIME_CONSTANTS = tuple(each for each in DSP7265.TIME_CONSTANTS if each >= SHORTEST)
SENSITIVITIES = tuple(DSP7265.SENSITIVITIES[1:])
INPUT, UNLOCKED = 64, 128
"""Bits of the overload byte; all others are outputs beyond their full scale."""
ERRORS = {2: "invalid command", 4: "command parameter error"}
"""Bits of the status byte: the instrument keeps no queue of errors."""


class SR7265LockIn(Adapter):
    """A Signal Recovery 7265, its input differential, with four poles in its output filter; over GPIB.

    Parameters
    ----------
    role
        Resource and timeout.
    wiring
        Wiring of the bench; the lock-in has none of it.

    Notes
    -----
    The instrument speaks words of its own: a word alone asks, a word with a number sets, and neither ``*IDN?`` nor
    ``*ESR?`` is known to it. ``ID`` tells who it is; nothing tells of a restart, so that after a lost connection it
    counts as restarted. What is asked for is checked here before it is sent, and read back. Its reference input is the
    one at the rear (TTL).
    """

    IDENTITIES = r"^7265\b"
    MODELS = "Signal Recovery 7265"
    IDENTITY_QUESTION = "ID"
    RESTART_QUESTION = ""

    def __init__(self, role: RoleSettings, wiring: WiringSettings) -> None:
        if role.resource.upper().startswith("ASRL"):
            raise InputError(f"resource = {role.resource}: the 7265 echoes what it hears on a serial line; use GPIB")
        super().__init__(DSP7265(open_visa(role, self)), role.resource)
        self._amplitude = 0.0
        with self._talking():
            self._set_up()

    def _set_up(self) -> None:
        driver = self.driver
        driver.voltage = 0.0
        driver.imode = "voltage mode"
        driver.write("VMODE 3")  # A - B
        driver.shield = 1
        driver.coupling = 0
        driver.fet = 1
        driver.write("AUTOMATIC 1")  # PyMeasure cannot read it back
        driver.reference = "external rear"
        driver.harmonic = 1
        driver.write("REFP. 0")  # PyMeasure makes -0 of it
        driver.time_constant = 0.1
        driver.slope = SLOPE
        self._amplitude = 0.0
        self._refuse_errors("setting up")

    def _error_entries(self) -> list[list[object]]:
        register = int(answered_number(self.driver.ask("ST")))
        return [[bit, words] for bit, words in ERRORS.items() if register & bit]

    def set_reference(self, frequency: float | None) -> None:
        """Choose the oscillator at a frequency [Hz], or None for the reference input at the rear (TTL)."""
        driver = self.driver
        if frequency is not None:
            low, high = FREQUENCIES
            if not low <= frequency <= high:
                raise InputError(f"frequency = {frequency:g} Hz: the 7265 gives {low:g} to {high:g} Hz")
        with self._talking():
            driver.reference = "external rear" if frequency is None else "internal"
            if frequency is not None:
                driver.frequency = frequency
                self._confirm("frequency", frequency, driver.frequency, "Hz")
        self._refuse_errors("choosing the reference")

    def reference_frequency(self) -> float:
        """Give the frequency of the reference [Hz]; PyMeasure's `frequency` is that of the oscillator."""
        with self._talking():
            return answered_number(self.driver.ask("FRQ."))

    def set_harmonic(self, harmonic: int) -> None:
        """Detect at a multiple of the reference's frequency, up to 250 kHz, and read it back."""
        if not 1 <= harmonic <= HARMONICS:
            raise InputError(f"harmonic = {harmonic}: the 7265 takes 1 to {HARMONICS}")
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
        """Choose the shortest time constant of at least so long that has four poles, and read it back."""
        wanted = _at_least("time constant", seconds, TIME_CONSTANTS, "s")
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
        wanted = _at_least("sensitivity", voltage, SENSITIVITIES, "V")
        with self._talking():
            self.driver.sensitivity = wanted
            self._confirm("sensitivity", wanted, self.driver.sensitivity, "V")
        self._refuse_errors("choosing the sensitivity")

    def set_phase(self, phase: float) -> None:
        """Set the phase of the reference [rad] to a thousandth of a degree, and read it back."""
        degrees = math.degrees(phase) % 360.0
        with self._talking():
            self.driver.write(f"REFP. {degrees:.3f}")
            taken = answered_number(self.driver.ask("REFP."))
        if abs(math.remainder(taken - degrees, 360.0)) > 0.02:
            raise InstrumentError(
                f"{self.resource}: phase {degrees:g}° was asked for and the instrument took {taken:g}°"
            )
        self._refuse_errors("setting the phase")

    def set_amplitude(self, voltage: float) -> None:
        """Set the amplitude of the oscillator [V], rms, and read it back where it is on; rounded down to 1 mV."""
        if voltage and not STEP <= voltage <= MOST:
            raise InputError(f"amplitude = {voltage:g} V: the 7265 gives {STEP:g} to {MOST:g} V, rms")
        on = self.output_enabled()
        self._amplitude = math.floor(voltage / STEP * (1 + 1e-9)) * STEP
        if on:
            self.switch_on()

    def read(self) -> LockInReading:
        """Take one reading of X and Y [V], rms, at one instant.

        Raises
        ------
        InstrumentError
            If input or output are overloaded, or if the reference is not locked.
        """
        with self._talking():
            values = self.driver.xy
            status = int(answered_number(self.driver.ask("N")))
        found = ["its input is overloaded"] if status & INPUT else []
        found += ["its output is overloaded"] if status & ~(INPUT | UNLOCKED) else []
        found += ["its reference is not locked"] if status & UNLOCKED else []
        if found:
            raise InstrumentError(
                f"{self.resource}: {' and '.join(found)}: choose a larger sensitivity, or connect the reference"
            )
        if not isinstance(values, list) or len(values) != 2 or not all(math.isfinite(float(each)) for each in values):
            raise InstrumentError(f"{self.resource} sent an unexpected answer ({values!r}) instead of X and Y")
        return LockInReading(float(values[0]), float(values[1]))

    def switch_on(self) -> None:
        """Let the oscillator drive its output at the amplitude that was set."""
        with self._talking():
            self.driver.voltage = self._amplitude
            self._confirm("amplitude", self._amplitude, self.driver.voltage, "V")
        self._refuse_errors("switching on")

    def switch_off(self) -> None:
        """Bring the oscillator to 0 V."""
        with self._talking():
            self.driver.voltage = 0.0

    def output_enabled(self) -> bool:
        """Whether the oscillator gives anything."""
        with self._talking():
            return answered_number(self.driver.voltage) > STEP / 2

    def settings(self) -> Mapping[str, float | str]:
        """Read the settings back from the instrument."""
        driver = self.driver
        with self._talking():
            sine = answered_number(driver.voltage)
            return {
                "output": str(sine > STEP / 2),
                "sine_voltage": sine,
                "reference_source": str(driver.reference),
                "frequency": answered_number(driver.ask("FRQ.")),
                "harmonic": answered_number(driver.harmonic),
                "phase": answered_number(driver.ask("REFP.")),
                "sensitivity": answered_number(driver.sensitivity),
                "time_constant": answered_number(driver.time_constant),
                "filter_slope": answered_number(driver.slope),
            }


def _at_least(quantity: str, value: float, steps: Sequence[float], unit: str) -> float:
    """Give the first of the ascending steps that is at least a value; the last bit is the arithmetic's."""
    if not 0 < value <= steps[-1] * (1 + 1e-9):
        raise InputError(
            f"{quantity} = {value:g} {unit}: the 7265 has {steps[0]:g} to {steps[-1]:g} {unit}; give one of these"
        )
    return next(step for step in steps if step >= value * (1 - 1e-9))
