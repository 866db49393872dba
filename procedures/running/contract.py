"""What the runner and the window ask of a procedure beyond PyMeasure's `Procedure`, all of it optional.

A procedure of the user's own may use any of these names for a parameter; it then means the parameter.
"""

from typing import Any

from pymeasure.experiment import Parameter, Procedure
from pymeasure.experiment.parameters import Metadata

__all__ = ["makes_bits", "member"]


def member(of: Procedure | type[Procedure], name: str, otherwise: Any = None) -> Any:
    """Give an optional member of a procedure, or of its class.

    Parameters
    ----------
    of
        Procedure or class.
    name
        One of ``makes_bits``, ``configure``, ``resume``, ``extendable``, ``complete``, ``picture``,
        ``keeps_resistance``, ``live_columns``, ``live_share``, ``plotted_columns`` and ``column_notes``.
    otherwise
        What to give where the procedure has no such member, or has a parameter of that name.
    """
    kind = of if isinstance(of, type) else type(of)
    if isinstance(getattr(kind, name, None), (Parameter, Metadata)):
        return otherwise
    return getattr(of, name, otherwise)


def makes_bits(of: Procedure | type[Procedure]) -> bool:
    """Tell whether a procedure emits blocks of bits, up to as many as its parameter ``bits`` says."""
    return member(of, "makes_bits", False) is True
