"""The line to an instrument: PyVISA's resources, opened, kept through faults, and found."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mtjlab.instruments.visa.recognition import Recognising, open_visa

__all__ = ["Recognising", "open_visa"]


def __getattr__(name: str) -> Any:
    # When it is first used: a bench file that names a VISA library needs no PyVISA.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.recognition"), name)
