"""The three ways in which a recording is opened for writing: new, resumed, and extended by results."""

from __future__ import annotations

from pathlib import Path

import h5py

from mtjlab.data.contents.layout import Status
from mtjlab.data.contents.recording_attributes import rewrite_attribute
from mtjlab.data.contents.recording_head import RecordingHead
from mtjlab.data.recording_file import create_recording_file, open_recording_file
from mtjlab.data.writing.recording_mirror import RecordingMirror
from mtjlab.data.writing.recording_skeleton import write_skeleton
from mtjlab.data.writing.recording_soundness import make_sound
from mtjlab.data.writing.recording_store import RecordingStore
from mtjlab.data.writing.recording_tables import RecordingTables

__all__ = ["create_store", "extend_store", "resume_store"]


def create_store(path: Path, head: RecordingHead, mirror: Path | None) -> RecordingStore:
    """Make a recording with its first segment begun; see `RecordingWriter.create`.

    Parameters
    ----------
    path
        Where. The file appears there when it is complete but for its bits.
    head
        What is known of it.
    mirror
        Folder for a copy.

    Raises
    ------
    RecordingError
        If `path` exists or cannot be made.
    InputError
        If a name or value has no place in HDF5.
    """
    made: list[RecordingTables] = []

    def fill(file: h5py.File) -> None:
        write_skeleton(file, head)
        made.append(RecordingTables(file))
        made[0].begin_segment()

    file = create_recording_file(path, fill)
    try:
        tables = made[0] if made[0].file is file else None  # Windows opens it again under its name
        return RecordingStore(file, path, RecordingMirror(path, mirror) if mirror else None, tables)
    except BaseException:
        file.close()
        path.unlink(missing_ok=True)
        raise


def resume_store(path: Path, mirror: Path | None) -> RecordingStore:
    """Open a recording with a new segment begun behind what is committed; see `RecordingWriter.resume`.

    Parameters
    ----------
    path
        The recording.
    mirror
        Folder for a copy.

    Raises
    ------
    RecordingError
        If the file is no recording, is being written, or does not agree with itself; it is then left untouched.
    """
    last_written = make_sound(path)
    store = RecordingStore(open_recording_file(path, "r+"), path)
    try:
        if mirror:
            store.refuse_mirror(mirror)
        store.make_room(segments=1, log=1)
        store.tables.forget_uncommitted()
        store.tables.end_segment(last_written, "killed")
        store.tables.begin_segment()
        rewrite_attribute(store.file, "status", Status.RUNNING)
        rewrite_attribute(store.file, "finished", "")
        store.file.flush()
        store.take_traces()  # HDF5 has just given back what the last writer had reserved
        if mirror:
            store.keep_mirror(mirror)
        store.log("info", f"resumed at bit {store.tables.count['bits']}", "recording")
    except BaseException:
        store.close()
        raise
    return store


def extend_store(path: Path) -> RecordingStore:
    """Open a recording that has ended, its status and segments as they are; see `RecordingWriter.extend`.

    Raises
    ------
    RecordingError
        If the file is no recording, is being written, or does not agree with itself; it is then left untouched.
    """
    make_sound(path)
    store = RecordingStore(open_recording_file(path, "r+"), path)
    try:
        store.tables.forget_uncommitted()
    except BaseException:
        store.close()
        raise
    return store
