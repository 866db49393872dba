"""What goes wrong between mtjlab and an instrument, and on the line to it."""

from typing import TYPE_CHECKING

from mtjlab.core import MtjlabError

if TYPE_CHECKING:
    from mtjlab.instruments.bench.file import BenchFile

__all__ = [
    "BrokenLineError",
    "ComplianceError",
    "InstrumentError",
    "InstrumentLostError",
    "OutOfStepError",
    "RestartedError",
    "UnreachableError",
    "WrongInstrumentError",
    "missing_role",
]


class InstrumentError(MtjlabError, RuntimeError):
    """An instrument cannot be reached, does not answer, reports an error, or did not take a setting."""


class InstrumentLostError(InstrumentError):
    """An instrument does not answer any more."""


class WrongInstrumentError(InstrumentError):
    """Another instrument answers at an address than the bench file says; nothing was sent to it but ``*IDN?``.

    Parameters
    ----------
    resource
        VISA resource.
    answer
        What it answered to ``*IDN?``.
    wanted
        What was to be there, in words.
    role
        Role in which it was to be, if that is known.
    advice
        What to do about it.
    """

    def __init__(self, resource: str, answer: str, wanted: str, role: str = "", advice: str = "") -> None:
        self.resource, self.answer, self.wanted = resource, answer, wanted
        where = f" for {role}" if role else ""
        advice = advice or "correct the resource or the driver, or give identity = in its section of the bench file"
        super().__init__(
            f"{resource} answers {answer!r}, and the bench file says {wanted}{where}: {advice}; nothing was set at it"
        )


class ComplianceError(InstrumentError):
    """A source-meter limits its current: the device has broken down, is shorted, or the compliance is too small."""


class BrokenLineError(OSError):
    """The line to the instrument does not work, whatever the VISA library calls it."""


class OutOfStepError(OSError):
    """What came is not the answer to what was asked."""


class RestartedError(OSError):
    """The instrument has restarted and lost its settings."""


class UnreachableError(OSError):
    """The instrument does not come back."""


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
