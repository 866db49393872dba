"""A Lake Shore 331, 335, 336, 340 or 350 as the temperature controller."""

import re
from collections.abc import Mapping
from typing import Any

from pymeasure.instruments import Instrument
from pymeasure.instruments.lakeshore import LakeShore3xx
from pymeasure.instruments.lakeshore.lakeshore_base import LakeShoreHeaterChannel
from pymeasure.instruments.validators import strict_discrete_set

from mtjlab.core import InputError
from mtjlab.instruments.drivers.adapter import Adapter
from mtjlab.instruments.instrument_error import InstrumentError
from mtjlab.instruments.roles.temperature_controller import TemperatureControllerSettings
from mtjlab.instruments.settings.wiring import WiringSettings
from mtjlab.instruments.visa import open_visa
from mtjlab.instruments.visa.answers import Answering, answered_number

__all__ = ["LakeShore3xxTemperatureController"]

RANGES = {"off": 0, "low": 1, "medium": 2, "high": 3, "range 4": 4, "range 5": 5}
"""Heater ranges; the 340 and the 350 have two more than the others."""


def _range_control(number: str, values: Mapping[str, int]) -> property:
    control: property = Instrument.control(
        f"RANGE?{' ' + number if number else ''}",
        f"RANGE {number + ',' if number else ''}%i",
        """Control the heater range (str, strictly one of the values).""",
        validator=strict_discrete_set,
        values=dict(values),
        map_values=True,
    )
    return control


class OutputHeater(LakeShoreHeaterChannel):
    """A heater output of a 335, 336 or 350: `RANGE` and `HTR?` take its number."""

    range = _range_control("{ch}", RANGES)


class LoopHeater(LakeShoreHeaterChannel):
    """The heater of a 331 or a 340, which is loop 1's alone: `RANGE` and `HTR?` take no number.

    A number before the range would be taken for the range (331S user's manual, 6-37).
    """

    output = Instrument.measurement("HTR?", """Get the heater output in percent of the range (float).""")
    range = _range_control("", RANGES)


class VoltageOutput(LakeShoreHeaterChannel):
    """An unpowered output of a 336 or 350, which drives an amplifier of the user's and is on or off."""

    output = Instrument.measurement("AOUT? {ch}", """Get the output in percent of 10 V (float).""")
    range = _range_control("{ch}", {"off": 0, "on": 1})


Heater = type[LakeShoreHeaterChannel]
POWERED: dict[int, Heater] = {1: OutputHeater, 2: OutputHeater}
UNPOWERED: dict[int, Heater] = {3: VoltageOutput, 4: VoltageOutput}
MODELS: dict[str, dict[int, Heater]] = {
    "331": {1: LoopHeater},
    "335": POWERED,
    "336": POWERED | UNPOWERED,
    "340": {1: LoopHeater},
    "350": POWERED | UNPOWERED,
}
"""Outputs that can be switched off by the range of their heater, by model."""
EVENTS = {4: "query error", 16: "execution error", 32: "command error"}
"""Bits of the standard event register: the instrument keeps no queue of errors."""


class LakeShore3xxTemperatureController(Adapter):
    """A Lake Shore temperature controller, its loop set to kelvin.

    ``*IDN?`` tells the model, and the model how its heater is spoken to; another model is refused.

    Parameters
    ----------
    role
        Resource, timeout, sensor input, heater output and range.
    wiring
        Wiring of the bench; the controller has none of it.

    Raises
    ------
    InstrumentError
        If the model is not covered, or has no heater at the role's output.
    """

    IDENTITIES = r"LSCI,MODEL3(31|35|36|40|50)"
    MODELS = "Lake Shore 331, 335, 336, 340 and 350"

    def __init__(self, role: TemperatureControllerSettings, wiring: WiringSettings) -> None:
        super().__init__(LakeShore3xx(open_visa(role, self)), role.resource)
        self._role = role
        self._input: Any = getattr(self.driver, f"input_{role.sensor}")
        heater = self._heater(self.identify())
        self._output: Any = Answering(heater(self.driver, role.output))
        self._range = "on" if heater is VoltageOutput else role.heater
        with self._talking():
            self._set_up()

    def _heater(self, identity: str) -> Heater:
        """Choose how the heater is spoken to, by the answer to ``*IDN?``."""
        found = re.search(r"MODEL\s*(\d+)", identity.upper())
        outputs = MODELS.get(found[1] if found else "")
        if outputs is None:
            raise InstrumentError(
                f"{self.resource} answers {identity!r}: the driver lakeshore3xx covers the models {', '.join(MODELS)}"
            )
        if self._role.output not in outputs:
            raise InstrumentError(
                f"output = {self._role.output}: a heater of this instrument ({identity}) is switched on and off at "
                f"output {' or '.join(map(str, outputs))} only"
            )
        return outputs[self._role.output]

    def _set_up(self) -> None:
        self.driver.clear()  # nothing else changes: a cryostat keeps holding its temperature

    def temperature(self) -> float:
        """Temperature at the device [K]."""
        with self._talking():
            return answered_number(self._input.kelvin)

    def set_temperature(self, temperature: float) -> None:
        """Set the temperature to be held [K] and read it back; comes back at once."""
        if not 0 < temperature <= 1500:
            raise InputError(f"temperature = {temperature:g} K: the controller takes up to 1500 K, above zero")
        with self._talking():
            self._output.setpoint = temperature
            self._confirm("temperature", temperature, self._output.setpoint, "K")
        self._refuse_errors("setting the temperature")

    def switch_on(self) -> None:
        """Let the heater hold the set temperature, and read its range back."""
        with self._talking():
            self._output.range = self._range
            taken = str(self._output.range)
        if taken != self._range:
            self.switch_off()
            raise InstrumentError(
                f"{self.resource}: heater = {self._range} was asked for and the instrument has {taken}"
            )
        self._refuse_errors("switching the heater on")

    def switch_off(self) -> None:
        """Switch the heater off."""
        with self._talking():
            self._output.range = "off"

    def settings(self) -> Mapping[str, float | str]:
        """Read the settings back from the instrument."""
        with self._talking():
            heater = str(self._output.range)
            return {
                "output": str(heater != "off"),
                "setpoint": answered_number(self._output.setpoint),
                "heater": heater,
                "heater_output": answered_number(self._output.output),
                "sensor": self._role.sensor,
            }

    def output_enabled(self) -> bool:
        """Whether the heater is on."""
        with self._talking():
            return str(self._output.range) != "off"

    def _error_entries(self) -> list[list[object]]:
        register = int(answered_number(self.driver.ask("*ESR?")))
        return [[bit, words] for bit, words in EVENTS.items() if register & bit]
