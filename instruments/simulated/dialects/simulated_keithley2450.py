"""A simulated Keithley 2450 set to the language of the 2400."""

from mtjlab.instruments.simulated.dialects.instrument_context import InstrumentContext
from mtjlab.instruments.simulated.dialects.simulated_keithley2400 import SimulatedKeithley2400
from mtjlab.instruments.simulated.scpi.scpi_status import ScpiError

__all__ = ["SimulatedKeithley2450"]


class SimulatedKeithley2450(SimulatedKeithley2400):
    """A 2400 by another name, whose trigger link must be switched on before its lines carry anything.

    Parameters
    ----------
    context
        What the bench gives it.
    """

    identity = "KEITHLEY INSTRUMENTS,MODEL 2450,00000000,1.7.12b"

    def __init__(self, context: InstrumentContext) -> None:
        super().__init__(context)
        self.switch(":SYSTem:TLINk", False, key="trigger_link")
        self.command("*LANG", self._set_language, lambda words: "SCPI2400")

    @property
    def sends_triggers(self) -> bool:
        """Whether triggers go out: none over a link that is off."""
        return super().sends_triggers and bool(self.settings["trigger_link"])

    def _set_language(self, words: list[str]) -> None:
        # Another language is chosen at the next start only, and this one speaks no other.
        if [word.upper() for word in words] != ["SCPI2400"]:
            raise ScpiError(-224)
