"""How long the readings of a procedure take, as far as its instruments have been asked."""

from pymeasure.experiment import Procedure

from mtjlab.instruments.bench import Bench
from mtjlab.instruments.mains import longest_reading

__all__ = ["reading_time"]


def reading_time(procedure: Procedure, cycles: float, settle: float = 0.0) -> float:
    """Give the time [s] that one reading takes on the source-meter of the procedure's bench.

    Every estimate of a duration is a multiple of this: which frequency the mains have, and what the meter takes beside
    integration, the meter tells.

    Parameters
    ----------
    procedure
        Procedure, with its bench or still without one: then the longest that it may take.
    cycles
        Integration time [power line cycles].
    settle
        Time before each reading [s].
    """
    bench: Bench | None = getattr(procedure, "bench", None)
    return settle + (longest_reading if bench is None else bench.source_meter.reading_duration)(cycles)
