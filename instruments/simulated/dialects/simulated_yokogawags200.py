"""A simulated Yokogawa GS200, feeding a coil."""

from mtjlab.instruments.role_settings import CoilSettings
from mtjlab.instruments.simulated.dialects.place import Place
from mtjlab.instruments.simulated.scpi.scpi_error import ScpiError
from mtjlab.instruments.simulated.scpi.scpi_instrument import ScpiInstrument

__all__ = ["SimulatedYokogawaGS200"]

RANGES = {"CURR": (1e-3, 10e-3, 100e-3, 200e-3), "VOLT": (10e-3, 100e-3, 1.0, 10.0, 30.0)}
"""Full scale of each range [A], [V]; the level reaches 1.2 times it, but for the largest ones."""
AXES = {"perpendicular_coil": "perpendicular_field"}
"""Field that the coil of a role makes; others lie in the plane."""
COIL_RESISTANCE = 10.0
"""Resistance of the coil [Ω]: what a voltage source drives its current through. Chosen here."""


class SimulatedYokogawaGS200(ScpiInstrument):
    """The dc source with a coil at its output, whose field the junction stands in.

    Parameters
    ----------
    place
        Its place on the bench; its section of the bench file has the coil's constant.
    """

    def __init__(self, place: Place) -> None:
        super().__init__("YOKOGAWA,GS210,00000000,2.02", place.wiring.clock)
        self._wiring = place.wiring
        self._axis = AXES.get(place.role, "in_plane_field")
        self._constant = place.settings.constant if isinstance(place.settings, CoilSettings) else 0.0
        self.switch(":OUTPut[:STATe]", False, key="output")
        self.choice(":SOURce:FUNCtion", "VOLTage", ("VOLTage", "CURRent"), key="function")
        self.number(":SOURce:RANGe", 10.0, 1e-3, 30.0, key="range")
        self.number(":SOURce:LEVel[:FIXed]", 0.0, -32.0, 32.0, key="level")
        self.number(":SOURce:LEVel:AUTO", 0.0, -32.0, 32.0, key="auto_level")
        self.number(":SOURce:PROTection:VOLTage", 30.0, 1.0, 30.0, key="voltage_limit")
        self.number(":SOURce:PROTection:CURRent", 0.2, 1e-3, 0.2, key="current_limit")

    def changed(self, key: str) -> None:
        """Check range and level, and let the field follow."""
        settings = self.settings
        ranges = RANGES[str(settings["function"])]
        if key == "function":
            settings["range"], settings["level"], settings["output"] = ranges[0], 0.0, False
        elif key == "range":
            # The smallest range that holds what was asked for.
            fitting = [scale for scale in ranges if scale >= self.value("range") * (1 - 1e-9)]
            if not fitting:
                raise ScpiError(-222)
            settings["range"] = fitting[0]
            if abs(self.value("level")) > self._largest():
                settings["level"] = 0.0
        elif key == "auto_level":
            settings["range"] = next(scale for scale in ranges if scale >= min(abs(self.value(key)), ranges[-1]))
            settings["level"] = settings[key]
        if abs(self.value("level")) > self._largest():
            raise ScpiError(-222)
        self._wiring.set_surroundings(**{self._axis: self._current() * self._constant})

    def _largest(self) -> float:
        scale = self.value("range")
        return 1.2 * scale if scale not in (200e-3, 30.0) else (scale if scale < 1 else 32.0)

    def _current(self) -> float:
        if not self.settings["output"]:
            return 0.0
        level = self.value("level")
        if self.settings["function"] == "CURR":
            limit = self.value("voltage_limit") / COIL_RESISTANCE
        else:
            level, limit = level / COIL_RESISTANCE, self.value("current_limit")
        return max(-limit, min(limit, level))
