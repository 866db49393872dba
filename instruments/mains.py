"""The mains, in whose cycles integrating instruments count.

Which frequency the mains have, the instrument knows.  The two here bound what may be said without asking it.
"""

import math

from pymeasure.instruments import Instrument

from mtjlab.instruments.instrument_error import InstrumentError
from mtjlab.instruments.visa.answers import answered_number

__all__ = ["READING_OVERHEAD", "ask_line_frequency", "longest_reading", "shortest_integration"]

SLOWER, FASTER = 50.0, 60.0
"""The two line frequencies [Hz]."""
READING_OVERHEAD = 285e-6
"""What a reading takes beside integration [s] in a source-meter that nobody has asked: that of the Keithley 2400."""


def shortest_integration(cycles: float) -> float:
    """Give the integration time [s] of so many power line cycles on the faster mains."""
    return cycles / FASTER


def longest_reading(cycles: float) -> float:
    """Give the time [s] of a reading of so many power line cycles on the slower mains."""
    return cycles / SLOWER + READING_OVERHEAD


def ask_line_frequency(driver: Instrument, resource: str) -> float:
    """Ask a Keithley for the line frequency [Hz] that it found when it was switched on.

    Raises
    ------
    InstrumentError
        If what it answers is none.
    """
    # PyMeasure's property takes "60" only, and an instrument may answer "60.00".
    frequency = answered_number(driver.ask(":SYST:LFR?"))
    if not 0 < frequency < math.inf:
        raise InstrumentError(f"{resource} answers {frequency:g} Hz when asked for the line frequency")
    return frequency
