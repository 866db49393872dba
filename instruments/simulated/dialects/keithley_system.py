"""The system commands that Keithley's instruments have in common."""

from mtjlab.instruments.simulated.scpi.scpi_error import ScpiError
from mtjlab.instruments.simulated.scpi.scpi_instrument import ScpiInstrument
from mtjlab.instruments.simulated.scpi.scpi_settings import Setting

__all__ = ["enter_keithley_system"]

PLACES = range(5)
"""Memories of settings."""


def enter_keithley_system(instrument: ScpiInstrument) -> None:
    """Enter the commands: display, beeper, presets, memories of settings, and more ways to ask for errors.

    Notes
    -----
    2400 series user's manual, section 18, SYSTem and DISPlay subsystems; the other manuals have the same words.
    """
    instrument.switch(":DISPlay:ENABle", True)
    for window in ("", ":WINDow1", ":WINDow2"):
        key = window or ":WINDow1"
        instrument.text(f":DISPlay{window}:TEXT[:DATA]", "", 32, key=f"{key}:text")
        instrument.switch(f":DISPlay{window}:TEXT:STATe", False, key=f"{key}:shown")
    instrument.command(":SYSTem:BEEPer[:IMMediate]", lambda words: None)
    instrument.switch(":SYSTem:BEEPer:STATe", True)
    instrument.action(":SYSTem:PRESet", instrument.reset)
    instrument.choice(":SYSTem:POSetup", "RST", ("RST", "PRESet", *(f"SAV{place}" for place in PLACES)))
    for name in ("LOCal", "REMote", "RWLock"):
        instrument.action(f":SYSTem:{name}", lambda: None)
    _enter_errors(instrument)
    _enter_memories(instrument)


def _enter_errors(instrument: ScpiInstrument) -> None:
    def take_all() -> list[str]:
        return [instrument.status.next_error() for _ in range(max(1, len(instrument.status.errors)))]

    instrument.action(":SYSTem:CLEar", lambda: instrument.status.errors.clear())
    instrument.action(":SYSTem:ERRor:CLEar", lambda: instrument.status.errors.clear())
    instrument.query(":SYSTem:ERRor:ALL", lambda: ",".join(take_all()))
    instrument.query(":SYSTem:ERRor:CODE[:NEXT]", lambda: instrument.status.next_error().partition(",")[0])
    instrument.query(":SYSTem:ERRor:CODE:ALL", lambda: ",".join(error.partition(",")[0] for error in take_all()))


def _enter_memories(instrument: ScpiInstrument) -> None:
    saved: dict[int, dict[str, Setting]] = {}

    def place_of(words: list[str]) -> int:
        return round(instrument.one_number(words, PLACES[0], PLACES[-1]))

    def save(words: list[str]) -> None:
        saved[place_of(words)] = dict(instrument.settings)

    def recall(words: list[str]) -> None:
        place = place_of(words)
        if place not in saved:
            raise ScpiError(-221)
        instrument.reset()
        # A setup is never recalled with its output on.
        instrument.settings.update({key: value for key, value in saved[place].items() if key != "output"})
        for key in saved[place]:
            instrument.changed(key)
        instrument.settings.update({key: value for key, value in saved[place].items() if key != "output"})

    instrument.command("*SAV", save)
    instrument.command("*RCL", recall)
