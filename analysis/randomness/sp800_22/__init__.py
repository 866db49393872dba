"""NIST SP 800-22 rev. 1a: fifteen tests of one sequence of bits or of thousands.

`run` does them all on one sequence. Names are loaded when they are first asked for: the kernels need numba.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mtjlab.analysis.randomness.sp800_22.many import run_many
    from mtjlab.analysis.randomness.sp800_22.packed_sequence import PackedSequence
    from mtjlab.analysis.randomness.sp800_22.suite import run

__all__ = ["run", "run_many", "PackedSequence"]

_MODULES = {"run": "suite", "run_many": "many", "PackedSequence": "packed_sequence"}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)
