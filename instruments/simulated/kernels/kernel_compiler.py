"""From a function in Python to machine code, by numba."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import llvmlite.binding as llvm
import numpy as np
from numba import cfunc, from_dtype, types

from mtjlab.instruments.simulated.kernels.kernel import Kernel, target_machine

__all__ = ["compiled"]

_KNOWN = {"fma", "fmaf", "log", "memcpy", "memmove", "memset", "sqrt"}
"""Functions of the C library, which every process has."""


def compiled(kernel: Kernel) -> tuple[bytes | None, int]:
    """Compile a kernel.

    Parameters
    ----------
    kernel
        Which.

    Returns
    -------
    code : bytes or None
        An object file with a function of the kernel's name; None if it would need numba to run.
    address : int
        The same in this process.
    """
    module = import_module(f"{__package__}.{kernel.module}")
    arguments = [_type(kind) for kind in kernel.arguments]
    result = types.void if kernel.result is None else _type(kernel.result)
    # numpy's error model divides without asking first: an error that has to be reported would need the interpreter.
    callback: Any = cfunc(result(*arguments), error_model="numpy")(getattr(module, kernel.name))
    _keep_alive.append(callback)
    return _object_code(kernel.name, callback), int(callback.address)


def _object_code(name: str, callback: Any) -> bytes | None:
    machine = target_machine()
    unit = llvm.parse_assembly(callback.inspect_llvm())
    for function in unit.functions:
        if not function.is_declaration:
            function.linkage = "external" if function.name == callback.native_name else "internal"
    # numba has a function report an error to the interpreter. Now that all who call are known, it shows that a kernel
    # never does, and with the reports all goes that only numba's own process has.
    manager = llvm.create_new_module_pass_manager()
    manager.add_ipsccp_pass()
    manager.add_simplify_cfg_pass()
    manager.add_global_dead_code_eliminate_pass()
    manager.add_strip_dead_prototype_pass()
    manager.run(unit, llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options(speed_level=0)))
    outside = {function.name for function in unit.functions if function.is_declaration}
    if {each for each in outside if not each.startswith("llvm.")} - _KNOWN:
        return None
    unit.get_function(callback.native_name).name = name
    return bytes(machine.emit_object(unit))


_keep_alive: list[Any] = []
"""They own the code of this process."""


def _type(kind: str) -> Any:
    scalar = from_dtype(np.dtype(kind.removesuffix("*")))
    pointer: Any = types.CPointer
    return pointer(scalar) if kind.endswith("*") else scalar
