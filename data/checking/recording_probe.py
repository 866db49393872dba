"""A file of unknown structure, opened in a process of its own, so that a crash of the HDF5 library stays there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import h5py

from mtjlab.data.checking.recording_check import check_recording
from mtjlab.data.recording_error import RecordingError
from mtjlab.data.recording_file import open_recording_file

__all__ = ["probe"]

_TIMEOUT = 60.0
"""Longest time [s] that looking through a file may take."""

_MEMORY = 2**31
"""Address space [bytes] that it may take, on top of what the libraries have."""

_REFUSED = 3
"""Exit code of the other process when the file is no good recording; standard error then says why."""

_COMMAND = "import sys; from mtjlab.data.checking.recording_probe import look; look(sys.argv[1])"


def probe(path: Path) -> None:
    """Open a file in another process and look at everything that a reader would.

    Raises
    ------
    RecordingError
        If it is no recording, or looking at it crashes, takes too much memory or does not end.
    """
    remedy = "copy it again from where it was made"
    try:
        done = subprocess.run(
            [sys.executable, "-c", _COMMAND, str(path)], capture_output=True, timeout=_TIMEOUT, check=False
        )
    except subprocess.TimeoutExpired:
        raise RecordingError(path, "is damaged: reading it does not end", remedy) from None
    if done.returncode == _REFUSED:
        problem, _, remedy = done.stderr.decode(errors="replace").strip().rpartition("; ")
        raise RecordingError(path, problem, remedy)
    if done.returncode:
        raise RecordingError(path, "is damaged: the HDF5 library fails on it", remedy)


def look(path: str) -> None:
    """Look at everything in a file, and exit with what came of it; for the other process."""
    _limit_memory()
    try:
        with open_recording_file(Path(path), "r") as file:
            check_recording(file, Path(path))
            file.visititems(_touch)
            _touch("/", file)
    except RecordingError as error:
        sys.stderr.write(f"{error.problem}; {error.remedy}")
        sys.exit(_REFUSED)
    except (OSError, KeyError, RuntimeError, ValueError, TypeError, SystemError) as error:
        sys.stderr.write(f"cannot be read as HDF5 ({error}); copy it again from where it was made")
        sys.exit(_REFUSED)


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    pages = int(Path("/proc/self/statm").read_text().split()[0]) if Path("/proc/self/statm").exists() else 2**19
    limit = pages * resource.getpagesize() + _MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (limit, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _touch(_: str, item: h5py.HLObject) -> None:
    """Read all attributes, and find all chunks."""
    for name in item.attrs:
        item.attrs[name]
    if isinstance(item, h5py.Dataset):
        if item.chunks is not None:
            item.id.chunk_iter(lambda _: None)
        elif item.shape == ():
            item[()]
