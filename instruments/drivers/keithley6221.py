"""The Keithley 6221 as the current source: steady currents, pulses and sines by its waveforms, delta modes."""

from collections.abc import Mapping

import numpy as np

from mtjlab.core import InputError
from mtjlab.instruments.drivers.keithley6221_delta import DeltaMeasuring, Keithley6221WithPulseDelta
from mtjlab.instruments.instrument_error import ComplianceError
from mtjlab.instruments.safety.setting_value import away_from_zero
from mtjlab.instruments.settings.role_settings import RoleSettings
from mtjlab.instruments.settings.wiring import WiringSettings
from mtjlab.instruments.visa import open_visa
from mtjlab.instruments.visa.answers import answered_number

__all__ = ["Keithley6221CurrentSource"]

LARGEST = 0.105
"""Largest current [A]."""
SMALLEST_PULSE = 2e-12
"""Smallest amplitude of a waveform [A]."""
COMPLIANCES = (0.1, 105.0)
"""Smallest and largest compliance [V]."""
SHORTEST, LONGEST = 5e-6, 500.0
"""Pulse widths [s]: half a period of the waveform generator, 1 mHz to 100 kHz."""
FREQUENCIES = (1e-3, 1e5)
"""Frequencies of the waveform generator [Hz]."""
POINTS = 100
IN_COMPLIANCE = 1 << 3
"""Bit of the measurement event register."""


class Keithley6221CurrentSource(DeltaMeasuring):
    """A Keithley 6221.

    Parameters
    ----------
    role
        Resource and timeout.
    wiring
        Wiring of the bench; the source has none of it.

    Notes
    -----
    PyMeasure's driver truncates silently (0.2 A becomes 0.105 A): what is asked for is checked here before the
    driver sees it, and read back. A pulse is one cycle of an arbitrary waveform that stands at the current for its
    first half and at zero for its second. A sine has its phase marker on, which is a lock-in's reference. What a
    waveform or a delta mode was begun with is ended before anything else is set: while one is armed, the instrument
    refuses settings.
    """

    IDENTITIES = r"MODEL 6221,"
    MODELS = "Keithley 6221"

    def __init__(self, role: RoleSettings, wiring: WiringSettings) -> None:
        super().__init__(Keithley6221WithPulseDelta(open_visa(role, self)), role.resource)
        self._current = 0.0
        with self._talking():
            self._set_up()

    def _set_up(self) -> None:
        driver = self.driver
        driver.source_enabled = False
        driver.write("*RST")
        driver.source_auto_range = True
        driver.source_current = 0.0
        self._current, self.running = 0.0, ""
        self._refuse_errors("setting up")

    def set_current(self, current: float, compliance: float) -> None:
        """Set the steady current [A] and the largest voltage [V], and read both back."""
        self.check(current, compliance)
        driver = self.driver
        with self._talking():
            self.end_mode()
            driver.source_compliance = compliance
            driver.source_current = current
            self._confirm("compliance", compliance, driver.source_compliance, "V")
            self._confirm("current", current, driver.source_current, "A")
        self._current = current
        self._refuse_errors("setting the current")

    def set_limit(self, compliance: float) -> None:
        """Set the largest voltage [V] as a backstop."""
        low, high = COMPLIANCES
        compliance = min(max(compliance, low), high)
        with self._talking():
            self.driver.source_compliance = compliance
            self._confirm("compliance", compliance, self.driver.source_compliance, "V")
        self._refuse_errors("setting its limit")

    def send_pulse(self, current: float, width: float, compliance: float) -> None:
        """Send one rectangular pulse of current [A] and width [s]; leave the output on at the steady current."""
        self.check(current, compliance)
        if abs(current) < SMALLEST_PULSE:
            raise InputError(f"pulse current = {current:g} A: the 6221 gives {SMALLEST_PULSE:g} A or more")
        if not SHORTEST <= width <= LONGEST:
            raise InputError(f"pulse width = {width:g} s: the 6221 gives {SHORTEST:g} to {LONGEST:g} s")
        driver = self.driver
        with self._talking():
            self.end_mode()
            self.set_compliance(compliance)
            shape = np.zeros(POINTS)
            shape[: POINTS // 2] = np.sign(current)
            driver.define_arbitary_waveform(shape)
            driver.waveform_frequency = away_from_zero(1 / (2 * width))  # a pulse is rounded to a shorter one
            driver.waveform_amplitude = abs(current)
            driver.waveform_offset = 0.0
            driver.waveform_duration_cycles = 1
            self._confirm("pulse current", abs(current), driver.waveform_amplitude, "A")
            self._confirm("pulse width", width, 1 / (2 * driver.waveform_frequency), "s")
            driver.waveform_arm()
            self._refuse_errors("arming the pulse")
            _ = driver.measurement_events  # what was in compliance before is none of the pulse's
            driver.waveform_start()
            # Its answer says that the pulse has begun; the wait counts from then.
            self._refuse_errors("starting the pulse")
            self.wait(2 * width)
            driver.waveform_abort()
            self.refuse_compliance("the pulse")
            # Leaving the waveform mode leaves the output off and the level as it was.
            driver.source_current = self._current
            driver.source_enabled = True
        self._refuse_errors("sending a pulse")

    def start_sine(self, amplitude: float, frequency: float, compliance: float) -> None:
        """Drive a sine of a peak [A] and a frequency [Hz], with a phase marker, until something else is set."""
        self.check(amplitude, compliance)
        if amplitude < SMALLEST_PULSE:
            raise InputError(f"amplitude = {amplitude:g} A: the 6221 gives {SMALLEST_PULSE:g} to {LARGEST:g} A")
        low, high = FREQUENCIES
        if not low <= frequency <= high:
            raise InputError(f"frequency = {frequency:g} Hz: the 6221 gives {low:g} to {high:g} Hz")
        driver = self.driver
        with self._talking():
            self.end_mode()
            self.set_compliance(compliance)
            driver.waveform_function = "sine"
            driver.waveform_frequency = frequency
            driver.waveform_amplitude = amplitude
            driver.waveform_offset = 0.0
            driver.waveform_duration_set_infinity()
            driver.write(":SOUR:WAVE:PMAR 0")
            driver.waveform_use_phasemarker = True
            self._confirm("amplitude", amplitude, driver.waveform_amplitude, "A")
            self._confirm("frequency", frequency, driver.waveform_frequency, "Hz")
            driver.waveform_arm()
            self._refuse_errors("arming the sine")
            self.running = "waveform"
            driver.waveform_start()
        self._refuse_errors("starting the sine")

    def refuse_compliance(self, what: str) -> None:
        """Raise where the source was at its voltage limit since this was asked last."""
        if int(self.driver.measurement_events) & IN_COMPLIANCE:
            self.switch_off()
            raise ComplianceError(
                f"{self.resource}: {what} was at the compliance; is a contact open, or the compliance too small?"
            )

    def restore_level(self) -> None:
        """Put the steady level back, which leaving a mode may have changed; the output stays off."""
        self.driver.source_current = self._current

    def set_compliance(self, compliance: float) -> None:
        """Set the largest voltage [V] and read it back."""
        self.driver.source_compliance = compliance
        self._confirm("compliance", compliance, self.driver.source_compliance, "V")

    def check(self, current: float, compliance: float) -> None:
        """Refuse a current [A] or a largest voltage [V] that the instrument does not give."""
        if not abs(current) <= LARGEST:
            raise InputError(f"current = {current:g} A: the 6221 gives {-LARGEST:g} to {LARGEST:g} A")
        low, high = COMPLIANCES
        if not low <= compliance <= high:
            raise InputError(f"compliance = {compliance:g} V: the 6221 takes {low:g} to {high:g} V")

    def switch_on(self) -> None:
        """Connect the output."""
        with self._talking():
            self.driver.source_enabled = True
        self._refuse_errors("switching on")

    def switch_off(self) -> None:
        """Switch the output off, at once and without a ramp."""
        with self._talking():
            self.driver.source_enabled = False
            self.end_mode()

    def settings(self) -> Mapping[str, float | str]:
        """Read the settings back from the instrument."""
        driver = self.driver
        with self._talking():
            return {
                "output": str(bool(driver.source_enabled)),
                "source_current": answered_number(driver.source_current),
                "source_compliance": answered_number(driver.source_compliance),
                "source_auto_range": str(bool(driver.source_auto_range)),
                "waveform_amplitude": answered_number(driver.waveform_amplitude),
                "waveform_frequency": answered_number(driver.waveform_frequency),
            }
