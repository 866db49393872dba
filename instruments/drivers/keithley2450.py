"""The Keithley 2450 as the source-meter, in the language of the 2400."""

from typing import Any

from pymeasure.instruments import Instrument
from pymeasure.instruments.keithley import Keithley2400

from mtjlab.instruments.drivers.keithley2400 import Keithley2400SourceMeter
from mtjlab.instruments.instrument_error import InstrumentError
from mtjlab.instruments.settings.role_settings import RoleSettings
from mtjlab.instruments.visa import open_visa

__all__ = ["Keithley2450In2400Mode", "Keithley2450SourceMeter"]


class Keithley2450In2400Mode(Keithley2400):
    """A Keithley 2450 set to ``SCPI2400``.

    PyMeasure's Keithley2450 has no trigger properties and a `source_enabled` that cannot be set; in the 2400's
    language the instrument understands all that a 2400 does.
    """

    def __init__(self, adapter: Any, name: str = "Keithley 2450 in SCPI2400 mode", **kwargs: Any) -> None:
        super().__init__(adapter, name, **kwargs)

    def reset_data_format(self) -> None:
        """Make sure of the language before the first command of it, which the constructor sends here."""
        language = self.language
        if language != "SCPI2400":
            raise InstrumentError(
                f"the 2450 speaks {language}: choose SCPI2400 in its menu (System, Settings, Command Set), or send "
                "*LANG SCPI2400, and switch it off and on"
            )
        super().reset_data_format()

    language = Instrument.measurement(
        "*LANG?",
        """Get the command set that the instrument understands (str): SCPI, SCPI2400 or TSP.""",
        cast=str,
    )

    trigger_link_enabled = Instrument.setting(
        ":SYST:TLIN %d",
        """Set whether the trigger-link adapter on the digital port carries the 2400's lines (bool).""",
        map_values=True,
        values={True: 1, False: 0},
    )


class Keithley2450SourceMeter(Keithley2400SourceMeter):
    """A Keithley 2450 with a trigger-link adapter, set to the language of the 2400.

    Parameters
    ----------
    role
        Resource and timeout.
    wiring
        Line of the trigger link.
    """

    IDENTITIES = r"MODEL 2450\b"
    MODELS = "Keithley 2450"

    def _connect(self, role: RoleSettings) -> Keithley2400:
        return Keithley2450In2400Mode(open_visa(role, self))

    def _set_up(self) -> None:
        super()._set_up()
        self.driver.trigger_link_enabled = True
        self._refuse_errors("enabling the trigger link")
