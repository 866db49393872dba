"""The role of the instrument that reads and holds the temperature of the device."""

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Literal, Protocol

import pydantic

from mtjlab.instruments.roles.role import GuardedSetting, OutputRole, Role
from mtjlab.instruments.safety.guard import Guarded, Switched
from mtjlab.instruments.safety.limits import BenchLimit, LimitSettings
from mtjlab.instruments.safety.output_state import output_is_on
from mtjlab.instruments.settings.role_settings import RoleSettings

__all__ = [
    "TEMPERATURE_CONTROLLER",
    "TemperatureController",
    "GuardedTemperatureController",
    "TemperatureControllerSettings",
    "TemperatureLimits",
]

Positive = pydantic.PositiveFloat


class TemperatureController(OutputRole, Protocol):
    """What a procedure may ask of a temperature controller.

    Examples
    --------
    >>> controller.set_temperature(310.0)       # doctest: +SKIP
    >>> controller.switch_on()                  # doctest: +SKIP
    >>> controller.temperature()                # doctest: +SKIP
    309.87
    """

    def temperature(self) -> float:
        """Temperature at the device [K].

        Returns
        -------
        float
            The temperature [K].
        """

    def set_temperature(self, temperature: float) -> None:
        """Set the temperature to be held [K] and read it back; comes back at once.

        Parameters
        ----------
        temperature
            Temperature [K].
        """

    def switch_on(self) -> None:
        """Let the heater hold the set temperature."""

    def switch_off(self) -> None:
        """Switch the heater off."""


class TemperatureControllerSettings(RoleSettings):
    """A temperature controller with its sensor and heater."""

    sensor: str = pydantic.Field(default="A", pattern="^[A-D][1-5]?$")
    """Input that the sensor at the device is connected to, ``A`` to ``D5``."""
    output: int = pydantic.Field(default=1, ge=1, le=4)
    """Output that the heater is connected to."""
    heater: Literal["low", "medium", "high"] = "medium"
    """Range of the heater."""
    heater_off_at_end: bool = False
    """Whether closing the bench switches the heater off; a cryostat that is to stay cold or warm says no."""

    @property
    def off_at_end(self) -> bool:
        """Whether making the bench safe, as at its end, switches the heater off."""
        return self.heater_off_at_end


class TemperatureLimits(LimitSettings):
    """What the device stands of heat."""

    temperature: Annotated[Positive, BenchLimit("K", 400.0)] = 0.0
    """Highest temperature that may be set [K]."""


class GuardedTemperatureController(Switched):
    """A temperature controller behind the interlock; see `TemperatureController` for the methods."""

    plays = TemperatureController
    temperature: Callable[[], float]

    def set_temperature(self, temperature: float) -> None:
        """Check the temperature, then set it."""
        temperature = self._interlock.check_temperature(temperature)
        with self._making("temperature"):
            self._instrument.set_temperature(temperature)

    def levels(self, settings: Mapping[str, float | str]) -> Iterator[tuple[str, float, float, str]]:
        """Give the setpoint."""
        yield "setpoint", float(settings.get("setpoint", 0.0)), self._interlock.limits.temperature, "K"

    def check_opened(self) -> None:
        """Make sure that the driver tells whether the heater is on, which may be holding a temperature."""
        output_is_on(self._role, self._instrument)

    def recover(self) -> None:
        """Make the connection again after a fault; the heater stays as it is."""
        Guarded.recover(self)

    def _withdraw(self) -> None:
        """Leave the heater as it is: a cryostat does not take being switched off for a setpoint in doubt."""

    def _made_safe_meanwhile(self, name: str) -> None:
        """Leave the heater as it is: a bench that was made safe keeps its temperature."""


TEMPERATURE_CONTROLLER = Role(
    name="temperature_controller",
    about="Reads and holds the temperature.",
    guard=GuardedTemperatureController,
    safe_order=90,
    settings=TemperatureControllerSettings,
    limits=TemperatureLimits,
    guarded=(GuardedSetting("temperature", "set_temperature", before_on=True),),
    drives_device=False,
    example={
        "driver": "lakeshore3xx",
        "resource": "ASRL/dev/ttyUSB0::INSTR",
        "baud_rate": 57600,
        "data_bits": 7,
        "parity": "odd",
        "stop_bits": 1.0,
        "flow_control": "none",
    },
)
