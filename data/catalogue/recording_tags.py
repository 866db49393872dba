"""Tags and notes of a recording, kept in its log: see decision 0037."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from mtjlab.core import InputError
from mtjlab.data.contents.layout import Status
from mtjlab.data.recording import Recording
from mtjlab.data.recording_error import RecordingError
from mtjlab.data.recording_writer import RecordingWriter

__all__ = ["annotate", "newest_notes", "tags_of"]

TAGS, NOTE = "tags", "note"
"""Sources of the messages that say the tags, and a note."""

_NONE = "-"
"""The message of no tags, or of no note: a message has a text."""

_CONTINUED = "…"

_LATER = 1000
"""Time [ns] by which a recording that was killed seems newer after it got a note: when it was last written is the end
of its last segment, and must stay so; and a list must see that something changed."""


def tags_of(words: str) -> tuple[str, ...]:
    """Read tags as people write them: words, between spaces or commas, with or without ``#``; each counts once.

    Parameters
    ----------
    words
        What was typed.

    Returns
    -------
    tuple of str
        The tags, in their order.

    Examples
    --------
    >>> tags_of("#paper, good good")
    ('paper', 'good')
    """
    tags = (word.lstrip("#") for word in re.split(r"[\s,;]+", words))
    return tuple(dict.fromkeys(tag for tag in tags if tag not in ("", _NONE)))


def newest_notes(messages: Iterable[tuple[float, str, str, str]]) -> tuple[tuple[str, ...], str]:
    """Return the tags of a recording and its newest note; empty where it has none.

    Parameters
    ----------
    messages
        Its log, the oldest first: time, level, source and text of each, as `Recording.messages` gives them.

    Returns
    -------
    tuple
        Tags, and the note.
    """
    said = {TAGS: _NONE, NOTE: _NONE}
    last = ""
    for _, _, source, message in messages:
        if source == _CONTINUED and last:
            said[last] += message
        elif source in said:
            last, said[source] = source, message
        else:
            last = ""
    note = said[NOTE]
    return tags_of(said[TAGS]), "" if note == _NONE else note


def annotate(
    path: str | os.PathLike[str], *, tags: Iterable[str] | None = None, note: str | None = None
) -> tuple[tuple[str, ...], str]:
    """Give a recording that has ended other tags, or a note, which its log keeps after the earlier ones.

    Parameters
    ----------
    path
        The recording.
    tags
        Words without spaces, commas and ``#``; None leaves those it has.
    note
        A text; None leaves that it has, an empty one takes it away.

    Returns
    -------
    tuple
        Its tags and its note now.

    Raises
    ------
    InputError
        If a tag holds a space or a comma.
    RecordingError
        If a run is writing the recording, or it cannot be written; it is as it was then.
    """
    path = Path(path)
    wanted = None if tags is None else tuple(tags)
    if wanted is not None and tags_of(" ".join(wanted)) != tuple(dict.fromkeys(wanted)):
        raise InputError(f"tags {', '.join(wanted)!r:.80}: expected words without spaces, commas and #; join with -")
    recording = Recording(path)
    status = recording.status
    if status == Status.RUNNING:
        raise RecordingError(path, "is being written by a run", "give it tags and notes when that has ended")
    now_tags, now_note = _notes(recording)
    messages = []
    if wanted is not None and wanted != now_tags:
        messages.append((TAGS, ", ".join(wanted) or _NONE))
    if note is not None and note.strip() != now_note:
        messages.append((NOTE, note.strip() or _NONE))
    if messages:
        _write(path, messages, keep_time=status == Status.KILLED)
    return _notes(recording)


def _notes(recording: Recording) -> tuple[tuple[str, ...], str]:
    with recording:
        return newest_notes(recording.messages(recording.length("log")))


def _write(path: Path, messages: list[tuple[str, str]], *, keep_time: bool) -> None:
    before = path.stat()
    try:
        writer = RecordingWriter.extend(path)
        try:
            for source, message in messages:
                writer.log("info", message, source)
        finally:
            writer.let_go()
    except OSError as error:
        raise RecordingError(
            path, f"takes no note ({error.strerror or error})", "make room on the disk, or ask for the right to write"
        ) from error
    if keep_time:
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + _LATER))
