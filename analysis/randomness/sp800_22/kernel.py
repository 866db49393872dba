"""How the loops over bits are compiled: for all threads at once, with as little to compile and to keep as can be."""

from __future__ import annotations

from typing import Any

from numba import njit

from mtjlab.core import jit

__all__ = ["kernel", "part"]

_compiled: Any = njit

kernel = jit(nogil=True, error_model="numpy", no_cfunc_wrapper=True)
"""For a function that Python calls: compiled once in an environment, and run without the interpreter's lock."""

part = _compiled(nogil=True, error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)
"""For a function that kernels call. It has no way in from Python, which takes a fifth of the memory to compile: a
call from there crashes."""
