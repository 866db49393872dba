"""What is said where a procedure needs an instrument that the bench does not have."""

from typing import TYPE_CHECKING

from mtjlab.instruments.instrument_error import InstrumentError

if TYPE_CHECKING:
    from mtjlab.instruments.bench.file import BenchFile

__all__ = ["missing_role"]


def missing_role(file: "BenchFile", role: str) -> InstrumentError:
    """Make the error that names the section to add.

    Parameters
    ----------
    file
        Bench file.
    role
        Role that it leaves empty.

    Examples
    --------
    >>> from mtjlab.instruments.bench.file import BenchFile
    >>> print(missing_role(BenchFile.load("simulated"), "perpendicular_coil"))
    no coil on this bench: add [roles.perpendicular_coil] to the bench file of simulated
    """
    asked, filled = file.roles.table[role], [file.roles.table[name] for name, _ in file.roles]
    of_its_kind = asked.kind and any(each.kind == asked.kind for each in filled)
    what = asked.words if of_its_kind or not asked.kind else asked.kind
    return InstrumentError(f"no {what} on this bench: add [roles.{role}] to the bench file of {file.name}")
