"""Exports of a recording; in another process."""

from __future__ import annotations

from pathlib import Path

from mtjlab.data import Exported, ExportFormat, Recording, export_bits, export_table, migrate

__all__ = ["TABLES", "export_name", "export_recording"]

TABLES = ("data", "blocks", "segments", "log", "results", "fits")
"""Tables that an export may hold."""


def export_name(recording: Path, format_: ExportFormat, table: str) -> Path:
    """Return the name that an export has unless another one is chosen: beside the recording, under its name.

    Parameters
    ----------
    recording, format_, table
        What is exported, and how.
    """
    named = f".{table}" if format_.is_table and table != "data" else ""
    old = ".copy" if format_ is ExportFormat.RECORDING else ""
    return recording.with_name(f"{recording.stem}{named}{old}{format_.suffix}")


def export_recording(recording: Path, output: Path, format_: str, table: str, overwrite: bool) -> Exported:
    """Write a recording for other programs.

    Parameters
    ----------
    recording
        The recording.
    output
        The file to write; it appears when it is complete.
    format_
        An `ExportFormat` by its name.
    table
        The table, where the format holds one.
    overwrite
        Whether a file of that name may be replaced.

    Raises
    ------
    InputError
        If there is nothing of that kind in the recording.
    RecordingError
        If the file exists or cannot be written.
    """
    kind = ExportFormat.named(format_)
    if kind is ExportFormat.RECORDING:
        return migrate(recording, output, overwrite=overwrite)
    if kind.is_table:
        return export_table(Recording(recording), output, kind, table=table, overwrite=overwrite)
    return export_bits(Recording(recording), output, kind, overwrite=overwrite)
