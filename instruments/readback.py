"""The comparison of what was asked for with what an instrument took."""

import math

from mtjlab.instruments.instrument_error import InstrumentError

__all__ = ["check_readback"]


def check_readback(quantity: str, asked: float, taken: float, unit: str, *, tolerance: float = 1e-3) -> None:
    """Make sure that an instrument took a setting.

    Parameters
    ----------
    quantity
        What was set, in words.
    asked, taken
        What was asked for and what the instrument reports.
    unit
        Unit of both.
    tolerance
        Largest relative difference; instruments round to their resolution.

    Raises
    ------
    InstrumentError
        If they differ by more.
    """
    if not math.isclose(asked, taken, rel_tol=tolerance, abs_tol=1e-15):
        raise InstrumentError(
            f"{quantity}: {asked:g} {unit} was asked for and the instrument took {taken:g} {unit}; "
            "the value is outside its range or below its resolution"
        )
