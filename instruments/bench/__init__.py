"""The bench: its file and what stands in it, how it is opened, held by one process, checked and described."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mtjlab.instruments.bench.bench import Bench, StandIn

__all__ = ["Bench", "StandIn"]


def __getattr__(name: str) -> Any:
    # When it is first used: a look into the lock folder needs no instruments.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.bench"), name)
