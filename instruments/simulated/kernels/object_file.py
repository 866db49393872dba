"""Machine code that is kept from one process to the next."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import logging
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from mtjlab.core.cache_folder import cache_folder

__all__ = ["ObjectFile"]

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
        """Keep the code where it can be written; where it can not, the next process compiles it again."""
        for folder in self._folders:
            try:
                folder.mkdir(parents=True, exist_ok=True)
                with _replaced(folder / self._file) as part:
                    part.write_bytes(hashlib.sha256(code).digest() + code)
                return
            except OSError as error:
                log.info("%s can not be written (%s)", folder / self._file, error)


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
