"""What is said where a procedure needs an instrument that the bench does not have."""

from mtjlab.instruments.bench.file import BenchFile
from mtjlab.instruments.instrument_error import InstrumentError

__all__ = ["missing_role"]

COILS = ("coil", "perpendicular_coil")


def missing_role(file: BenchFile, role: str) -> InstrumentError:
    """Make the error that names the section to add.

    Parameters
    ----------
    file
        Bench file.
    role
        Role that it leaves empty.

    Examples
    --------
    >>> print(missing_role(BenchFile.load("simulated"), "perpendicular_coil"))
    no coil on this bench: add [roles.perpendicular_coil] to the bench file of simulated
    """
    filled = {name for name, _ in file.roles}
    what = "coil" if role in COILS and not filled.intersection(COILS) else role.replace("_", " ")
    return InstrumentError(f"no {what} on this bench: add [roles.{role}] to the bench file of {file.name}")
