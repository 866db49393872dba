"""A loop in machine code that needs numba only where it has never run before.

Importing numba and what a function out of its cache needs takes most of a second, the simulated junction's own start a
third of that. So a kernel is compiled by numba once, as a C function; its machine code is kept in a file, and llvmlite,
the part of numba that links code into a process, is enough from then on.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import importlib.util
import logging
import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import llvmlite
import llvmlite.binding as llvm
import numpy as np

from mtjlab.core import cache_folder

__all__ = ["Kernel", "linked", "target_machine", "ObjectFile"]

_SCALARS: dict[str, Any] = {"f4": ctypes.c_float, "f8": ctypes.c_double, "i8": ctypes.c_int64, "u8": ctypes.c_uint64}


class Kernel:
    """A function of a module of this package, compiled when it is first called, or loaded if it has ever been.

    Parameters
    ----------
    module
        Module of this package that defines it; nothing but the compiler imports it.
    name
        Name of the function.
    arguments
        Types of its arguments with blanks between them: `f4`, `f8`, `i8`, `u8`; with a star, that of the elements of a
        contiguous array, of which the function sees the address only.
    result
        Type of the result, if it has one.

    Examples
    --------
    >>> fill = Kernel("random_words", "fill", "u8 u8 u8* i8")
    >>> words = np.zeros(2, np.uint64)
    >>> fill(0, 0, words, words.size)
    >>> [hex(word) for word in words.tolist()]
    ['0xe220a8397b1dcdaf', '0x6e789e6aa1b965f4']
    """

    def __init__(self, module: str, name: str, arguments: str, result: str | None = None) -> None:
        self.module, self.name, self.arguments, self.result = module, name, arguments.split(), result
        self._elements = [np.dtype(kind[:-1]) if kind.endswith("*") else None for kind in self.arguments]
        self._lock = threading.Lock()
        self._function: Callable[..., Any] | None = None

    def __call__(self, *arguments: Any) -> Any:
        """Run it; other threads run meanwhile.

        Parameters
        ----------
        *arguments
            Numbers, and arrays of exactly the types that were declared.

        Raises
        ------
        TypeError
            If there are more arguments or fewer, or an array's elements are of another type or not contiguous.
        """
        function = self._function or self._provided()
        # The addresses hold as long as the arrays do, and these are the caller's.
        return function(
            *(
                given if element is None else _address(given, element)
                for element, given in zip(self._elements, arguments, strict=True)
            )
        )

    @property
    def file(self) -> ObjectFile:
        """Where its machine code is kept."""
        return ObjectFile(f"{self.module}-{self.name}", _stamp() + repr((self.arguments, self.result)).encode())

    def _provided(self) -> Callable[..., Any]:
        with self._lock:
            if self._function is None:
                kinds = [ctypes.c_void_p if kind.endswith("*") else _SCALARS[kind] for kind in self.arguments]
                result = None if self.result is None else _SCALARS[self.result]
                self._function = ctypes.CFUNCTYPE(result, *kinds)(self._address())
        return self._function

    def _address(self) -> int:
        file = self.file
        code = file.read()
        if code is None:
            from mtjlab.instruments.simulated.kernels.kernel_compiler import compiled

            code, address = compiled(self)
            if code is not None:
                file.write(code)
            return address
        return linked(code, self.name)


def target_machine() -> llvm.TargetMachine:
    """Describe this processor to the compiler, as numba does: the bits are then those of numba's own code."""
    _initialise()
    triple = llvm.get_process_triple()
    return llvm.Target.from_triple(triple).create_target_machine(
        cpu=llvm.get_host_cpu_name(),
        features=llvm.get_host_cpu_features().flatten(),
        opt=3,
        reloc="static" if triple.startswith(("x86", "i686")) else "default",
        codemodel="jitdefault",
        jit=True,
    )


def linked(code: bytes, name: str) -> int:
    """Link an object file into this process and give the address of a function of it."""
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), target_machine())
    engine.add_object_file(llvm.object_file.ObjectFileRef.from_data(code))
    engine.finalize_object()
    _engines.append(engine)
    return int(engine.get_function_address(name))


_engines: list[llvm.ExecutionEngine] = []
"""They own the code, which lasts as long as the process."""


def _address(array: np.ndarray[Any, Any], element: np.dtype[Any]) -> int:
    if array.dtype != element or not array.flags.c_contiguous:
        raise TypeError(f"an array of {array.dtype} was given to a kernel that takes contiguous {element}")
    return array.ctypes.data


@cache
def _initialise() -> None:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()


@cache
def _stamp() -> bytes:
    """Hash what all machine code depends on: sources, compiler, processor."""
    numba = importlib.util.find_spec("numba")
    assert numba is not None
    assert numba.origin is not None
    stamp = Path(numba.origin).stat()
    described = (
        llvmlite.__version__,
        (numba.origin, stamp.st_mtime_ns, stamp.st_size),
        llvm.get_process_triple(),
        llvm.get_host_cpu_name(),
        llvm.get_host_cpu_features().flatten(),
    )
    digest = hashlib.sha256(repr(described).encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    return digest.digest()


log = logging.getLogger(__name__)

_DIGEST = 32


class ObjectFile:
    """A file of machine code beside Python's own compiled files, or in the user's cache folder where that is read-only.

    Parameters
    ----------
    name
        What the code does.
    stamp
        Whatever it depends on; code with another stamp is another file.
    folders
        Where to look and to write, the first that will do.
    """

    def __init__(self, name: str, stamp: bytes, folders: tuple[Path, ...] | None = None) -> None:
        self._file = f"{name}-{hashlib.sha256(stamp).hexdigest()[:16]}.o"
        self._folders = _folders() if folders is None else folders

    def read(self) -> bytes | None:
        """Give the code; None where there is none, or none that is whole."""
        for folder in self._folders:
            with contextlib.suppress(OSError):
                content = (folder / self._file).read_bytes()
                code = content[_DIGEST:]
                # The linker does not look at what it is given: half a file would take the process down.
                if hashlib.sha256(code).digest() == content[:_DIGEST]:
                    return code
                log.info("%s is not whole: it is compiled again", folder / self._file)
        return None

    def write(self, code: bytes) -> None:
        """Keep the code where it can be written; where it cannot, the next process compiles it again."""
        for folder in self._folders:
            try:
                folder.mkdir(parents=True, exist_ok=True)
                with _replaced(folder / self._file) as part:
                    part.write_bytes(hashlib.sha256(code).digest() + code)
                return
            except OSError as error:
                log.info("%s cannot be written (%s)", folder / self._file, error)


@contextlib.contextmanager
def _replaced(path: Path) -> Iterator[Path]:
    """Let a file be written beside, and put it in place at once: no process meets half of it."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.stem, suffix=".part")
    os.close(handle)
    part = Path(name)
    try:
        yield part
        part.chmod(0o644)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _folders() -> tuple[Path, ...]:
    named = os.environ.get("NUMBA_CACHE_DIR")
    if named:
        return (Path(named) / "mtjlab",)
    return Path(importlib.util.cache_from_source(str(Path(__file__).resolve()))).parent, cache_folder() / "kernels"
