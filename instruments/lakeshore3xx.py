"""A Lake Shore 3xx (331, 335, 336, 340, 350) as the temperature controller."""

from collections.abc import Mapping
from typing import Any

from pymeasure.instruments.lakeshore import LakeShore3xx

from mtjlab.data.errors import InputError
from mtjlab.instruments.adapter import Adapter
from mtjlab.instruments.bench_file import WiringSettings
from mtjlab.instruments.role_settings import TemperatureControllerSettings
from mtjlab.instruments.visa import open_visa

__all__ = ["LakeShore3xxTemperatureController"]

EVENTS = {4: "query error", 16: "execution error", 32: "command error"}
"""Bits of the standard event register: the instrument keeps no queue of errors."""


class LakeShore3xxTemperatureController(Adapter):
    """A Lake Shore temperature controller, its loop set to kelvin.

    Parameters
    ----------
    role
        Resource, timeout, sensor input, heater output and range.
    wiring
        Wiring of the bench; the controller has none of it.
    """

    def __init__(self, role: TemperatureControllerSettings, wiring: WiringSettings) -> None:
        super().__init__(LakeShore3xx(open_visa(role)), role.resource)
        self._role = role
        self._input: Any = getattr(self.driver, f"input_{role.sensor}")
        self._output: Any = getattr(self.driver, f"output_{role.output}")
        with self._talking():
            self._set_up()

    def _set_up(self) -> None:
        self.driver.clear()  # nothing else changes: a cryostat goes on holding its temperature

    def temperature(self) -> float:
        """Temperature at the device [K]."""
        with self._talking():
            return float(self._input.kelvin)

    def set_temperature(self, temperature: float) -> None:
        """Set the temperature to be held [K] and read it back; comes back at once."""
        if not 0 < temperature <= 1500:
            raise InputError(f"temperature = {temperature:g} K: the controller takes up to 1500 K, above zero")
        with self._talking():
            self._output.setpoint = temperature
            self._confirm("temperature", temperature, self._output.setpoint, "K")
        self._refuse_errors("setting the temperature")

    def switch_on(self) -> None:
        """Let the heater hold the set temperature."""
        with self._talking():
            self._output.range = self._role.heater
        self._refuse_errors("switching the heater on")

    def switch_off(self) -> None:
        """Switch the heater off."""
        with self._talking():
            self._output.range = "off"

    def settings(self) -> Mapping[str, float | str]:
        """Read the settings back from the instrument."""
        with self._talking():
            return {
                "setpoint": float(self._output.setpoint),
                "heater": str(self._output.range),
                "heater_output": float(self._output.output),
                "sensor": self._role.sensor,
            }

    def _error_entries(self) -> list[list[object]]:
        register = int(float(self.driver.ask("*ESR?")))
        return [[bit, words] for bit, words in EVENTS.items() if register & bit]
