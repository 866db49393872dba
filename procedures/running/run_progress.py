"""How far a run is, by its recording."""

import enum
import logging
from pathlib import Path

from mtjlab.data import Recording, RecordingError, RecordingWriter, Status
from mtjlab.procedures import measurement, same_value
from mtjlab.procedures.running.run_spec import RunSpec

__all__ = ["RunProgress", "check_output_path", "prepared", "run_progress"]

log = logging.getLogger(__name__)


class RunProgress(enum.Enum):
    """How far a run is."""

    NEW = "new"
    """There is no recording."""
    BEGUN = "begun"
    """There is one that continues."""
    COMPLETE = "complete"
    """There is one that was killed between its last bit and its end."""
    ASIDE = "aside"
    """There is one that was interrupted and cannot be resumed: it is kept under another name, and the run is new."""
    DONE = "done"
    """There is a finished one."""


def check_output_path(path: Path, resume: bool, *, makes_folder: bool) -> None:
    """Refuse a recording that exists, unless the plan continues, and one whose folder is missing and will not be made.

    Raises
    ------
    RecordingError
        If it exists, or cannot be made.
    """
    if not makes_folder and not path.parent.is_dir():
        raise RecordingError(path, "lies in a folder that does not exist", "make the folder or choose another")
    if path.exists() and not resume:
        raise RecordingError(path, "exists already", "resume it, or choose another folder or name")


def run_progress(run: RunSpec) -> RunProgress:
    """Say how far a run of a resumed plan is; nothing is changed.

    Raises
    ------
    RecordingError
        If the file is no recording, or was made by another procedure or with other parameters.
    """
    if not run.path.exists():
        return RunProgress.NEW
    recording = Recording(run.path)
    more = _differences(run, recording)
    if recording.status is Status.FINISHED and not more:
        return RunProgress.DONE
    procedure = run.procedure()
    if not measurement(procedure).can_resume:
        return RunProgress.ASIDE
    if not more and measurement(procedure).makes_bits and recording.committed >= procedure.bits:
        return RunProgress.COMPLETE
    return RunProgress.BEGUN


def prepared(run: RunSpec) -> RunProgress:
    """Prepare what is there of a run of a resumed plan: it is new, begun or done then.

    Raises
    ------
    RecordingError
        As by `run_progress`.
    """
    found = run_progress(run)
    if found is RunProgress.ASIDE:
        _put_aside(run.path)
        return RunProgress.NEW
    if found is RunProgress.COMPLETE:
        RecordingWriter.resume(run.path).close()
        return RunProgress.DONE
    return found


def _differences(run: RunSpec, recording: Recording) -> bool:
    """Tell whether the plan asks for more than the recording was planned for; refuse one that is of another run."""
    if recording.procedure != run.kind.__name__:
        raise RecordingError(
            run.path, f"was made by {recording.procedure}, the plan runs {run.name}", "choose another folder or name"
        )
    procedure = run.procedure()
    seen = measurement(procedure)
    extendable = seen.extendable if seen.can_resume else ()
    more = False
    for name, parameter in procedure.parameter_objects().items():
        recorded = recording.parameters.get(name)
        if (recorded is None or recorded.value is None) and same_value(parameter.value, parameter.default):
            continue  # one that came later, or had no value then; its default is what was done before
        if recorded is None or not same_value(parameter.value, recorded.value):
            if name not in extendable:
                raise RecordingError(
                    run.path,
                    f"was made with {name} = {recorded.value if recorded else 'nothing'}, the plan says "
                    f"{parameter.value}",
                    "choose another folder or name",
                )
            more = True
    return more


def _put_aside(path: Path) -> None:
    number = 1
    while (aside := path.with_name(f"{path.stem}.interrupted-{number}.h5")).exists():
        number += 1
    path.rename(aside)
    log.warning("%s cannot be resumed; it is kept as %s and measured again", path.name, aside.name)
