"""What is on the table: roles, drivers, the bench and its interlock.

The names below are imported when they are first used: the simulated junction by itself needs no bench.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mtjlab.instruments.bench.opening import open_bench, serve_bench

__all__ = ["open_bench", "serve_bench"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.bench.opening"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
