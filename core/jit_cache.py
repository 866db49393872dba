"""Functions compiled by numba, whose cache never stops the work, be it unwritable, cut short or damaged."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from numba import njit
from numba.core.caching import FunctionCache, IndexDataCacheFile

__all__ = ["jit"]

log = logging.getLogger(__name__)

_File: Any = IndexDataCacheFile  # numba has no types
_FunctionCache: Any = FunctionCache

_DIGEST = hashlib.sha256().digest_size


def jit(**options: Any) -> Callable[[Callable[..., Any]], Any]:
    """Compile a function at its first call, and keep the machine code for later processes where that is possible.

    Parameters
    ----------
    **options
        As for `numba.njit`, without ``cache``.

    Returns
    -------
    Callable
        A decorator. The compiled function lies beside the package, in the user's cache folder where that is read-only,
        and nowhere where both are: then each process compiles it.
    """

    def decorate(function: Callable[..., Any]) -> Any:
        dispatcher: Any = njit(**options)(function)
        try:
            dispatcher._cache = _Cache(function)
        except RuntimeError as error:  # "no locator available"
            log.info("%s is compiled in each process: %s", function.__name__, error)
        return dispatcher

    return decorate


class _CheckedFile(_File):
    """Numba's files with a checksum: machine code that is not whole takes the process down."""

    def _load_index(self) -> dict[Any, str]:
        try:
            index: dict[Any, str] = super()._load_index()
        except Exception as error:  # whatever pickle makes of what is no pickle
            log.info("%s cannot be read (%s): compiled again", self._index_path, error)
            return {}
        return index

    def _load_data(self, name: str) -> Any:
        from pickle import loads

        path = Path(self._data_path(name))
        content = path.read_bytes()
        code = content[_DIGEST:]
        if hashlib.sha256(code).digest() != content[:_DIGEST]:
            raise OSError(f"{path} is not whole")  # which numba takes for a file that is not there
        return loads(code)  # written by this user, as Python's own compiled files are

    def _save_data(self, name: str, data: Any) -> None:
        code = self._dump(data)
        with self._open_for_write(self._data_path(name)) as file:
            file.write(hashlib.sha256(code).digest() + code)


class _Cache(_FunctionCache):
    """Numba's cache of a function over checked files."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)
        self._cache_file = _CheckedFile(
            cache_path=self._cache_path,
            filename_base=self._impl.filename_base,
            source_stamp=self._impl.locator.get_source_stamp(),
        )

    def save_overload(self, signature: Any, data: Any) -> None:
        try:
            super().save_overload(signature, data)
        except OSError as error:  # a full disk, a folder that was closed since
            log.info("%s cannot be kept (%s): later processes compile it again", self._name, error)
