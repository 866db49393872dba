"""A recording written again in the present format."""

from __future__ import annotations

import os
from pathlib import Path

from mtjlab.core import new_file
from mtjlab.data.checking.recording_check import check_recording, committed
from mtjlab.data.export.exported import Exported
from mtjlab.data.reading.recording_reading import open_for_reading
from mtjlab.data.recording_error import RecordingError
from mtjlab.data.writing.recording_copy import copy_recording

__all__ = ["migrate"]


def migrate(path: str | os.PathLike[str], output: Path, *, overwrite: bool = False) -> Exported:
    """Write everything that a recording has committed into a new one of the present format version.

    Blocks are checked on the way; those of version 1 get the checksums that they lacked, and the log says so. The
    recording itself stays as it is.

    Parameters
    ----------
    path
        A recording of any format version, whole or killed.
    output
        The new file.
    overwrite
        Whether a file of that name may be replaced.

    Returns
    -------
    Exported
        File, bits and size.

    Raises
    ------
    RecordingError
        If a block is not as it was written, or the file exists or cannot be written.
    """
    path = Path(path)
    opened = open_for_reading(path)
    try:
        check_recording(opened.file, path)
        with new_file(output, overwrite=overwrite, error=RecordingError) as unnamed:
            copy_recording(opened.file, path, unnamed).file.close()
            size = unnamed.stat().st_size
        return Exported(output, committed(opened.file), size)
    finally:
        opened.close()
