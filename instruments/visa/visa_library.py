"""Which VISA library a bench file may name."""

import re
from typing import Annotated

import pydantic

from mtjlab.core import InputError

__all__ = ["BACKENDS", "VisaLibrary", "names_a_file"]

BACKENDS = ("@ivi", "@py", "@sim")
"""Backends of PyVISA that a bench file may name: the installed VISA, pyvisa-py, pyvisa-sim."""

_LIBRARY = re.compile(r"[^@]*(\.dll|\.dylib|\.framework|\.so(\.\d+)*)", re.IGNORECASE)


def _checked(library: str) -> str:
    """Refuse what is neither a backend nor a library: PyVISA would import any module that follows an ``@``."""
    path, separator, backend = library.rpartition("@")
    path = path if separator else library
    known = not separator or f"@{backend}" in BACKENDS
    if known and (not path or _LIBRARY.fullmatch(path) or (backend == "sim" and path.endswith(".yaml"))):
        return library
    raise InputError(
        f"{library!r} is no VISA library: leave it out for the installed one, give {', '.join(BACKENDS)}, or the path "
        "of the library (.so, .dll, .dylib)"
    )


VisaLibrary = Annotated[str, pydantic.AfterValidator(_checked)]
"""Name of a VISA library: empty, one of `BACKENDS`, or the path of a shared library."""


def names_a_file(library: str) -> bool:
    """Tell whether a library is a file that would be loaded; only a user's own bench file may name one."""
    return library not in ("", *BACKENDS)
