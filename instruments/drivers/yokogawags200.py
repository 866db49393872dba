"""The Yokogawa GS200 as the supply of a coil."""

from collections.abc import Mapping
from typing import Any

from pymeasure.instruments import Instrument
from pymeasure.instruments.yokogawa import YokogawaGS200

from mtjlab.core import InputError
from mtjlab.instruments.drivers.adapter import Adapter
from mtjlab.instruments.roles.coil import CoilSettings
from mtjlab.instruments.safety.setting_value import toward_zero
from mtjlab.instruments.settings.role_settings import RoleSettings
from mtjlab.instruments.settings.wiring import WiringSettings
from mtjlab.instruments.visa import open_visa
from mtjlab.instruments.visa.answers import answered_number

__all__ = ["StrictYokogawaGS200", "YokogawaGS200Coil"]

RANGES = (1e-3, 10e-3, 100e-3, 200e-3)
"""Current ranges [A]; the largest is also the largest current."""
STEP = 0.05
"""Time between the steps of a ramp [s]."""


class StrictYokogawaGS200(YokogawaGS200):
    """The GS200 without what PyMeasure's driver does silently, and without its warning on construction.

    PyMeasure checks a level against the range on one side only, so that -5 goes out at a range of 0.1, and rounds a
    range to the next allowed one.
    """

    def __init__(self, adapter: Any, name: str = "Yokogawa GS200 Source", **kwargs: Any) -> None:
        # Past SCPIUnknownMixin, which only warns that nobody told PyMeasure whether the instrument speaks SCPI.
        Instrument.__init__(self, adapter, name, includeSCPI=False, **kwargs)

    next_error = Instrument.measurement(":SYST:ERR?", """Get the next error of the queue (list of number and text).""")

    @property
    def source_level(self) -> float:
        """Control the output level in Amps or Volts (float, strictly within the range)."""
        return float(self.ask(":SOURce:LEVel?"))

    @source_level.setter
    def source_level(self, level: float) -> None:
        largest = self.source_range
        if abs(level) > largest * (1 + 1e-9):
            raise InputError(f"level {level:g} is beyond the range, {largest:g}")
        # Rounded inwards: it may be at a limit of the bench. The last bit is the arithmetic's.
        self.write(f"SOURce:LEVel {toward_zero(level * (1 + 1e-12)):g}")


class YokogawaGS200Coil(Adapter):
    """A coil fed by a Yokogawa GS200 in current mode, up to 0.2 A.

    Parameters
    ----------
    role
        Resource, timeout, coil constant and ramp.
    wiring
        Wiring of the bench; the coil has none of it.

    Notes
    -----
    The field is ramped in steps from here: the instrument's own program mode does not say when it is done in any way
    that PyMeasure's driver can ask for.
    """

    IDENTITIES = r"YOKOGAWA,GS2(00|10|11),"
    MODELS = "Yokogawa GS200 (which answers GS210 or GS211)"

    def __init__(self, role: CoilSettings, wiring: WiringSettings) -> None:
        self._constant = role.constant
        self._ramp = role.ramp
        self._range = RANGES[-1]
        super().__init__(StrictYokogawaGS200(open_visa(role, self)), role.resource)
        with self._talking():
            self._set_up()

    @classmethod
    def makes(cls, role: RoleSettings) -> Mapping[str, tuple[float, float]]:
        """Tell the range of the field [T]."""
        assert isinstance(role, CoilSettings)
        return {"field": (0.0, RANGES[-1] * role.constant)}

    def _set_up(self) -> None:
        driver = self.driver
        # A coil left under current must not be cut off.
        if driver.source_enabled:
            self._ramp_to(0.0)
            driver.source_enabled = False
        driver.source_mode = "current"
        driver.source_range = self._range
        driver.source_level = 0.0
        self._refuse_errors("setting up")

    def set_field(self, field: float) -> None:
        """Ramp to a field [T], come back when it is there, and read the supply's level back."""
        current = field / self._constant
        if not abs(current) <= RANGES[-1]:
            raise InputError(
                f"field = {field:g} T: takes {abs(current):g} A of this coil, and the GS200 gives {RANGES[-1]:g} A, "
                f"which is {RANGES[-1] * self._constant:g} T"
            )
        with self._talking():
            taken = self._ramp_to(current) * self._constant
        # Below the resolution of the largest range, 1 µA, the level is zero.
        self._confirm_field(field, taken)
        self._refuse_errors("setting the field")

    def _confirm_field(self, asked: float, taken: float) -> None:
        if abs(asked - taken) > 1e-6 * self._constant:
            self._confirm("field", asked, taken, "T")

    def _ramp_to(self, current: float) -> float:
        """Ramp to a level [A]; return the one that the supply has then."""
        driver = self.driver
        start = taken = answered_number(driver.source_level)
        seconds = abs(current - start) * self._constant / self._ramp
        steps = int(seconds // STEP) + 1
        for step in range(1, steps + 1):
            self.wait(seconds / steps)
            driver.source_level = start + (current - start) * step / steps
            # Asked at each step: whatever comes next, here or on another instrument, finds the field there.
            taken = answered_number(driver.source_level)
        return taken

    def field(self) -> float:
        """Field [T] that the supply's present level makes; 0 with the output off."""
        with self._talking():
            if not self.driver.source_enabled:
                return 0.0
            return float(self.driver.source_level * self._constant)

    def set_limit(self, field: float) -> None:
        """Choose the smallest range that holds a field [T]: the instrument refuses whatever is beyond its range."""
        current = min(field / self._constant, RANGES[-1])
        self._range = next(range_ for range_ in RANGES if range_ >= current)
        with self._talking():
            self.driver.source_range = self._range
            self._confirm("range", self._range, answered_number(self.driver.source_range), "A")
        self._refuse_errors("setting its range")

    def switch_on(self) -> None:
        """Connect the output, at zero field."""
        with self._talking():
            if not self.driver.source_enabled:
                self.driver.source_level = 0.0
                self.driver.source_enabled = True
        self._refuse_errors("switching on")

    def switch_off(self) -> None:
        """Ramp to zero field, then disconnect the output."""
        with self._talking():
            if self.driver.source_enabled:
                self._ramp_to(0.0)
            self.driver.source_enabled = False

    def settings(self) -> Mapping[str, float | str]:
        """Read the settings back from the instrument."""
        driver = self.driver
        with self._talking():
            return {
                "output": str(bool(driver.source_enabled)),
                "source_mode": str(driver.source_mode),
                "source_range": answered_number(driver.source_range),
                "source_level": answered_number(driver.source_level),
                "voltage_limit": answered_number(driver.voltage_limit),
                "coil_constant": self._constant,
            }
