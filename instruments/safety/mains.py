"""The mains, in whose cycles integrating instruments count.

Which frequency the mains have, the instrument knows.  The two here bound what may be said without asking it.
"""

__all__ = ["READING_OVERHEAD", "longest_reading", "shortest_integration"]

SLOWER, FASTER = 50.0, 60.0
"""The two line frequencies [Hz]."""
READING_OVERHEAD = 285e-6
"""What a reading takes beside integration [s] in a source-meter that nobody has asked: that of the Keithley 2400."""


def shortest_integration(cycles: float) -> float:
    """Give the integration time [s] of so many power line cycles on the faster mains."""
    return cycles / FASTER


def longest_reading(cycles: float) -> float:
    """Give the time [s] of a reading of so many power line cycles on the slower mains.

    Parameters
    ----------
    cycles
        Integration time in power line cycles.
    """
    return cycles / SLOWER + READING_OVERHEAD
